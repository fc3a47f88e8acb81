#!/usr/bin/perl
# A student walks through a chapter in a terminal: right and wrong answers, hints, the solution, back, the
# list, the free prompt, both languages, closing and coming back.
# timeout: 900
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Walk;

plan skip_all => 'tmux is not installed' unless grep { -x "$_/tmux" } split /:/, $ENV{PATH};

my $w = Walk->new;
$w->lesson('90');
$w->bar(qr/A tiny course · 1\/9 · say.*The first words\./s, 'a chapter begins');
$w->key('n');
$w->bar(qr/What is 1 \+ 1\?.*1  one.*2  two/s, 'a question with its choices');
$w->key('1');
$w->sees(qr/you said 1 \(one\), it is 2 \(two\), because.*both are counted/s, 'a wrong answer is explained');
$w->bar(qr/reclaimed 1 process, 0 ports, 0 leaked/, 'nothing is left of the run');
$w->key('b');
$w->bar(qr/1\/9 · say.*The first words\./s, 'one step back');
like($w->progress, qr{^90-tiny/begin done .*^90-tiny/sum done tries=1 hints=0 shown=0 right=0$}ms, 'going back keeps marks');
$w->key('n');
$w->bar(qr/2\/9 · predict.*Your answer \(1-2\)\?/s, 'and forward again');
$w->key('2');
$w->bar(qr/you said 2 \(two\), and so it is, because/, 'the right answer');
$w->key('n');
$w->bar(qr/3\/9 · run.*A child is forked.*beside it: \.ps.*look: two rows/s, 'a run says what to look at');
$w->key('r');
# The leak check of a sanitizer is a process of its own, which is sometimes seen.
$w->bar(qr/\| exit 3\s+\.ps\s.*reclaimed [23] processes, 0 ports, 0 leaked/ms, 'it runs, and its view is shown');
$w->key('n');
$w->sees(qr/in your own words.*>\s*\z/s, 'a question for free text');
$w->enter('.lang zh');
$w->sees(qr/4\/9 · 说说看.*用自己的话说。.*>\s*\z/s, 'the language changes at any moment');
$w->enter('.lang en');
$w->sees(qr/4\/9 · explain.*in your own words.*>\s*\z/s, 'and back');
$w->enter('a child is a process');
$w->enter('of its own');
$w->enter('');
$w->bar(qr/kept.*5\/9 · try.*file: \S+\/work\/90-tiny\/sum\.lua/s, 'the text is kept; a copy is made');
like($w->progress, qr/own-words done .* said=a child is a process\\nof its own$/m, 'as it was written');
open my $out, '>', "$w->{dir}/work/90-tiny/sum.lua" or die;
print $out "print('sum ' .. 1 + 2)\n";
close $out;
$w->bar(qr/\| sum 3.*what differs now: the sum is three/s, 'saving the file runs it');
$w->key('x');
$w->bar(qr/yours is kept as\s+\S+sum\.lua\.1/, 'x resets it');
ok(-s "$w->{dir}/work/90-tiny/sum.lua.1", 'and keeps the old one');
$w->key('n');
$w->bar(qr/6\/9 · run.*Two that stay/s, 'the next one');
$w->key('r');
$w->sees(qr/\| child \d+ of \d+/, 'it runs for ever');
$w->key('C-c');
$w->bar(qr/stopped\s+reclaimed 2 processes, 1 port, 0 leaked/, 'C-c ends the run, and all that it started');
$w->key('n');
$w->bar(qr/7\/9 · exercise.*h hint.*s solution/s, 'an exercise');
$w->key('h');
$w->bar(qr/1\/3 First hint\./, 'a hint');
$w->key('h');
$w->bar(qr/2\/3 Second hint\./, 'the next one');
$w->key('r');
$w->bar(qr/not seen: 2 and 3 give 5 \(it is: 2\)/, 'what is missing is named');
$w->key('s');
$w->bar(qr/return function\(a, b\) return a \+ b end/, 'the solution');
$w->{t}->keys('-R');
open $out, '>', "$w->{dir}/work/90-tiny/.add.lua.swp" or die;
close $out;
$w->{t}->keys('h');
$w->bar(qr/3\/3 Third hint\./, 'the last hint');
is(scalar(() = $w->{t}->screen =~ /q quit/g), 1, 'what an editor writes beside the file brings no second bar');
open $out, '>', "$w->{dir}/work/90-tiny/add.lua.tmp" or die;
print $out "return function(a, b) return b + a end\n";
close $out;
rename "$w->{dir}/work/90-tiny/add.lua.tmp", "$w->{dir}/work/90-tiny/add.lua";
$w->bar(qr/passed/, 'an editor that renames is heard, too');
like($w->progress, qr{^90-tiny/add done tries=2 hints=3 shown=1}m, 'tries, hints and showing are counted');
$w->key('p');
$w->sees(qr/^moon.*> *$/m, 'the free prompt');
$w->{t}->enter('.lesson next');
$w->sees(qr/lesson next.*q quit\s*\z/s, '.lesson next comes back');
$w->key('l');
$w->sees(qr/\[x\]  1  say.*6  run.*Which one .*\?\s*\z/s, 'the list of steps');
$w->enter('8');
$w->bar(qr/8\/9 · run.*The end/s, 'a jump');
$w->key('q');
$w->sees(qr/`moonfork lesson 90` goes on here/, 'q leaves');
ok(Walk::until_true(sub { !$w->runs }), 'no record of a run is left');

# The terminal is closed in the middle; the student comes back, in Chinese.
my $again = Walk->new(dir => $w->{dir}, lang => 'zh');
$again->lesson('90');
$again->bar(qr/你在第 8 步，共 9 步。.*8\/9 · 运行.*结束。/s, 'coming back: where it was, in Chinese');
$again->key('r');
$again->bar(qr/回收了 1 个进程、0 个端口，泄漏 0 个/, 'the runner speaks Chinese');
$again->key('n');
$again->sees(qr/先打印哪个词？.*你的答案：/s, 'a question for a word');
$again->enter(' SUM ');
$again->sees(qr/正是如此，因为.*只有它。/s, 'blanks and case do not matter');
$again->{t}->close;
ok(Walk::until_true(sub { !$again->runs }), 'closing the terminal leaves no record');

my $three = Walk->new(dir => $w->{dir});
$three->lesson;
$three->sees(qr/\[s\] 90  A tiny course +5 min  8\/9/, 'the catalogue');
$three->lesson('report', '--json');
$three->sees(qr/"step": "add", "kind": "exercise", "mark": "done", "tries": 2, "hints":/, 'the report');

# A chapter that was done is walked once more, and left in the middle.
my $more = Walk->new(lang => 'zh');
open $out, '>', "$more->{dir}/progress" or die;
print $out "90-tiny/$_ done tries=1 hints=0 shown=0 right=1\n" for qw(begin sum family own-words more long add last word);
print $out "at 90-tiny/family\n";
close $out;
$more->lesson('90');
$more->bar(qr/你在第 3 步，共 9 步。.*3\/9 · 运行/s, 'it goes on there');
$more->key('q');
$more->enter('clear');
$more->lesson('report', '90');
$more->sees(qr/^   begin +讲解 +完成 +尝试 1 次.*^   sum +预测 +完成/ms, 'the report in Chinese');
done_testing();
