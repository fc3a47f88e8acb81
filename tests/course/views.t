#!/usr/bin/perl
# The live views at a step: F2 or Alt-v over a run that goes on, and the last run by .top, .lanes, .i and the
# others. The step itself is as it was.
# timeout: 200
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
$w->bar(qr/beside it: \.ps \(F2 while it runs, \.ps afterwards\)/, 'a run and its view');
$w->key('F2');
$w->bar(qr/Nothing has run yet/, 'there is nothing to show before a run');
$w->enter('.lanes');
$w->bar(qr/Nothing has run yet/, 'neither by a command');
$w->enter(".record $w->{dir}/a.cast");
$w->bar(qr/Recording to/, 'it is recorded');
$w->key('r');
$w->sees(qr/\| child \d+ of \d+/, 'a run that stays');
$w->{t}->keys('F2');
$w->sees(qr/^moonfork top  2 procs.* A script .* B script /ms, 'F2 shows it while it goes on');
$w->{t}->keys('l');
$w->sees(qr/^moonfork lanes.*start long\.lua/ms, 'another view');
$w->{t}->keys('q');
$w->sees(qr/^moonfork top  2 procs/m, 'and back');
$w->{t}->keys('Escape', 'v');
$w->sees(qr/\| child \d+ of \d+\s*\z/, 'Alt-v gives the lesson back');
$w->{t}->keys('Escape', 'v');
$w->sees(qr/^moonfork top  2 procs/m, 'and opens the views, too');
$w->{t}->keys('C-c');
$w->sees(qr/\| child \d+ of \d+\s*\z/, 'Ctrl-C there ends the view, not the run');
$w->key('C-c');
$w->bar(qr/stopped\s+reclaimed 2 processes, 1 port, 0 leaked/, 'here the run');
like($w->progress, qr{^at 90-tiny/long$}m, 'the step is the same');
unlike($w->progress, qr{^90-tiny/long done}m, 'and is not done');
$w->{t}->keys('F2');
$w->sees(qr/^moonfork top  0 procs.* A script .*ENDED/ms, 'F2 afterwards: what was');
$w->{t}->keys('q');
$w->bar(qr/stopped\s+reclaimed 2/, 'the lesson is as it was');
$w->enter('.ps');
$w->bar(qr/\.ps of the last run \(long\).* A script .* B script /s, '.ps of the last run');
$w->enter('.lanes');
$w->bar(qr/\.lanes of the last run \(long\).*start long\.lua/s, '.lanes');
$w->enter('.loop A');
$w->bar(qr/\.loop of the last run \(long\).*A/s, '.loop of one process');
$w->enter('.loop Q');
$w->bar(qr/"?\bQ\b/, 'a letter that none has');
$w->enter('.lanes 3 A B C');
$w->bar(qr/^\.lanes \[LEVEL\] \[NAME\] \[-f\]$/m, 'how it is written');
$w->enter('.i A');
$w->bar(qr/long\.lua.*ended at/s, '.i');
$w->enter('.kill A');
$w->bar(qr/\.kill is for processes that live.*Press p/s, '.kill: where it can be done');
$w->enter('.nonsense');
$w->bar(qr/There is no \.nonsense at a step\..*\.lang zh\|en.*\.top \.ps \.lanes/s, 'what is no command');
$w->enter('.lesson 4');
$w->bar(qr/q leaves this chapter; then `moonfork lesson 4`/, 'another chapter');
$w->enter('.lang zh');
$w->bar(qr/6\/9 · 运行.*可以同时看：\.ps/s, 'in Chinese');
$w->enter('.threads');
$w->bar(qr/\.threads：上一次运行（long）/, 'the views, too');
$w->key('q');
$w->sees(qr/从这里继续/, 'q leaves');
like(Walk::slurp("$w->{dir}/a.cast"), qr/moonfork top  2 procs/, 'the view is in the recording');
ok(Walk::until_true(sub { !$w->runs && !glob "$w->{dir}/moonfork-lesson-*" }), 'nothing is left');

# The terminal is closed while the views are open over a run; and the runner is asked to end.
my $closed = Walk->new;
$closed->begin_at('long');
$closed->lesson('90');
$closed->bar(qr/Two that stay/, 'a run again');
$closed->{t}->keys('r');
$closed->sees(qr/\| child \d+ of \d+/, 'it is on');
$closed->{t}->keys('F2');
$closed->sees(qr/^moonfork top  2 procs/m, 'and its views');
my ($id) = $closed->runs;
is(scalar(Walk::carriers($id)), 2, 'two processes are alive');
$closed->{t}->close;
ok(Walk::until_true(sub { !$closed->runs && !Walk::carriers($id) }), 'nothing is left when the terminal is gone');

my $ended = Walk->new;
$ended->begin_at('last');
$ended->lesson('90');
$ended->bar(qr/The end/, 'a short run');
$ended->{t}->keys('r');
$ended->bar(qr/reclaimed 1 process/, 'it is over');
$ended->{t}->keys('F2');
$ended->sees(qr/^moonfork top  0 procs/m, 'its views');
my ($runner) = grep { Walk::slurp("/proc/$_/cmdline") =~ /\0lesson\0/ && Walk::slurp("/proc/$_/environ") =~ m{PROGRESS=\Q$ended->{dir}\E/} }
  map { m{(\d+)} } glob '/proc/[0-9]*';
kill 'TERM', $runner;
$ended->sees(qr/goes on here\.\s+\$\s*\z/, 'SIGTERM gives the terminal back');
$ended->{t}->enter('echo back');
$ended->sees(qr/^back$/m, 'as it was found');
done_testing();
