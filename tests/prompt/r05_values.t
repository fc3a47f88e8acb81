#!/usr/bin/perl
# R5: values as the prompt shows them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 60);
$t->enter('{1,{2},n=nil,f=print}');
$t->sees(qr/^\{ 1, \{ 2 \}, f = function: builtin.* \}$/m, 'a table');
$t->enter('t = {}; t.self = t');
$t->enter('t');
$t->sees(qr/<cycle 1>|\[Circular \*1\]/, 'a cycle');
$t->enter('local big = {}; for i = 1, 10000 do big[i] = i end');
$t->enter('big');
$t->sees(qr/9900 more/, 'a long list is cut');
$t->enter('Buffer.from("hi")');
$t->sees(qr/^<Buffer 68 69>$/m, 'a Buffer');
$t->enter('"text"');
$t->sees(qr/^"text"$/m, 'a string in quotes');
$t->enter('nil');
$t->sees(qr/^nil$/m, 'nil of an expression');
$t->enter('("abc"):find("b")');
$t->sees(qr/^2  2$/m, 'several values');
$t->enter('print("only this")');
$t->sees(qr/^only this\nmoon>/m, 'no value, nothing shown');
$t->enter('cp.fork(function() setInterval(function() end, 1000) end)');
$t->sees(qr/^ChildProcess #1 pid \d+ running, ipc open, 0 queued$/m, 'a child is one line');
$t->enter('_:kill()');
$t->sees(sub { $t->bottom =~ /^moon> *$/ }, '_ is the last value');
$t->enter('v(-1), v(-2).killed');
$t->sees(qr/^true  true$/m, 'v(n) counts back');
done_testing;
