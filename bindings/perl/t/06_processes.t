# Programs: signals, forks, the end.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use POSIX qw(:signal_h);
use Support;
use Test::More;

use Cryo qw(:constants);

my $SERVER = <<'PERL';
use Cryo;
$| = 1;
my $server = Cryo::Server->new(port => 0, validator => sub { 1 });
$server->on(listening => sub { print "$_[1]\n" });
$server->on(session   => sub { print "here\n" });
$server->on(closed    => sub { print "$_[1] $_[2]\n" });
PERL

sub visit {
    my ($program) = @_;
    wait_for(sub { $program->output =~ /^\d+$/m }, 'the port');
    my ($port) = $program->output =~ /^(\d+)$/m;
    my $listener = client(undef, url => "ws://127.0.0.1:$port", reconnect_attempts => 0);
    wait_for(sub { $program->output =~ /here/ }, 'the session');
    return $listener;
}

case 'SIGTERM and SIGINT end run' => sub {
    for my $name (qw(TERM INT)) {
        my $program  = program($SERVER . 'my $name = $server->run; print "signal $name ", $SIG{TERM} // "none", "\n";');
        my $listener = visit($program);
        $program->signal($name);
        is(status_of($program), 0) or diag $program->output;
        like($program->output, qr/^4000 Server shutdown\.\nsignal $name none$/m);
        wait_for(sub { $listener->{closed} });
    }
};

case 'a profiling timer, and signals while it waits' => sub {
    my $program = program($SERVER . <<'PERL');
use Time::HiRes qw(setitimer ITIMER_PROF ITIMER_REAL);
my ($ticks, $alarms) = (0, 0);
$SIG{PROF} = sub { $ticks++ };
$SIG{ALRM} = sub { print "enough\n" if ++$alarms == 20; $server->stop if $alarms == 20 };
$server->start;
setitimer(ITIMER_PROF, 0.001, 0.001);
setitimer(ITIMER_REAL, 0.01, 0.01);
$server->run;
setitimer(ITIMER_REAL, 0);
print "ended\n";
PERL
    is(status_of($program), 0) or diag $program->output;
    like($program->output, qr/enough\nended/);
};

case 'a program that ends in its own way' => sub {
    my %ways = ('exit 7' => 7, 'die "broken\n"' => 0, 'kill TERM => $$' => 0);
    for my $how (sort keys %ways) {
        my $program = program($SERVER . "\$server->on(session => sub { print \"here\\n\"; $how }); \$server->run;");
        visit($program);
        if ($how =~ /^die/) { # is reported, and the program goes on
            wait_for(sub { $program->output =~ /cryo: session: broken/ });
            $program->signal('TERM');
        }
        is(status_of($program), $ways{$how}, $how) or diag $program->output;
        like($program->output, qr/4000 Server shutdown\./, "$how: also behind exit");
    }
};

case 'an exception that nothing catches' => sub {
    my $program  = program($SERVER . '$server->start; $server->poll(1) until $server->session_count; $server->poll(1); die "nobody\n";');
    my $listener = visit($program);
    isnt(status_of($program), 0);
    wait_for(sub { $listener->{closed} });
};

case 'objects that nobody holds' => sub {
    my ($server, $listener, $session) = pair({ on_message => sub { $_[0]->send($_[1]) } });
    for my $i (1 .. 20) {
        $listener->{client}->send('x');
        wait_for(sub { @{ $listener->{heard} } == $i });
        Cryo::Server->new(port => 0);
    }
    is($server->find($session->id), $session);
};

case 'the child of a fork frees nothing' => sub {
    my $program = program($SERVER . <<'PERL');
$server->start;
my $child = fork;
if (!$child) {
    exit 2 if eval { $server->broadcast('x'); 1 };
    $server->close;
    my $own = Cryo::Server->new(port => 0)->start;
    exit 3 unless $own->port;
    $own->close;
    exit 5;
}
waitpid $child, 0;
print 'child ', $? >> 8, "\n";
my $other = fork;
exit 6 unless $other;
waitpid $other, 0;
print 'other ', $? >> 8, "\n";
$server->run;
PERL
    wait_for(sub { $program->output =~ /other 6/ }, 'the children');
    like($program->output, qr/child 5\n/);
    visit($program);
    $program->signal('TERM');
    is(status_of($program), 0);
};

case 'a library that is none is told' => sub {
    my %words = ('/none/libcryo.so.1' => 'cannot be loaded', 'libm.so.6' => 'is not libcryo');
    for my $path (keys %words) {
        local $ENV{CRYO_LIBRARY} = $path;
        my $program = program('use Cryo;');
        isnt(status_of($program), 0);
        like($program->output, qr/\Q$words{$path}\E.*CRYO_LIBRARY/s);
    }
};

done_testing;
