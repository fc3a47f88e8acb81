#!/usr/bin/perl
# At the prompt process.stdin says that the editor holds the terminal.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new;
$t->enter('process.stdin:on("data", print)');
$t->sees(qr/ERR_STDIN_HELD\]: the prompt's editor holds the terminal/, 'told');
$t->enter('"typed"');
$t->sees(qr/^"typed"$/m, 'and the keys still reach the editor');
done_testing;
