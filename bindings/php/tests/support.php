<?php

// What the tests have in common: who runs them, a server with its client, programs.

declare(strict_types=1);

use Cryo\{Auth, Client, Error, Library, Loop, Pulled, Server, Session};

const PATIENCE = 60;
const TOKEN = 'secret';

final class Tests
{
    /** @var array<string, callable> */
    public static array $all = [];
    /** @var list<Pulled> */
    public static array $kept = [];
    /** @var list<Program> */
    public static array $programs = [];

    public static function run(): never
    {
        $failed = 0;
        foreach (self::$all as $name => $test) {
            try {
                $test();
                echo "ok     $name\n";
            } catch (Throwable $problem) {
                ++$failed;
                echo "FAILED $name\n$problem\n";
            }
            foreach (array_reverse(self::$kept) as $each) {
                $each->close();
            }
            foreach (self::$programs as $each) {
                $each->close();
            }
            self::$kept = self::$programs = [];
        }
        printf("%d tests, %d failed\n", count(self::$all), $failed);
        exit($failed === 0 ? 0 : 1);
    }
}

function test(string $name, callable $test): void
{
    Tests::$all[$name] = $test;
}

/** To be closed behind the test. */
function keep(Pulled $pulled): Pulled
{
    return Tests::$kept[] = $pulled;
}

function same(mixed $wanted, mixed $got, string $what = ''): void
{
    if ($wanted !== $got) {
        throw new LogicException("$what: " . var_export($got, true) . ', not ' . var_export($wanted, true));
    }
}

/** Calls handlers of all that is kept until $found() says so. */
function wait_for(callable $found, string $what = 'it'): mixed
{
    $deadline = microtime(true) + PATIENCE;
    while (!($result = $found())) {
        if (microtime(true) > $deadline) {
            throw new LogicException("waited in vain for $what");
        }
        $open = array_values(array_filter(Tests::$kept, static fn (Pulled $each): bool => !$each->isClosed()));
        $open === [] ? usleep(10_000) : Loop::poll($open, 0.05);
    }
    return $result;
}

/** The error of a status that a call throws. */
function throws(int $status, callable $call): Error
{
    try {
        $call();
    } catch (Error $error) {
        same(Library::statusName($status), $error->name);
        same($status, $error->getCode());
        return $error;
    }
    throw new LogicException('nothing was thrown');
}

function server(array $options = []): Server
{
    return keep(new Server($options + ['port' => 0, 'validator' => static fn (Auth $auth): bool => $auth->token === TOKEN]))->start();
}

/** A client, started, with what it has heard, and its end. */
final class Listener
{
    public array $heard = [];
    public ?array $closed = null;
    public bool $connected = false;
    public readonly Client $client;

    public function __construct(?Server $of, array $options = [])
    {
        $options += ['url' => $of === null ? '' : "ws://127.0.0.1:{$of->port()}/?name=Al"];
        if (!isset($options['token_provider'])) {
            $options += ['token' => TOKEN];
        }
        $options += [
            'on_message' => function (Session $session, string $data): void { $this->heard[] = $data; },
            'on_closed' => function (Session $session, int $code, string $reason): void { $this->closed = [$code, $reason]; },
            'on_session' => function (): void { $this->connected = true; },
        ];
        $this->client = keep(new Client(options: $options));
        $this->client->start();
    }
}

/**
 * A server and a client that are connected.
 *
 * @return array{Server, Listener, Session}
 */
function pair(array $serverOptions = [], array $clientOptions = []): array
{
    $session = null;
    $server = server($serverOptions + ['on_session' => static function (Session $each) use (&$session): void { $session = $each; }]);
    $listener = new Listener($server, $clientOptions);
    wait_for(static function () use (&$session, $listener): bool {
        return $session !== null && $listener->connected;
    }, 'a session');
    return [$server, $listener, $session];
}

/** A PHP program in a process of its own. */
final class Program
{
    private $process;
    private string $out;
    private ?int $status = null;

    public function __construct(string $text)
    {
        $this->out = tempnam(sys_get_temp_dir(), 'cryo');
        $text = "require '" . dirname(__DIR__) . "/src/autoload.php';\n$text";
        $command = [PHP_BINARY, '-d', 'display_errors=stderr', '-r', $text];
        $this->process = proc_open($command, [1 => ['file', $this->out, 'w'], 2 => ['file', $this->out, 'a']], $pipes);
        Tests::$programs[] = $this;
    }

    public function output(): string
    {
        return (string) file_get_contents($this->out);
    }

    /** The exit status, once it has ended; a negative number for a signal. */
    public function status(): ?int
    {
        if ($this->status === null) {
            $found = proc_get_status($this->process);
            if (!$found['running']) {
                $this->status = $found['signaled'] ? -$found['termsig'] : $found['exitcode'];
            }
        }
        return $this->status;
    }

    public function signal(int $number): void
    {
        proc_terminate($this->process, $number);
    }

    public function close(): void
    {
        if ($this->status() === null) {
            $this->signal(SIGKILL);
        }
        proc_close($this->process);
        unlink($this->out);
    }
}

/**
 * Files with a certificate for 127.0.0.1, and its key.
 *
 * @return array{string, string}
 */
function certificate(string $name): array
{
    static $made = [];
    if (!isset($made[$name])) {
        $base = tempnam(sys_get_temp_dir(), 'cryo');
        $made[$name] = ["$base.pem", "$base.key"];
        register_shutdown_function(static fn () => array_map('unlink', [$base, ...$made[$name]]));
        $command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', "/CN=$name",
            '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', "$base.key", '-out', "$base.pem"];
        same(0, proc_close(proc_open($command, [2 => ['file', '/dev/null', 'w']], $pipes)));
    }
    return $made[$name];
}
