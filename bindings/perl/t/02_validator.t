# Who is let in.
use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Support;
use Test::More;

use Cryo qw(:constants);

# The HTTP status that a client is refused with, and its text; nothing once it is connected.
sub verdict {
    my ($validator, %options) = @_;
    my @refused;
    my $listener = client(server(validator => $validator, %options),
        reconnect_attempts => 0, on_attempt_failed => sub { @refused = @_[2, 3] });
    wait_for(sub { $listener->{connected} || $listener->{closed} });
    return wantarray ? @refused : $refused[0];
}

case 'only true and values let in' => sub {
    is(scalar verdict(sub { 1 }), undef);
    is(scalar verdict(sub { 'a' eq 'a' }), undef);
    is(scalar verdict(sub { {} }), undef);
    is(scalar verdict($_), 401) for sub { 0 }, sub { }, sub { 'yes' }, sub { 2 }, sub { [] }, undef;
};

case 'a validator that dies refuses' => sub {
    my $told;
    is(scalar verdict(sub { die "broken\n" }, on_error => sub { $told = $_[1] }), 401);
    is($told, 'validator');
};

case 'refusing with a status and words' => sub {
    my ($status, $text) = verdict(sub { $_[0]->refuse(403, 'not you', 1000) });
    is($status, 403);
    like($text, qr/not you/);
    ($status, $text) = verdict(sub { $_[0]->reject('old token') });
    is($status, 401);
    like($text, qr/old token/);
};

case 'a ticket tells about the request' => sub {
    my @facts;
    pair({ validator => sub {
        my ($auth) = @_;
        @facts = ($auth->token, $auth->parameter('name'), $auth->path, $auth->header('upgrade'), $auth->proxy_address,
            $auth->parameter('none'), $auth->peer_certificate);
        return $auth->remote_address =~ /\A127\.0\.0\.1:/;
    } });
    is_deeply(\@facts, [TOKEN, 'Al', '/', 'websocket', '', undef, undef]);
};

case "values and claims are the session's" => sub {
    my (undef, undef, $session) = pair({ validator => sub {
        my ($auth) = @_;
        $auth->set_claim(user => 'Zoë ☃');
        $auth->set_expiry_ms(1_000_000);
        return { role => 'admin' };
    } });
    is($session->values->{role}, 'admin');
    is($session->claim('user'), 'Zoë ☃');
    is($session->claim('none'), undef);
};

case 'a ticket can be answered later, and once' => sub {
    my ($kept, $session);
    my $server = server(validator => sub { $kept = $_[0]; $kept->later }, on_session => sub { $session = $_[0] });
    client($server);
    wait_for(sub { $kept });
    ok($kept->accept({ late => 1 }));
    ok(!$kept->accept);
    ok(!$kept->reject);
    wait_for(sub { $session });
    is($session->values->{late}, 1);
};

case 'a client may take the place of a session' => sub {
    my ($server, $first) = pair({ validator => sub { $_[0]->replace } });
    client($server, token => 'another', session_id => $first->{client}->session->id);
    wait_for(sub { $first->{closed} });
    is($first->{closed}[1], 'Taken over.');
};

done_testing;
