#!/usr/bin/perl
# `moonfork lesson check`: what it refuses in a guide, each with its place.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Program;
use Sandbox;
use Test::More;

binmode $_, ':utf8' for Test::More->builder->output, Test::More->builder->failure_output;
my $both = 'en = "text", zh = "文字"';
my $wide = 'x' x 90;

sub chapter {
  my ($steps, %more) = @_;
  my $head = delete $more{head} // 'title = { en = "T", zh = "题" }, minutes = 5';
  utf8::encode(my $guide = "return { $head, steps = { $steps } }");
  return folder('90-try/guide.lua' => $guide, '90-try/a.lua' => 'print(1)', map { ("90-try/$_" => $more{$_}) } keys %more);
}

sub refuses {
  my ($name, $want, @chapter) = @_;
  says(run('lesson', 'check', chapter(@chapter) . '/90-try'), 1, qr/$want/, '', $name);
}

refuses('a text without Chinese', 'step 1 \(a\): has no zh', '{ say = "a", en = "text" }');
refuses('a title without English', 'title has no en', "{ say = 'a', $both }", head => 'title = { zh = "题" }, minutes = 1');
refuses('a chapter without minutes', 'has no minutes', "{ say = 'a', $both }", head => 'title = { en = "T", zh = "题" }');
refuses('two steps of one name', 'step 1 has this name, too', "{ say = 'a', $both }, { say = 'a', $both }");
refuses('a kind that there is not', 'is none of explain, say', "{ tell = 'a', $both }");
refuses('a field that there is not', 'no step has the field loook', "{ say = 'a', $both, loook = 1 }");
refuses('a line that stands as it is and is too wide', '92 columns wide', "{ say = 'a', en = '  $wide', zh = '文' }");
refuses('Chinese counts two columns', '82 columns wide', "{ say = 'a', en = 'x', zh = '  " . ('文' x 40) . "' }");
refuses('a script that is not there', 'there is no b.lua', "{ run = 'a', $both, view = '.ps', look = { $both }, script = 'b.lua' }");
refuses('a script outside of the chapter', 'must lie in', "{ run = 'a', $both, view = '.ps', look = { $both }, script = '../b.lua' }");
refuses('a prediction without what is right', 'has no answer', "{ predict = 'a', $both, script = 'a.lua', known = 1, because = { $both } }");
refuses('an exercise with two hints', 'has 2 hints, not 3',
  "{ exercise = 'e', $both, hints = { { $both }, { $both } }, check = { { function() end, $both } } }",
  'exercises/e/start.lua' => '', 'exercises/e/solution.lua' => '');
refuses('an exercise without a solution', 'there is no exercises/e/solution.lua',
  "{ exercise = 'e', $both, hints = { { $both }, { $both }, { $both } }, check = { { function() end, $both } } }",
  'exercises/e/start.lua' => '');
my $exercise = "{ exercise = 'e', $both, hints = { { $both }, { $both }, { $both } }, check = { { function() end, $both } } }";
my %code = map { ("exercises/e/$_.lua" => "-- What is asked.\n") } qw(start solution);
my $whole = chapter($exercise, %code, 'exercises/e/start.lua' => '-' x 78 . "\n");
says(run('lesson', 'check', "$whole/90-try"), 1, qr/\A(?!.*columns wide)/s, '', 'code of 78 columns is not refused');
refuses('a start file that would fold', 'exercises/e/start.lua:2 is 79 columns wide, at most 78', $exercise, %code,
  'exercises/e/start.lua' => "-- What is asked.\n" . '-' x 79 . "\n");
utf8::encode(my $chinese = '-- ' . '文' x 38);
refuses('a solution that would fold', 'exercises/e/solution.lua:1 is 79 columns wide', $exercise, %code,
  'exercises/e/solution.lua' => $chinese);
refuses('a check in one language', 'check\[1\] has no zh', "{ run = 'a', $both, view = '.ps', look = { $both }, script = 'a.lua',
  check = { { function() end, en = 'x' } } }");
refuses('too few steps', '0 runs, 0 predictions, 0 exercises', "{ say = 'a', $both }");
refuses('an error in the file', 'attempt to call a nil value \(global .require.\)', '', head => 'title = require "fs"');
says(run('lesson', '--help'), 0, qr/^Usage: moonfork lesson /, '', '--help prints the usage');
says(run('lesson', '--wide'), 2, '', qr/^moonfork lesson: bad option: --wide$/m, 'an option that there is not is named');
says(run('lesson', '1', '--wide'), 2, '', qr/bad option: --wide$/m, 'behind a chapter, too');
says(run('lesson', '--lang=zh'), 0, qr/\xe5\x88\x86\xe9\x92\x9f/, '', '--lang=zh');
my %zh = (env => { MOONFORK_LANG => 'zh' });
my ($usage, $unknown, $report, $none) = map { utf8::encode(my $text = $_); $text } '用法', '没有这个选项，或它的值不对：--wide', '未做',
  '没有第 99 章';
says(run(\%zh, 'lesson', '--help'), 0, qr/^$usage/, '', 'usage in Chinese');
says(run(\%zh, 'lesson', '--wide'), 2, '', qr/$unknown/, 'a bad option');
says(run(\%zh, 'lesson', 'report', '8'), 0, qr/$report/, '', 'the report');
says(run('lesson', '--lang=zh', 'report', '99'), 1, qr/$none/, '', 'a chapter that there is not');
says(run({ env => { MOONFORK_PROGRESS => '/proc/none/progress', NO_COLOR => 1 } }, 'lesson', '1'), 1,
  qr{/proc/none/progress\.runs: .*MOONFORK_PROGRESS.*MOONFORK_WORK}s, undef, 'what cannot be written is named');
SKIP: {
  my $bare = q{mount -t tmpfs none /proc && exec "$0" lesson};
  skip 'no /proc can be taken away here', 1
    if ($ENV{MOONFORK_TEST_SCALE} || 100) < 100 || system("unshare -rm sh -c 'mount -t tmpfs none /proc' 2>/dev/null") != 0;
  open my $in, '-|', 'unshare', '-rm', 'sh', '-c', "$bare 2>&1", Sandbox::program() or die;
  local $/;
  like(<$in>, qr/^moonfork: \/proc is not mounted/, 'that /proc is missing is said');
}
says(run('lesson', 'check', folder()), 1, qr/no guide.lua, and no chapters/, '', 'a folder without chapters');

done_testing();
