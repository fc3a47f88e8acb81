#!/usr/bin/perl
# R13: the prompt counts living children.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new;
$t->enter('list = {}; for i = 1, 2 do list[i] = cp.fork(function() setInterval(function() end, 1000) end) end');
$t->sees(sub { $t->bottom =~ /^moon\[2p\]> *$/ }, 'two');
$t->type('half');
$t->sees(sub { $t->bottom =~ /^moon\[2p\]> half$/ }, 'half a line');
kill 'TERM', $1 if `ps -o pid= --ppid @{[$t->program_pid]}` =~ /(\d+)/;
$t->sees(sub { $t->bottom =~ /^moon\[1p\]> half$/ }, 'changes under a half-typed line');
$t->keys('C-u');
$t->enter('for _, c in ipairs(list) do c:kill() end');
$t->sees(sub { $t->bottom =~ /^moon> *$/ }, 'none');
$t->enter('.set children 3');
$t->enter('for i = 1, 5 do cp.fork(function() setInterval(function() end, 1000) end) end');
$t->sees(qr/3 children are alive: the prompt starts no\s+more/, 'a limit');
$t->keys('C-d', 'k');
ok($t->gone, 'all end');
done_testing;
