<?php

declare(strict_types=1);

namespace Cryo;

/** A client, which connects again by itself. */
final class Client extends Pulled
{
    /**
     * @param array<string, mixed> $options those of cryo.h by their names; 'token_provider', a function that gets a TokenRequest and returns a token,
     *     or $request->later(); 'on_message' and so on; 'queue_capacity' => [events, bytes]
     */
    public function __construct(?string $url = null, ?string $token = null, array $options = [])
    {
        $this->tokenProvider = $options['token_provider'] ?? null;
        parent::__construct('client', array_filter(['url' => $url, 'token' => $token], is_string(...)) + $options);
    }

    /** Its session, connected or not. */
    public function session(): Session
    {
        $handle = Native::ffi()->cryo_client_session($this->alive());
        return $handle === 0 ? Native::fail(ERR_STATE) : $this->sessionFor($handle); // none in the child of a fork
    }

    /** As of its session. */
    public function send(string $data, int $kind = UTF8, ?string $key = null, int|callable|null $receipt = null): void
    {
        $this->session()->send($data, $kind, $key, $receipt);
    }

    public function sendText(string $text, ?string $key = null, int|callable|null $receipt = null): void
    {
        $this->send($text, UTF8, $key, $receipt);
    }

    public function sendBinary(string $bytes, ?string $key = null, int|callable|null $receipt = null): void
    {
        $this->send($bytes, BINARY, $key, $receipt);
    }

    /** Another token, from the next attempt to connect on. Throws STATE with a token provider, CLOSED. */
    public function setToken(string $token): void
    {
        Native::check(Native::ffi()->cryo_client_set_token($this->alive(), Native::textIn($token, 'a token')));
    }

    /** Begins to close it for good, connected or not. Throws CLOSED, STATE. */
    public function stop(int $code = CLOSE_GRACEFUL, ?string $reason = null): void
    {
        $this->stopping = true;
        Native::check(Native::ffi()->cryo_client_close($this->alive(), $code, Native::optionalText($reason, 'reason')));
    }
}
