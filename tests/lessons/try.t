#!/usr/bin/perl
# The change that a lesson proposes after "try:" is made, in a copy, and its output changes as told.
# timeout: 900
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Temp qw(tempdir);
use Lessons;
use Normalise;
use Sandbox;
use Test::More;

my %lessons = map { $_->{name} => $_ } Lessons::all();
my $limit = 100;

# The blocks of the table: { lesson, file, change => [[from, to], ...], shows => [], hides => [] }.
sub read_tries {
  my @blocks;
  my $text = join "\n", grep { !/^#/ } split /\n/, Lessons::read_file("$FindBin::Bin/tries.txt");
  for my $block (grep { /\S/ } split /\n\s*\n/, $text) {
    my %b = (change => [], shows => [], hides => []);
    for my $line (grep { /\S/ } split /\n/, $block) {
      my ($key, $value) = $line =~ /^(\w+):\s?(.*)$/ or die "tries.txt: $line\n";
      $value =~ s/^ +// unless $key =~ /^(?:from|to)$/;
      $value =~ s/\\n/\n/g unless $key eq "lesson";
      if ($key eq 'from') { push @{ $b{change} }, [$value, ''] }
      elsif ($key eq 'to') { $b{change}[-1][1] = $value }
      elsif ($key =~ /^(?:shows|hides)$/) { push @{ $b{$key} }, $value }
      else { $b{$key} = $value }
    }
    push @blocks, \%b;
  }
  return @blocks;
}

sub output_of {
  my ($dir, $file) = @_;
  my $r = Sandbox::run(command => [Sandbox::prefix(), Sandbox::program(), $file], cwd => $dir,
    limit => $limit, capture => 1);
  my @bad = @{ $r->{left} };
  push @bad, "not ended within $r->{limit} s" if $r->{timeout};
  return (Normalise::text($r->{out}, 1), join("\n", @bad, $r->{err}), scalar @bad);
}

# Makes the changes in a copy of the lesson's chapter; returns what is wrong with them, or nothing.
sub change {
  my ($file, $changes) = @_;
  my $text = Lessons::read_file($file);
  for my $c (@$changes) {
    my $n = () = $text =~ /\Q$c->[0]\E/g;
    return "\"$c->[0]\" stands $n times in the file" if $n != 1;
    $text =~ s/\Q$c->[0]\E/$c->[1]/;
  }
  open my $out, '>:raw', $file or return "$file: $!";
  print $out $text;
  close $out;
  return undef;
}

sub try_one {
  my ($b) = @_;
  my $lesson = $lessons{ $b->{lesson} // '' };
  return fail("$b->{lesson}: there is such a lesson") unless $lesson;
  my $copy = tempdir(CLEANUP => 1);
  system('cp', '-R', "$lesson->{chapter}/.", $copy) == 0 or die "cp failed\n";
  my $main = $copy . substr($lesson->{file}, length $lesson->{chapter});
  my $dir = $main =~ s{/[^/]+$}{}r;
  my ($before) = output_of($dir, $main);
  my $why = change($b->{file} ? "$dir/$b->{file}" : $main, $b->{change});
  my ($after, $notes, $bad) = $why ? ('', '', 0) : output_of($dir, $main);
  my @wrong = $why ? $why : ();
  push @wrong, 'nothing is changed' unless @{ $b->{change} };
  push @wrong, 'neither shows nor hides is told' unless @{ $b->{shows} } + @{ $b->{hides} };
  push @wrong, 'something was left' if $bad;
  for (@{ $b->{shows} }) { push @wrong, "does not show \"$_\" newly" if index($before, $_) >= 0 || index($after, $_) < 0 }
  for (@{ $b->{hides} }) { push @wrong, "does not hide \"$_\"" if index($before, $_) < 0 || index($after, $_) >= 0 }
  ok(!@wrong, "$b->{lesson}: the change is seen")
    or diag(join("\n", @wrong), "\n--- before\n$before--- after\n$after--- notes\n$notes");
}

my @tries = read_tries();
try_one($_) for @tries;
my %tried = map { $_->{lesson} => 1 } @tries;
ok($tried{$_}, "$_: its change is tried") for sort keys %lessons;
ok(1, 'no lessons yet') unless %lessons;
done_testing();
