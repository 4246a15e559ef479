<?php

declare(strict_types=1);

namespace Cryo;

/** With which token shall it connect? */
final class TokenRequest extends Ticket
{
    /** @internal */
    public function __construct(int $handle, public readonly Session $session)
    {
        parent::__construct($handle);
    }

    public function give(string $token): bool
    {
        return $this->settle(Native::ffi()->cryo_token_give($this->handle, Native::textIn($token, 'a token')));
    }

    /** There is none: the attempt has failed, and tells the reason. */
    public function fail(?string $reason = null): bool
    {
        return $this->settle(Native::ffi()->cryo_token_fail($this->handle, Native::optionalText($reason, 'reason')));
    }
}
