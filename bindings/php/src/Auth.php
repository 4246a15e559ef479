<?php

declare(strict_types=1);

namespace Cryo;

/** Shall this token come in? */
final class Auth extends Ticket
{
    use RequestFacts;

    private const PREFIX = 'cryo_auth_';

    /** @internal */
    public function __construct(int $handle, public readonly string $token)
    {
        parent::__construct($handle);
    }

    /** Lets the client in; $values are the session's ($session['key']) from the session event on. */
    public function accept(array $values = []): bool
    {
        return $this->letIn($values, static fn (int $handle): int => Native::ffi()->cryo_auth_accept($handle));
    }

    /** The same, also in the place of a live session with the same id. */
    public function replace(array $values = []): bool
    {
        return $this->letIn($values, static fn (int $handle): int => Native::ffi()->cryo_auth_replace($handle));
    }

    /** Refuses with 401. */
    public function reject(?string $reason = null): bool
    {
        return $this->settle(Native::ffi()->cryo_auth_reject($this->handle, Native::optionalText($reason, 'reason')));
    }

    /** Refuses with a status from 400 to 599, a text for the client, and a Retry-After. */
    public function refuse(int $httpStatus, ?string $body = null, int $retryAfterMs = 0): bool
    {
        $body = Native::optionalText($body, 'body');
        return $this->settle(Native::ffi()->cryo_auth_refuse($this->handle, $httpStatus, $body, $retryAfterMs));
    }

    /** Before the answer: a text for Session::claim(); null takes it back. */
    public function setClaim(string $name, ?string $value): void
    {
        $name = Native::textIn($name, 'a name');
        Native::check(Native::ffi()->cryo_auth_set_claim($this->handle, $name, Native::optionalText($value, 'a claim')));
    }

    /** Before the answer: when the session shall end, from now. */
    public function setExpiryMs(int $ms): void
    {
        Native::check(Native::ffi()->cryo_auth_set_expiry_ms($this->handle, $ms));
    }

    private function letIn(array $values, callable $call): bool
    {
        if ($values === []) {
            return $this->settle($call($this->handle));
        }
        $number = Accepted::keep($values);
        $inTime = Native::settled(Native::ffi()->cryo_auth_set($this->handle, Accepted::KEY, $number, null))
            && $this->settle($call($this->handle));
        if (!$inTime) {
            Accepted::forget($number);
        }
        return $inTime;
    }
}
