#!/usr/bin/perl
# R11: leaving with living children asks; kill, leave (with who adopts them) and cancel.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $sleep = 'cp.spawn("sleep", { "300" }, { detached = true, stdio = "ignore" }).pid';
my $t = Tmux->new(shell => 1, rows => 40);
$t->start;
$t->enter($sleep);
$t->enter('cp.spawn("sh", { "-c", "trap : TERM; while :; do sleep 0.2; done" }, { stdio = "ignore" })');
$t->sees(sub { $t->bottom =~ /^moon\[2p\]> *$/ }, 'two children');
$t->enter('.exit');
$t->sees(qr/^2 children are still alive:\n.*sleep 300.*^\[k\]ill  \[l\]eave  \[c\]ancel$/ms, 'asks');
$t->keys('c');
$t->sees(sub { $t->bottom =~ /^moon\[2p\]> *$/ }, 'cancel goes on');
$t->keys('C-d');
$t->wait_for(sub { (() = $t->screen =~ /\[c\]ancel/g) == 2 });
$t->keys('k');
$t->sees(qr/^SIGKILL for those that did not listen/m, 'kill insists');
$t->sees(sub { $t->bottom =~ /^\$ *$/ }, 'the shell is back');

$t->enter('clear');
$t->start;
$t->enter($sleep);
$t->sees(sub { $t->bottom =~ /^moon\[1p\]> *$/ }, 'one child');
my ($pid) = $t->screen =~ /^(\d+)$/m;
$t->enter('.exit');
$t->wait_for(qr/\[c\]ancel/);
$t->keys('l');
$t->sees(sub { $t->bottom =~ /^\$ *$/ }, 'leave ends the prompt');
my ($adopter) = $t->screen =~ /^pid $pid goes to pid (\d+) /m;
ok($adopter, 'and says who adopts');
open my $stat, '<', "/proc/$pid/stat";
my ($ppid) = (<$stat> // '') =~ /^\d+ \(.*\) \S (\d+)/;
is($ppid, $adopter, 'as it then is');
kill 'KILL', $pid;
done_testing;
