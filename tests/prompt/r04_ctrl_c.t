#!/usr/bin/perl
# R4: Ctrl-C drops a half line, stops what runs, cancels only the await, and asks on an empty line.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new;
$t->type('half a line');
$t->keys('C-c');
$t->sees(qr/^moon> half a line\^C\nmoon>/m, 'the line is kept with ^C, a fresh prompt comes');

my $count = 0;
for my $loop ('while true do end', 'while true do pcall(error) end',
  'coroutine.wrap(function() while true do end end)()') {
  $count++;
  $t->enter("print('in $count') $loop");
  $t->wait_for(qr/^in $count$/m);
  $t->keys('C-c');
  $t->sees(sub { (() = $t->screen =~ /^interrupted$/mg) == $count }, "stopped: $loop");
}
like($t->screen, qr/^interrupted\n\s+at .*moon>\[\d+\]:1/m, 'with the place');

SKIP: {
  skip 'ThreadSanitizer holds back a signal from another thread', 2 if ($ENV{MOONFORK_VARIANT} || '') =~ /tsan/;
  $t->enter('setTimeout(function() print("in it"); while true do end end, 1)');
  $t->wait_for(qr/^in it$/m);
  $t->keys('C-c');
  $t->sees(sub { (() = $t->screen =~ /^interrupted$/mg) == $count + 1 }, 'a timer that blocks the loop');
  $t->enter('"alive"');
  $t->sees(qr/^"alive"$/m, 'and the prompt goes on');
}

$t->enter('cp.fork(function() setInterval(function() end, 1000) end)');
$t->sees(sub { $t->bottom =~ /^moon\[1p\]> *$/ }, 'a child lives');
$t->type('x');
$t->keys('C-c');
$t->enter('"still"');
$t->sees(qr/^"still"\nmoon\[1p\]>/m, 'Ctrl-C at the prompt leaves it alone');
$t->enter('await(Promise(function() end))');
$t->sees(sub { $t->bottom =~ m{^moon[^ ]*[|/\\-] *$} }, 'a line waits');
$t->keys('C-c');
$t->sees(qr/stopped waiting/, 'Ctrl-C ends the waiting');
$t->sees(sub { $t->bottom =~ /^moon\[1p\]> *$/ }, 'and the child lives on');
$t->enter('print("in 5") while true do end');
$t->wait_for(qr/^in 5$/m);
$t->keys('C-c');
$t->sees(qr/\^C \(also sent to 1 child in this group\)/, 'while a line runs the group gets it: said');
$t->sees(sub { $t->bottom =~ /^moon> *$/ }, 'and the child is gone');

$t->enter('cp.fork(function() setInterval(function() end, 1000) end)');
$t->sees(sub { $t->bottom =~ /^moon\[1p\]> *$/ }, 'another one');
$t->keys('C-c', 'C-c');
$t->sees(qr/\[k\]ill  \[l\]eave  \[c\]ancel/, 'Ctrl-C twice on an empty line asks');
$t->keys('k');
ok($t->gone, 'k ends it all');
done_testing;
