package Cryo::Ticket;

# What tickets are alike in. Answers are false when they come too late: answered before, timed out, or the peer has gone.
use strict;
use warnings;

use Cryo::Native;

sub _new {
    my ($class, %fields) = @_;
    return bless {%fields}, $class;
}

# The answer comes later, on this object.
sub later {
    my ($self) = @_;
    $self->{answered} = 1;
    return $self;
}

# Whether it was neither answered nor put off.
sub _is_open { !$_[0]{answered} }

sub _settle {
    my ($self, $status) = @_;
    my $in_time = Cryo::Native::settled($status);
    $self->{answered} = 1;
    return $in_time;
}

1;
