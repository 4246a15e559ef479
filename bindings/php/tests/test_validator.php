<?php

// Who is let in.

declare(strict_types=1);

use Cryo\{Auth, Session};

/** The HTTP status that a client is refused with and its text; null once it is connected. */
function verdict(?callable $validator, array $options = []): ?array
{
    $refused = null;
    $listener = new Listener(server(['validator' => $validator] + $options), [
        'reconnect_attempts' => 0,
        'on_attempt_failed' => function (Session $session, int $status, int $http, string $text) use (&$refused): void { $refused = [$http, $text]; },
    ]);
    wait_for(fn () => $listener->connected || $listener->closed);
    return $refused;
}

test('only true and values let in', function (): void {
    same(null, verdict(fn () => true));
    same(null, verdict(fn () => []));
    foreach ([false, null, 1, 'yes'] as $answer) {
        same(401, verdict(fn () => $answer)[0]);
    }
    same(401, verdict(null)[0]);
});

test('a validator that throws refuses', function (): void {
    $told = null;
    $told_of = function (Throwable $problem, string $where) use (&$told): void { $told = $where; };
    same(401, verdict(fn () => throw new LogicException('broken'), ['on_error' => $told_of])[0]);
    same('validator', $told);
    same(401, verdict(fn (int $wrong) => true, ['on_error' => $told_of])[0]); // a TypeError
});

test('refusing with a status and words', function (): void {
    [$status, $text] = verdict(fn (Auth $auth) => $auth->refuse(403, 'not you', 1000));
    same(403, $status);
    same(true, str_contains($text, 'not you'));
    [$status, $text] = verdict(fn (Auth $auth) => $auth->reject('old token'));
    same(401, $status);
    same(true, str_contains($text, 'old token'));
});

test('a ticket tells about the request', function (): void {
    $facts = null;
    pair(['validator' => function (Auth $auth) use (&$facts): bool {
        $facts = [$auth->token, $auth->parameter('name'), $auth->path(), $auth->header('upgrade'), $auth->proxyAddress(), $auth->parameter('none'),
            $auth->peerCertificate()];
        return str_starts_with($auth->remoteAddress(), '127.0.0.1:');
    }]);
    same([TOKEN, 'Al', '/', 'websocket', '', null, null], $facts);
});

test("values and claims are the session's", function (): void {
    [, , $session] = pair(['validator' => function (Auth $auth): array {
        $auth->setClaim('user', 'alice');
        $auth->setExpiryMs(1_000_000);
        return ['role' => 'admin'];
    }]);
    same('admin', $session['role']);
    same(false, isset($session['none']));
    unset($session['role']);
    same(null, $session['role']);
    same('alice', $session->claim('user'));
    same(null, $session->claim('none'));
});

test('a ticket can be answered later, and once', function (): void {
    $kept = $session = null;
    $server = server(['validator' => function (Auth $auth) use (&$kept): Auth { return $kept = $auth->later(); },
        'on_session' => function (Session $each) use (&$session): void { $session = $each; }]);
    new Listener($server);
    wait_for(function () use (&$kept) { return $kept; });
    same(true, $kept->accept(['late' => true]));
    same(false, $kept->accept());
    same(false, $kept->reject());
    wait_for(function () use (&$session) { return $session; });
    same(true, $session['late']);
});

test('a client may take the place of a session', function (): void {
    [$server, $first] = pair(['validator' => fn (Auth $auth) => $auth->replace()]);
    new Listener($server, ['token' => 'another', 'session_id' => $first->client->session()->id()]);
    wait_for(fn () => $first->closed);
    same('Taken over.', $first->closed[1]);
});
