package Cryo::Receipts;

# Who wants to know what became of a message.
use strict;
use warnings;

use Scalar::Util qw(looks_like_number);

use Cryo::Native;

use constant OWN => 1 << 62; # numbers from here on are this module's, for functions

my $last = OWN;
my %functions;

sub number_for {
    my ($receipt) = @_;
    return 0 unless defined $receipt;
    if (ref $receipt eq 'CODE') {
        $functions{ ++$last } = $receipt;
        return $last;
    }
    Cryo::Native::invalid('a receipt is a function, or a whole number from 1 to 2**62 - 1')
        unless looks_like_number($receipt) && $receipt == int $receipt && $receipt >= 1 && $receipt < OWN;
    return $receipt;
}

sub take { return delete $functions{ $_[0] } }

1;
