package Cryo::Session;

# One peer. A session that has closed still tells what it was. $session->values is a hash of the application's own.
use strict;
use warnings;

use parent 'Cryo::RequestFacts';

use Cryo::Constants;
use Cryo::Native;
use Cryo::Receipts;

use constant PREFIX => 'cryo_session_';

# $retained: the handle is the caller's already.
sub _new {
    my ($class, $handle, $retained) = @_;
    Cryo::Native::cryo_session_retain($handle) unless $retained;
    return bless { handle => $handle, values => {}, pid => $$ }, $class;
}

sub DESTROY {
    my ($self) = @_;
    return if ${^GLOBAL_PHASE} eq 'DESTRUCT' || $self->{pid} != $$; # the child of a fork frees nothing
    Cryo::Native::cryo_session_release($self->{handle});
    return;
}

# The bytes of a message: text is characters, binary is bytes.
sub outgoing {
    my ($data, $kind) = @_;
    return Cryo::Native::bytes_in($data, 'a message') if $kind == BINARY;
    Cryo::Native::invalid('a message must be a string') if !defined $data || ref $data;
    my $bytes = "$data";
    utf8::encode($bytes);
    return $bytes;
}

sub values { $_[0]{values} }

# Sends a message: send($data, $kind, key => 'for DEDUPE_LATEST', receipt => NUMBER or sub { my ($outcome, $rtt_ms, $by) = @_ }). Text, which is
# characters, unless $kind is BINARY, which is bytes. Dies with CLOSED, FULL, TOTAL_FULL, RECEIPTS_FULL, STATE (a client that is not connected),
# TOO_BIG, INVALID.
sub send {
    my ($self, $data, $kind, %options) = @_;
    my $bytes = outgoing($data, $kind //= UTF8);
    if (!%options) {
        Cryo::Native::check(Cryo::Native::cryo_session_send($self->{handle}, $kind, $bytes, length $bytes));
        return;
    }
    my $key    = Cryo::Native::optional_text($options{key}, 'key');
    my $number = Cryo::Receipts::number_for($options{receipt});
    my $status = Cryo::Native::cryo_session_send_with($self->{handle}, $kind, $bytes, length $bytes, $key, $number);
    if ($status < 0) {
        Cryo::Receipts::take($number);
        Cryo::Native::fail($status);
    }
    return;
}

sub send_text   { my ($self, $text,  %options) = @_; $self->send($text,  UTF8,   %options) }
sub send_binary { my ($self, $bytes, %options) = @_; $self->send($bytes, BINARY, %options) }

# Sends a ping beside those of the keep-alive.
sub ping { Cryo::Native::check(Cryo::Native::cryo_session_ping($_[0]{handle})); return }

# Closes, after what was sent before has left; the reason is cut to 123 bytes. Dies with CLOSED.
sub close {
    my ($self, $code, $reason) = @_;
    $reason = Cryo::Native::optional_text($reason, 'reason');
    Cryo::Native::check(Cryo::Native::cryo_session_close($self->{handle}, $code // CLOSE_GRACEFUL, $reason));
    return;
}

sub is_open { Cryo::Native::cryo_session_is_open($_[0]{handle}) == 1 }

# Whether CALE encrypts.
sub is_secure { Cryo::Native::cryo_session_is_secure($_[0]{handle}) == 1 }

# Whether this server has opened it (connect_peer).
sub is_peer { Cryo::Native::cryo_session_is_peer($_[0]{handle}) == 1 }

# The id that the client chose, 36 characters.
sub id {
    my ($self) = @_;
    return $self->{id} //= Cryo::Native::text_from(sub { Cryo::Native::cryo_session_id_text($self->{handle}, @_) });
}

# The same as 16 bytes.
sub id_bytes {
    my ($self) = @_;
    my $out = "\0" x 16;
    Cryo::Native::check(Cryo::Native::cryo_session_id($self->{handle}, Cryo::Native::address_of($out)));
    return $out;
}

sub token {
    my ($self) = @_;
    return Cryo::Native::text_from(sub { Cryo::Native::cryo_session_token($self->{handle}, @_) });
}

# The query parameters as [name, value], in the order of the request.
sub parameters {
    my ($self) = @_;
    my ($capacity, @found) = (65536); # a request's head is no longer
    while (1) {
        my ($name, $value) = ("\0" x $capacity, "\0" x $capacity);
        my @at     = map { Cryo::Native::address_of($_) } $name, $value;
        my $status = Cryo::Native::cryo_session_parameter_at(
            $self->{handle}, scalar @found, $at[0], $capacity, \my $name_length, $at[1], $capacity, \my $value_length
        );
        return @found if $status == ERR_NOT_FOUND;
        Cryo::Native::check($status);
        push @found, [map { Cryo::Native::from_utf8($_) } substr($name, 0, $name_length), substr($value, 0, $value_length)];
    }
}

# A text that the validator has set, or undef.
sub claim {
    my ($self, $name) = @_;
    $name = Cryo::Native::text_in($name, 'a name');
    return Cryo::Native::text_from(sub { Cryo::Native::cryo_session_claim($self->{handle}, $name, @_) });
}

# When it shall end, from now; NEVER takes it back. Dies with CLOSED, STATE (a client's session).
sub set_expiry_ms { Cryo::Native::check(Cryo::Native::cryo_session_set_expiry_ms($_[0]{handle}, $_[1])); return }

# One of STAT_…, or undef where nothing was measured yet.
sub stat {
    my ($self, $stat) = @_;
    my $out    = 0.0;
    my $status = Cryo::Native::cryo_session_stat($self->{handle}, $stat, \$out);
    return undef if $status == ERR_NOT_FOUND;
    Cryo::Native::check($status);
    return $out;
}

# All of them, as a hash: rtt (ms, perhaps undef), bytes_rx, bytes_tx, ack_timeout, queued_bytes, queued_count.
sub stats {
    my ($self) = @_;
    my %numbers = Cryo::Native::constants('STAT_');
    return { map { ($_ => scalar $self->stat($numbers{$_})) } keys %numbers };
}

sub pause_reading  { Cryo::Native::check(Cryo::Native::cryo_session_pause_reading($_[0]{handle}));  return }
sub resume_reading { Cryo::Native::check(Cryo::Native::cryo_session_resume_reading($_[0]{handle})); return }

# With the option manual_ack: the application is done with the message of this id.
sub ack { Cryo::Native::check(Cryo::Native::cryo_message_ack($_[0]{handle}, $_[1])); return }

1;
