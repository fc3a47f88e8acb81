#!/usr/bin/perl
# The whole course by itself, COURSE_ROUNDS times (20), with eight busy loops beside it: no step fails.
# timeout: 20000
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Program;
use Sandbox;
use Test::More;

my $dir = folder();
my @busy;
for (1 .. 8) {
  my $pid = fork // die "fork: $!\n";
  if (!$pid) { my $parent = getppid; 1 while getppid == $parent }
  push @busy, $pid;
}
for my $round (1 .. $ENV{COURSE_ROUNDS} || 20) {
  my $r = Sandbox::run(command => [Sandbox::prefix(), Sandbox::program(), 'lesson', '--auto'], capture => 1, limit => 1800,
    env => { MOONFORK_LESSONS => "$Sandbox::top/lessons", MOONFORK_PROGRESS => "$dir/progress", TMPDIR => $dir });
  my @bad = $r->{out} =~ /^(not ok.*(?:\n#.*)*)/mg;
  ok(!$r->{code} && !@bad, "round $round") or diag(join "\n", "exit code $r->{code}", @bad, $r->{err});
}
kill 'KILL', @busy;
waitpid $_, 0 for @busy;
done_testing();
