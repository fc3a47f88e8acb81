#!/usr/bin/perl
# The whole course walks by itself, once in each language: every run, known answer, change and solution, with
# nothing left behind; start files fail, wrong solutions are refused.
# timeout: 3600
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Program;
use Sandbox;
use Test::More;

my $dir = folder();
my %env = (MOONFORK_PROGRESS => "$dir/progress", MOONFORK_WORK => "$dir/work", TMPDIR => $dir, XDG_RUNTIME_DIR => '');
my $slow = ($ENV{MOONFORK_TEST_SCALE} || 100) < 100;

sub lesson {
  my ($env, @args) = @_;
  return Sandbox::run(command => [Sandbox::prefix(), Sandbox::program(), 'lesson', @args], capture => 1,
    env => { %env, %$env }, limit => 1200);
}

# Each line of the program's is one of ours.
sub proved {
  my ($r, $name) = @_;
  my @bad = @{ $r->{left} };
  push @bad, 'not ended in time' if $r->{timeout};
  push @bad, "exit code $r->{code}" if $r->{code};
  push @bad, $r->{out} =~ /^(not ok.*(?:\n#.*)*)/mg;
  ok(!@bad, $name) or diag(join "\n", @bad, $r->{err});
}

my $lessons = "$Sandbox::top/lessons";
my $tiny = "$FindBin::Bin/fixtures/lessons";
proved(lesson({ TINY_ENDS => 1 }, 'check', '--times', 3, '--wrong', "$FindBin::Bin/wrong", $tiny), 'a small course is proved');
like(lesson({ TINY_ENDS => 1, MOONFORK_LESSONS => $tiny }, '--auto', '--lang', 'zh')->{out}, qr/^1 章，0 处错误$/m, 'in Chinese');

my @chapters = glob "$lessons/[0-9][0-9]-*";
my @guides = grep { -e "$_/guide.lua" } @chapters;
SKIP: {
  skip 'with a sanitizer only the small course', 2 + @guides if $slow;
  proved(lesson({}, '--auto', '--lang', $_), "the whole course, $_") for qw(en zh);
  proved(lesson({}, 'check', '--times', 1, '--wrong', "$FindBin::Bin/wrong", $_), s{.*/}{}r . ' is what it should be')
    for @guides;
}
is_deeply([glob "$dir/progress.runs/*"], [], 'no record is left');
is_deeply([glob "$dir/moonfork-lesson-*"], [], 'no scratch folder is left');
ok(!-e "$dir/progress", 'nobody has made progress by that');
done_testing();
