package Cryo::Events;

# Takes the events of a batch to handlers: methods of servers and clients.
use strict;
use warnings;

use Cryo::Accepted;
use Cryo::Auth;
use Cryo::Constants;
use Cryo::Hook;
use Cryo::Native;
use Cryo::Receipts;
use Cryo::Session;
use Cryo::TokenRequest;

our @NAMES = qw(listening session message closed stat disconnected reconnected attempt_failed lost dropped writable receipt error);
my %IS_EVENT = map { ($_ => 1) } @NAMES;

# size, kind, message kind, session, ticket, length of data, data, text, its length, code, HTTP status, receipt, message id, value
my $FORMAT = 'QllQQQLLLllx4QQd';

# Sets what is called for an event (undef: nothing); returns the object.
sub on {
    my ($self, $event, $handler) = @_;
    Cryo::Native::invalid("there is no event $event") unless $IS_EVENT{$event};
    Cryo::Native::invalid("the handler of $event must be a function") if defined $handler && ref $handler ne 'CODE';
    $self->{handlers}{$event} = $handler;
    return $self;
}

# Calls a handler: what it dies of is reported.
sub _tell {
    my ($self, $event, @given) = @_;
    my $handler = $self->{handlers}{$event} or return;
    eval { $handler->(@given); 1 } or $self->_report($@, $event);
    return;
}

sub _report {
    my ($self, $problem, $where) = @_;
    if (my $handler = $self->{handlers}{error}) {
        return if eval { $handler->($problem, $where); 1 };
        ($problem, $where) = ($@, 'error');
    }
    chomp(my $text = "$problem");
    local $@;
    eval { warn "cryo: $where: $text\n" }; # a handler of warnings may die of it
    return;
}

# A ticket's function: its result is for $answer; where it dies, $refuse is called.
sub _ask {
    my ($self, $ticket, $where, $refuse, $answer, $function, @given) = @_;
    my $done = eval {
        my $result = $function->(@given);
        $answer->($result) if $ticket->_is_open;
        1;
    };
    return if $done;
    my $problem = $@;
    eval { $refuse->($problem) } if $ticket->_is_open;
    $self->_report($problem, $where);
    return;
}

sub _dispatch {
    my ($self, $batch) = @_;
    my ($count, $at) = unpack 'x4 L x8 L', $batch;
    for (1 .. $count) {
        $at += $self->_dispatch_one(substr($batch, $at, RECORD_SIZE), \$batch, $at);
    }
    return $count;
}

my %DISPATCH = (
    EVENT_LISTENING, sub { my ($self, $event) = @_; $self->_tell(listening => $event->{text}, $event->{code}) },
    EVENT_AUTH,      sub { $_[0]->_ask_validator($_[1]) },
    EVENT_SESSION,   sub { $_[0]->_announce(session => $_[1]) },
    EVENT_CLOSED, sub {
        my ($self, $event) = @_;
        $self->_forget($event->{session});
        $self->_tell(closed => @$event{qw(session code text)});
    },
    EVENT_STAT,           sub { $_[0]->_tell(stat         => @{ $_[1] }{qw(session code value)}) },
    EVENT_DISCONNECTED,   sub { $_[0]->_tell(disconnected => @{ $_[1] }{qw(session code text)}) },
    EVENT_RECONNECTED,    sub { $_[0]->_announce(reconnected => $_[1]) },
    EVENT_ATTEMPT_FAILED, sub { $_[0]->_tell(attempt_failed => @{ $_[1] }{qw(session code http_status text value)}) },
    EVENT_LOST,           sub { $_[0]->_tell(lost     => @{ $_[1] }{qw(session data message_kind)}) },
    EVENT_DROPPED,        sub { $_[0]->_tell(dropped  => @{ $_[1] }{qw(session code data message_kind)}) },
    EVENT_WRITABLE,       sub { $_[0]->_tell(writable => $_[1]{session}) },
    EVENT_RECEIPT,        sub { $_[0]->_tell_receipt($_[1]) },
    EVENT_HOOK,           sub { $_[0]->_ask_hook($_[1]) },
    EVENT_TOKEN,          sub { $_[0]->_ask_provider($_[1]) },
);

