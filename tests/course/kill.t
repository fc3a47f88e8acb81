#!/usr/bin/perl
# A runner that is killed leaves processes; the next one ends them, and only them. Two runners at once do
# not touch each other.
# timeout: 900
use strict;
use warnings;
use Fcntl qw(:flock);
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use Walk;

plan skip_all => 'tmux is not installed' unless grep { -x "$_/tmux" } split /:/, $ENV{PATH};

# Walks to the step whose script never ends, and runs it; the pids that it prints.
sub run_long {
  my ($w) = @_;
  open my $out, '>', "$w->{dir}/progress" or die;
  print $out "at 90-tiny/long\n";
  close $out;
  $w->lesson('90');
  $w->bar(qr/Two that stay/, 'a step whose script stays');
  $w->key('r');
  $w->sees(qr/\| child \d+ of \d+/, 'it runs');
  return $w->{t}->screen =~ /child (\d+) of (\d+)/;
}

sub lives { my ($pid) = @_; return -e "/proc/$pid/cmdline" && do { open my $in, '<', "/proc/$pid/cmdline"; defined $in && length(<$in> // '') } }

# A killed runner holds its record until the last of its threads has gone.
sub is_free { my ($record) = @_; open my $in, '+<', $record or return 1; return flock($in, LOCK_EX | LOCK_NB) }

# The runner, which is the parent of what it has started.
sub parent { my ($pid) = @_; open my $in, '<', "/proc/$pid/stat" or return 0; return (split ' ', (<$in> =~ s/^.*\) //r))[1] }

my $w = Walk->new;
my ($child, $first) = run_long($w);
my ($id) = $w->runs;
is_deeply([sort(Walk::carriers($id))], [sort $child, $first], 'both carry the id, whatever environment and session');
my $runner = parent($first);

my $other = Walk->new(dir => $w->{dir});
my ($child2, $first2) = run_long($other);
ok(lives($child) && lives($first), 'a second runner leaves the first alone');

kill 'KILL', $runner;
ok(Walk::until_true(sub { is_free("$w->{dir}/progress.runs/$id") }), 'the first runner is killed');
ok(lives($child) && lives($first), 'its processes stay');
my $third = Walk->new(dir => $w->{dir});
$third->lesson;
$third->sees(qr/A lesson was cut off: 2 processes and 1 port of it were still there, 0\s+leaked/, 'the next one finds them');
ok(Walk::until_true(sub { !lives($child) && !lives($first) }), 'and ends them');
ok(lives($child2) && lives($first2), 'those of the runner that lives go on');
$other->key('C-c');
$other->bar(qr/reclaimed 2 processes/, 'until it ends them itself');
ok(!lives($child2) && !lives($first2), 'they are gone');
$other->key('q');
ok(Walk::until_true(sub { !$w->runs }), 'no record is left');
is_deeply([glob "$w->{dir}/moonfork-lesson-*"], [], 'no scratch folder either');

# Runners that died while they wrote their records had started nothing yet.
my %cut = ('0' x 32 => '', '1' x 32 => "boot ", '2' x 32 => "boot x\nuid 0\nrunner 1\nstart 1\nscratch $w->{dir}");
for my $name (keys %cut) {
  open my $out, '>', "$w->{dir}/progress.runs/$name" or die;
  print $out $cut{$name};
  close $out;
}
is(scalar $w->runs, 3, 'three records without an end');
my $next = Walk->new(dir => $w->{dir});
$next->lesson;
$next->sees(qr/A tiny course/, 'the next one starts');
is(scalar(() = $w->runs), 0, 'and removes them');
$next->sees(sub { $next->{t}->screen !~ /cut off/ }, 'without a word');

# A terminal that is closed in the middle of a run: the runner itself cleans up.
my $closed = Walk->new;
my ($child3, $first3) = run_long($closed);
$closed->{t}->close;
ok(Walk::until_true(sub { !lives($child3) && !lives($first3) }), 'closing the terminal ends the run');
ok(Walk::until_true(sub { !$closed->runs }), 'and the record goes');
done_testing();
