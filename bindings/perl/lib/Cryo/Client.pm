package Cryo::Client;

# A client, which connects again by itself.
use strict;
use warnings;

use parent 'Cryo::Pulled';

use Cryo::Constants;
use Cryo::Native;
use Cryo::Session;

# The options are those of cryo.h by their names, url and token among them. token_provider gets a Cryo::TokenRequest and returns a token, or
# $request->later.
sub new {
    my ($class, %options) = @_;
    return $class->_new(client => %options);
}

# Its session, connected or not.
sub session {
    my ($self) = @_;
    my $handle = Cryo::Native::cryo_client_session($self->_alive) || Cryo::Native::fail(ERR_STATE); # none in the child of a fork
    return $self->_session_for($handle);
}

# As of its session.
sub send        { my $self = shift; $self->session->send(@_) }
sub send_text   { my $self = shift; $self->session->send_text(@_) }
sub send_binary { my $self = shift; $self->session->send_binary(@_) }

# Another token, from the next attempt to connect on. Dies with STATE with a token provider, CLOSED.
sub set_token {
    my ($self, $token) = @_;
    Cryo::Native::check(Cryo::Native::cryo_client_set_token($self->_alive, Cryo::Native::text_in($token, 'a token')));
    return;
}

# Begins to close it for good, connected or not. Dies with CLOSED, STATE.
sub stop {
    my ($self, $code, $reason) = @_;
    $self->{stopping} = 1;
    $reason = Cryo::Native::optional_text($reason, 'reason');
    Cryo::Native::check(Cryo::Native::cryo_client_close($self->_alive, $code // CLOSE_GRACEFUL, $reason));
    return;
}

1;
