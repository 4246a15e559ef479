package Cryo::Extension;

# Sees messages before they are sent and after they were received:
#
#     Cryo::Extension->new('shouting', before_send_utf8 => sub { my ($session, $data, $hook) = @_; \uc $data })
#
# The hooks are before_send_utf8, before_send_binary, on_receive_utf8 and on_receive_binary. Each returns 1 or nothing (pass), 0 (stop), a reference to a
# string (replace), or $hook->later and answers on $hook then. One that dies has failed: on_failure (HOOK_STOP, HOOK_PASS) says what becomes of the
# message. Further timeout_ms (5000), on_register and on_unregister: functions that get the name.
use strict;
use warnings;

use Cryo::Constants;
use Cryo::Native;

my %HOOKS = (
    before_send_utf8 => [BEFORE_SEND, UTF8], before_send_binary => [BEFORE_SEND, BINARY],
    on_receive_utf8  => [ON_RECEIVE,  UTF8], on_receive_binary  => [ON_RECEIVE,  BINARY],
);
my %OTHERS = map { ($_ => 1) } qw(timeout_ms on_failure on_register on_unregister);

sub new {
    my ($class, $name, %given) = @_;
    Cryo::Native::text_in($name, 'a name');
    for my $key (keys %given) {
        Cryo::Native::invalid("an extension has no $key") unless $HOOKS{$key} || $OTHERS{$key};
    }
    return bless { %given, name => $name }, $class;
}

sub name { $_[0]{name} }

sub _hook_for {
    my ($self, $direction, $kind) = @_;
    my ($name) = grep { $HOOKS{$_}[0] == $direction && $HOOKS{$_}[1] == $kind } keys %HOOKS;
    return $self->{$name};
}

sub _tell {
    my ($self, $what) = @_;
    $self->{$what}->($self->{name}) if $self->{$what};
}

# A handle, for $use->($handle); freed behind it.
sub _with_handle {
    my ($self, $queue, $use) = @_;
    my $name   = Cryo::Native::text_in($self->{name}, 'a name');
    my $handle = Cryo::Native::handle_from(sub { Cryo::Native::cryo_extension_new($name, 0, undef, @_) });
    my $done   = eval {
        Cryo::Native::check(Cryo::Native::cryo_extension_set_timeout_ms($handle, $self->{timeout_ms})) if defined $self->{timeout_ms};
        Cryo::Native::check(Cryo::Native::cryo_extension_set_on_failure($handle, $self->{on_failure})) if defined $self->{on_failure};
        for my $hook (grep { $self->{$_} } keys %HOOKS) {
            Cryo::Native::check(Cryo::Native::cryo_extension_set_queue($handle, @{ $HOOKS{$hook} }, $queue));
        }
        $use->($handle);
        1;
    };
    my $problem = $@;
    Cryo::Native::cryo_extension_free($handle);
    die $problem unless $done;
    return;
}

1;
