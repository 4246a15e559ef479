<?php

// Sends each message back, and prints its port: a program of bench/languages.

declare(strict_types=1);

require __DIR__ . '/../src/autoload.php';

use Cryo\{Server, Session};

$server = new Server(['port' => 0, 'validator' => fn () => true]);
$server->on('message', fn (Session $session, string $data, int $kind) => $session->send($data, $kind));
$server->start();
echo $server->port(), "\n";
$server->run();
