<?php

declare(strict_types=1);

namespace Cryo;

/**
 * One peer. $session['key'] holds values of the application's own. A session that has closed still tells what it was.
 *
 * @implements \ArrayAccess<array-key, mixed>
 */
final class Session implements \ArrayAccess
{
    use RequestFacts;

    private const PREFIX = 'cryo_session_';

    /** @var array<array-key, mixed> */
    private array $values = [];
    private ?string $id = null;
    private readonly int $pid;

    /** @internal $retained: the handle is the caller's already */
    public function __construct(public readonly int $handle, bool $retained = false)
    {
        $this->pid = getmypid();
        if (!$retained) {
            Native::ffi()->cryo_session_retain($handle);
        }
    }

    public function __destruct()
    {
        if (getmypid() === $this->pid) { // the child of a fork frees nothing
            Native::ffi()->cryo_session_release($this->handle);
        }
    }

    public function offsetExists(mixed $offset): bool
    {
        return isset($this->values[$offset]);
    }

    public function offsetGet(mixed $offset): mixed
    {
        return $this->values[$offset] ?? null;
    }

    public function offsetSet(mixed $offset, mixed $value): void
    {
        $this->values[$offset] = $value;
    }

    public function offsetUnset(mixed $offset): void
    {
        unset($this->values[$offset]);
    }

    /**
     * Sends a message: text unless $kind is Cryo\BINARY.
     *
     * @param ?string $key names it for the drop policy DEDUPE_LATEST
     * @param int|callable|null $receipt asks what became of it: a number, for the receipt event, or function (int $outcome, ?float $rttMs, string $by)
     * @throws Error CLOSED, FULL, TOTAL_FULL, RECEIPTS_FULL, STATE (a client that is not connected), TOO_BIG, INVALID (no UTF-8)
     */
    public function send(string $data, int $kind = UTF8, ?string $key = null, int|callable|null $receipt = null): void
    {
        if ($key === null && $receipt === null) {
            Native::check(Native::ffi()->cryo_session_send($this->handle, $kind, $data, strlen($data)));
            return;
        }
        $key = Native::optionalText($key, 'key');
        $number = Receipts::numberFor($receipt);
        $status = Native::ffi()->cryo_session_send_with($this->handle, $kind, $data, strlen($data), $key, $number);
        if ($status < 0) {
            Receipts::take($number);
            Native::fail($status);
        }
    }

    public function sendText(string $text, ?string $key = null, int|callable|null $receipt = null): void
    {
        $this->send($text, UTF8, $key, $receipt);
    }

    public function sendBinary(string $bytes, ?string $key = null, int|callable|null $receipt = null): void
    {
        $this->send($bytes, BINARY, $key, $receipt);
    }

    /** Sends a ping beside those of the keep-alive. */
    public function ping(): void
    {
        Native::check(Native::ffi()->cryo_session_ping($this->handle));
    }

    /** Closes, after what was sent before has left; the reason is cut to 123 bytes. Throws CLOSED. */
    public function close(int $code = CLOSE_GRACEFUL, ?string $reason = null): void
    {
        Native::check(Native::ffi()->cryo_session_close($this->handle, $code, Native::optionalText($reason, 'reason')));
    }

    public function isOpen(): bool
    {
        return Native::ffi()->cryo_session_is_open($this->handle) === 1;
    }

    /** Whether CALE encrypts. */
    public function isSecure(): bool
    {
        return Native::ffi()->cryo_session_is_secure($this->handle) === 1;
    }

    /** Whether this server has opened it (Server::connectPeer). */
    public function isPeer(): bool
    {
        return Native::ffi()->cryo_session_is_peer($this->handle) === 1;
    }

    /** The id that the client chose, 36 characters. */
    public function id(): string
    {
        return $this->id ??= (string) Native::textFrom(
            fn (mixed ...$out): int => Native::ffi()->cryo_session_id_text($this->handle, ...$out)
        );
    }

    /** The same as 16 bytes. */
    public function idBytes(): string
    {
        $out = Native::ffi()->new('uint8_t[16]');
        Native::check(Native::ffi()->cryo_session_id($this->handle, $out));
        return \FFI::string($out, 16);
    }

    public function token(): string
    {
        return (string) Native::textFrom(fn (mixed ...$out): int => Native::ffi()->cryo_session_token($this->handle, ...$out));
    }

    /**
     * The query parameters in the order of the request.
     *
     * @return list<array{string, string}>
     */
    public function parameters(): array
    {
        $ffi = Native::ffi();
        $found = [];
        $capacity = 65536; // a request's head is no longer
        [$name, $value] = [$ffi->new("char[$capacity]"), $ffi->new("char[$capacity]")];
        [$nameLength, $valueLength] = [$ffi->new('size_t[1]'), $ffi->new('size_t[1]')];
        while (true) {
            $status = $ffi->cryo_session_parameter_at(
                $this->handle, count($found), $name, $capacity, $nameLength, $value, $capacity, $valueLength
            );
            if ($status === ERR_NOT_FOUND) {
                return $found;
            }
            Native::check($status);
            $found[] = [\FFI::string($name, $nameLength[0]), \FFI::string($value, $valueLength[0])];
        }
    }

    /** A text that the validator has set, or null. */
    public function claim(string $name): ?string
    {
        $name = Native::textIn($name, 'a name');
        return Native::textFrom(fn (mixed ...$out): int => Native::ffi()->cryo_session_claim($this->handle, $name, ...$out));
    }

    /** When it shall end, from now; Cryo\NEVER takes it back. Throws CLOSED, STATE (a client's session). */
    public function setExpiryMs(int $ms): void
    {
        Native::check(Native::ffi()->cryo_session_set_expiry_ms($this->handle, $ms));
    }

    /** One of Cryo\STAT_…, or null where nothing was measured yet. */
    public function stat(int $stat): ?float
    {
        $out = Native::ffi()->new('double[1]');
        $status = Native::ffi()->cryo_session_stat($this->handle, $stat, $out);
        if ($status === ERR_NOT_FOUND) {
            return null;
        }
        Native::check($status);
        return $out[0];
    }

    /**
     * All of them: rtt (ms), bytes_rx, bytes_tx, ack_timeout, queued_bytes, queued_count.
     *
     * @return array<string, ?float>
     */
    public function stats(): array
    {
        return array_map($this->stat(...), Native::constants('STAT_'));
    }

    public function pauseReading(): void
    {
        Native::check(Native::ffi()->cryo_session_pause_reading($this->handle));
    }

    public function resumeReading(): void
    {
        Native::check(Native::ffi()->cryo_session_resume_reading($this->handle));
    }

    /** With the option manual_ack: the application is done with the message of this id. */
    public function ack(int $id): void
    {
        Native::check(Native::ffi()->cryo_message_ack($this->handle, $id));
    }
}
