#!/usr/bin/perl
# .kill, .stop, .cont and .slow at the prompt: each says what it did and what came of it; the prompt itself,
# threads and processes of others are refused.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../prompt";
use Test::More;
use Tmux;

my $t = Tmux->new(env => { NO_COLOR => 1 }, rows => 50);
sub fork_child {
  my ($name, $code) = @_;
  $t->enter(qq{$name = cp.fork(function() $code process.send "up" end) await(events.once($name, "message")) print("$name is up")});
  $t->wait_for(qr/^$name is up$/m);
}

fork_child('b', 'process:on("message", function(m) print("got " .. m) end)');
fork_child('c', 'process:on("SIGTERM", function() end) setInterval(function() end, 1000)');
$t->enter('.stop B');
$t->sees(qr/^B \(pid \d+\) stopped: state T after \d+ ms$/m, '.stop');
$t->enter('.kill b');
$t->sees(qr/^B \(pid \d+\) got SIGTERM and lives on after 1000 ms: state T, it is stopped:\s+\.cont\s+lets\s+it/m,
  'a stopped one takes no signal');
$t->enter('.cont B');
$t->sees(qr/^B \(pid \d+\) (?:goes on: state|has ended meanwhile)/m, '.cont');
$t->sees(sub { $t->bottom =~ /^moon\[1p\]> *$/ }, 'and the signal that waited ends it');
$t->enter('.kill C');
$t->sees(qr/^C \(pid \d+\) got SIGTERM and lives on after 1000 ms: state \w, it\s+handles\s+or\s+ignores/m,
  'one that handles the signal lives on');
$t->enter('.kill -KILL #2');
$t->sees(qr/^C \(pid \d+\) was killed by SIGKILL after \d+ ms$/m, '.kill -KILL, by #n');
$t->enter('.kill C');
$t->sees(qr/^C ended: .*SIGKILL/m, 'one that has ended: said how');
fork_child('d', 'process:on("SIGUSR2", function() process.exit(9) end) setInterval(function() end, 1000)');
$t->enter('.kill -12 ' . '#3');
$t->sees(qr/^D \(pid \d+\) exited with code 9 after \d+ ms$/m, 'a signal by its number; the code that came of it');

$t->keys('C-l');
$t->enter('.kill A');
$t->sees(qr/^A \(pid \d+\) is this prompt: \.exit leaves it$/m, 'the prompt is refused');
$t->enter('.stop A');
$t->sees(sub { (() = $t->screen =~ /is this prompt: \.exit leaves it$/mg) == 2 }, 'by .stop, too');
$t->enter('.kill 1');
$t->sees(qr/^1 is not of this run$/m, 'a process of others');
$t->enter('.kill -WHAT D');
$t->sees(qr/^There is no signal -WHAT;/m, 'no such signal');
$t->enter('.kill');
$t->sees(qr/^\.kill \[-SIGNAL\] NAME/m, 'no name');

fork_child('e', 'process:on("message", function(m) print("got " .. m) end)');
$t->enter('.slow E 300');
$t->sees(qr/^E \(pid \d+\): each message it receives now waits 300 ms first; \.slow E 0 ends\s+that$/m, '.slow');
$t->enter('e:send "late" print "sent"');
$t->sees(qr/^sent\n(?:true\n)?(?:moon.*\n)?got late$/m, 'the message arrives');
$t->enter('.slow E 0');
$t->sees(qr/^E \(pid \d+\): messages arrive at once again$/m, '0 ends it');
$t->enter('.slow E 99999999');
$t->sees(qr/^\.slow: at most \d+ ms$/m, 'there is a limit');
$t->enter('.slow E');
$t->sees(qr/^\.slow NAME MILLISECONDS/m, 'no number');
$t->enter('s = cp.spawn("sleep", { "60" })');
$t->wait_for(sub { $t->bottom =~ /^moon\[2p\]> *$/ });
$t->enter('.slow #5 100');
$t->sees(qr/^sleep \(pid \d+\) cannot be slowed down: it\s+has\s+no\s+ring\s+in\s+this\s+run.s\s+trace\s+folder/m, 'one without a door');
$t->enter('.slow A 20');
$t->sees(qr/^A \(pid \d+\): each message it receives now waits 20 ms/m, 'the prompt may be slowed down');
$t->enter('.kill #5');
$t->sees(qr/^sleep \(pid \d+\) was killed by SIGTERM after \d+ ms$/m, 'any process of the run may be killed');
$t->enter('.trace off');
$t->enter('u = cp.spawn("sleep", { "60" }) print "started"');
$t->wait_for(qr/^started$/m);
$t->enter('.kill #6');
$t->sees(sub { (() = $t->screen =~ /^sleep \(pid \d+\) was killed by SIGTERM/mg) == 2 || $t->screen =~ /^sleep \(pid \d+\) has ended, \d+ ms after SIGTERM/m },
  'also one whose start was not recorded');
$t->type('.kill ');
$t->keys('Tab');
$t->sees(sub { $t->bottom =~ /^moon\[1p\]> \.kill/ && $t->screen =~ /^A\s+E\b/m }, 'Tab offers those that live');
$t->keys('C-u');
$t->enter('e:kill() process.exit()');
ok($t->gone, 'ends');
done_testing;
