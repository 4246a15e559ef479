<?php

// A chat room: what one client says, the others hear.
//
//     php bindings/php/example.php TOKEN [PORT [CERTIFICATE KEY]]
//
// Clients connect to ws://127.0.0.1:8080/?authorization=Bearer%20TOKEN&x-cryo-sid=UUID&name=Alice

declare(strict_types=1);

require __DIR__ . '/src/autoload.php'; // or Composer's vendor/autoload.php

use Cryo\{Auth, Server, Session};

[, $token, $port, $certificate, $key] = $argv + [1 => null, '8080', null, null];
if ($token === null) {
    exit("usage: example.php TOKEN [PORT [CERTIFICATE KEY]]\n");
}

$server = new Server([
    'port' => (int) $port,
    'keepalive_ms' => 15000,
    'tls_files' => $certificate === null ? null : [$certificate, $key],
    'validator' => fn (Auth $auth) => hash_equals($token, $auth->token)
        ? ['name' => $auth->parameter('name') ?? 'somebody'] // $session['name'] of the session
        : false,
]);

$server->on('listening', function (string $host, int $number): void {
    echo "listening on $host:$number\n";
});

$server->on('session', function (Session $session) use ($server): void {
    $session->send("Welcome, {$session['name']}!");
    $server->broadcast("{$session['name']} came", except: $session);
});

$server->on('message', function (Session $session, string $data, int $kind) use ($server): void {
    $server->broadcast($kind === Cryo\UTF8 ? "{$session['name']}: $data" : $data, $kind, $session);
});

$server->on('closed', function (Session $session, int $code, string $reason) use ($server): void {
    echo "{$session['name']} left: $code $reason\n";
    try {
        $server->broadcast("{$session['name']} left");
    } catch (Cryo\Error) { // the server stops
    }
});

$server->on('stat', function (Session $session, int $stat, float $value): void {
    if ($stat === Cryo\STAT_RTT) {
        printf("%s: %.2f ms\n", $session['name'], $value);
    }
});

$server->run(); // until SIGINT or SIGTERM
$server->close();
