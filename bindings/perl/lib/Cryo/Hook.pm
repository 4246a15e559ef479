package Cryo::Hook;

# Shall this message pass?
use strict;
use warnings;

use parent 'Cryo::Ticket';

use Cryo::Constants;
use Cryo::Native;
use Cryo::Session;

sub session   { $_[0]{session} }
sub data      { $_[0]{data} }
sub kind      { $_[0]{kind} }      # UTF8 or BINARY
sub direction { $_[0]{direction} } # BEFORE_SEND or ON_RECEIVE

sub pass { $_[0]->_settle(Cryo::Native::cryo_hook_pass($_[0]{handle})) }

# Characters for a text, bytes for binary.
sub replace {
    my ($self, $data) = @_;
    my $bytes = Cryo::Session::outgoing($data, $self->{kind});
    return $self->_settle(Cryo::Native::cryo_hook_replace($self->{handle}, $bytes, length $bytes));
}

sub stop { $_[0]->_settle(Cryo::Native::cryo_hook_stop($_[0]{handle})) }

# It could not do its work: the extension's on_failure says what becomes of the message.
sub fail {
    my ($self, $reason) = @_;
    return $self->_settle(Cryo::Native::cryo_hook_fail($self->{handle}, Cryo::Native::optional_text($reason, 'reason')));
}

1;
