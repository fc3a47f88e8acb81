#!/usr/bin/perl
# R1: output of timers, children and uncaught errors goes above a half-typed line, which stays intact.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new;
$t->enter('setInterval(function() print("tick") end, 100)');
$t->sees(qr/^tick$/m, 'a timer prints');
$t->type('half typed = {');
$t->sees(sub { $t->bottom eq 'moon> half typed = {' }, 'the line is at the bottom');
my $ticks = () = $t->screen =~ /^tick$/mg;
$t->sees(sub { my $n = () = $t->screen =~ /^tick$/mg; $n > $ticks + 2 }, 'it prints on');
is($t->bottom, 'moon> half typed = {', 'the line stays');
like($t->cursor, qr/^20,/, 'the cursor is behind it');
$t->keys('C-c');
$t->enter('c = cp.fork(function() setInterval(function() print("child", process.ppid) end, 100) end)');
my $pid = $t->program_pid;
$t->sees(qr/^child\s+$pid$/m, 'a child prints');
$t->type('half');
$t->sees(sub { $t->bottom eq 'moon[1p]> half' }, 'a child is counted, the line is intact');
$t->keys('C-u');
$t->enter('setTimeout(function() nosuch.x = 1 end, 50)');
$t->type('half');
$t->sees(qr/^Uncaught \(in timer/m, 'an uncaught error is told');
$t->sees(sub { $t->bottom =~ /^moon\[1p\]> half$/ }, 'the line is still there');
$t->keys('C-u');
$t->enter('c:kill()');
$t->sees(sub { $t->bottom =~ /^moon> $|^moon>$/ }, 'the child is gone');
$t->keys('C-d');
ok($t->gone, 'and so is the prompt');

my $dots = Tmux->new;
$dots->enter('cp.spawn("sh", { "-c", "for i in 1 2 3 4 5 6; do printf .; sleep 0.05; done; sleep 60" }, ' .
  '{ stdio = "inherit" })');
$dots->sees(qr/^\.{6}$/m, 'a child\'s dots grow one line');
$dots->keys('C-d', 'k');
ok($dots->gone, 'the child is ended with the prompt');

$t = Tmux->new;
$t->enter('setTimeout(function() io.write("\\27[31mred\\n\\27[0m") end, 50); io.write("\\27[32mgreen\\n\\27[0m")');
$t->sees(qr/^green\n(?!\n)(.*\n)*red\nmoon> *\n*\z/m, 'what only ends a colour has no row');
done_testing;
