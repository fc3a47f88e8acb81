#!/usr/bin/perl
# A function typed at the prompt goes to a child unless it reads a name that the session has defined.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 60);
$t->enter('x = 5; local y = 6');
$t->enter('cp.fork(function() print(x) end)');
$t->sees(qr/the function reads 'x', which/, 'a global of the session');
$t->enter('cp.fork(function() local x = 1; print(x, y) end)');
$t->sees(qr/the function reads 'y', which/, 'a local of the session; its own is fine');
$t->enter('function work() print("child works", type(_G.print), x == nil) end; cp.fork(work)');
$t->sees(qr/reads 'x'(?:.*reads 'x')/s, 'a function of a name');
$t->enter('f = function() print("not sent", x) end c = cp.fork(function() z = 7; print("sent", z) end)');
$t->sees(qr/^sent\s+7$/m, 'of two in a line the one that is meant');
$t->enter('c = cp.fork(function() process:on("message", function(m) process.send(m .. "!") end) end)');
$t->enter('c:send("hi") local m = await(events.once(c, "message"))[1]');
$t->enter('m');
$t->sees(qr/^"hi!"$/m, 'messages with a function that needs nothing');
$t->enter('c:disconnect()');
$t->sees(sub { $t->bottom =~ /^moon> *$/ }, 'it ends');
done_testing;
