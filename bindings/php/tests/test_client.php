<?php

// Clients: tokens, losses, what becomes of messages.

declare(strict_types=1);

use Cryo\{Auth, Client, Error, Session, TokenRequest};

test('a token provider gives tokens, fails, and may take its time', function (): void {
    $asked = 0;
    $kept = null;
    $failures = [];
    $listener = new Listener(server(), [
        'reconnect_initial_ms' => 1,
        'token_provider' => function (TokenRequest $request) use (&$asked, &$kept): mixed {
            return match (++$asked) {
                1 => throw new LogicException('no token today'),
                2 => null,
                default => $kept = $request->later(),
            };
        },
        'on_error' => fn () => null,
        'on_attempt_failed' => function (Session $session, int $status, int $http, string $text) use (&$failures): void { $failures[] = [$status, $text]; },
    ]);
    wait_for(function () use (&$kept) { return $kept; }, 'the third question');
    same([Cryo\ERR_TOKEN, Cryo\ERR_TOKEN], array_column($failures, 0));
    same(true, str_contains($failures[0][1], 'no token today'));
    same(true, $kept->give(TOKEN));
    same(false, $kept->give(TOKEN));
    wait_for(fn () => $listener->connected, 'the session');
    throws(Cryo\ERR_STATE, fn () => $listener->client->setToken('x'));
});

test('a client comes back', function (): void {
    $told = [];
    $server = server();
    $port = $server->port();
    $listener = new Listener($server, [
        'reconnect_initial_ms' => 1, 'reconnect_max_ms' => 50,
        'on_disconnected' => function (Session $session, int $code, string $reason) use (&$told): void { $told[] = $reason; },
        'on_reconnected' => function () use (&$told): void { $told[] = 'back'; },
    ]);
    wait_for(fn () => $listener->connected);
    $server->close();
    wait_for(function () use (&$told) { return $told === ['Server shutdown.']; });
    throws(Cryo\ERR_STATE, fn () => $listener->client->send('nobody there'));
    $listener->client->setToken('new');
    server(['port' => $port, 'validator' => fn (Auth $auth) => $auth->token === 'new']);
    wait_for(function () use (&$told) { return end($told) === 'back'; }, 'the reconnection');
});

test('an address where nobody is', function (): void {
    $server = server();
    $url = "ws://127.0.0.1:{$server->port()}";
    $server->close();
    $failed = null;
    $listener = new Listener(null, ['url' => $url, 'reconnect_attempts' => 0,
        'on_attempt_failed' => function (Session $session, int $status, int $http, string $text, int $retry) use (&$failed): void {
            $failed = [$status, $http, $retry];
        }]);
    wait_for(fn () => $listener->closed);
    same([Cryo\ERR_CONNECT, 0, -1], $failed);
});

test('numbered receipts', function (): void {
    $numbers = [];
    [, $listener] = pair([], ['on_receipt' => function (Session $session, int $number, int $outcome) use (&$numbers): void { $numbers[$number] = $outcome; }]);
    $listener->client->send('x', key: 'k', receipt: 1 << 61);
    wait_for(function () use (&$numbers) { return $numbers; });
    same([1 << 61 => Cryo\RECEIPT_ACKNOWLEDGED], $numbers);
    foreach ([0, -1, 1 << 62] as $wrong) {
        throws(Cryo\ERR_INVALID, fn () => $listener->client->send('x', receipt: $wrong));
    }
    throws(Cryo\ERR_INVALID, fn () => $listener->client->sendText("\xff"));
});

test('a slow peer', function (): void {
    $dropped = [];
    $writable = false;
    [$server, $listener, $session] = pair(['high_water_mark' => 65536, 'low_water_mark' => 1024, 'max_queued_bytes' => 1048576, 'max_queue_count' => 4,
        'max_total_queued_bytes' => 0,
        'on_dropped' => function (Session $session, int $reason, string $data, int $kind) use (&$dropped): void { $dropped[] = [$reason, strlen($data), $kind]; },
        'on_writable' => function () use (&$writable): void { $writable = true; }], ['queue_capacity' => [1, 1]]);
    $deadline = microtime(true) + PATIENCE;
    while ($dropped === [] && microtime(true) < $deadline) { // nobody takes from the client's queue meanwhile, so that it does not read
        try {
            $session->sendBinary(str_repeat('x', 100_000));
        } catch (Error $error) {
            same(Cryo\ERR_FULL, $error->status); // the mailbox is
        }
        $server->poll();
    }
    wait_for(function () use (&$writable, $listener) { return $writable && $listener->heard !== []; }, 'a queue that flows');
    same([[Cryo\DROPPED_OLDEST, 100_000, Cryo\BINARY]], array_unique($dropped, SORT_REGULAR));
});

test('CALE', function (): void {
    [, $listener, $session] = pair(['cale' => true, 'on_message' => fn (Session $from, string $data) => $from->send($data)], ['cale' => true]);
    same(true, $session->isSecure());
    $listener->client->send('sealed');
    wait_for(fn () => $listener->heard === ['sealed']);
});

test('what clients need', function (): void {
    throws(Cryo\ERR_INVALID, fn () => new Client());
    throws(Cryo\ERR_INVALID, fn () => new Client('nonsense', 'x'));
    throws(Cryo\ERR_INVALID, fn () => new Client('ws://localhost', 'x', ['session_id' => 'abc']));
});
