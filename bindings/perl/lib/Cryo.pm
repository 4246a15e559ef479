package Cryo;

# Real-time WebSocket sessions over libcryo. The library's own threads serve; what happens waits in a queue, and handlers run inside of poll() and run().
# Times are in milliseconds where a name says so (_ms), else in seconds.
use strict;
use warnings;

our $VERSION = '0.1.0';

use Exporter 'import';
use List::Util qw(first min sum0);
use Time::HiRes qw(time);

use Cryo::Client;
use Cryo::Constants;
use Cryo::Extension;
use Cryo::Native;
use Cryo::Server;

our @EXPORT_OK   = @Cryo::Constants::EXPORT;
our %EXPORT_TAGS = (constants => \@EXPORT_OK);

# The version of the library that is loaded; $Cryo::VERSION is the module's.
sub version { Cryo::Native::cryo_version_string() }

sub abi_version { Cryo::Native::cryo_abi_version() }

# What the library was built with, for bug reports.
sub build_info { Cryo::Native::cryo_build_info() }

# "CRYO_ERR_CLOSED" for Cryo::ERR_CLOSED.
sub status_name { Cryo::Native::cryo_status_name($_[0]) }

# The level of the library's log on standard error: LOG_OFF to LOG_DEBUG. A function for its lines is not to be had: the library calls it on its
# own threads, where Perl cannot be.
sub set_log {
    my ($level) = @_;
    Cryo::Native::check(Cryo::Native::cryo_set_log($level, undef, 0, undef));
    return;
}

# Sends one message to many sessions: send_many(\@sessions, $data, $kind). How many have accepted it; in list context the statuses behind.
sub send_many {
    my ($sessions, $data, $kind) = @_;
    my $count    = @$sessions;
    my $handles  = pack 'Q*', map { $_->{handle} } @$sessions;
    my $statuses = "\0" x (4 * $count + 4);
    my $bytes    = Cryo::Session::outgoing($data, $kind //= UTF8);
    Cryo::Native::check(
        Cryo::Native::cryo_sessions_send(
            Cryo::Native::address_of($handles), $count, $kind, $bytes, length $bytes, Cryo::Native::address_of($statuses), \my $sent
        )
    );
    return wantarray ? ($sent, unpack "l$count", $statuses) : $sent;
}

# Waits up to $timeout seconds for events of any of these servers and clients, and calls their handlers: poll(\@pulled, $timeout).
# How many there were.
sub poll {
    my ($pulled, $timeout) = @_;
    my $deadline = time + ($timeout // 0);
    while (1) {
        my $handled = sum0 map { $_->is_closed ? 0 : $_->poll } @$pulled;
        my @open    = grep { !$_->is_closed } @$pulled;
        my $left    = min($deadline - time, Cryo::Pulled::SLICE_SECONDS());
        return $handled if $handled || $left <= 0 || !@open;
        Cryo::Pulled::wait_readable($left, map { $_->fd } @open);
    }
}

# Starts what was not started, and calls handlers until all have stopped. SIGINT and SIGTERM stop them; the name of the signal is returned.
sub run {
    my (@pulled) = @_;
    my $taken;
    my $stop = sub {
        $taken = shift;
        for my $each (@pulled) {
            eval { $each->stop } unless $each->is_closed; # it may stop already
        }
    };
    local $SIG{INT}  = $stop;
    local $SIG{TERM} = $stop;
    for my $each (@pulled) {
        $each->start unless $each->is_started;
    }
    while (grep { !$_ } map { $_->is_over } @pulled) {
        Cryo::poll(\@pulled, min map { $_->patience } @pulled);
    }
    return $taken;
}

1;
