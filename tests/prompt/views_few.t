#!/usr/bin/perl
# The views with few descriptors: those of the collector lie high, but where the limit is low they lie low.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(shell => 1);
$t->enter('ulimit -n 60');
$t->start;
$t->enter('.ps');
$t->sees(qr/^\d+ +A prompt /m, '.ps shows the run');
unlike($t->screen, qr/no views|Nothing is traced/, 'without a complaint');
$t->keys('C-l');
$t->enter('.ports');
$t->sees(qr/^No process of this run listens/m, '.ports, too');
done_testing;
