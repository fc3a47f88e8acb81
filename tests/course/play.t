#!/usr/bin/perl
# The free prompt of a lesson, and the course's commands at any prompt: .node.
# timeout: 200
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Walk;

plan skip_all => 'tmux is not installed' unless grep { -x "$_/tmux" } split /:/, $ENV{PATH};

my $w = Walk->new;
$w->begin_at('family');
$w->lesson('90');
$w->bar(qr/A child is forked/, 'a step whose script has a sample');
$w->enter('.node');
$w->bar(qr/-- family\.lua.*fork\(__filename, \{.*-- main\.js.*fork\(__filename, \[/s, '.node shows both');
$w->enter('.node S90');
$w->bar(qr/there is no lesson 'S90'\. Near to it:\s+family/, 'a name that is none');
$w->key('p');
$w->sees(qr/^moon.*> *$/m, 'the free prompt');
$w->enter('.node');
$w->sees(qr/-- family\.lua.*-- main\.js.*\(code\) =>.*^moon/sm, '.node in play: that of the step');
$w->enter('.node S901');
$w->sees(qr/-- family\.lua.*-- main\.js.*^moon/sm, 'by its number');
$w->enter('.lesson next');
$w->bar(qr/lesson next/, 'back in the lesson');
$w->key('q');
$w->sees(qr/`moonfork lesson 90` goes on here/, 'q leaves');

my $prompt = Walk->new(dir => $w->{dir});
$prompt->{t}->start;
$prompt->enter('.node');
$prompt->sees(qr/-- main\.js.*\(code\) =>.*^moon/sm, 'at any prompt: that of the step where one is');
$prompt->enter('.node fam');
$prompt->sees(qr/-- family\.lua.*-- main\.js.*^moon/sm, 'by a part of its name');
$prompt->enter('.node zzz');
$prompt->sees(qr/there is no lesson 'zzz'.*^moon/sm, 'nothing of that name');
done_testing();
