<?php

// Does what bindings/conformance tells it, over this package. See bindings/conformance/README.md.

declare(strict_types=1);

require __DIR__ . '/../src/autoload.php';

use Cryo\{Auth, Client, Extension, Hook, Library, Pulled, Server, Session, Ticket, TokenRequest};
use const Cryo\{BEFORE_SEND, BINARY, UTF8};

/** What has names, and what is told. */
final class Names
{
    /** @var array<string, object> */
    public static array $objects = [];
    /** @var array<string, Session> */
    public static array $ofClients = [];
    /** @var array<string, Ticket> */
    public static array $tickets = [];
    /** @var array<string, array<string, bool>> */
    public static array $throws = [];
    public static array $kept = [];
    public static array $soon = [];
    private static array $counts = [];

    public static function write(array $line): void
    {
        fwrite(STDOUT, json_encode($line, JSON_THROW_ON_ERROR) . "\n");
        fflush(STDOUT);
    }

    public static function newTicket(Ticket $ticket): string
    {
        $name = 't' . (count(self::$tickets) + 1);
        self::$tickets[$name] = $ticket;
        return $name;
    }

    public static function newSession(string $owner, Session $session): string
    {
        self::$counts[$owner] = (self::$counts[$owner] ?? 0) + 1;
        $session['name'] = $owner . '.' . self::$counts[$owner];
        self::$objects[$session['name']] = $session;
        return $session['name'];
    }

    public static function object(string $name): object
    {
        return self::$objects[$name] ?? throw new LogicException("there is no $name");
    }

    public static function session(string $name): Session
    {
        return self::$ofClients[$name] ?? self::object($name);
    }

    public static function shown(string $data, int $kind): array
    {
        if (strlen($data) > 1000) {
            $sum = 0;
            foreach (count_chars($data, 1) as $byte => $times) {
                $sum += $byte * $times;
            }
            return ['size' => strlen($data), 'sum' => $sum];
        }
        return $kind === UTF8 ? ['text' => $data] : ['hex' => bin2hex($data)];
    }

    /** @return array{string, int} */
    public static function payload(array $given): array
    {
        return match (true) {
            isset($given['text']) => [$given['text'], UTF8],
            isset($given['hex']) => [hex2bin($given['hex']), BINARY],
            default => [str_repeat(chr($given['fill']), $given['size']), BINARY],
        };
    }

    /** "acknowledged" for RECEIPT_ACKNOWLEDGED */
    public static function nameOf(string $prefix, int $value): string
    {
        return array_search($value, \Cryo\Native::constants($prefix), true) ?: (string) $value;
    }
}

function add_handlers(string $owner, Pulled $of, bool $echo): void
{
    $isServer = $of instanceof Server;
    Names::$throws[$owner] = [];
    $done = static function (string $event, string $on, array $fields = []) use ($owner): void {
        Names::write(['event' => $event, 'on' => $on] + $fields);
        if (isset(Names::$throws[$owner][$event])) {
            throw new RuntimeException("thrown in $event");
        }
    };
    $name = static fn (Session $session): string => $isServer ? $session['name'] : $owner;
    $of->on('listening', static fn (string $host, int $port) => $done('listening', $owner, ['port' => $port]));
    $of->on('session', static fn (Session $session) => $done('session', $owner,
        $isServer ? ['session' => Names::newSession($owner, $session)] : []));
    $of->on('message', static function (Session $session, string $data, int $kind, ?int $id) use ($done, $name, $echo): void {
        if ($echo) {
            $session->send($data, $kind);
        }
        $done('message', $name($session), Names::shown($data, $kind) + ($id === null ? [] : ['message' => $id]));
    });
    foreach (['closed', 'disconnected'] as $event) {
        $of->on($event, static fn (Session $session, int $code, string $reason) => $done($event, $name($session),
            ['code' => $code, 'reason' => $reason]));
    }
    foreach (['reconnected', 'writable'] as $event) {
        $of->on($event, static fn (Session $session) => $done($event, $name($session)));
    }
    $of->on('attempt_failed', static fn (Session $session, int $status, int $http, string $text, int $retry) => $done('attempt_failed', $owner,
        ['status' => Library::statusName($status), 'http_status' => $http, 'retry_ms' => $retry]));
    $of->on('lost', static fn (Session $session, string $data, int $kind) => $done('lost', $name($session), Names::shown($data, $kind)));
    $of->on('dropped', static fn (Session $session, int $reason, string $data, int $kind) => $done('dropped', $name($session),
        ['reason' => Names::nameOf('DROPPED_', $reason)] + Names::shown($data, $kind)));
    $of->on('receipt', static fn (Session $session, int $number, int $outcome, ?float $rtt, string $by) => $done('receipt', $name($session),
        ['receipt' => $number, 'outcome' => Names::nameOf('RECEIPT_', $outcome), 'by' => $by]));
}

