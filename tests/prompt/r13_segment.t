#!/usr/bin/perl
# R13: the prompt counts living children and threads; a blocked one turns its count red and adds a mark.
use strict;
use warnings;
use File::Temp qw(tempdir);
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

# each is blocked until there is a file
my $dir = tempdir(CLEANUP => 1);
my $wait = q{local function wait(name) while not io.open("%s/" .. name) do end end };
$wait = sprintf $wait, $dir;
my $b = Tmux->new;
$b->enter(q{c = cp.fork(function() } . $wait . q{ process:on("message", wait) end)});
$b->enter(q{w = worker_threads.Worker([==[} . $wait . q{ require"worker_threads".parentPort:on("message", wait)]==], { eval = true })});
$b->sees(sub { $b->bottom =~ /^moon\[1p 1t\]> *$/ }, 'a child and a thread');
$b->enter('c:send("child")');
$b->sees(sub { $b->bottom =~ /^moon\[1p! 1t\]> *$/ }, 'the child is blocked');
like($b->colours, qr/\e\[31m1p!/, 'red');
$b->type('half');
$b->sees(sub { $b->bottom =~ /^moon\[1p! 1t\]> half$/ }, 'half a line');
open my $go, '>', "$dir/child" or die $!;
$b->sees(sub { $b->bottom =~ /^moon\[1p 1t\]> half$/ }, 'the mark goes, nobody types');
like($b->cursor, qr{^17,}, 'the cursor is behind the text');
$b->keys('C-u');
$b->enter('w:postMessage("thread")');
$b->sees(sub { $b->bottom =~ /^moon\[1p 1t!\]> *$/ }, 'the thread is blocked');
open $go, '>', "$dir/thread" or die $!;
$b->sees(sub { $b->bottom =~ /^moon\[1p 1t\]> *$/ }, 'and goes on');
$b->enter('w:terminate()');
$b->sees(sub { $b->bottom =~ /^moon\[1p\]> *$/ }, 'the thread has ended');
$b->keys('C-d', 'k');
ok($b->gone, 'all end');
done_testing;
