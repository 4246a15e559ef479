<?php

// Extensions: hooks before sending and after receiving.

declare(strict_types=1);

use Cryo\{Extension, Hook, Library, Session};

test('hooks pass, replace and stop', function (): void {
    $got = $told = $directions = [];
    [$server, $listener, $session] = pair(['on_message' => function (Session $session, string $data) use (&$got): void { $got[] = $data; }]);
    $server->addExtension(new Extension('shouting', [
        'before_send_utf8' => fn (Session $session, string $data) => strtoupper($data),
        'on_receive_utf8' => function (Session $session, string $data, Hook $hook) use (&$directions): bool {
            $directions[] = $hook->direction;
            return $data !== 'secret';
        },
        'on_register' => function (string $name) use (&$told): void { $told[] = $name; },
        'on_unregister' => function (string $name) use (&$told): void { $told[] = "-$name"; },
    ]));
    $session->send('hello');
    $listener->client->send('secret');
    $listener->client->send('open');
    wait_for(function () use ($listener, &$got) { return $listener->heard === ['HELLO'] && $got === ['open']; });
    same([Cryo\ON_RECEIVE, Cryo\ON_RECEIVE], $directions);
    same('shouting', $server->findExtension('shouting')->name);
    same(null, $server->findExtension('none'));
    throws(Cryo\ERR_EXISTS, fn () => $server->addExtension(new Extension('shouting')));
    $server->removeExtension('shouting');
    throws(Cryo\ERR_NOT_FOUND, fn () => $server->removeExtension('shouting'));
    same(['shouting', '-shouting'], $told);
    $session->send('quiet');
    wait_for(fn () => end($listener->heard) === 'quiet');
});

test('a hook that throws has failed', function (): void {
    Library::setLog(Cryo\LOG_OFF);
    $errors = [];
    $outcome = null;
    $broken = ['before_send_binary' => fn () => throw new LogicException('broken')];
    [$server, $listener, $session] = pair(['on_error' => function (Throwable $problem, string $where) use (&$errors): void { $errors[] = $where; }]);
    $server->addExtension(new Extension('broken', $broken));
    $session->sendBinary('never', receipt: function (int $what, ?float $rtt, string $by) use (&$outcome): void { $outcome = [$what, $rtt, $by]; });
    $session->send('text');
    wait_for(function () use ($listener, &$outcome) { return $listener->heard === ['text'] && $outcome; });
    same([Cryo\RECEIPT_VETOED, null, 'broken'], $outcome);
    same(['a hook of broken'], $errors);
    $server->removeExtension('broken');
    $server->addExtension(new Extension('looking', $broken, onFailure: Cryo\HOOK_PASS));
    $session->sendBinary('all the same');
    wait_for(fn () => end($listener->heard) === 'all the same');
    Library::setLog(Cryo\LOG_WARNING);
});

test('a hook can answer later', function (): void {
    [, $listener, $session] = pair();
    $kept = [];
    $listener->client->addExtension(new Extension('slow', ['on_receive_utf8' => function (Session $session, string $data, Hook $hook) use (&$kept): Hook {
        return $kept[] = $hook->later();
    }], 60_000));
    $session->send('one');
    wait_for(function () use (&$kept) { return $kept; });
    same(true, $kept[0]->replace('first'));
    same(false, $kept[0]->pass());
    $session->send('two');
    wait_for(function () use (&$kept) { return isset($kept[1]); });
    $kept[1]->stop();
    $session->send('three');
    wait_for(function () use (&$kept) { return isset($kept[2]); });
    same('three', $kept[2]->data);
    $kept[2]->pass();
    wait_for(fn () => $listener->heard === ['first', 'three']);
    $listener->client->removeExtension('slow');
});

test('hooks that there are not', function (): void {
    throws(Cryo\ERR_INVALID, fn () => new Extension('x', ['before_send' => strlen(...)]));
    throws(Cryo\ERR_INVALID, fn () => server()->addExtension(new Extension('')));
});
