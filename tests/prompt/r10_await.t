#!/usr/bin/perl
# R10: a line may await; timers go on, lines typed meanwhile wait their turn.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 60);
$t->enter('go = nil; setInterval(function() print("tick") end, 100)');
$t->enter('local m = await(Promise(function(r) go = r end))');
$t->sees(sub { $t->bottom =~ m{^moon[|/\\-] *$} }, 'a spinner in the prompt');
my $ticks = () = $t->screen =~ /^tick$/mg;
$t->sees(sub { my $n = () = $t->screen =~ /^tick$/mg; $n > $ticks }, 'timers go on');
$t->enter('"typed meanwhile", m');
$t->keys('C-c');
$t->sees(qr/stopped waiting/, 'Ctrl-C ends it');
$t->enter('setTimeout(go, 300, 42); local n = await(Promise(function(r) setTimeout(r, 300, 43) end))');
$t->enter('"typed meanwhile", n');
$t->sees(qr/^"typed meanwhile"  43$/m, 'the value is bound before the next line runs');
$t->enter('await(Promise.reject(Error "no"))');
$t->sees(qr/^Error: no$/m, 'a rejection is an error of the line');
$t->enter('Promise.resolve(7)');
$t->sees(qr/^Promise \{ 7 \}$/m, 'a promise as a value is not awaited');
done_testing;
