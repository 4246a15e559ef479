package Cryo::Auth;

# Shall this token come in?
use strict;
use warnings;

use parent -norequire, 'Cryo::Ticket', 'Cryo::RequestFacts';

use Cryo::Accepted;
use Cryo::Native;
use Cryo::RequestFacts;
use Cryo::Ticket;

use constant PREFIX => 'cryo_auth_';

# What the client has shown.
sub token { $_[0]{token} }

# Lets the client in; what is in %$values is in $session->values from the session event on.
sub accept { $_[0]->_let_in($_[1], \&Cryo::Native::cryo_auth_accept) }

# The same, also in the place of a live session with the same id.
sub replace { $_[0]->_let_in($_[1], \&Cryo::Native::cryo_auth_replace) }

# Refuses with 401.
sub reject {
    my ($self, $reason) = @_;
    return $self->_settle(Cryo::Native::cryo_auth_reject($self->{handle}, Cryo::Native::optional_text($reason, 'reason')));
}

# Refuses with a status from 400 to 599, a text for the client, and a Retry-After.
sub refuse {
    my ($self, $http_status, $body, $retry_after_ms) = @_;
    $body = Cryo::Native::optional_text($body, 'body');
    return $self->_settle(Cryo::Native::cryo_auth_refuse($self->{handle}, $http_status, $body, $retry_after_ms // 0));
}

# Before the answer: a text for $session->claim; undef takes it back.
sub set_claim {
    my ($self, $name, $value) = @_;
    my @texts = (Cryo::Native::text_in($name, 'a name'), Cryo::Native::optional_text($value, 'a claim'));
    Cryo::Native::check(Cryo::Native::cryo_auth_set_claim($self->{handle}, @texts));
    return;
}

# Before the answer: when the session shall end, from now.
sub set_expiry_ms { Cryo::Native::check(Cryo::Native::cryo_auth_set_expiry_ms($_[0]{handle}, $_[1])); return }

sub _let_in {
    my ($self, $values, $call) = @_;
    return $self->_settle($call->($self->{handle})) unless $values && %$values;
    my $number  = Cryo::Accepted::keep($values);
    my $in_time = Cryo::Native::settled(Cryo::Native::cryo_auth_set($self->{handle}, Cryo::Accepted::KEY, $number, undef))
        && $self->_settle($call->($self->{handle}));
    Cryo::Accepted::forget($number) unless $in_time;
    return $in_time;
}

1;
