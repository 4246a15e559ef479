package Cryo::Accepted;

# Values that a validator gave, by number, until the session of the ticket is announced. Tickets whose client has gone leave theirs behind: when
# there are many, those that are older than any announcement can be are forgotten.
use strict;
use warnings;

use Cryo::Constants;
use Cryo::Native;

use constant { KEY => 'cryo.perl.values', SECONDS => 300, MANY => 1024 };

my $last = 0;
my %kept;

sub keep {
    my ($values) = @_;
    if (keys %kept >= MANY) {
        my $before = CORE::time - SECONDS;
        delete @kept{ grep { $kept{$_}[1] < $before } keys %kept };
    }
    $kept{ ++$last } = [$values, CORE::time];
    return $last;
}

sub forget { delete $kept{ $_[0] }; return }

sub take_for {
    my ($session) = @_;
    return unless %kept;
    my $out = 0;
    return unless Cryo::Native::cryo_session_get($session->{handle}, KEY, \$out) == OK;
    my $found = delete $kept{$out} or return;
    $session->values->{$_} = $found->[0]{$_} for keys %{ $found->[0] };
    return;
}

1;
