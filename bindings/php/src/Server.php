<?php

declare(strict_types=1);

namespace Cryo;

/**
 * A server.
 *
 *     $server = new Server(['port' => 8080, 'validator' => fn (Auth $auth) => $auth->token === 'MySuperSecretToken']);
 *     $server->on('message', fn (Session $session, string $data, int $kind) => $session->send($data, $kind));
 *     $server->run(); // until SIGINT or SIGTERM
 */
final class Server extends Pulled
{
    /**
     * @param array<string, mixed> $options those of cryo.h by their names; 'validator', which returns true, or an array of values for the session, to
     *     let in, or $auth->later(), while everything else refuses; 'on_message' and so on; 'queue_capacity' => [events, bytes]
     */
    public function __construct(array $options = [])
    {
        if (($options['threads'] ?? 1) === 0) {
            Native::invalid('threads must be at least 1: the queue needs a thread that fills it');
        }
        $this->validator = $options['validator'] ?? null;
        if ($this->validator !== null && !is_callable($this->validator)) {
            Native::invalid('validator must be callable');
        }
        parent::__construct('server', $options);
    }

    /** The port that it listens on; 0 before the start. */
    public function port(): int
    {
        return Native::ffi()->cryo_server_port($this->alive());
    }

    /** Cryo\TRANSPORT_… */
    public function transport(): int
    {
        return Native::ffi()->cryo_server_transport($this->alive());
    }

    /** Begins to stop: sessions close with 4000. Go on with poll(), wait() or close(). */
    public function stop(): void
    {
        $this->stopping = true;
        Native::check(Native::ffi()->cryo_server_stop($this->alive()));
    }

    /**
     * Lets nobody in any more, and closes the sessions spread over $deadlineMs, some every $batchMs (0: all at the deadline).
     * $retryMs: when clients may come back; 0: not said.
     */
    public function drain(int $deadlineMs, int $batchMs = 0, int $code = CLOSE_GRACEFUL, ?string $reason = null, int $retryMs = 0): void
    {
        $reason ??= $code === CLOSE_GRACEFUL ? 'Server shutdown.' : null;
        $reason = Native::optionalText($reason, 'reason');
        Native::check(Native::ffi()->cryo_server_drain_with($this->alive(), $deadlineMs, $batchMs, $code, $reason, $retryMs));
    }

    /** One of Cryo\SERVER_STAT_…; $of picks one kind. */
    public function stat(int $stat, int $of = 0): float
    {
        $out = Native::ffi()->new('double[1]');
        Native::check(Native::ffi()->cryo_server_stat($this->alive(), $stat, $of, $out));
        return $out[0];
    }

    /**
     * All of them by name: sessions, refused, bytes_rx, …
     *
     * @return array<string, float>
     */
    public function stats(): array
    {
        return array_map(fn (int $stat): float => $this->stat($stat), Native::constants('SERVER_STAT_'));
    }

    /** All of them as Prometheus reads them. */
    public function metrics(): string
    {
        $handle = $this->alive();
        return (string) Native::textFrom(static fn (mixed ...$out): int => Native::ffi()->cryo_server_metrics($handle, ...$out));
    }

    public function sessionCount(): int
    {
        return Native::ffi()->cryo_server_session_count($this->alive());
    }

    /**
     * The live sessions.
     *
     * @return list<Session>
     */
    public function sessions(): array
    {
        $ffi = Native::ffi();
        $capacity = $this->sessionCount() + 16;
        $handles = $ffi->new("uintptr_t[$capacity]");
        $count = $ffi->new('size_t[1]');
        Native::check($ffi->cryo_server_sessions($this->alive(), $handles, $capacity, $count));
        $found = [];
        for ($i = 0; $i < min($capacity, $count[0]); ++$i) {
            $found[] = $this->sessionFor($handles[$i], true);
        }
        return $found;
    }

    /** The live session of this id (a UUID as text, or 16 bytes), or null. */
    public function find(string $id): ?Session
    {
        $out = Native::ffi()->new('uintptr_t[1]');
        $status = Native::ffi()->cryo_server_find_session($this->alive(), Native::idBytes($id), $out);
        if ($status === ERR_NOT_FOUND) {
            return null;
        }
        Native::check($status);
        return $this->sessionFor($out[0], true);
    }

    /** Sends to every live session but $except; returns to how many. */
    public function broadcast(string $data, int $kind = UTF8, ?Session $except = null): int
    {
        $count = Native::ffi()->new('size_t[1]');
        $handle = $except?->handle ?? 0;
        Native::check(Native::ffi()->cryo_server_broadcast($this->alive(), $kind, $data, strlen($data), $handle, $count));
        return $count[0];
    }

    /** Other certificates for new connections: the TLS options; null: the same files read again. */
    public function setTls(?array $options = null): void
    {
        $handle = $this->alive();
        $set = static fn (int $given): int => Native::check(Native::ffi()->cryo_server_set_tls($handle, $given));
        $options === null ? $set(0) : Options::with('server', $options, [], $set);
    }

    /** Other keys of session tickets; null: the server's own. */
    public function setTlsTicketKeys(?string $keys): void
    {
        Native::check(Native::ffi()->cryo_server_set_tls_ticket_keys($this->alive(), $keys, strlen($keys ?? '')));
    }

    /** Opens a session to another server; options as for a Client. */
    public function connectPeer(array $options): Session
    {
        $handle = $this->alive();
        $provider = $options['token_provider'] ?? null;
        return Options::with('client', $options, ['token_provider'], function (int $given) use ($handle, $provider): Session {
            $ffi = Native::ffi();
            if ($provider !== null) {
                Native::check($ffi->cryo_client_options_set_token_provider($given, null, 0, null));
            }
            $peer = Native::handleFrom(static fn (\FFI\CData $out): int => $ffi->cryo_server_connect_peer($handle, $given, $out));
            if ($provider !== null) {
                $this->providers[$peer] = $provider;
            }
            return $this->sessionFor($peer, true);
        });
    }
}
