<?php

// Servers and their sessions.

declare(strict_types=1);

use Cryo\{Error, Library, Server, Session};
use const Cryo\{BINARY, UTF8};

test('texts and bytes come back as they were sent', function (): void {
    [$server, $listener] = pair(['on_message' => fn (Session $session, string $data, int $kind) => $session->send($data, $kind)]);
    $kinds = [];
    $listener->client->on('message', function (Session $session, string $data, int $kind) use ($listener, &$kinds): void {
        $listener->heard[] = $data;
        $kinds[] = $kind;
    });
    foreach ([['text ☃', UTF8], ['', UTF8], ["a\0b\xff", BINARY], [str_repeat('x', 100_000), BINARY]] as [$data, $kind]) {
        $listener->client->send($data, $kind);
        wait_for(fn () => $listener->heard !== [], 'an echo');
        same($data, array_shift($listener->heard));
        same($kind, array_shift($kinds));
    }
    same(1, $server->sessionCount());
});

test('a session tells what came with its request', function (): void {
    [$server, $listener, $session] = pair(['session_header' => 'X-From'],
        ['header' => ['X-From' => 'here'], 'parameter' => [['a', '1'], ['a', '2']]]);
    same(TOKEN, $session->token());
    same('Al', $session->parameter('name'));
    same(null, $session->parameter('none'));
    same([['a', '1'], ['a', '2']], array_values(array_filter($session->parameters(), fn (array $each) => $each[0] === 'a')));
    same('here', $session->header('x-from'));
    same(null, $session->header('x-none'));
    same('/', $session->path());
    same('', $session->proxyAddress());
    same(1, preg_match('/^127\.0\.0\.1:\d+$/', $session->remoteAddress()));
    same(null, $session->peerCertificate());
    same($listener->client->session()->id(), $session->id());
    same(16, strlen($session->idBytes()));
    same([true, false, false], [$session->isOpen(), $session->isSecure(), $session->isPeer()]);
    same($session, $server->find($session->id()));
    same($session, $server->find($session->idBytes()));
    same(null, $server->find('00000000-0000-0000-0000-000000000000'));
    same([$session], $server->sessions());
});

test('sessions and servers count', function (): void {
    $measured = [];
    [$server, $listener, $session] = pair(['keepalive_ms' => 20, 'on_stat' => function (Session $session, int $stat, float $value) use (&$measured): void {
        $measured[$stat] = $value;
    }]);
    $session->send('x');
    wait_for(fn () => $listener->heard !== [] && $session->stat(Cryo\STAT_RTT) !== null, 'a round trip');
    same(true, $session->stats()['bytes_tx'] > 0);
    wait_for(function () use (&$measured) { return isset($measured[Cryo\STAT_RTT]); }, 'a statistic');
    same(1.0, $server->stat(Cryo\SERVER_STAT_SESSIONS));
    same(1.0, $server->stats()['accepted_sessions']);
    same(true, str_contains($server->metrics(), 'cryo_sessions'));
    throws(Cryo\ERR_INVALID, fn () => $server->stat(999));
});

test('a close has its code and reason, on both sides', function (): void {
    $ended = null;
    [, $listener, $session] = pair(['on_closed' => function (Session $session, int $code) use (&$ended): void { $ended = $code; }],
        ['reconnect_attempts' => 0]);
    $session->close(4321, 'enough');
    wait_for(function () use (&$ended, $listener) { return $ended !== null && $listener->closed !== null; }, 'the close');
    same(4321, $ended);
    same([4321, 'enough'], $listener->closed);
    throws(Cryo\ERR_CLOSED, fn () => $session->send('late'));
    same(false, $session->isOpen());
    same('Al', $session->parameter('name')); // who holds it can still ask
});

test('broadcasts and sends to many', function (): void {
    [$server, $one] = pair();
    $two = new Listener($server);
    wait_for(fn () => $server->sessionCount() === 2);
    same(2, $server->broadcast('all'));
    wait_for(fn () => $one->heard !== [] && $two->heard !== []);
    same([2, [Cryo\OK, Cryo\OK]], Library::sendMany($server->sessions(), 'many', BINARY));
    $server->broadcast('not one', except: $server->find($one->client->session()->id()));
    wait_for(fn () => count($one->heard) === 2 && count($two->heard) === 3);
    same(['all', 'many'], $one->heard);
});

