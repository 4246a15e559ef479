package Cryo::Server;

# A server.
#
#     my $server = Cryo::Server->new(port => 8080, validator => sub { $_[0]->token eq 'MySuperSecretToken' });
#     $server->on(message => sub { my ($session, $data, $kind) = @_; $session->send($data, $kind) });
#     $server->run; # until SIGINT or SIGTERM
use strict;
use warnings;

use parent 'Cryo::Pulled';

use List::Util qw(min);

use Cryo::Constants;
use Cryo::Native;
use Cryo::Options;
use Cryo::Session;

# The options are those of cryo.h by their names. validator gets a Cryo::Auth and returns 1, or a hash of values for the session, to let in, or
# $auth->later; everything else refuses. Further on_message => sub { … } and so on, and queue_capacity => [events, bytes].
sub new {
    my ($class, %options) = @_;
    Cryo::Native::invalid('threads must be at least 1: the queue needs a thread that fills it') if defined $options{threads} && $options{threads} eq '0';
    return $class->_new(server => %options);
}

# The port that it listens on; 0 before the start.
sub port { Cryo::Native::cryo_server_port($_[0]->_alive) }

# TRANSPORT_…
sub transport { Cryo::Native::cryo_server_transport($_[0]->_alive) }

# Begins to stop: sessions close with 4000. Go on with poll, wait or close.
sub stop {
    my ($self) = @_;
    $self->{stopping} = 1;
    Cryo::Native::check(Cryo::Native::cryo_server_stop($self->_alive));
    return;
}

# Lets nobody in any more, and closes the sessions spread over $deadline_ms, some every $batch_ms (0: all at the deadline). %options: code, reason,
# retry_ms (when clients may come back; 0: not said).
sub drain {
    my ($self, $deadline_ms, $batch_ms, %options) = @_;
    my $code   = $options{code} // CLOSE_GRACEFUL;
    my $reason = $options{reason} // ($code == CLOSE_GRACEFUL ? 'Server shutdown.' : undef);
    $reason = Cryo::Native::optional_text($reason, 'reason');
    Cryo::Native::check(
        Cryo::Native::cryo_server_drain_with($self->_alive, $deadline_ms, $batch_ms // 0, $code, $reason, $options{retry_ms} // 0));
    return;
}

# One of SERVER_STAT_…; $of picks one kind.
sub stat {
    my ($self, $stat, $of) = @_;
    my $out = 0.0;
    Cryo::Native::check(Cryo::Native::cryo_server_stat($self->_alive, $stat, $of // 0, \$out));
    return $out;
}

# All of them by name, as a hash: sessions, refused, bytes_rx, …
sub stats {
    my ($self) = @_;
    my %numbers = Cryo::Native::constants('SERVER_STAT_');
    return { map { ($_ => $self->stat($numbers{$_})) } keys %numbers };
}

# All of them as Prometheus reads them.
sub metrics {
    my ($self) = @_;
    my $handle = $self->_alive;
    return Cryo::Native::text_from(sub { Cryo::Native::cryo_server_metrics($handle, @_) });
}

sub session_count { Cryo::Native::cryo_server_session_count($_[0]->_alive) }

# The live sessions.
sub sessions {
    my ($self)   = @_;
    my $capacity = $self->session_count + 16;
    my @handles  = (0) x $capacity;
    my $buffer   = pack 'Q*', @handles;
    Cryo::Native::check(
        Cryo::Native::cryo_server_sessions($self->_alive, Cryo::Native::address_of($buffer), $capacity, \my $count));
    return map { $self->_session_for($_, 1) } (unpack 'Q*', $buffer)[0 .. min($capacity, $count) - 1];
}

# The live session of this id (a UUID as text, or 16 bytes), or undef.
sub find {
    my ($self, $id) = @_;
    my $out    = 0;
    my $status = Cryo::Native::cryo_server_find_session($self->_alive, Cryo::Native::id_bytes($id), \$out);
    return undef if $status == ERR_NOT_FOUND;
    Cryo::Native::check($status);
    return $self->_session_for($out, 1);
}

# Sends to every live session but $except; returns to how many.
sub broadcast {
    my ($self, $data, $kind, $except) = @_;
    my $bytes = Cryo::Session::outgoing($data, $kind //= UTF8);
    my $count = 0;
    Cryo::Native::check(
        Cryo::Native::cryo_server_broadcast($self->_alive, $kind, $bytes, length $bytes, $except ? $except->{handle} : 0, \$count));
    return $count;
}

# Other certificates for new connections: the TLS options; none: the same files read again.
sub set_tls {
    my ($self, %options) = @_;
    my $handle = $self->_alive;
    my $set    = sub { Cryo::Native::check(Cryo::Native::cryo_server_set_tls($handle, @_)) };
    %options ? Cryo::Options::with(server => \%options, {}, $set) : $set->(0);
    return;
}

# Other keys of session tickets; undef: the server's own.
sub set_tls_ticket_keys {
    my ($self, $keys) = @_;
    Cryo::Native::check(Cryo::Native::cryo_server_set_tls_ticket_keys($self->_alive, $keys, length($keys // '')));
    return;
}

# Opens a session to another server; options as for a client. Returns the session.
sub connect_peer {
    my ($self, %options) = @_;
    my $handle   = $self->_alive;
    my $provider = $options{token_provider};
    my $peer     = Cryo::Options::with(client => \%options, { token_provider => 1 }, sub {
        my ($given) = @_;
        Cryo::Native::check(Cryo::Native::cryo_client_options_set_token_provider($given, undef, 0, undef)) if $provider;
        return Cryo::Native::handle_from(sub { Cryo::Native::cryo_server_connect_peer($handle, $given, @_) });
    });
    $self->{providers}{$peer} = $provider if $provider;
    return $self->_session_for($peer, 1);
}

1;
