#!/usr/bin/perl
# R2: a block is one buffer with indentation, one entry of the history, also after a restart.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new;
$t->enter('function add(a,b)');
$t->enter('return a+b');
$t->enter('end');
$t->sees(qr/^moon> function add\(a,b\)\n {8}return a\+b\n {6}end\nmoon>/m, 'indented, without a prompt sign');
$t->enter('add(1,2)');
$t->sees(qr/^3$/m, 'it is defined');
$t->keys('Up', 'Up');
$t->sees(qr/moon> function add\(a,b\)\n {8}return a\+b\n {6}end\n*\z/, 'Up brings the whole block');
$t->keys('Up', 'End', 'BSpace');
$t->type('b * 10');
$t->keys('Down', 'End', 'Enter');
$t->enter('add(1,2)');
$t->sees(qr/^21$/m, 'edited in its middle and run');
$t->keys('C-d');
ok($t->gone, 'Ctrl-D on an empty line ends it');

my $again = Tmux->new;
$again->keys('Up', 'Up');
$again->sees(qr/moon> function add\(a,b\)\n {8}return a\+b \* 10|moon> function add\(a,b\)\n {8}return a\+b/,
  'the next prompt knows the block');
$again->keys('C-c', 'C-l');
$again->type("function at_once()\rreturn 1\rend\r");
$again->prompt;
$again->keys('Up');
$again->sees(qr/^moon> function at_once\(\)\n {8}return 1\n {6}end$/m, 'keys that come together are indented as well');
done_testing;
