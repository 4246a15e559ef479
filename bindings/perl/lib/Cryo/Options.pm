package Cryo::Options;

# Options by the names of cryo.h: cryo_server_options_set_port is port.
use strict;
use warnings;

use Scalar::Util qw(looks_like_number);

use Cryo::Constants;
use Cryo::Native;

my %RANGES = (u16 => [0, 2**16 - 1], u32 => [0, 2**32 - 1], i32 => [-2**31, 2**31 - 1], u64 => [0, ~0]);

# Calls $use->($handle) with a handle that has what is given; freed behind it. $others: names that are no options.
sub with {
    my ($which, $given, $others, $use) = @_;
    my $new    = Cryo::Native->can("cryo_${which}_options_new");
    my $free   = Cryo::Native->can("cryo_${which}_options_free");
    my $handle = Cryo::Native::handle_from($new);
    my $result = eval {
        for my $name (sort keys %$given) {
            _set($which, $handle, $name, $given->{$name}) unless $others->{$name};
        }
        $use->($handle);
    };
    my $problem = $@;
    $free->($handle);
    die $problem unless defined $result;
    return $result;
}

sub _set {
    my ($which, $handle, $name, $value) = @_;
    my $option = $Cryo::Abi::OPTIONS{$which}{$name} or Cryo::Native::invalid("there is no $which option $name");
    return unless defined $value;
    my ($sets, $adds, $kinds) = @$option;
    my $setter = $sets || $adds;
    for my $each (_many($value, $adds, $kinds)) {
        _call($setter, $handle, $name, $kinds, $each);
        $setter = $adds;
    }
}

sub _many {
    my ($value, $adds, $kinds) = @_;
    return $value unless $adds && ref $value;
    return map { [$_ => $value->{$_}] } sort keys %$value if ref $value eq 'HASH';
    return @$value if @$kinds == 1 || ref $value->[0];
    return $value;
}

sub _call {
    my ($setter, $handle, $name, $kinds, $value) = @_;
    my @values = ($value);
    if ("@$kinds" eq 'i32 text') { # a switch with a text: 1, 0, or the text
        my $is_text = defined $value && $value !~ /\A[01]?\z/;
        @values = ($value ? 1 : 0, $is_text ? $value : undef);
    } elsif (@$kinds == 2) {
        Cryo::Native::invalid("$name must be two strings in an array") unless ref $value eq 'ARRAY' && @$value == 2;
        @values = @$value;
    }
    my @arguments = map { _argument($kinds->[$_], $values[$_], $name) } 0 .. $#$kinds;
    Cryo::Native::check(Cryo::Native->can($setter)->($handle, @arguments));
}

sub _argument {
    my ($kind, $value, $name) = @_;
    return Cryo::Native::optional_text($value, $name) if $kind eq 'text';
    return Cryo::Native::id_bytes($value) if $kind eq 'id';
    if ($kind eq 'bytes') {
        my $bytes = Cryo::Native::bytes_in($value, $name);
        return ($bytes, length $bytes);
    }
    my ($least, $most) = @{ $RANGES{$kind} };
    $value = 0 if $value eq ''; # Perl's own false
    Cryo::Native::invalid("$name must be a whole number from $least to $most")
        unless looks_like_number($value) && $value == int $value && $value >= $least && $value <= $most;
    return $value;
}

1;
