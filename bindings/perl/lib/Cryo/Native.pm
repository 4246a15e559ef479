package Cryo::Native;

# Finds and opens libcryo; its functions are this package's, and what is needed to call them.
use strict;
use warnings;

use FFI::Platypus 1.00;
use FFI::Platypus::Buffer qw(buffer_to_scalar scalar_to_pointer);
use File::Basename ();

use Cryo::Abi;
use Cryo::Constants;
use Cryo::Error;

my $HELP = 'Install libcryo, or set the environment variable CRYO_LIBRARY to the path of the library file (libcryo.so.1).';
our $FFI = _open(); # until the end of the process

sub _open {
    my $name   = sprintf $^O eq 'darwin' ? 'libcryo.%d.dylib' : 'libcryo.so.%d', ABI_VERSION;
    my $beside = File::Basename::dirname(__FILE__) . "/$name";
    my $path   = $ENV{CRYO_LIBRARY} || (-e $beside ? $beside : $name);
    my $ffi    = FFI::Platypus->new(api => 1, lib => $path);
    my $found  = $ffi->find_symbol('cryo_abi_version');
    if (!defined $found) {
        # Platypus says nothing of a library that cannot be opened.
        require DynaLoader;
        my $what = DynaLoader::dl_load_file($path, 0) ? "$path is not libcryo: it has no cryo_abi_version" : "libcryo cannot be loaded: " . DynaLoader::dl_error();
        die "cryo: $what. $HELP\n";
    }
    my $version = $ffi->function($found, [] => 'uint32_t')->call;
    if ($version != ABI_VERSION) {
        die "cryo: $path has ABI version $version; this module needs " . ABI_VERSION . ". Install the module and the library of the same release.\n";
    }
    while (my ($each, $kinds) = each %Cryo::Abi::FUNCTIONS) {
        $ffi->attach($each, @$kinds);
    }
    return $ffi;
}

# Dies with the error of a negative status, with what the library or we have to say about it.
sub fail {
    my ($status, $text) = @_;
    $text //= from_utf8(cryo_last_error());
    Cryo::Error->throw(status => $status, name => cryo_status_name($status), text => $text);
}

sub invalid { fail(ERR_INVALID, $_[0]) }

sub check {
    my ($status) = @_;
    fail($status) if $status < 0;
    return $status;
}

# Of an answer on a ticket: false when it came too late.
sub settled {
    my ($status) = @_;
    return 0 if $status == ERR_STATE || $status == ERR_HANDLE;
    check($status);
    return 1;
}

sub from_utf8 {
    my ($text) = @_;
    utf8::decode($text);
    return $text;
}

# Of memory that is as large as the scalar, and stays until it is changed.
sub address_of { scalar_to_pointer($_[0]) }

sub bytes_at {
    my ($address, $length) = @_;
    return buffer_to_scalar($address, $length);
}

# The number that $call->(\my $out) writes.
sub handle_from {
    my ($call) = @_;
    my $out = 0;
    check($call->(\$out));
    return $out;
}

# The text that $call->($out, $capacity, \$length) writes; undef where there is none.
sub text_from {
    my ($call) = @_;
    my $capacity = 4096;
    while (1) {
        my $out    = "\0" x $capacity;
        my $length = 0;
        my $status = $call->(scalar_to_pointer($out), $capacity, \$length);
        return undef if $status == ERR_NOT_FOUND;
        if ($status != ERR_BUFFER) {
            check($status);
            return from_utf8(substr $out, 0, $length);
        }
        $capacity = $length + 1;
    }
}

# A text as the library takes it.
sub text_in {
    my ($value, $what) = @_;
    invalid("$what must be a string") if !defined $value || ref $value;
    my $text = "$value";
    utf8::encode($text);
    invalid("$what must not contain a NUL") if $text =~ /\0/;
    return $text;
}

sub optional_text {
    my ($value, $what) = @_;
    return defined $value ? text_in($value, $what) : undef;
}

# Bytes as they are; a string with characters above 255 has none.
sub bytes_in {
    my ($value, $what) = @_;
    invalid("$what must be a string") if !defined $value || ref $value;
    my $bytes = "$value";
    utf8::downgrade($bytes, 1) or invalid("$what has characters that are no bytes");
    return $bytes;
}

# A session's id as 16 bytes.
sub id_bytes {
    my ($id) = @_;
    return $id if length $id == 16;
    (my $digits = $id) =~ tr/-//d;
    invalid("a session's id has 16 bytes, or is a UUID as text") if length $id != 36 || $digits !~ /\A[0-9A-Fa-f]{32}\z/;
    return pack 'H*', $digits;
}

# (name => value) of the constants with a prefix, names in lower case.
sub constants {
    my ($prefix) = @_;
    return map { (lc substr($_, length $prefix) => $Cryo::Constants::ALL{$_}) } grep { index($_, $prefix) == 0 } keys %Cryo::Constants::ALL;
}

1;
