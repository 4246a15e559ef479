# Extensions: hooks before sending and after receiving.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/../lib";
use Support;
use Test::More;

use Cryo qw(:constants);

case 'hooks pass, replace and stop' => sub {
    my (@got, @told, @directions);
    my ($server, $listener, $session) = pair({ on_message => sub { push @got, $_[1] } });
    $server->add_extension(Cryo::Extension->new(
        'shouting',
        before_send_utf8 => sub { \uc $_[1] },
        on_receive_utf8  => sub { my ($from, $data, $hook) = @_; push @directions, $hook->direction; $data ne 'secret' },
        on_register      => sub { push @told, $_[0] },
        on_unregister    => sub { push @told, "-$_[0]" },
    ));
    $session->send('hello');
    $listener->{client}->send('secret');
    $listener->{client}->send('open');
    wait_for(sub { "@{ $listener->{heard} }" eq 'HELLO' && "@got" eq 'open' });
    is_deeply(\@directions, [ON_RECEIVE, ON_RECEIVE]);
    is($server->find_extension('shouting')->name, 'shouting');
    is($server->find_extension('none'), undef);
    raises(ERR_EXISTS, sub { $server->add_extension(Cryo::Extension->new('shouting')) });
    $server->remove_extension('shouting');
    raises(ERR_NOT_FOUND, sub { $server->remove_extension('shouting') });
    is("@told", 'shouting -shouting');
    $session->send('quiet');
    wait_for(sub { $listener->{heard}[-1] eq 'quiet' });
};

case 'a hook that dies has failed' => sub {
    Cryo::set_log(LOG_OFF);
    my (@errors, $outcome);
    my @broken = (before_send_binary => sub { die "broken\n" });
    my ($server, $listener, $session) = pair({ on_error => sub { push @errors, $_[1] } });
    $server->add_extension(Cryo::Extension->new('broken', @broken));
    $session->send_binary('never', receipt => sub { $outcome = [@_] });
    $session->send('text');
    wait_for(sub { "@{ $listener->{heard} }" eq 'text' && $outcome });
    is_deeply($outcome, [RECEIPT_VETOED, undef, 'broken']);
    is_deeply(\@errors, ['a hook of broken']);
    $server->remove_extension('broken');
    $server->add_extension(Cryo::Extension->new('looking', @broken, on_failure => HOOK_PASS));
    $session->send_binary('all the same');
    wait_for(sub { $listener->{heard}[-1] eq 'all the same' });
    Cryo::set_log(LOG_WARNING);
};

case 'a hook can answer later' => sub {
    my (undef, $listener, $session) = pair();
    my @kept;
    $listener->{client}->add_extension(
        Cryo::Extension->new('slow', timeout_ms => 60_000, on_receive_utf8 => sub { push @kept, $_[2]; $_[2]->later }));
    $session->send('one');
    wait_for(sub { @kept });
    ok($kept[0]->replace('first'));
    ok(!$kept[0]->pass);
    $session->send('two');
    wait_for(sub { @kept == 2 });
    $kept[1]->stop;
    $session->send('three');
    wait_for(sub { @kept == 3 });
    is($kept[2]->data, 'three');
    $kept[2]->pass;
    wait_for(sub { "@{ $listener->{heard} }" eq 'first three' });
    $listener->{client}->remove_extension('slow');
};

case 'hooks that there are not' => sub {
    raises(ERR_INVALID, sub { Cryo::Extension->new('x', before_send => sub { }) });
    raises(ERR_INVALID, sub { server()->add_extension(Cryo::Extension->new('')) });
};

done_testing;
