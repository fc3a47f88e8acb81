#!/usr/bin/perl
# `moonfork top` in a second terminal finds the run of a chapter.
# timeout: 900
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Walk;

plan skip_all => 'tmux is not installed' unless grep { -x "$_/tmux" } split /:/, $ENV{PATH};

my $w = Walk->new;
$w->begin_at('long');
$w->lesson('90');
$w->bar(qr/Two that stay/, 'a run that stays');
$w->key('r');
$w->sees(qr/\| child \d+ of \d+/, 'it is on');
my $other = Walk->new(dir => $w->{dir});
$other->{t}->enter('clear; ' . Tmux::quote(Tmux::command('top')) . ' | cat');
$other->sees(qr/^2 procs .* A script .* B script /ms, 'top shows its processes');
$w->key('C-c');
$w->bar(qr/stopped\s+reclaimed/, 'and it ends');
done_testing();
