#!/usr/bin/env bash
# Protocol::WebSocket 0.26 (Debian package libprotocol-websocket-perl 0.26-3), its Client
#
# Behaviour: a text message of the one character 0 is never handed to the program, and what arrived in the same
#   read behind it is held back until the next read. An empty message does the same. Any other message is
#   delivered at once, 00 as well.
# Surprise: the meaning of a payload is no business of the protocol (RFC 6455 section 5.6). The count that falls
#   to 0, or the answer 0 to a question, is lost, and the program waits, while the peer has said all.
#
# Seen (one read; brackets mark a message):
#   read with [1] [0] [2]: delivered [1]
#   the next read, with [3]: delivered [2] [3]
#   read with [a] [] [b]: delivered [a]
#   the next read, with [00]: delivered [b] [00]

set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

apt-get -qq -o APT::Sandbox::User="$(id -un)" download libprotocol-websocket-perl=0.26-3
dpkg-deb -x libprotocol-websocket-perl_*.deb unpacked

timeout 30 perl -I unpacked/usr/share/perl5 - <<'PERL'
use strict;
use warnings;
use Digest::SHA qw(sha1_base64);
use Protocol::WebSocket::Client;

# The client does no input and output of its own, so the server is a few lines here: it answers the handshake, and
# each list of messages stands for one read from a socket.
my ($written, @delivered) = ('');
my $client = Protocol::WebSocket::Client->new(url => 'ws://127.0.0.1/');
$client->on(write => sub { $written .= $_[1] });
$client->on(read  => sub { push @delivered, "[$_[1]]" });
$client->connect;
my ($key) = $written =~ /Sec-WebSocket-Key: *(\S+)/i or die "no key in the request\n";
$client->read("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    . 'Sec-WebSocket-Accept: ' . sha1_base64($key . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11') . "=\r\n\r\n");

sub delivered {
    @delivered = ();
    $client->read(join '', map { pack 'CC/a*', 0x81, $_ } @_);
    return "@delivered";
}

my @facts = (
    'read with [1] [0] [2]: delivered ' . delivered('1', '0', '2'),
    'the next read, with [3]: delivered ' . delivered('3'),
    'read with [a] [] [b]: delivered ' . delivered('a', '', 'b'),
    'the next read, with [00]: delivered ' . delivered('00'),
);
print "$_\n" for @facts;
my $same = join("\n", @facts) eq join "\n",
    'read with [1] [0] [2]: delivered [1]',
    'the next read, with [3]: delivered [2] [3]',
    'read with [a] [] [b]: delivered [a]',
    'the next read, with [00]: delivered [b] [00]';
print STDERR "the behaviour has changed\n" unless $same;
exit($same ? 0 : 1);
PERL
