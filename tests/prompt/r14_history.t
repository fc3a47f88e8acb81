#!/usr/bin/perl
# R14: suggestion, search, prefix; two prompts do not lose each other's lines.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new;
$t->enter('first = 11');
$t->enter('second = 22');
$t->type('f');
$t->sees(sub { $t->bottom =~ /^moon> first = 11$/ }, 'the rest is suggested');
$t->keys('Right', 'Enter');
$t->enter('first');
$t->sees(qr/^11$/m, 'and taken');
$t->keys('C-r');
$t->type('sec');
$t->sees(sub { $t->bottom =~ /second = 22/ }, 'Ctrl-R finds');
$t->keys('Enter');
$t->prompt;
$t->type('fi');
$t->keys('Up');
$t->wait_for(qr/moon> first[^\n]*(?:\n11)?\s*\z/); # its value may stand below already
$t->keys('Enter');
$t->sees(sub { (() = $t->screen =~ /^11$/mg) == 2 }, 'Up with a prefix');

my $other = Tmux->new;
$other->answer('third = 33');
$t->answer('fourth = 44');
$_->keys('C-d') for $t, $other;
ok($t->gone && $other->gone, 'both end');
open my $in, '<', $ENV{MOONFORK_HISTORY} or die "no history";
my $text = do { local $/; <$in> };
like($text, qr/third = 33.*fourth = 44/s, 'both lines are there');
done_testing;
