# Sends each message back, and prints its port: a program of bench/languages.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Cryo;

$| = 1;
my $server = Cryo::Server->new(port => 0, validator => sub { 1 });
$server->on(message => sub { my ($session, $data, $kind) = @_; $session->send($data, $kind) });
$server->start;
print $server->port, "\n";
$server->run;