function validator(string $kind, string $owner): Closure
{
    $good = static fn (Auth $auth): bool => $auth->token === 'good';
    return match ($kind) {
        'good' => $good,
        'later' => static function (Auth $auth) use ($good): Auth {
            Names::$soon[] = static fn () => $good($auth) ? $auth->accept() : $auth->reject();
            return $auth->later();
        },
        'throw' => static fn () => throw new RuntimeException('thrown in the validator'),
        'ask' => static function (Auth $auth) use ($owner): Auth {
            Names::write(['event' => 'auth', 'on' => $owner, 'ticket' => Names::newTicket($auth), 'token' => $auth->token]);
            return $auth->later();
        },
        'never' => static fn (Auth $auth) => Names::$kept[] = $auth->later(),
    };
}

function provider(string $kind): Closure
{
    return match ($kind) {
        'good' => static fn (): string => 'good',
        'throw' => static fn () => throw new RuntimeException('thrown in the token provider'),
        'never' => static fn (TokenRequest $request) => Names::$kept[] = $request->later(),
    };
}

/** This package says by a truth value what others say by an error. */
function settled(bool $inTime): array
{
    return $inTime ? [] : ['error' => 'CRYO_ERR_STATE', 'text' => 'settled before'];
}

function hook(array $given): Closure
{
    return static fn (Session $session, string $data, Hook $hook): mixed => match ($given['does']) {
        'throw' => throw new RuntimeException('thrown in a hook'),
        'never' => Names::$kept[] = $hook->later(),
        'replace' => Names::payload($given)[0],
        'ask' => (static function () use ($given, $session, $data, $hook): Hook {
            Names::write(['event' => 'hook', 'on' => $session['name'] ?? $given['client'] ?? '', 'ticket' => Names::newTicket($hook),
                'extension' => $given['name'], 'direction' => $hook->direction === BEFORE_SEND ? 'before_send' : 'on_receive']
                + Names::shown($data, $hook->kind));
            return $hook->later();
        })(),
        default => $given['does'] === 'pass',
    };
}

/** One method for each `do`, with the command's fields. */
final class Commands
{
    public function server(array $given): array
    {
        $options = ($given['options'] ?? []) + ['port' => 0];
        $server = new Server($options + ['validator' => validator($given['validator'] ?? 'good', $given['as'])]);
        add_handlers($given['as'], $server, $given['echo'] ?? false);
        $server->start();
        Names::$objects[$given['as']] = $server;
        return ['port' => $server->port()];
    }

    public function client(array $given): array
    {
        $options = $given['options'] ?? [];
        $url = $given['url'] ?? sprintf(isset($options['tls_ca_file']) ? 'wss://localhost:%d' : 'ws://127.0.0.1:%d',
            Names::object($given['to'])->port());
        if (isset($given['provider'])) {
            $options['token_provider'] = provider($given['provider']);
        }
        $client = new Client($url, isset($given['provider']) ? null : $given['token'] ?? 'good', $options);
        add_handlers($given['as'], $client, $given['echo'] ?? false);
        Names::$ofClients[$given['as']] = $client->session();
        $client->start();
        Names::$objects[$given['as']] = $client;
        return [];
    }

    public function send(array $given): void
    {
        [$data, $kind] = Names::payload($given);
        Names::session($given['on'])->send($data, $kind, $given['key'] ?? null, $given['receipt'] ?? null);
    }

    public function broadcast(array $given): void
    {
        [$data, $kind] = Names::payload($given);
        Names::object($given['on'])->broadcast($data, $kind, isset($given['except']) ? Names::session($given['except']) : null);
    }

    public function burst(array $given): void
    {
        for ($number = 0; $number < $given['threads'] * $given['count']; ++$number) {
            Names::session($given['on'][$number % count($given['on'])])->send("{$given['text']} $number");
        }
    }

    public function ping(array $given): void
    {
        Names::session($given['on'])->ping();
    }

    public function close(array $given): void
    {
        Names::session($given['on'])->close($given['code'] ?? 4000, $given['reason'] ?? null);
    }

    public function stop(array $given): void
    {
        Names::object($given['on'])->stop();
    }

    public function wait(array $given): void
    {
        Names::object($given['on'])->wait(20) || throw new RuntimeException('it has not ended');
    }

    public function free(array $given): void
    {
        Names::object($given['on'])->close();
    }

    public function drain(array $given): void
    {
        Names::object($given['on'])->drain($given['deadline_ms'], $given['batch_ms'] ?? 0);
    }

    public function accept(array $given): array
    {
        $auth = Names::$tickets[$given['ticket']];
        foreach ($given['claims'] ?? [] as $name => $value) {
            $auth->setClaim($name, $value);
        }
        if (isset($given['expiry_ms'])) {
            $auth->setExpiryMs($given['expiry_ms']);
        }
        return settled($auth->accept());
    }

    public function replace(array $given): array
    {
        return settled(Names::$tickets[$given['ticket']]->replace());
    }

    public function reject(array $given): array
    {
        return settled(Names::$tickets[$given['ticket']]->reject($given['reason'] ?? null));
    }

