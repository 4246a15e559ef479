<?php

// TLS: certificates of servers and clients.

declare(strict_types=1);

use Cryo\{Server, Session};

function tls_url(Server $server): string
{
    return "wss://127.0.0.1:{$server->port()}";
}

test('wss, with certificates from files and from memory', function (): void {
    [$certificate, $key] = certificate('server');
    $other = certificate('other');
    foreach ([
        ['tls_files' => [$certificate, $key]],
        ['tls_memory' => [file_get_contents($certificate), file_get_contents($key)]],
        ['tls_files' => [[$certificate, $key], $other], 'tls_min_version' => Cryo\TLS_1_3],
    ] as $options) {
        $server = server($options);
        $listener = new Listener($server, ['url' => tls_url($server), 'tls_ca_file' => $certificate]);
        wait_for(fn () => $listener->connected, 'a session');
        $server->setTls();
        $server->setTls(['tls_files' => $other]);
        $failed = null;
        new Listener($server, ['url' => tls_url($server), 'tls_ca_memory' => file_get_contents($certificate), 'tls_system_ca' => false,
            'reconnect_attempts' => 0, 'on_attempt_failed' => function (Session $session, int $status) use (&$failed): void { $failed = $status; }]);
        wait_for(function () use (&$failed) { return $failed; }, 'the refusal');
        same(Cryo\ERR_TLS_UNTRUSTED, $failed);
        $server->setTlsTicketKeys(random_bytes(80));
        $server->setTlsTicketKeys(null);
    }
});

test("a client's certificate", function (): void {
    [$certificate] = certificate('server');
    $other = certificate('other');
    $shown = null;
    $server = server(['tls_files' => certificate('server'), 'tls_client_ca_file' => $other[0], 'tls_require_client_certificate' => true,
        'on_session' => function (Session $session) use (&$shown): void { $shown = $session->peerCertificate(); }]);
    new Listener($server, ['url' => tls_url($server), 'tls_ca_file' => $certificate, 'tls_files' => $other]);
    wait_for(function () use (&$shown) { return $shown; }, 'a session');
    same(['CN=other', ['IP:127.0.0.1'], 64], [$shown['subject'], $shown['names'], strlen($shown['fingerprint'])]);
});

test('certificates that cannot be used', function (): void {
    $server = keep(new Server(['port' => 0, 'tls_files' => [certificate('server')[0], certificate('other')[1]]]));
    throws(Cryo\ERR_TLS_MISMATCH, fn () => $server->start());
});