test('what a handler throws is reported, and ends nothing', function (): void {
    $told = null;
    [, $listener] = pair([
        'on_message' => fn (Session $session, string $data) => $data === 'bad' ? throw new LogicException('broken') : $session->send($data),
        'on_error' => function (Throwable $problem, string $where) use (&$told): void { $told = [$problem->getMessage(), $where]; },
    ]);
    $listener->client->send('bad');
    $listener->client->send('good');
    wait_for(fn () => $listener->heard === ['good']);
    same(['broken', 'message'], $told);
});

test('options are checked', function (): void {
    $wrong = [['prot' => 1], ['port' => 65536], ['port' => 1.5], ['threads' => 0], ['host' => "a\0b"], ['on_mesage' => strlen(...)],
        ['allowed_origin' => 'no origin'], ['validator' => 1], ['tls_files' => 'one']];
    foreach ($wrong as $options) {
        throws(Cryo\ERR_INVALID, fn () => new Server($options));
    }
    keep(new Server(['port' => 0, 'allowed_origin' => ['https://a.example', 'https://b.example'], 'metrics' => 'token', 'health' => true,
        'max_total_queued_bytes' => 1 << 40, 'trusted_proxy' => '10.0.0.0/8', 'drop_policy' => Cryo\DROP_NEWEST, 'queue_capacity' => [100, 1_000_000]]));
});

test('a port that is taken is told', function (): void {
    $second = keep(new Server(['port' => server()->port()]));
    throws(Cryo\ERR_ADDRESS_IN_USE, fn () => $second->start());
});

test('handlers may close and stop, but not poll', function (): void {
    $refused = null;
    [$server, $listener] = pair([], ['reconnect_attempts' => 0]);
    $server->on('message', function () use ($server, &$refused): void {
        $refused = throws(Cryo\ERR_STATE, fn () => $server->poll());
        $server->close();
    });
    $listener->client->send('x');
    wait_for(fn () => $server->isClosed() && $listener->closed !== null);
    same(true, $refused instanceof Error);
    same([4000, 'Server shutdown.'], $listener->closed);
    throws(Cryo\ERR_STATE, fn () => $server->port());
});

test('draining', function (): void {
    [$server] = pair();
    $server->drain(1, 0, 1012, 'moved');
    same(true, $server->wait(PATIENCE));
});

test('pausing, acknowledging, expiring', function (): void {
    $ended = $outcome = null;
    [, $listener, $session] = pair([
        'manual_ack' => true,
        'on_message' => fn (Session $from, string $data, int $kind, ?int $id) => $from->ack($id),
        'on_closed' => function (Session $session, int $code, string $reason) use (&$ended): void { $ended = [$code, $reason]; },
    ]);
    $listener->client->send('x', receipt: function (int ...$given) use (&$outcome): void {});
    $listener->client->send('x', receipt: function (int $what, ?float $rtt, string $by) use (&$outcome): void { $outcome = [$what, $rtt]; });
    $listener->client->on('error', fn () => null); // the first receipt's function takes no text
    wait_for(function () use (&$outcome) { return $outcome; }, 'a receipt');
    same(Cryo\RECEIPT_ACKNOWLEDGED, $outcome[0]);
    same(true, $outcome[1] >= 0);
    $session->pauseReading();
    $session->resumeReading();
    $session->ping();
    $session->setExpiryMs(Cryo\NEVER);
    $session->setExpiryMs(0);
    wait_for(function () use (&$ended) { return $ended; }, 'the end');
    same([4001, 'Token expired.'], $ended);
});

test('the descriptor, as a stream', function (): void {
    $server = server();
    $told = false;
    $server->on('session', function () use (&$told): void { $told = true; });
    new Listener($server);
    $read = [$server->stream()];
    $write = $except = [];
    same(1, stream_select($read, $write, $except, PATIENCE));
    wait_for(function () use (&$told) { return $told; });
    $server->wake();
    same(0, $server->poll(PATIENCE));
});

test('peers', function (): void {
    $there = server(['on_message' => fn (Session $session, string $data) => $session->send("got $data")]);
    $heard = null;
    $here = server(['on_message' => function (Session $session, string $data) use (&$heard): void { $heard = [$session, $data]; },
        'on_session' => fn (Session $session) => $session->send('hello')]);
    $peer = $here->connectPeer(['url' => "ws://127.0.0.1:{$there->port()}", 'token_provider' => fn () => TOKEN]);
    wait_for(function () use (&$heard) { return $heard; }, 'the answer');
    same([$peer, 'got hello'], $heard);
    same(true, $peer->isPeer());
});

test('the library tells about itself', function (): void {
    same(Cryo\ABI_VERSION, Library::abiVersion());
    same(Library::VERSION, Library::version());
    same(true, str_contains(Library::buildInfo(), 'libuv'));
    Library::setLog(Cryo\LOG_WARNING);
});
