package Cryo::Error;

# A call of the library failed: status (Cryo::ERR_CLOSED), name ("CRYO_ERR_CLOSED"), and text, for people.
use strict;
use warnings;

use overload '""' => sub { my $self = shift; length $self->{text} ? "$self->{text} ($self->{name})" : $self->{name} }, fallback => 1;

sub throw {
    my ($class, %fields) = @_;
    die bless {%fields}, $class;
}

sub status { $_[0]{status} }
sub name   { $_[0]{name} }
sub text   { $_[0]{text} }

1;
