<?php

// Programs: signals, forks, the end, the collector.

declare(strict_types=1);

use Cryo\{Error, Server, Session};

const SERVER = <<<'PHP'
    $server = new Cryo\Server(['port' => 0, 'validator' => fn () => true]);
    $server->on('listening', function ($host, $port) { echo "$port\n"; });
    $server->on('session', function () { echo "here\n"; });
    $server->on('closed', function ($session, $code, $reason) { echo "$code $reason\n"; });

    PHP;

function visit(Program $program): Listener
{
    $port = wait_for(fn () => preg_match('/^(\d+)$/m', $program->output(), $found) ? $found[1] : null, 'the port');
    $listener = new Listener(null, ['url' => "ws://127.0.0.1:$port", 'reconnect_attempts' => 0]);
    wait_for(fn () => str_contains($program->output(), 'here'), 'the session');
    return $listener;
}

function status_of(Program $program): int
{
    wait_for(fn () => $program->status() !== null, 'the end');
    return $program->status();
}

test('SIGTERM and SIGINT end run', function (): void {
    foreach ([SIGTERM, SIGINT] as $number) {
        $program = new Program(SERVER . '$number = $server->run(); echo "signal $number\n"; var_dump(pcntl_signal_get_handler(SIGTERM));');
        $listener = visit($program);
        $program->signal($number);
        same(0, status_of($program), $program->output());
        same(true, str_contains($program->output(), "4000 Server shutdown.\nsignal $number\nint(0)"), $program->output());
        wait_for(fn () => $listener->closed);
    }
});

test('a program that ends in its own way', function (): void {
    $ways = ['exit(7);' => 7, 'throw new TypeError("broken");' => 0, 'posix_kill(getmypid(), SIGTERM);' => 0];
    foreach ($ways as $how => $status) {
        $program = new Program(SERVER . "\$server->on('session', function () { echo \"here\\n\"; $how });\n\$server->run();");
        visit($program);
        if ($how[0] === 't') { // is reported, and the program goes on
            wait_for(fn () => str_contains($program->output(), 'cryo: session: TypeError: broken'));
            $program->signal(SIGTERM);
        }
        same($status, status_of($program), $how . $program->output());
        same(true, str_contains($program->output(), '4000 Server shutdown.'), $how . $program->output()); // also behind exit()
    }
});

test('an exception that nothing catches', function (): void {
    $program = new Program(SERVER . '$server->start(); while ($server->sessionCount() === 0) { $server->poll(1); } $server->poll(1);'
        . 'throw new LogicException("nobody");');
    $listener = visit($program);
    same(255, status_of($program));
    wait_for(fn () => $listener->closed);
});

test('the collector takes what nobody holds, and no more', function (): void {
    [$server, $listener, $session] = pair(['on_message' => fn (Session $from, string $data) => $from->send($data)]);
    for ($i = 1; $i <= 20; ++$i) {
        $listener->client->send('x');
        wait_for(fn () => count($listener->heard) === $i);
        new Server(['port' => 0]);
        gc_collect_cycles();
    }
    same($session, $server->find($session->id()));
});

test('the child of a fork frees nothing', function (): void {
    $program = new Program(SERVER . <<<'PHP'
        $server->start();
        $child = pcntl_fork();
        if ($child === 0) {
            try { $server->broadcast('x'); exit(2); } catch (Cryo\Error $error) {}
            $server->close();
            $own = (new Cryo\Server(['port' => 0]))->start();
            $own->port() > 0 || exit(3);
            $own->close();
            exit(5);
        }
        pcntl_waitpid($child, $status);
        echo "child ", pcntl_wexitstatus($status), "\n";
        $server->run();
        PHP);
    wait_for(fn () => str_contains($program->output(), 'child'), 'the child');
    same(true, str_contains($program->output(), 'child 5'), $program->output());
    visit($program);
    $program->signal(SIGTERM);
    same(0, status_of($program));
});

test('a library that is none is told', function (): void {
    foreach (['/none/libcryo.so.1' => 'cannot be loaded', 'libm.so.6' => 'is not libcryo'] as $path => $words) {
        $program = new Program("putenv('CRYO_LIBRARY=$path'); try { Cryo\\Library::version(); } catch (LogicException \$problem) { echo \$problem->getMessage(); }");
        same(0, status_of($program));
        same(true, str_contains($program->output(), $words) && str_contains($program->output(), 'CRYO_LIBRARY'), $program->output());
    }
});
