# TLS: certificates of servers and clients.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Support;
use Test::More;

use Cryo qw(:constants);

my ($certificate, $key) = certificate('server');
my @other = certificate('other');

sub url { return 'wss://127.0.0.1:' . $_[0]->port }

case 'wss, with certificates from files and from memory' => sub {
    for my $options (
        { tls_files  => [$certificate, $key] },
        { tls_memory => [slurp($certificate), slurp($key)] },
        { tls_files => [[$certificate, $key], \@other], tls_min_version => TLS_1_3 },
    ) {
        my $server   = server(%$options);
        my $listener = client($server, url => url($server), tls_ca_file => $certificate);
        wait_for(sub { $listener->{connected} }, 'a session');
        $server->set_tls;
        $server->set_tls(tls_files => \@other);
        my $failed;
        client(
            $server,
            url                => url($server),
            tls_ca_memory      => slurp($certificate),
            tls_system_ca      => 0,
            reconnect_attempts => 0,
            on_attempt_failed  => sub { $failed = $_[1] },
        );
        wait_for(sub { $failed }, 'the refusal');
        is($failed, ERR_TLS_UNTRUSTED);
        $server->set_tls_ticket_keys(pack 'C80', map { int rand 256 } 1 .. 80);
        $server->set_tls_ticket_keys(undef);
    }
};

case "a client's certificate" => sub {
    my $shown;
    my $server = server(
        tls_files                      => [$certificate, $key],
        tls_client_ca_file             => $other[0],
        tls_require_client_certificate => 1,
        on_session                     => sub { $shown = $_[0]->peer_certificate },
    );
    client($server, url => url($server), tls_ca_file => $certificate, tls_files => \@other);
    wait_for(sub { $shown }, 'a session');
    is($shown->{subject}, 'CN=other');
    is_deeply($shown->{names}, ['IP:127.0.0.1']);
    is(length $shown->{fingerprint}, 64);
};

case 'certificates that cannot be used' => sub {
    my $server = keep(Cryo::Server->new(port => 0, tls_files => [$certificate, $other[1]]));
    raises(ERR_TLS_MISMATCH, sub { $server->start });
};

done_testing;
