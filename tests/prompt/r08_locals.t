#!/usr/bin/perl
# R8: top-level locals live on, in every shape; an erroring one leaves its name free.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 80);
sub gives {
  my ($line, $want, $name) = @_;
  $t->keys('C-l');
  $t->enter($line);
  $t->sees(qr/^moon> \Q$line\E\n(?:\(.*\n)*$want\nmoon> *\n*\z/m, $name // $line);
}
$t->enter('local x = 1');
$t->sees(qr/^\(kept for the next lines; in a file a local ends with its chunk/m, 'a note, the first time');
gives('x', '1');
$t->enter('local x = 2');
gives('x', '2', 'declared again');
unlike($t->screen, qr/kept for the next lines/, 'without another note');
$t->enter('local a, b = 3, 4');
gives('a + b', '7');
$t->enter('local function fact(n) return n < 2 and 1 or n * fact(n - 1) end');
gives('fact(5)', '120');
$t->enter('local c <const> = 9');
$t->sees(qr/<const> is not kept/, 'said of <const>');
gives('c', '9');
$t->enter('local d <close> = setmetatable({}, { __close = function() print("closed") end })');
$t->sees(qr/^closed$/m, 'a <close> variable is closed with its line');
gives('d', 'nil');
$t->enter('local n');
gives('n', 'nil');
$t->enter('do local inner = 1 end; for i = 1, 2 do local w = i end');
gives('inner, w', 'nil  nil', 'locals of blocks stay there');
$t->enter('local p = 1; local q = p + 1');
gives('q', '2', 'two on a line');
$t->enter('local t = {} t.f = function() local k = 5 return k end');
gives('t.f()', '5', 'a statement behind it, a local in a function');
$t->enter('local y = nosuch()');
gives('y', 'nil', 'an error leaves the name free');
$t->enter('local y = 1');
gives('y', '1', 'for the next try');
$t->enter('local print = 5');
$t->enter('_G.print("the global")');
$t->sees(qr/^the global$/m, 'a global of the same name is only hidden');
done_testing;
