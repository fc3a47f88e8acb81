#!/usr/bin/perl
# R20: Ctrl-Z and fg keep the half-typed line; resizing leaves one copy.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(shell => 1, env => { TERM => 'screen' });
$t->enter('set -m');
$t->start;
$t->type('half a line');
$t->sees(sub { $t->bottom eq 'moon> half a line' }, 'typed');
$t->keys('C-z');
$t->sees(sub { $t->bottom =~ /^\$ *$/ }, 'the shell is there');
$t->enter('echo sane');
$t->sees(qr/^\$ echo sane\nsane$/m, 'and its terminal is sane');
$t->enter('fg');
$t->sees(sub { $t->bottom eq 'moon> half a line' }, 'fg brings the line back');
$t->resize(34, 24);
$t->resize(90, 24);
$t->sees(sub { $t->bottom eq 'moon> half a line' }, 'resized');
$t->keys('C-u');
$t->enter('1 + 1');
$t->sees(qr/^2$/m, 'works on');
$t->keys('C-d');
$t->sees(sub { $t->bottom =~ /^\$ *$/ }, 'left');
done_testing;
