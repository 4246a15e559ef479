# The README's programs run as they are printed, but for the port.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Support;
use Test::More;

my @programs = slurp("$Support::ROOT/README.md") =~ /```perl\n(.*?)```/gs;

sub small_server {
    (my $text = $programs[0]) =~ s/port => 8080/port => 0/ or die "the README has another port\n";
    my $program = program($text);
    wait_for(sub { $program->output =~ /:\d+$/m }, 'the port');
    return ($program, $program->output =~ /:(\d+)$/m);
}

sub end_of {
    my ($program, $signal) = @_;
    $program->signal($signal);
    is(status_of($program), 0) or diag $program->output;
    return;
}

case 'the small server' => sub {
    my ($program, $port) = small_server();
    my $refused;
    client(undef, url => "ws://127.0.0.1:$port", token => 'wrong', reconnect_attempts => 0, on_attempt_failed => sub { $refused = $_[2] });
    wait_for(sub { $refused });
    is($refused, 401);
    my $listener = client(undef, url => "ws://127.0.0.1:$port", token => 'MySuperSecretToken', on_session => sub { $_[0]->send_binary("a\0b") });
    wait_for(sub { @{ $listener->{heard} } == 2 });
    is_deeply($listener->{heard}, ['Welcome!', "a\0b"]);
    end_of($program, 'TERM');
};

case 'the client' => sub {
    my ($server, $port) = small_server();
    (my $text = $programs[1]) =~ s/localhost:8080/localhost:$port/ or die "the README has another port\n";
    my $program = program($text);
    wait_for(sub { $program->output =~ /Welcome!\nhello\n/ }, 'the echo');
    end_of($program, 'INT');
    end_of($server,  'INT');
};

case 'the example' => sub {
    my $program = program("\@ARGV = ('secret', 0); do '$Support::ROOT/example.pl'; die \$@ if \$@;");
    wait_for(sub { $program->output =~ /:\d+$/m }, 'the port');
    my ($port) = $program->output =~ /:(\d+)$/m;
    my $listener = client(undef, url => "ws://127.0.0.1:$port/?name=Al");
    wait_for(sub { "@{ $listener->{heard} }" eq 'Welcome, Al!' });
    end_of($program, 'TERM');
};

done_testing;
