package Cryo::Pulled;

# What servers and clients are alike in: a handle, a queue of events, and who takes them.
use strict;
use warnings;

use parent 'Cryo::Events';

use List::Util qw(min);
use Time::HiRes qw(time);

use Cryo::Constants;
use Cryo::Native;
use Cryo::Options;

use constant { SLICE_SECONDS => 0.2, MOST_EVENTS => 256 }; # the longest wait; what one poll hands out

my %OTHERS = map { ($_ => 1) } qw(validator token_provider queue_capacity), map { "on_$_" } @Cryo::Events::NAMES;

my %running; # from their start until they are closed

sub _new {
    my ($class, $which, %options) = @_;
    my $self = bless { which => $which, pid => $$, handlers => {}, known => {}, extensions => {}, providers => {}, batch => undef }, $class;
    for my $name (@Cryo::Events::NAMES) {
        $self->on($name, $options{"on_$name"}) if $options{"on_$name"};
    }
    for my $name (qw(validator token_provider)) {
        Cryo::Native::invalid("$name must be a function") if defined $options{$name} && ref $options{$name} ne 'CODE';
    }
    $self->{ $which eq 'server' ? 'validator' : 'token_provider' } = $options{ $which eq 'server' ? 'validator' : 'token_provider' };
    $self->{queue} = Cryo::Native::handle_from(\&Cryo::Native::cryo_queue_new);
    my $events = Cryo::Native::handle_from(sub { Cryo::Native::cryo_events_new(0, undef, @_) });
    my $done   = eval { $self->_make($events, \%options); 1 };
    my $problem = $@;
    Cryo::Native::cryo_events_free($events);
    return $self if $done;
    Cryo::Native::cryo_queue_free($self->{queue});
    die $problem;
}

sub _make {
    my ($self, $events, $options) = @_;
    Cryo::Native::check(Cryo::Native::cryo_queue_set_capacity($self->{queue}, @{ $options->{queue_capacity} })) if $options->{queue_capacity};
    Cryo::Native::check(Cryo::Native::cryo_events_use_queue($events, $self->{queue}));
    $self->{handle} = Cryo::Options::with($self->{which}, $options, \%OTHERS, sub {
        my ($given) = @_;
        Cryo::Native::check(Cryo::Native->can("cryo_$self->{which}_options_set_events")->($given, $events));
        Cryo::Native::check(Cryo::Native::cryo_client_options_set_token_provider($given, undef, 0, undef)) if $self->{token_provider};
        return Cryo::Native::handle_from(sub { $self->_native(new => $given, @_) });
    });
    return;
}

sub DESTROY {
    my ($self) = @_;
    return if ${^GLOBAL_PHASE} eq 'DESTRUCT' || !defined $self->{handle} || $self->{pid} != $$;
    $self->_free; # it was never started: else it is in %running
    return;
}

# What still runs at the end of the program is closed then, perhaps in the middle of a handler that has called exit.
END {
    local ($?, $@);
    for my $each (grep { $_->{pid} == $$ } values %running) {
        eval {
            $each->wake;
            $each->_release;
            $each->close;
            1;
        } or warn "cryo: closing at the end: $@";
    }
}

sub _native {
    my ($self, $name, @given) = @_;
    return Cryo::Native->can("cryo_$self->{which}_$name")->(@given);
}

sub _alive {
    my ($self) = @_;
    return $self->{handle} // Cryo::Native::fail(ERR_STATE, "the $self->{which} is closed");
}

# Begins to serve, or to connect. Dies of what is wrong with addresses, ports and certificates.
sub start {
    my ($self) = @_;
    $self->fd; # before there are connections: select takes no large numbers
    Cryo::Native::check($self->_native(start => $self->_alive));
    $self->{started} = 1;
    $running{$self} = $self;
    return $self;
}

sub is_started { $_[0]{started} }
sub is_closed  { !defined $_[0]{handle} }

# A descriptor that is readable while an event waits: watch it, and call poll when it is. Do not read it.
sub fd {
    my ($self) = @_;
    $self->_alive;
    return Cryo::Native::check(Cryo::Native::cryo_queue_fd($self->{queue}));
}

# The same as a handle of Perl's, for loops that want one. Do not read it.
sub fh {
    my ($self) = @_;
    if (!$self->{fh}) {
        my $number = $self->fd;
        open $self->{fh}, '<&', $number or die "cryo: the descriptor cannot be had twice: $!\n";
    }
    return $self->{fh};
}

# Makes a poll that waits, or the next one, return; within 200 ms.
sub wake { Cryo::Native::check(Cryo::Native::cryo_queue_wake($_[0]{queue})); return }

# A function: waits for one of the descriptors, or a signal.
sub wait_readable {
    my ($seconds, @descriptors) = @_;
    my $watched = '';
    vec($watched, $_, 1) = 1 for @descriptors;
    select $watched, undef, undef, $seconds;
    return;
}

