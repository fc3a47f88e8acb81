#!/usr/bin/perl
# In the middle of each chapter the runner is killed by SIGKILL, and started again: what was left is told and
# gone. Two runners at once do not touch each other, with real chapters too.
#
# The runner reads its keys from a pipe here. COURSE_KILLS=all: at every step that runs something.
# timeout: 900
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Cut;
use Test::More;

my $slow = ($ENV{MOONFORK_TEST_TIMEOUT} || 60) > 60;
my $all = ($ENV{COURSE_KILLS} // '') eq 'all';
my $found = 0; # processes that were left and are ended

# The steps at which the chapter is cut off: [id, kind].
sub places {
  my ($chapter) = @_;
  my @steps = Cut::steps($chapter);
  return @steps if $all;
  my %first;
  $first{ $_->[1] } //= $_ for @steps;
  return grep { defined } @first{ $slow ? 'exercise' : qw(run predict exercise) }, grep { $_->[0] eq 'redis' } @steps;
}

# What is wrong after the runner was killed here and another one has been started. What is left then may end by
# itself before it is found.
sub cut_off {
  my ($dir, $chapter, $step, $late) = @_;
  my $cut = Cut->new(dir => $dir, chapter => $chapter, step => $step);
  $cut->run;
  return 'nothing was started: ' . $cut->said unless $cut->wait_for_run($late);
  my @run = $cut->carriers;
  $cut->kill;
  return 'no record is left by a killed runner' unless $cut->has_record;
  my @sockets = map { Cut::sockets_of($_) } $cut->carriers;
  my $said = Cut::again($dir);
  my $told = Cut::told($said);
  my @bad;
  push @bad, "it was cut off with @run, and the next one says: $said" unless defined $told;
  push @bad, "still there: pid $_" for $cut->carriers;
  push @bad, "a socket still listens: $_" for Cut::listening(@sockets);
  push @bad, "still there: $_" for $cut->records, $cut->scratch;
  $found += $told // 0;
  return @bad;
}

sub chapter_is_cleared {
  my ($chapter) = @_;
  my $dir = Cut::folder();
  my ($late, @bad) = 0;
  for my $place (places($chapter)) {
    push @bad, map { "$place->[0]: $_" } cut_off($dir, $chapter, $place->[0], $late);
    $late = !$late;
  }
  ok(!@bad, "$chapter is cut off, and nothing stays") or diag(join "\n", @bad);
}

chapter_is_cleared($_) for Cut::chapters();
ok($found, 'there was something to be found'); # how much depends on who ends sooner

# Both at the same step of the same chapter; one is killed and swept away while the other goes on.
for my $at ([ '10-cluster', 'reload-under-load' ], [ '18-final-project', 'reload' ]) {
  my $dir = Cut::folder();
  my %place = (dir => $dir, chapter => $at->[0], step => $at->[1]);
  my ($one, $other) = map { Cut->new(%place) } 1, 2;
  $_->run for $one, $other;
  ok($one->wait_for_run(1) && $other->wait_for_run(1), "two runners at once in $at->[0]");
  my %whose = map { $_ => 1 } $one->carriers;
  is(scalar(grep { $whose{$_} } $other->carriers), 0, 'no process belongs to both');
  $one->kill;
  Cut::again($dir);
  is_deeply([$one->carriers], [], 'what the killed one had is gone');
  ok($other->has_record, 'the other has its record');
  ok($other->wait_for(qr/reclaimed \d+ process.*0 leaked.*q quit/s), 'the other comes to its end')
    or diag($other->said);
  # A busy machine may come to the step's limit.
  ok($other->said =~ /stopped after/ || $other->said !~ /not seen|did not tell/, 'and nothing of it is missing')
    or diag($other->said);
  $other->key('q');
  ok($other->ended, 'it can be left');
  is_deeply([$other->carriers, $other->records, $other->scratch], [], 'nothing is left of either');
}

# A check that looks for processes on the whole machine sees its own only.
{
  my $dir = Cut::folder();
  Cut::solve($dir, '08-orphans', 'daemonctl');
  my @both = map { Cut->new(dir => $dir, chapter => '08-orphans', step => 'daemonctl') } 1, 2;
  $_->run for @both;
  ok($_->wait_for(qr/^(?:passed|not seen|stopped)/m) && $_->said =~ /^passed$/m, 'two solve the same exercise at once')
    || diag($_->said) for @both;
  $_->key('q') for @both;
  ok($_->ended, 'and leave') for @both;
}
done_testing();
