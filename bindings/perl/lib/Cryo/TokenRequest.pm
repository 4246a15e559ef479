package Cryo::TokenRequest;

# With which token shall it connect?
use strict;
use warnings;

use parent 'Cryo::Ticket';

use Cryo::Native;

sub session { $_[0]{session} }

sub give {
    my ($self, $token) = @_;
    return $self->_settle(Cryo::Native::cryo_token_give($self->{handle}, Cryo::Native::text_in($token, 'a token')));
}

# There is none: the attempt has failed, and tells the reason.
sub fail {
    my ($self, $reason) = @_;
    return $self->_settle(Cryo::Native::cryo_token_fail($self->{handle}, Cryo::Native::optional_text($reason, 'reason')));
}

1;
