package Support;

# What the tests have in common: a server with its client, programs.
use strict;
use warnings;

use Exporter 'import';
use File::Basename qw(dirname);
use File::Temp ();
use POSIX qw(WNOHANG);
use Test::More ();
use Time::HiRes qw(time);

use Cryo qw(:constants);

use constant { PATIENCE => 60, TOKEN => 'secret' };

our $ROOT   = dirname(dirname(dirname(__FILE__)));
our @EXPORT = qw(PATIENCE TOKEN case keep wait_for raises server client pair program status_of certificate slurp);

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);

my (@kept, @programs);

# A subtest; what it keeps is closed behind it.
sub case {
    my ($name, $code) = @_;
    Test::More::subtest($name => sub {
        eval { $code->(); 1 } or Test::More::fail("died: $@");
        Test::More::pass('to its end');
    });
    $_->close for reverse @kept;
    $_->end   for @programs;
    @kept = @programs = ();
    return;
}

sub keep {
    my ($pulled) = @_;
    push @kept, $pulled;
    return $pulled;
}

# Calls handlers of all that is kept until $found->() says so.
sub wait_for {
    my ($found, $what) = @_;
    my $deadline = time + PATIENCE;
    while (1) {
        my $result = $found->();
        return $result if $result;
        die 'waited in vain for ' . ($what // 'it') . "\n" if time > $deadline;
        my @open = grep { !$_->is_closed } @kept;
        @open ? Cryo::poll(\@open, 0.05) : select undef, undef, undef, 0.01;
    }
}

# The call dies with this status.
sub raises {
    my ($status, $call, $what) = @_;
    my $done = eval { $call->(); 1 };
    my $name = Cryo::status_name($status);
    Test::More::is($done ? 'nothing' : ref $@ ? $@->name : "$@", $name, $what // $name);
    return;
}

sub server {
    my (%options) = @_;
    return keep(Cryo::Server->new(port => 0, validator => sub { $_[0]->token eq TOKEN }, %options))->start;
}

# A client, started: { client, heard, closed, connected }
sub client {
    my ($server, %options) = @_;
    my %listener = (heard => []);
    $options{url} //= sprintf 'ws://127.0.0.1:%d/?name=Al', $server->port;
    $options{token} //= TOKEN unless $options{token_provider};
    $options{on_message} //= sub { push @{ $listener{heard} }, $_[1] };
    $options{on_closed}  //= sub { $listener{closed} = [@_[1, 2]] };
    $options{on_session} //= sub { $listener{connected} = 1 };
    $listener{client} = keep(Cryo::Client->new(%options));
    $listener{client}->start;
    return \%listener;
}

# A server and a client that are connected: the server, the client, the server's session.
sub pair {
    my ($server_options, $client_options) = @_;
    my $session;
    my $server   = server(on_session => sub { $session = $_[0] }, %{ $server_options // {} });
    my $listener = client($server, %{ $client_options // {} });
    wait_for(sub { $session && $listener->{connected} }, 'a session');
    return ($server, $listener, $session);
}

sub slurp {
    my ($path) = @_;
    open my $file, '<', $path or die "$path: $!\n";
    local $/;
    return scalar <$file>;
}

# A Perl program in a process of its own.
sub program {
    my ($text) = @_;
    my $out = File::Temp->new;
    my $pid = fork // die "no fork: $!\n";
    if (!$pid) {
        open STDOUT, '>', "$out" or POSIX::_exit(1);
        open STDERR, '>&', \*STDOUT or POSIX::_exit(1);
        exec $^X, '-w', "-I$ROOT/lib", '-e', $text or POSIX::_exit(1);
    }
    my $program = bless { pid => $pid, out => $out }, 'Support::Program';
    push @programs, $program;
    return $program;
}

# The exit status, once it has ended; a negative number for a signal.
sub status_of {
    my ($program) = @_;
    wait_for(sub { defined $program->status }, 'the end');
    return $program->status;
}

# Files with a certificate for 127.0.0.1, and its key.
my ($folder, %certificates);

sub certificate {
    my ($name) = @_;
    $folder //= File::Temp->newdir;
    return @{
        $certificates{$name} //= do {
            my @paths   = ("$folder/$name.pem", "$folder/$name.key");
            my $command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=$name "
                . "-addext subjectAltName=IP:127.0.0.1 -keyout $paths[1] -out $paths[0] 2>/dev/null";
            system($command) == 0 or die "openssl failed\n";
            \@paths;
        }
    };
}

package Support::Program;

use POSIX qw(WNOHANG);

sub output { Support::slurp($_[0]{out}) }
sub signal { kill $_[1], $_[0]{pid} }

sub status {
    my ($self) = @_;
    if (!defined $self->{status} && waitpid($self->{pid}, WNOHANG) == $self->{pid}) {
        $self->{status} = $? & 127 ? -($? & 127) : $? >> 8;
    }
    return $self->{status};
}

sub end {
    my ($self) = @_;
    return if defined $self->status;
    $self->signal('KILL');
    waitpid $self->{pid}, 0;
    return;
}

1;
