<?php

declare(strict_types=1);

namespace Cryo;

/**
 * Sees messages before they are sent and after they were received.
 *
 *     new Extension('shouting', ['before_send_utf8' => fn (Session $session, string $data, Hook $hook) => strtoupper($data)])
 *
 * The hooks are before_send_utf8, before_send_binary, on_receive_utf8 and on_receive_binary. Each returns true or null (pass), false (stop), a string
 * (replace), or $hook->later() and answers on $hook then. One that throws has failed: $onFailure says what becomes of the message. Further
 * on_register and on_unregister: function (string $name).
 */
final class Extension
{
    private const HOOKS = [
        'before_send_utf8' => [BEFORE_SEND, UTF8], 'before_send_binary' => [BEFORE_SEND, BINARY],
        'on_receive_utf8' => [ON_RECEIVE, UTF8], 'on_receive_binary' => [ON_RECEIVE, BINARY],
    ];

    /** @param array<string, callable> $hooks */
    public function __construct(
        public readonly string $name,
        private readonly array $hooks = [],
        private readonly int $timeoutMs = 5000,
        private readonly int $onFailure = HOOK_STOP,
    ) {
        Native::textIn($name, 'a name');
        foreach (array_diff(array_keys($hooks), array_keys(self::HOOKS), ['on_register', 'on_unregister']) as $unknown) {
            Native::invalid("an extension has no $unknown");
        }
    }

    /** @internal */
    public function hookFor(int $direction, int $kind): ?callable
    {
        return $this->hooks[array_search([$direction, $kind], self::HOOKS, true)] ?? null;
    }

    /** @internal */
    public function tell(string $what): void
    {
        if (isset($this->hooks[$what])) {
            ($this->hooks[$what])($this->name);
        }
    }

    /** @internal A handle, for $use(int $handle); freed behind it. */
    public function withHandle(int $queue, callable $use): void
    {
        $ffi = Native::ffi();
        $handle = Native::handleFrom(fn (\FFI\CData $out): int => $ffi->cryo_extension_new($this->name, 0, null, $out));
        try {
            Native::check($ffi->cryo_extension_set_timeout_ms($handle, $this->timeoutMs));
            Native::check($ffi->cryo_extension_set_on_failure($handle, $this->onFailure));
            foreach (self::HOOKS as $name => [$direction, $kind]) {
                if (isset($this->hooks[$name])) {
                    Native::check($ffi->cryo_extension_set_queue($handle, $direction, $kind, $queue));
                }
            }
            $use($handle);
        } finally {
            $ffi->cryo_extension_free($handle);
        }
    }
}
