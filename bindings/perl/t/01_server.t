# Servers and their sessions.
use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Support;
use Test::More;

use Cryo qw(:constants);

case 'texts and bytes come back as they were sent' => sub {
    my @kinds;
    my ($server, $listener) = pair(
        { on_message => sub { my ($session, $data, $kind) = @_; $session->send($data, $kind) } },
    );
    $listener->{client}->on(message => sub { push @{ $listener->{heard} }, $_[1]; push @kinds, $_[2] });
    for (["text ☃", UTF8], ['', UTF8], ["a\0b\xff", BINARY], ['x' x 100_000, BINARY], ["caf\xe9", UTF8]) {
        my ($data, $kind) = @$_;
        $listener->{client}->send($data, $kind);
        wait_for(sub { @{ $listener->{heard} } }, 'an echo');
        ok(shift @{ $listener->{heard} } eq $data, 'the same data');
        is(shift @kinds, $kind);
    }
    raises(ERR_INVALID, sub { $listener->{client}->send_binary("☃") }, 'characters that are no bytes');
    is($server->session_count, 1);
};

case 'a session tells what came with its request' => sub {
    my ($server, $listener, $session) = pair({ session_header => 'X-From' },
        { header => { 'X-From' => 'here' }, parameter => [[a => 1], [a => 'zwei ☃']] });
    is($session->token, TOKEN);
    is($session->parameter('name'), 'Al');
    is($session->parameter('none'), undef);
    is_deeply([grep { $_->[0] eq 'a' } $session->parameters], [[a => 1], [a => 'zwei ☃']]);
    is($session->header('x-from'), 'here');
    is($session->header('x-none'), undef);
    is($session->path, '/');
    is($session->proxy_address, '');
    like($session->remote_address, qr/\A127\.0\.0\.1:\d+\z/);
    is($session->peer_certificate, undef);
    is($session->id, $listener->{client}->session->id);
    is(length $session->id_bytes, 16);
    ok($session->is_open && !$session->is_secure && !$session->is_peer);
    is($server->find($session->id), $session);
    is($server->find($session->id_bytes), $session);
    is($server->find('00000000-0000-0000-0000-000000000000'), undef);
    is_deeply([$server->sessions], [$session]);
};

case 'sessions and servers count' => sub {
    my %measured;
    my ($server, $listener, $session) = pair({ keepalive_ms => 20, on_stat => sub { $measured{ $_[1] } = $_[2] } });
    $session->send('x');
    wait_for(sub { @{ $listener->{heard} } && defined $session->stat(STAT_RTT) }, 'a round trip');
    cmp_ok($session->stats->{bytes_tx}, '>', 0);
    wait_for(sub { defined $measured{ +STAT_RTT } }, 'a statistic');
    is($server->stat(SERVER_STAT_SESSIONS), 1);
    is($server->stats->{accepted_sessions}, 1);
    like($server->metrics, qr/cryo_sessions/);
    raises(ERR_INVALID, sub { $server->stat(999) });
};

case 'a close has its code and reason, on both sides' => sub {
    my $ended;
    my (undef, $listener, $session) = pair({ on_closed => sub { $ended = $_[1] } }, { reconnect_attempts => 0 });
    $session->close(4321, 'genug ☃');
    wait_for(sub { $ended && $listener->{closed} }, 'the close');
    is($ended, 4321);
    is_deeply($listener->{closed}, [4321, 'genug ☃']);
    raises(ERR_CLOSED, sub { $session->send('late') });
    ok(!$session->is_open);
    is($session->parameter('name'), 'Al', 'who holds it can still ask');
};

case 'broadcasts and sends to many' => sub {
    my ($server, $one) = pair();
    my $two = client($server);
    wait_for(sub { $server->session_count == 2 });
    is($server->broadcast('all'), 2);
    wait_for(sub { @{ $one->{heard} } && @{ $two->{heard} } });
    is_deeply([Cryo::send_many([$server->sessions], 'many', BINARY)], [2, OK, OK]);
    $server->broadcast('not one', UTF8, $server->find($one->{client}->session->id));
    wait_for(sub { @{ $one->{heard} } == 2 && @{ $two->{heard} } == 3 });
    is_deeply($one->{heard}, ['all', 'many']);
};

case 'what a handler dies of is reported, and ends nothing' => sub {
    my $told;
    my (undef, $listener) = pair({
        on_message => sub { my ($session, $data) = @_; die "broken\n" if $data eq 'bad'; $session->send($data) },
        on_error   => sub { $told = "@_" },
    });
    $listener->{client}->send('bad');
    $listener->{client}->send('good');
    wait_for(sub { "@{ $listener->{heard} }" eq 'good' });
    is($told, "broken\n message");
    my @warnings;
    local $SIG{__WARN__} = sub { push @warnings, @_ };
    $listener->{client}->on(message => sub { die "unheard\n" });
    $listener->{client}->send('good');
    wait_for(sub { @warnings });
    is_deeply(\@warnings, ["cryo: message: unheard\n"]);
};

