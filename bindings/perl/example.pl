#!/usr/bin/perl
# A chat room: what one client says, the others hear.
#
#     perl -I bindings/perl/lib example.pl TOKEN [PORT [CERTIFICATE KEY]]
#
# Clients connect to ws://127.0.0.1:8080/?authorization=Bearer%20TOKEN&x-cryo-sid=UUID&name=Alice
use strict;
use warnings;

use Cryo qw(:constants);

$| = 1;
binmode STDOUT, ':encoding(UTF-8)';
my ($token, $port, $certificate, $key) = @ARGV;
die "usage: example.pl TOKEN [PORT [CERTIFICATE KEY]]\n" unless defined $token;

my $server = Cryo::Server->new(
    port         => $port // 8080,
    keepalive_ms => 15000,
    $certificate ? (tls_files => [$certificate, $key]) : (),
    validator => sub {
        my ($auth) = @_;
        return $auth->token eq $token && { name => $auth->parameter('name') // 'somebody' }; # in $session->values
    },
);

$server->on(listening => sub {
    my ($host, $number) = @_;
    print "listening on $host:$number\n";
});

$server->on(session => sub {
    my ($session) = @_;
    my $name = $session->values->{name};
    $session->send("Welcome, $name!");
    $server->broadcast("$name came", UTF8, $session);
});

$server->on(message => sub {
    my ($session, $data, $kind) = @_;
    $data = $session->values->{name} . ": $data" if $kind == UTF8;
    $server->broadcast($data, $kind, $session);
});

$server->on(closed => sub {
    my ($session, $code, $reason) = @_;
    my $name = $session->values->{name};
    eval { $server->broadcast("$name left") }; # nobody is there any more once the server stops
    print "$name left: $code $reason\n";
});

$server->on(stat => sub {
    my ($session, $stat, $value) = @_;
    printf "%s: %.2f ms\n", $session->values->{name}, $value if $stat == STAT_RTT;
});

$server->run; # until SIGINT or SIGTERM
$server->close;
