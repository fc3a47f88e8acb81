#!/usr/bin/perl
# Ctrl-C inside a child ends the line there and nothing else: one that blocks, one that waits, one that
# blocks after it has waited; neither the child nor the group gets a signal they could notice.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../prompt";
use Test::More;
use Tmux;

plan skip_all => 'ThreadSanitizer holds back a signal while Lua runs' if ($ENV{MOONFORK_VARIANT} || '') =~ /tsan/;

my $t = Tmux->new(env => { NO_COLOR => 1 });
my $prompt = sub { $t->bottom =~ /^moon:B> *$/ };
$t->enter('c = cp.fork(function() ticks = 0 process:on("SIGINT", function() print "SIGINT came" end) setInterval(function() ticks = ticks + 1 end, 20) process.send "up" end)');
$t->enter('await(events.once(c, "message"))');
$t->enter('.in B');
$t->wait_for($prompt);
my $stopped = 0;
for my $line ('while true do end', 'while true do pcall(error) end', 'coroutine.wrap(function() while true do end end)()',
  'Promise.resolve():andThen(function() while true do end end)') {
  $t->enter($line);
  $t->sees(qr/^\(the line blocks B \(pid \d+\) for \d+\.\d s.*Ctrl-C\s+ends\s+it\)$/ms, "said to block: $line") if !$stopped;
  $t->wait_for(sub { $t->bottom !~ /^moon:B> *$/ });
  $t->keys('C-c');
  $stopped++;
  $t->sees(sub { (() = $t->screen =~ /^interrupted$/mg) == $stopped }, "stopped: $line");
  $t->wait_for($prompt);
}
like($t->screen, qr/^interrupted\n\s+at .*moon:B>\[\d+\]:1$/m, 'with the place');

$t->keys('C-l');
$t->enter('await(Promise(function() end))');
$t->sees(sub { $t->bottom =~ m{^moon:B[|/\\-] *$} }, 'a line waits');
$t->keys('C-c');
$t->sees(qr/^\(stopped waiting; what the line waited for goes on\)$/m, 'Ctrl-C ends the waiting');
$t->wait_for($prompt);
$t->enter('await(Promise(function(r) setTimeout(r, 30) end)) while true do end');
$t->sees(qr/^\(the line blocks/m, 'a line that blocks after it has waited');
$t->keys('C-c');
$t->sees(sub { (() = $t->screen =~ /^\(stopped waiting/mg) == 2 }, 'is stopped as well');
$t->wait_for($prompt);
$t->enter('while true do print "flood" end');
$t->sees(qr/(?:flood\n){5}/, 'a line that prints without end');
$t->keys('C-c');
$t->sees(qr/^interrupted$/m, 'is stopped, too');
$t->wait_for($prompt);
$t->enter('local before = ticks await(Promise(function(r) setTimeout(r, 100) end)) print("goes on", ticks > before)');
$t->sees(qr/^goes on\s+true$/m, 'the child lives on');
unlike($t->screen, qr/SIGINT came/, 'and has had no SIGINT');
$t->enter('process.exit()');
$t->sees(qr/^B \(pid \d+\) exited with code 0; this is the prompt again$/m, 'process.exit there ends it, and the prompt is back');
$t->enter('process.exit()');
ok($t->gone, 'ends');
done_testing;