# Waits up to $timeout seconds for events (default 0; 'inf': for ever), and calls the handlers for what has come, 256 events at most. Returns how many there
# were. Dies with STATE inside of a handler of the same object.
sub poll {
    my ($self, $timeout) = @_;
    $self->_alive;
    Cryo::Native::fail(ERR_STATE, 'poll inside of a handler') if $self->{inside};
    my $deadline = time + ($timeout // 0);
    my ($handled, $woken);
    while (1) {
        ($handled, $woken) = $self->_take;
        my $left = $deadline - time;
        last if $handled || $woken || $left <= 0;
        wait_readable(min($left, SLICE_SECONDS), $self->fd);
    }
    $self->close if $self->{closing};
    return $handled;
}

# Starts, and calls handlers until it has stopped. SIGINT and SIGTERM stop it; the name of the signal is returned.
sub run { return Cryo::run($_[0]) }

# Calls handlers until it has stopped, or $timeout seconds have passed; whether it has. Dies with STATE before start.
sub wait {
    my ($self, $timeout) = @_;
    Cryo::Native::fail(ERR_STATE, 'it was not started') unless $self->{started};
    my $deadline = time + ($timeout // 'inf');
    until ($self->is_over) {
        my $left = $deadline - time;
        return 0 if $left <= 0;
        $self->poll(min($left, $self->patience));
    }
    return 1;
}

# Stops, calls the handlers for what is left, and frees. Inside of a handler it begins to, and the rest follows.
sub close {
    my ($self) = @_;
    return unless defined $self->{handle};
    if ($self->{pid} != $$) { # nothing of the parent's works in the child of a fork
        $self->{handle} = undef;
        return;
    }
    if ($self->{started}) {
        eval { $self->stop }; # it may do so already
        return if $self->{closing} = $self->{inside};
        $self->wait;
    }
    $self->_free if defined $self->{handle}; # a handler may have done so
    return;
}

# Adds an extension behind those that are there. Dies with EXISTS.
sub add_extension {
    my ($self, $extension) = @_;
    my $handle = $self->_alive;
    $extension->_with_handle($self->{queue}, sub { Cryo::Native::check($self->_native(add_extension => $handle, @_)) });
    $self->{extensions}{ $extension->name } = $extension;
    $extension->_tell('on_register');
    return;
}

# Takes it out: messages pass by; tickets that are out still count. Dies with NOT_FOUND.
sub remove_extension {
    my ($self, $name) = @_;
    Cryo::Native::check($self->_native(remove_extension => $self->_alive, Cryo::Native::text_in($name, 'a name')));
    my $extension = delete $self->{extensions}{$name};
    $extension->_tell('on_unregister') if $extension;
    return;
}

# The extension of that name, or undef.
sub find_extension {
    my ($self, $name) = @_;
    my $out    = 0;
    my $status = $self->_native(find_extension => $self->_alive, Cryo::Native::text_in($name, 'a name'), \$out);
    return undef if $status == ERR_NOT_FOUND;
    Cryo::Native::check($status);
    Cryo::Native::cryo_extension_free($out);
    return $self->{extensions}{$name};
}

# Whether it is over, and everything was told.
sub is_over {
    my ($self) = @_;
    return 1 if !defined $self->{handle} || $self->{finished};
    return 0 unless $self->_native(wait => $self->{handle}, 0) == OK;
    $self->{draining} = 1; # a wake that is left over is no end of the events
    1 while defined $self->{handle} && $self->poll;
    return $self->{finished} = 1;
}

# How long to wait at most.
sub patience { $_[0]{stopping} ? 0.02 : SLICE_SECONDS }

# Takes what is there, without waiting: how many events, and whether it was woken.
sub _take {
    my ($self) = @_;
    my ($handled, $status) = (0, OK);
    $self->{inside} = 1;
    my $done = eval {
        while ($handled < MOST_EVENTS) {
            $status = Cryo::Native::cryo_queue_next_many($self->{queue}, 0, MOST_EVENTS - $handled, \$self->{batch}, \my $length);
            next if $status == ERR_STATE && $self->{draining};
            last if $status != OK;
            $handled += $self->_dispatch(Cryo::Native::bytes_at($self->{batch}, $length));
        }
        1;
    };
    my $problem = $@;
    $self->_release;
    die $problem unless $done;
    return ($handled, $status == ERR_STATE);
}

# What the handlers have sent leaves.
sub _release {
    my ($self) = @_;
    Cryo::Native::cryo_queue_release($self->{queue}, $self->{batch});
    @$self{qw(batch inside)} = ();
    return;
}

sub _free {
    my ($self) = @_;
    $self->{closing}  = 0;
    $self->{finished} = 1;
    delete $running{$self};
    $self->_native(free => $self->{handle});
    $self->{handle} = undef;
    Cryo::Native::cryo_queue_free($self->{queue});
    delete $self->{fh};
    return;
}

# One object for each session, from its first event to its closed event.
sub _session_for {
    my ($self, $handle, $retained) = @_;
    my $found = $self->{known}{$handle};
    return $self->{known}{$handle} = Cryo::Session->_new($handle, $retained) unless $found;
    Cryo::Native::cryo_session_release($handle) if $retained;
    return $found;
}

sub _forget {
    my ($self, $session) = @_;
    delete $self->{$_}{ $session->{handle} } for qw(known providers);
    return;
}

1;
