package Cryo::RequestFacts;

# What a session and a ticket tell of the upgrade request: methods for both.
use strict;
use warnings;

use Cryo::Native;

sub _fact {
    my ($self, $what, @given) = @_;
    my $function = Cryo::Native->can($self->PREFIX . $what);
    return Cryo::Native::text_from(sub { $function->($self->{handle}, @given, @_) });
}

# "192.0.2.7:54321"
sub remote_address { $_[0]->_fact('remote_address') }

# Of the proxy that has told the client's; "" where it has come by itself.
sub proxy_address { $_[0]->_fact('proxy_address') }

sub path { $_[0]->_fact('path') }

# A query parameter, decoded, or undef.
sub parameter { $_[0]->_fact('parameter', Cryo::Native::text_in($_[1], 'a name')) }

# A header of the request, or undef; of a session, what the option session_header has kept.
sub header { $_[0]->_fact('header', Cryo::Native::text_in($_[1], 'a name')) }

# The certificate that the client has shown: { subject, names, fingerprint }; or undef.
sub peer_certificate {
    my ($self) = @_;
    my $subject = $self->_fact('peer_certificate_subject');
    return undef unless defined $subject;
    my @names;
    while (defined(my $name = $self->_fact('peer_certificate_name', scalar @names))) {
        push @names, $name;
    }
    return { subject => $subject, names => \@names, fingerprint => $self->_fact('peer_certificate_fingerprint') };
}

1;
