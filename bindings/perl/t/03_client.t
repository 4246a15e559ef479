# Clients: tokens, losses, what becomes of messages.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Support;
use Test::More;

use Cryo qw(:constants);

case 'a token provider gives tokens, fails, and may take its time' => sub {
    my ($asked, $kept, @failures) = (0);
    my $listener = client(
        server(),
        reconnect_initial_ms => 1,
        token_provider       => sub {
            my ($request) = @_;
            die "no token today\n" if ++$asked == 1;
            return undef if $asked == 2;
            $kept = $request;
            return $request->later;
        },
        on_error          => sub { },
        on_attempt_failed => sub { push @failures, [@_[1, 3]] },
    );
    wait_for(sub { $kept }, 'the third question');
    is_deeply([map { $_->[0] } @failures], [ERR_TOKEN, ERR_TOKEN]);
    like($failures[0][1], qr/no token today/);
    ok($kept->give(TOKEN));
    ok(!$kept->give(TOKEN));
    wait_for(sub { $listener->{connected} }, 'the session');
    raises(ERR_STATE, sub { $listener->{client}->set_token('x') });
};

case 'a client comes back' => sub {
    my @told;
    my $server = server();
    my $port   = $server->port;
    my $listener = client(
        $server,
        reconnect_initial_ms => 1,
        reconnect_max_ms     => 50,
        on_disconnected      => sub { push @told, $_[2] },
        on_reconnected       => sub { push @told, 'back' },
    );
    wait_for(sub { $listener->{connected} });
    $server->close;
    wait_for(sub { "@told" eq 'Server shutdown.' });
    raises(ERR_STATE, sub { $listener->{client}->send('nobody there') });
    $listener->{client}->set_token('new');
    server(port => $port, validator => sub { $_[0]->token eq 'new' });
    wait_for(sub { $told[-1] eq 'back' }, 'the reconnection');
    pass;
};

case 'an address where nobody is' => sub {
    my $server = server();
    my $url    = 'ws://127.0.0.1:' . $server->port;
    $server->close;
    my @failed;
    my $listener = client(undef, url => $url, reconnect_attempts => 0, on_attempt_failed => sub { @failed = @_[1, 2, 4] });
    wait_for(sub { $listener->{closed} });
    is_deeply(\@failed, [ERR_CONNECT, 0, -1]);
};

case 'numbered receipts' => sub {
    my %numbers;
    my (undef, $listener) = pair({}, { on_receipt => sub { $numbers{ $_[1] } = $_[2] } });
    $listener->{client}->send('x', UTF8, key => 'k', receipt => 1 << 61);
    wait_for(sub { %numbers });
    is_deeply(\%numbers, { 1 << 61 => RECEIPT_ACKNOWLEDGED });
    for my $wrong (0, -1, 1.5, 1 << 62, 'x') {
        raises(ERR_INVALID, sub { $listener->{client}->send_text('x', receipt => $wrong) }, "receipt $wrong");
    }
};

case 'a slow peer' => sub {
    my (%dropped, $writable);
    my ($server, $listener, $session) = pair({
        high_water_mark => 65536, low_water_mark => 1024, max_queued_bytes => 1048576, max_queue_count => 4, max_total_queued_bytes => 0,
        on_dropped => sub { my ($session, $reason, $data, $kind) = @_; $dropped{ join ' ', $reason, length $data, $kind } = 1 },
        on_writable => sub { $writable = 1 },
    }, { queue_capacity => [1, 1] });
    my $deadline = time + PATIENCE;
    while (!%dropped && time < $deadline) { # nobody takes from the client's queue meanwhile, so that it does not read
        eval { $session->send_binary('x' x 100_000); 1 } or $@->status == ERR_FULL or die $@; # the mailbox is
        $server->poll;
    }
    wait_for(sub { $writable && @{ $listener->{heard} } }, 'a queue that flows');
    is_deeply([keys %dropped], [join ' ', DROPPED_OLDEST, 100_000, BINARY]);
};

case 'CALE' => sub {
    my (undef, $listener, $session) = pair({ cale => 1, on_message => sub { $_[0]->send($_[1]) } }, { cale => 1 });
    ok($session->is_secure);
    $listener->{client}->send('sealed');
    wait_for(sub { "@{ $listener->{heard} }" eq 'sealed' });
};

case 'what clients need' => sub {
    raises(ERR_INVALID, sub { Cryo::Client->new });
    raises(ERR_INVALID, sub { Cryo::Client->new(url => 'nonsense', token => 'x') });
    raises(ERR_INVALID, sub { Cryo::Client->new(url => 'ws://localhost', token => 'x', session_id => 'abc') });
};

done_testing;
