#!/usr/bin/perl
# The free prompt of a lesson, and the course's commands at any prompt: .node, .present, .record.
# timeout: 900
use strict;
use warnings;
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
$w->enter(".record $w->{dir}/a.cast");
$w->bar(qr/Recording to.*the free prompt, too/s, 'the lesson is recorded');
$w->key('p');
$w->sees(qr/^exit 3\s.*^moon.*> *$/ms, 'the free prompt, below what the script prints');
$w->enter('"for" .. "ty-two"');
$w->sees(qr/^"forty-two"$/m, 'it is used');
$w->enter('.record off');
$w->sees(qr/the lesson records this in/, 'and recorded with the lesson');
$w->enter('.node');
$w->sees(qr/-- family\.lua.*-- main\.js.*\(code\) =>.*^moon/sm, '.node in play: that of the step');
$w->enter('.node S901');
$w->sees(qr/-- family\.lua.*-- main\.js.*^moon/sm, 'by its number');
$w->enter('.lesson next');
$w->bar(qr/lesson next/, 'back in the lesson');
$w->enter('.record off');
$w->bar(qr/Nothing is recorded any more/, '.record off');
my $cast = Walk::slurp("$w->{dir}/a.cast");
like($cast, qr/\A\{"version": 2, "width": 80, .*Recording to.*A free prompt;.*"\\"forty-two.*lesson next.*q quit.*record off/s,
  'lesson, prompt and lesson are in one file') or diag $cast;
like($cast, qr/A free prompt;.*exit 3.*forty-two/s, 'with what the script printed');
my @times = $cast =~ /^\[([\d.]+), "[or]", ".*"\]$/mg;
is(scalar @times, ($cast =~ tr/\n//) - 1, 'one head, the rest are events');
is_deeply(\@times, [sort { $a <=> $b } @times], 'in the order of time');
$w->enter(".record $w->{dir}/a.cast");
$w->bar(qr/is there\s+already/, 'nothing is written over');
$w->key('p');
$w->sees(qr/^moon.*> *$/m, 'the free prompt again');
$w->enter('.present --speed 4');
$w->bar(qr/Present mode, speed 4: Space goes on.*3\/9 · run.*A child is forked/s, '.present in play comes back in present mode');
$w->key('r');
$w->bar(qr/ms  A  proc\.start .*ms  B  proc\.start /s, 'a run is told process by process');
$w->key('q');
$w->sees(qr/`moonfork lesson 90` goes on here/, 'q leaves');

my $played = Walk->new;
$played->begin_at('family');
$played->lesson('90');
$played->bar(qr/3\/9 · run/, 'a step whose script prints late');
$played->key('p');
$played->sees(qr/^exit 3$/m, 'what it prints has its own line at the free prompt');
$played->enter('.lesson next');
$played->bar(qr/lesson next/, 'back');

my $prompt = Walk->new(dir => $w->{dir});
$prompt->begin_at("family");
$prompt->{t}->start;
$prompt->enter('.node');
$prompt->sees(qr/-- main\.js.*\(code\) =>.*^moon/sm, 'at any prompt: that of the step where one is');
$prompt->enter('.node fam');
$prompt->sees(qr/-- family\.lua.*-- main\.js.*^moon/sm, 'by a part of its name');
$prompt->enter('.node zzz');
$prompt->sees(qr/there is no lesson 'zzz'.*^moon/sm, 'nothing of that name');
$prompt->enter('.present 90 --speed 3');
$prompt->bar(qr/A tiny course.*Present mode, speed 3.*3\/9 · run/s, '.present CHAPTER opens it');
$prompt->key('BSpace');
$prompt->bar(qr/2\/9 · predict/, 'Backspace goes back');
$prompt->key('b');
$prompt->bar(qr/1\/9 · say/, 'to the first step');
$prompt->key('Space');
$prompt->bar(qr/2\/9 · predict/, 'Space goes on');
$prompt->key('q');
$prompt->sees(qr/goes on here\..*^moon.*> *$/sm, 'and back at the prompt');
$prompt->enter('.present');
$prompt->bar(qr/Present mode, speed 1.*2\/9 · predict/s, '.present alone: where one is');
$prompt->key('q');
$prompt->sees(qr/goes on here\..*^moon.*> *$/sm, 'back again');
$prompt->enter('.present nothing');
$prompt->sees(qr/There is no chapter nothing/, 'no such chapter');
done_testing();
