#!/usr/bin/perl
# Does what bindings/conformance tells it, over these modules. See bindings/conformance/README.md.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use List::Util qw(first);

use Cryo qw(:constants);

my $json = JSON::PP->new->utf8->canonical;
my (%objects, %of_clients, %counts, %tickets, %throws, @kept, @soon);

sub tell_line {
    my (%line) = @_;
    print {*STDOUT} $json->encode(\%line), "\n";
    return;
}

sub truth { return $_[0] ? JSON::PP::true : JSON::PP::false }

sub object     { return $objects{ $_[0] } // die "there is no $_[0]\n" }
sub session_of { return $of_clients{ $_[0] } // object($_[0]) }
sub ticket     { return $tickets{ $_[0]{ticket} } }

sub new_ticket {
    my ($ticket) = @_;
    my $name = 't' . (1 + keys %tickets);
    $tickets{$name} = $ticket;
    return $name;
}

sub payload_of {
    my ($given) = @_;
    return ($given->{text}, UTF8) if defined $given->{text};
    return (pack('H*', $given->{hex}), BINARY) if defined $given->{hex};
    return (chr($given->{fill}) x $given->{size}, BINARY);
}

sub shown {
    my ($data, $kind) = @_;
    my $bytes = Cryo::Session::outgoing($data, $kind);
    return (size => length $bytes, sum => 0 + unpack '%64C*', $bytes) if length $bytes > 1000;
    return $kind == UTF8 ? (text => "$data") : (hex => unpack 'H*', $bytes);
}

# "acknowledged" for RECEIPT_ACKNOWLEDGED
sub name_of {
    my ($prefix, $value) = @_;
    my %names = Cryo::Native::constants($prefix);
    return first { $names{$_} == $value } keys %names;
}

sub add_handlers {
    my ($owner, $of, $echo) = @_;
    my $is_server = $of->isa('Cryo::Server');
    my $done = sub {
        my ($event, $on, %fields) = @_;
        tell_line(event => $event, on => $on, %fields);
        die "thrown in $event\n" if $throws{$owner}{$event};
    };
    my $name = sub { $is_server ? $_[0]->values->{name} : $owner };
    $of->on(listening => sub { $done->(listening => $owner, port => $_[1]) });
    $of->on(session => sub {
        my ($session) = @_;
        return $done->(session => $owner) unless $is_server;
        my $new = $session->values->{name} = "$owner." . ++$counts{$owner};
        $objects{$new} = $session;
        $done->(session => $owner, session => $new);
    });
    $of->on(message => sub {
        my ($session, $data, $kind, $id) = @_;
        $session->send($data, $kind) if $echo;
        $done->(message => $name->($session), shown($data, $kind), $id ? (message => $id) : ());
    });
    for my $event (qw(closed disconnected)) {
        $of->on($event => sub { $done->($event => $name->($_[0]), code => $_[1], reason => $_[2]) });
    }
    for my $event (qw(reconnected writable)) {
        $of->on($event => sub { $done->($event => $name->($_[0])) });
    }
    $of->on(attempt_failed => sub {
        my ($session, $status, $http_status, $text, $retry_ms) = @_;
        $done->(attempt_failed => $owner, status => Cryo::status_name($status), http_status => $http_status, retry_ms => int $retry_ms);
    });
    $of->on(lost => sub { $done->(lost => $name->($_[0]), shown(@_[1, 2])) });
    $of->on(dropped => sub { $done->(dropped => $name->($_[0]), reason => name_of('DROPPED_', $_[1]), shown(@_[2, 3])) });
    $of->on(receipt => sub {
        my ($session, $number, $outcome, $rtt_ms, $by) = @_;
        $done->(receipt => $name->($session), receipt => $number, outcome => name_of('RECEIPT_', $outcome), by => $by);
    });
    return;
}

sub validator {
    my ($kind, $owner) = @_;
    my $good = sub { $_[0]->token eq 'good' };
    return {
        good  => $good,
        later => sub {
            my ($auth) = @_;
            push @soon, sub { $good->($auth) ? $auth->accept : $auth->reject };
            return $auth->later;
        },
        throw => sub { die "thrown in the validator\n" },
        ask   => sub {
            my ($auth) = @_;
            tell_line(event => 'auth', on => $owner, ticket => new_ticket($auth), token => $auth->token);
            return $auth->later;
        },
        never => sub { push @kept, $_[0]; return $_[0]->later },
    }->{$kind};
}

my %PROVIDERS = (
    good  => sub { 'good' },
    throw => sub { die "thrown in the token provider\n" },
    never => sub { push @kept, $_[0]; return $_[0]->later },
);

sub hook_for {
    my ($given) = @_;
    return sub {
        my ($session, $data, $hook) = @_;
        my $does = $given->{does};
        die "thrown in a hook\n" if $does eq 'throw';
        if ($does eq 'ask') {
            tell_line(
                event     => 'hook',
                on        => $session->values->{name} // $given->{client},
                ticket    => new_ticket($hook),
                extension => $given->{name},
                direction => $hook->direction == BEFORE_SEND ? 'before_send' : 'on_receive',
                shown($data, $hook->kind),
            );
            return $hook->later;
        }
        if ($does eq 'never') {
            push @kept, $hook;
            return $hook->later;
        }
        return \(payload_of($given))[0] if $does eq 'replace';
        return $does eq 'pass' ? 1 : 0;
    };
}

# These modules say by a truth value what others say by an error.
sub settled { return $_[0] ? () : (error => 'CRYO_ERR_STATE', text => 'settled before') }

my %GET = (
    port         => sub { 0 + $_[0]->port },
    metrics      => sub { $_[0]->metrics },
    stat         => sub { my %numbers = Cryo::Native::constants('SERVER_STAT_'); 0 + $_[0]->stat($numbers{ $_[1] }) },
    session_count => sub { 0 + $_[0]->session_count },
);

my %commands = (
    server => sub {
        my ($given) = @_;
        my $server = Cryo::Server->new(port => 0, %{ $given->{options} // {} }, validator => validator($given->{validator} // 'good', $given->{as}));
        add_handlers($given->{as}, $server, $given->{echo});
        $server->start;
        $objects{ $given->{as} } = $server;
        return (port => 0 + $server->port);
    },
    client => sub {
        my ($given) = @_;
        my %options = %{ $given->{options} // {} };
        my $url     = $given->{url} // sprintf $options{tls_ca_file} ? 'wss://localhost:%d' : 'ws://127.0.0.1:%d', object($given->{to})->port;
        my @token   = $given->{provider} ? (token_provider => $PROVIDERS{ $given->{provider} }) : (token => $given->{token} // 'good');
        my $client  = Cryo::Client->new(%options, url => $url, @token);
        add_handlers($given->{as}, $client, $given->{echo});
        $of_clients{ $given->{as} } = $client->session;
        $client->start;
        $objects{ $given->{as} } = $client;
        return;
    },
    send => sub {
        my ($given) = @_;
        my %options = map { defined $given->{$_} ? ($_ => $given->{$_}) : () } qw(key receipt);
        session_of($given->{on})->send(payload_of($given), %options);
        return;
    },
    broadcast => sub {
        my ($given) = @_;
        object($given->{on})->broadcast(payload_of($given), $given->{except} ? session_of($given->{except}) : ());
        return;
    },
    burst => sub {
        my ($given) = @_;
        my @sessions = map { session_of($_) } @{ $given->{on} };
        $sessions[$_ % @sessions]->send("$given->{text} $_") for 0 .. $given->{threads} * $given->{count} - 1;
        return;
    },
    ping  => sub { session_of($_[0]{on})->ping; return },
    close => sub { session_of($_[0]{on})->close(@{ $_[0] }{qw(code reason)}); return },
    stop  => sub { object($_[0]{on})->stop; return },
    wait  => sub { object($_[0]{on})->wait(20) or die "it has not ended\n"; return },
    free  => sub { object($_[0]{on})->close; return },
    drain => sub { object($_[0]{on})->drain(@{ $_[0] }{qw(deadline_ms batch_ms)}); return },
    accept => sub {
        my ($given) = @_;
        my $auth = ticket($given);
        $auth->set_claim($_ => $given->{claims}{$_}) for keys %{ $given->{claims} // {} };
        $auth->set_expiry_ms($given->{expiry_ms}) if defined $given->{expiry_ms};
        return settled($auth->accept);
    },
    replace   => sub { settled(ticket($_[0])->replace) },
    reject    => sub { settled(ticket($_[0])->reject($_[0]{reason})) },
    refuse    => sub { settled(ticket($_[0])->refuse(@{ $_[0] }{qw(status reason)})) },
    extension => sub {
        my ($given) = @_;
        my %settings = map { (tr/ /_/r => hook_for($given)) } @{ $given->{hooks} };
        $settings{timeout_ms} = $given->{timeout_ms} if defined $given->{timeout_ms};
        $settings{on_failure} = $given->{on_failure} eq 'pass' ? HOOK_PASS : HOOK_STOP if defined $given->{on_failure};
        $objects{ $given->{as} } = Cryo::Extension->new($given->{name}, %settings);
        return;
    },
    add_extension    => sub { object($_[0]{on})->add_extension(object($_[0]{extension})); return },
    remove_extension => sub { object($_[0]{on})->remove_extension(object($_[0]{extension})->name); return },
    pass             => sub { settled(ticket($_[0])->pass) },
    replace_with     => sub { settled(ticket($_[0])->replace((payload_of($_[0]))[0])) },
    stop_message     => sub { settled(ticket($_[0])->stop) },
    fail_message     => sub { settled(ticket($_[0])->fail($_[0]{reason})) },
    get              => sub {
        my ($given) = @_;
        my $what = $given->{what};
        return if $what eq 'nothing';
        return (value => $GET{$what}->(object($given->{on}), $given->{name})) if $GET{$what};
        my $session = session_of($given->{on});
        return (value => 0 + $session->stats->{queued_bytes}) if $what eq 'queued_bytes';
        return (value => truth($session->$what)) if $what =~ /^is_/;
        return (value => scalar $session->$what(defined $given->{name} ? $given->{name} : ()));
    },
    put      => sub { session_of($_[0]{on})->values->{ $_[0]{key} } = $_[0]{value}; return },
    value    => sub { (value => session_of($_[0]{on})->values->{ $_[0]{key} }) },
    pause    => sub { session_of($_[0]{on})->pause_reading;  return },
    resume   => sub { session_of($_[0]{on})->resume_reading; return },
    ack      => sub { session_of($_[0]{on})->ack($_[0]{message}); return },
    find     => sub { my $found = object($_[0]{on})->find($_[0]{session_id}); (session => $found ? $found->values->{name} : undef) },
    throw_in => sub { $throws{ $_[0]{on} }{ $_[0]{event} } = 1; return },
    collect  => sub { return }, # what nobody holds is gone already
    fork     => sub {
        my $child = fork // die "no fork: $!\n";
        exit 7 if $child == 0;
        waitpid $child, 0;
        return (child => $? & 127 ? -($? & 127) : $? >> 8);
    },
);

sub carry_out {
    my ($line) = @_;
    my $given = $json->decode($line);
    exit $given->{code} if $given->{do} eq 'exit';
    die "nothing catches this\n" if $given->{do} eq 'throw';
    my @answer;
    if (!eval { @answer = $commands{ $given->{do} }->($given); 1 }) {
        my $problem = $@;
        @answer = ref $problem ? (error => $problem->name, text => $problem->text) : (fault => "$problem");
    }
    tell_line(id => $given->{id}, @answer);
    return;
}

$| = 1;
tell_line(driver => 'perl', library => Cryo::version(), features => [qw(collect fork throw)]);
my $text = '';
while (1) {
    my @open    = grep { $_->isa('Cryo::Pulled') && !$_->is_closed } values %objects;
    my $watched = '';
    vec($watched, $_, 1) = 1 for 0, map { $_->fd } @open;
    my $ready = select $watched, undef, undef, @soon ? 0 : 0.2;
    for my $of (@open) {
        $of->poll unless $of->is_closed;
    }
    (shift @soon)->() while @soon;
    next unless $ready > 0 && vec $watched, 0, 1;
    sysread(STDIN, $text, 65536, length $text) or last;
    carry_out($1) while $text =~ s/\A([^\n]*)\n//;
}
