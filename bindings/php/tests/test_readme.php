<?php

// The README's programs run as they are printed, but for the port and where the package is.

declare(strict_types=1);

use Cryo\Session;

/** @return list<string> */
function programs(): array
{
    preg_match_all('/```php\n<\?php\n(.*?)```/s', file_get_contents(dirname(__DIR__) . '/README.md'), $found);
    return str_replace("require 'vendor/autoload.php';\n", '', $found[1]);
}

/** @return array{Program, string} */
function small_server(): array
{
    $text = str_replace("'port' => 8080", "'port' => 0", programs()[0], $count);
    same(1, $count);
    $program = new Program($text);
    return [$program, wait_for(fn () => preg_match('/:(\d+)$/m', $program->output(), $found) ? $found[1] : null, 'the port')];
}

function end_of(Program $program, int $signal): void
{
    $program->signal($signal);
    wait_for(fn () => $program->status() !== null, 'the end');
    same(0, $program->status(), $program->output());
}

test('the small server', function (): void {
    [$program, $port] = small_server();
    $refused = null;
    new Listener(null, ['url' => "ws://127.0.0.1:$port", 'token' => 'wrong', 'reconnect_attempts' => 0,
        'on_attempt_failed' => function (Session $session, int $status, int $http) use (&$refused): void { $refused = $http; }]);
    wait_for(function () use (&$refused) { return $refused; });
    same(401, $refused);
    $listener = new Listener(null, ['url' => "ws://127.0.0.1:$port", 'token' => 'MySuperSecretToken',
        'on_session' => fn (Session $session) => $session->sendBinary("a\0b")]);
    wait_for(fn () => count($listener->heard) === 2);
    same(['Welcome!', "a\0b"], $listener->heard);
    end_of($program, SIGTERM);
});

test('the client', function (): void {
    [$server, $port] = small_server();
    $program = new Program(str_replace('localhost:8080', "localhost:$port", programs()[1], $count));
    same(1, $count);
    wait_for(fn () => str_contains($program->output(), "Welcome!\nhello\n"), 'the echo');
    end_of($program, SIGINT);
    end_of($server, SIGINT);
});

test('the example', function (): void {
    $program = new Program("\$argv = ['', 'secret', '0']; require '" . dirname(__DIR__) . "/example.php';");
    $port = wait_for(fn () => preg_match('/:(\d+)$/m', $program->output(), $found) ? $found[1] : null, 'the port');
    $listener = new Listener(null, ['url' => "ws://127.0.0.1:$port/?name=Al"]);
    wait_for(fn () => $listener->heard === ['Welcome, Al!']);
    end_of($program, SIGTERM);
});