case 'options are checked' => sub {
    for my $options ({ prot => 1 }, { port => 65536 }, { port => 1.5 }, { threads => 0 }, { host => "a\0b" }, { on_mesage => sub { } },
        { allowed_origin => 'no origin' }, { validator => 1 }, { tls_files => 'one' }, { port => 'x' })
    {
        raises(ERR_INVALID, sub { Cryo::Server->new(%$options) }, join ' ', %$options);
    }
    ok(keep(Cryo::Server->new(
        port => 0, allowed_origin => ['https://a.example', 'https://b.example'], metrics => 'token', health => 1,
        max_total_queued_bytes => 2**40, trusted_proxy => '10.0.0.0/8', drop_policy => DROP_NEWEST, queue_capacity => [100, 1_000_000],
    )));
};

case 'a port that is taken is told' => sub {
    my $second = keep(Cryo::Server->new(port => server()->port));
    raises(ERR_ADDRESS_IN_USE, sub { $second->start });
};

case 'handlers may close and stop, but not poll' => sub {
    my ($server, $listener) = pair({}, { reconnect_attempts => 0 });
    $server->on(message => sub {
        raises(ERR_STATE, sub { $server->poll });
        $server->close;
    });
    $listener->{client}->send('x');
    wait_for(sub { $server->is_closed && $listener->{closed} });
    is_deeply($listener->{closed}, [4000, 'Server shutdown.']);
    raises(ERR_STATE, sub { $server->port });
};

case 'draining' => sub {
    my ($server) = pair();
    $server->drain(1, 0, code => 1012, reason => 'moved');
    ok($server->wait(PATIENCE));
};

case 'pausing, acknowledging, expiring' => sub {
    my ($ended, $outcome);
    my (undef, $listener, $session) = pair(
        { manual_ack => 1, on_message => sub { $_[0]->ack($_[3]) }, on_closed => sub { $ended = "$_[1] $_[2]" } });
    $listener->{client}->send('x', UTF8, receipt => sub { $outcome = [@_] });
    wait_for(sub { $outcome }, 'a receipt');
    is($outcome->[0], RECEIPT_ACKNOWLEDGED);
    cmp_ok($outcome->[1], '>=', 0);
    $session->pause_reading;
    $session->resume_reading;
    $session->ping;
    $session->set_expiry_ms(NEVER);
    $session->set_expiry_ms(0);
    wait_for(sub { $ended }, 'the end');
    is($ended, '4001 Token expired.');
};

case 'the descriptor' => sub {
    my $server = server();
    my $told;
    $server->on(session => sub { $told = 1 });
    client($server);
    my $watched = '';
    vec($watched, $server->fd, 1) = 1;
    is(scalar(select $watched, undef, undef, PATIENCE), 1);
    wait_for(sub { $told });
    $server->wake;
    is($server->poll(PATIENCE), 0);
};

case 'other loops' => sub {
    for my $loop (qw(AnyEvent IO::Async)) {
      SKIP: {
            skip "there is no $loop", 1 unless eval "require $loop" . ($loop eq 'IO::Async' ? '::Loop' : '') . '; 1';
            my $server = server(on_message => sub { my ($session, $data, $kind) = @_; $session->send($data, $kind) });
            my ($done, $turn, @watchers);
            if ($loop eq 'AnyEvent') {
                my $condition = AnyEvent->condvar;
                $done = sub { $condition->send };
                $turn = sub { $condition->recv };
            } else {
                my $io_async = IO::Async::Loop->new;
                $done = sub { $io_async->stop };
                $turn = sub { $io_async->run };
                push @watchers, $io_async;
            }
            my $client = keep(Cryo::Client->new(
                url        => 'ws://127.0.0.1:' . $server->port,
                token      => TOKEN,
                on_session => sub { $_[0]->send('hello') },
                on_message => sub { $done->() },
            ));
            $client->start;
            for my $each ($server, $client) {
                push @watchers, AnyEvent->io(fh => $each->fd, poll => 'r', cb => sub { $each->poll }) if $loop eq 'AnyEvent';
                $watchers[0]->watch_io(handle => $each->fh, on_read_ready => sub { $each->poll }) if $loop eq 'IO::Async';
            }
            $turn->();
            pass($loop);
            $watchers[0]->unwatch_io(handle => $_->fh, on_read_ready => 1) for $loop eq 'IO::Async' ? ($server, $client) : ();
        }
    }
};

case 'peers' => sub {
    my $there = server(on_message => sub { $_[0]->send("got $_[1]") });
    my $heard;
    my $here = server(on_message => sub { $heard = [@_] }, on_session => sub { $_[0]->send('hello') });
    my $peer = $here->connect_peer(url => 'ws://127.0.0.1:' . $there->port, token_provider => sub { TOKEN });
    wait_for(sub { $heard }, 'the answer');
    is($heard->[0], $peer);
    is($heard->[1], 'got hello');
    ok($peer->is_peer);
};

case 'the library tells about itself' => sub {
    is(Cryo::abi_version(), ABI_VERSION);
    is(Cryo::version(), $Cryo::VERSION);
    is($Cryo::VERSION, join '.', VERSION_MAJOR, VERSION_MINOR, VERSION_PATCH);
    like(Cryo::build_info(), qr/libuv/);
    Cryo::set_log(LOG_WARNING);
};

done_testing;
