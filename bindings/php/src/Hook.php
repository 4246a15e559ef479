<?php

declare(strict_types=1);

namespace Cryo;

/** Shall this message pass? */
final class Hook extends Ticket
{
    /**
     * @internal
     * @param int $kind Cryo\UTF8 or BINARY
     * @param int $direction Cryo\BEFORE_SEND or ON_RECEIVE
     */
    public function __construct(
        int $handle,
        public readonly Session $session,
        public readonly string $data,
        public readonly int $kind,
        public readonly int $direction,
    ) {
        parent::__construct($handle);
    }

    public function pass(): bool
    {
        return $this->settle(Native::ffi()->cryo_hook_pass($this->handle));
    }

    /** Throws INVALID for text that is no UTF-8; the ticket stays open then. */
    public function replace(string $data): bool
    {
        return $this->settle(Native::ffi()->cryo_hook_replace($this->handle, $data, strlen($data)));
    }

    public function stop(): bool
    {
        return $this->settle(Native::ffi()->cryo_hook_stop($this->handle));
    }

    /** It could not do its work: the extension's on_failure says what becomes of the message. */
    public function fail(?string $reason = null): bool
    {
        return $this->settle(Native::ffi()->cryo_hook_fail($this->handle, Native::optionalText($reason, 'reason')));
    }
}