sub _dispatch_one {
    my ($self, $record, $batch, $at) = @_;
    my ($size, $kind, $message_kind, $handle, $ticket, $length, $data, $text, $text_length, @others) = unpack $FORMAT, $record;
    $data = $data ? substr($$batch, $at + $data, $length) : '';
    utf8::decode($data) if $message_kind != BINARY;
    if ($kind == EVENT_MESSAGE) { # without a hash, as there are so many
        $self->_tell(message => $self->{known}{$handle} || $self->_session_for($handle), $data, $message_kind, $others[3] || undef);
        return $size;
    }
    my %event = (message_kind => $message_kind, ticket => $ticket, data => $data);
    @event{qw(code http_status receipt id value)} = @others;
    $event{text}    = $text ? Cryo::Native::from_utf8(substr $$batch, $at + $text, $text_length) : '';
    $event{session} = $handle ? $self->_session_for($handle) : undef;
    my $function = $DISPATCH{$kind};
    $function->($self, \%event) if $function; # a newer library may have others
    return $size;
}

sub _announce {
    my ($self, $name, $event) = @_;
    Cryo::Accepted::take_for($event->{session});
    $self->_tell($name => $event->{session});
    return;
}

sub _tell_receipt {
    my ($self, $event) = @_;
    my @end = ($event->{code}, $event->{code} == RECEIPT_ACKNOWLEDGED ? $event->{value} : undef, $event->{text});
    my $own = Cryo::Receipts::take($event->{receipt});
    return $self->_tell(receipt => $event->{session}, $event->{receipt}, @end) unless $own;
    eval { $own->(@end); 1 } or $self->_report($@, 'receipt');
    return;
}

sub _ask_validator {
    my ($self, $event) = @_;
    my $auth      = Cryo::Auth->_new(handle => $event->{ticket}, token => $event->{data});
    my $validator = $self->{validator} or return $auth->reject;
    my $answer    = sub {
        my ($answer) = @_;
        return $auth->accept($answer) if ref $answer eq 'HASH';
        return defined $answer && !ref $answer && $answer eq '1' ? $auth->accept : $auth->reject;
    };
    $self->_ask($auth, 'validator', sub { $auth->reject }, $answer, $validator, $auth);
    return;
}

sub _ask_hook {
    my ($self, $event) = @_;
    my $hook = Cryo::Hook->_new(
        handle    => $event->{ticket},
        session   => $event->{session},
        data      => $event->{data},
        kind      => $event->{message_kind},
        direction => $event->{code},
    );
    my $extension = $self->{extensions}{ $event->{text} };
    my $function  = $extension && $extension->_hook_for($hook->{direction}, $hook->{kind});
    return $hook->fail('there is no such hook any more') unless $function;
    my $answer = sub {
        my ($answer) = @_;
        return $hook->replace($$answer) if ref $answer eq 'SCALAR';
        return $hook->pass if !defined $answer || (!ref $answer && $answer eq '1');
        return $hook->stop if !ref $answer && !$answer;
        Cryo::Native::invalid('a hook returns 1, 0, nothing, or a reference to a string');
    };
    $self->_ask($hook, "a hook of $event->{text}", sub { $hook->fail(_one_line($_[0])) }, $answer, $function, @$hook{qw(session data)}, $hook);
    return;
}

sub _ask_provider {
    my ($self, $event) = @_;
    my $request  = Cryo::TokenRequest->_new(handle => $event->{ticket}, session => $event->{session});
    my $provider = $self->{token_provider} || $self->{providers}{ $event->{session}{handle} };
    return $request->fail('there is no token provider') unless $provider;
    $self->_ask($request, 'token_provider', sub { $request->fail(_one_line($_[0])) }, sub { $request->give($_[0]) }, $provider, $request);
    return;
}

sub _one_line {
    my ($problem) = @_;
    (my $text = "$problem") =~ s/[\0\n]+/ /g;
    return $text;
}

1;
