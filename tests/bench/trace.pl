#!/usr/bin/perl
# trace.pl WITHOUT RECORD: what the flight recorder costs. WITHOUT is a program built with TRACE=0.
#
# A round is a message to a child and back; ROUNDS of them (200,000, less by MOONFORK_TEST_SCALE) are run by
# the build without it, by the ordinary one twice (the second against the first is the noise) and by the
# ordinary one recording, in turn, 21 times: what else the machine does hits all. The medians of the pairs'
# ratios are held against the bars, to which the noise is added. Instructions of a round come from callgrind,
# for the parent. RECORD prints the nanoseconds of one record beside those of the clock that it reads.
# BENCH_STRICT=1: a missed bar gives exit code 1.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Temp ();
use Sandbox;

my ($without, $record) = @ARGV;
die "usage: trace.pl WITHOUT RECORD\n" unless $record && -x $without;
my $program = Sandbox::program();
my $rounds = int(200_000 * ($ENV{MOONFORK_TEST_SCALE} || 100) / 100) || 1000;
my $pairs = $ENV{BENCH_PAIRS} || 21;
my $dir = File::Temp->newdir('moonfork-bench-XXXXXX', TMPDIR => 1);
my $missed = 0;

sub median {
  my @sorted = sort { $a <=> $b } @_;
  return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}

sub number {
  my ($key, @command) = @_;
  delete local $ENV{MOONFORK_TRACE_DIR};
  open my $out, '-|', @command or die "$command[0]: $!\n";
  my ($found) = map { /^\Q$key\E ([\d.]+)$/ ? $1 : () } <$out>;
  close $out;
  die "@command: no $key\n" unless defined $found;
  return $found;
}

sub rounds { return number('round_ns', @_, "$FindBin::Bin/trace-rounds.lua", $rounds) }

sub judge {
  my ($what, $percent, $bar) = @_;
  my $met = $percent <= $bar;
  $missed++ unless $met;
  printf "  %-58s %9.2f %%   <= %.2f %%  %s\n", $what, $percent, $bar, $met ? 'met' : 'MISSED';
}

printf "the flight recorder: %d pairs of %d rounds of a message to a child and back\n", $pairs, $rounds;
my (%ratios, %times);
for (1 .. $pairs) {
  my %t = (without => rounds($without), off => rounds($program), again => rounds($program));
  $t{on} = rounds($program, "--trace=$dir/$_");
  system 'rm', '-rf', "$dir/$_";
  push @{ $times{$_} }, $t{$_} for keys %t;
  push @{ $ratios{off} }, $t{off} / $t{without};
  push @{ $ratios{noise} }, $t{again} / $t{off};
  push @{ $ratios{on} }, $t{on} / $t{off};
}
printf "  %-58s %9.0f ns\n", "a round, $_->[1]", median(@{ $times{ $_->[0] } })
  for [ 'without', 'built without it' ], [ 'off', 'off' ], [ 'on', 'recording' ];
my %percent = map { $_ => 100 * (median(@{ $ratios{$_} }) - 1) } keys %ratios;
my $noise = abs $percent{noise};
printf "  %-58s %9.2f %%\n", 'the same program against itself: the noise', $percent{noise};
judge('off, against a build without it', $percent{off}, 1 + $noise);
judge('recording, against off', $percent{on}, 10 + $noise);

# Instructions: the difference of two lengths is what the rounds alone take. It differs a little from run to
# run, as the kernel tells of messages one by one or two at once: the median of five, in turn.
sub instructions {
  my ($moonfork) = @_;
  my ($few, $many) = map {
    my $file = "$dir/callgrind";
    my $said = qx(valgrind --tool=callgrind --callgrind-out-file='$file' '$moonfork' '$FindBin::Bin/trace-rounds.lua' $_ 2>&1 >/dev/null);
    $said =~ /Collected : (\d+)/ or die "callgrind: $said";
    $1;
  } 2000, 10_000;
  return ($many - $few) / (8000 * 1.05);
}
delete $ENV{MOONFORK_TRACE_DIR};
if (grep { -x "$_/valgrind" } split /:/, $ENV{PATH}) {
  my (@a, @b);
  for (1 .. 5) { push @a, instructions($without); push @b, instructions($program) }
  my ($a, $b) = (median(@a), median(@b));
  printf "  %-58s %9.0f and %.0f\n", 'instructions of a round, built without it and off', $a, $b;
  judge('off, in instructions', 100 * ($b / $a - 1), 1);
} else {
  print "  instructions: SKIPPED: valgrind is not installed\n";
}

mkdir "$dir/record", 0700 or die "$dir: $!\n";
$ENV{MOONFORK_TRACE_DIR} = "$dir/record";
open my $out, '-|', $record or die "$record: $!\n";
my %ns = map { /^(\w+)_ns ([\d.]+)$/ } <$out>;
close $out;
printf "  %-58s %9.1f ns (the bare clock: %.1f ns)\n", "$_->[1]", $ns{ $_->[0] }, $ns{clock}
  for [ 'record', 'a record' ], [ 'message', "a message's record, with its preview" ], [ 'turn', 'a turn of the loop' ];
printf "bars missed: %d\n", $missed;
exit($missed && $ENV{BENCH_STRICT} ? 1 : 0);