    public function refuse(array $given): array
    {
        return settled(Names::$tickets[$given['ticket']]->refuse($given['status'], $given['reason'] ?? null));
    }

    public function extension(array $given): void
    {
        $hooks = [];
        foreach ($given['hooks'] as $name) {
            $hooks[str_replace(' ', '_', $name)] = hook($given);
        }
        $onFailure = ($given['on_failure'] ?? 'stop') === 'pass' ? \Cryo\HOOK_PASS : \Cryo\HOOK_STOP;
        Names::$objects[$given['as']] = new Extension($given['name'], $hooks, $given['timeout_ms'] ?? 5000, $onFailure);
    }

    public function add_extension(array $given): void
    {
        Names::object($given['on'])->addExtension(Names::object($given['extension']));
    }

    public function remove_extension(array $given): void
    {
        Names::object($given['on'])->removeExtension(Names::object($given['extension'])->name);
    }

    public function pass(array $given): array
    {
        return settled(Names::$tickets[$given['ticket']]->pass());
    }

    public function replace_with(array $given): array
    {
        return settled(Names::$tickets[$given['ticket']]->replace(Names::payload($given)[0]));
    }

    public function stop_message(array $given): array
    {
        return settled(Names::$tickets[$given['ticket']]->stop());
    }

    public function fail_message(array $given): array
    {
        return settled(Names::$tickets[$given['ticket']]->fail($given['reason'] ?? null));
    }

    public function get(array $given): array
    {
        $what = $given['what'];
        $of = fn (): object => Names::object($given['on']);
        $session = fn (): Session => Names::session($given['on']);
        return $what === 'nothing' ? [] : ['value' => match ($what) {
            'port' => $of()->port(),
            'session_count' => $of()->sessionCount(),
            'metrics' => $of()->metrics(),
            'stat' => $of()->stat(\Cryo\Native::constants('SERVER_STAT_')[$given['name']]),
            'queued_bytes' => $session()->stats()['queued_bytes'],
            'is_open' => $session()->isOpen(),
            'is_secure' => $session()->isSecure(),
            'remote_address' => $session()->remoteAddress(),
            'parameter', 'header', 'claim' => $session()->$what($given['name']),
            default => $session()->$what(),
        }];
    }

    public function put(array $given): void
    {
        Names::session($given['on'])[$given['key']] = $given['value'];
    }

    public function value(array $given): array
    {
        return ['value' => Names::session($given['on'])[$given['key']]];
    }

    public function pause(array $given): void
    {
        Names::session($given['on'])->pauseReading();
    }

    public function resume(array $given): void
    {
        Names::session($given['on'])->resumeReading();
    }

    public function ack(array $given): void
    {
        Names::session($given['on'])->ack($given['message']);
    }

    public function find(array $given): array
    {
        $found = Names::object($given['on'])->find($given['session_id']);
        return ['session' => $found === null ? null : $found['name']];
    }

    public function throw_in(array $given): void
    {
        Names::$throws[$given['on']][$given['event']] = true;
    }

    public function collect(): void
    {
        gc_collect_cycles();
    }

    public function fork(): array
    {
        $child = pcntl_fork();
        if ($child === 0) {
            exit(7);
        }
        pcntl_waitpid($child, $status);
        return ['child' => pcntl_wifexited($status) ? pcntl_wexitstatus($status) : -pcntl_wtermsig($status)];
    }
}

$commands = new Commands();
$carryOut = static function (string $line) use ($commands): void {
    $given = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
    $what = $given['do'];
    if ($what === 'exit') {
        exit($given['code']);
    }
    if ($what === 'throw') {
        throw new RuntimeException('nothing catches this');
    }
    try {
        $answer = $commands->$what($given) ?? [];
    } catch (\Cryo\Error $error) {
        $answer = ['error' => $error->name, 'text' => $error->text];
    } catch (Throwable $problem) {
        $answer = ['fault' => (string) $problem];
    }
    Names::write(['id' => $given['id']] + $answer);
};

$features = function_exists('pcntl_fork') ? ['collect', 'fork', 'throw'] : ['collect', 'throw'];
Names::write(['driver' => 'php', 'library' => Library::version(), 'features' => $features]);
stream_set_blocking(STDIN, false);
$text = '';
while (true) {
    $open = array_filter(Names::$objects, static fn (object $of): bool => $of instanceof Pulled && !$of->isClosed());
    $read = [STDIN, ...array_values(array_map(static fn (Pulled $of) => $of->stream(), $open))];
    $write = $except = [];
    @stream_select($read, $write, $except, 0, Names::$soon === [] ? 200_000 : 0);
    foreach ($open as $of) {
        $of->isClosed() || $of->poll();
    }
    $turn = Names::$soon;
    Names::$soon = [];
    foreach ($turn as $function) {
        $function();
    }
    $text .= fread(STDIN, 65536);
    while (($end = strpos($text, "\n")) !== false) {
        $line = substr($text, 0, $end);
        $text = substr($text, $end + 1);
        $carryOut($line);
    }
    if (feof(STDIN)) {
        break;
    }
}
