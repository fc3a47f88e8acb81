#!/usr/bin/perl
# Every lesson runs by itself, ends, leaves nothing behind, and prints what its sample prints; where
# Node is installed the sample's JavaScript is run as well and held against the same transcript.
# timeout: 900
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Lessons;
use Normalise;
use Sandbox;
use Test::More;

my $samples = Lessons::samples();
my $limit = 100;

# Runs one program and compares; one line of TAP for all that can be wrong with it.
sub compare {
  my ($what, $command, $dir, $fact, $want) = @_;
  my $r = Sandbox::run(command => $command, cwd => $dir, limit => $limit, capture => 1);
  my @bad;
  push @bad, "not ended within $r->{limit} s" if $r->{timeout};
  push @bad, "ended by signal $r->{signal}" if $r->{signal} && !$r->{timeout};
  push @bad, "exit code $r->{code}, expected $fact->{exit}" if !$r->{signal} && $r->{code} != $fact->{exit};
  push @bad, @{ $r->{left} };
  if (defined $want) {
    my $got = Normalise::text($r->{out}, $fact->{ordered});
    push @bad, "the transcript differs\n--- expected\n$want--- got\n$got" if $got ne $want;
  }
  ok(!@bad, $what) or diag(join("\n", @bad), "\n--- stderr\n$r->{err}");
}

for my $lesson (Lessons::all()) {
  my @missing = grep { !length($lesson->{$_} // '') } qw(title watch try);
  ok(!@missing, "$lesson->{name}: has its head") or diag("missing: @missing");
  my $fact = { argv => [], exit => 0, ordered => 1 };
  my $want;
  if (my $sample = $lesson->{sample}) {
    if (!$samples->{$sample}) { fail("$lesson->{name}: sample $sample is known"); next }
    $fact = $samples->{$sample};
    $want = Lessons::expected($sample, 1);
  }
  compare("$lesson->{name}: runs" . ($want ? " and prints what $lesson->{sample} prints" : ''),
    [Sandbox::prefix(), Sandbox::program(), $lesson->{file}, @{ $fact->{argv} }], $lesson->{dir}, $fact, $want);
}

my ($node, $why) = Lessons::node();
for my $twin (Lessons::counterparts()) {
  my $fact = $samples->{ $twin->{sample} };
  if (!$fact) { fail("$twin->{sample}: is known"); next }
  SKIP: {
    skip "$twin->{sample} in Node: $why", 1 unless $node;
    compare("$twin->{sample} in Node", [$node, $fact->{entry}, @{ $fact->{argv} }], $twin->{dir}, $fact,
      Lessons::expected($twin->{sample}, 0));
  }
}
done_testing();
