#!/usr/bin/perl
# Every exit code that the README lists, each by a script in fixtures, as a shell sees it: 128 + n for a
# signal. NAME.js (or .mjs) is the same for Node. "-- options: ..." in the head goes before the script.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use File::Basename qw(basename);
use Lessons;
use Sandbox;
use Test::More;

my ($node, $why) = Lessons::node();
my $fixtures = "$FindBin::Bin/fixtures";

# What the shell says of a command: its output, then the status.
sub shown {
  my (@command) = @_;
  my $r = Sandbox::run(command => ['sh', '-c', 'ulimit -c 0; "$@"; echo "status $?"', 'sh', @command],
    capture => 1, cwd => $fixtures);
  return $r->{out} . join '', map { "left: $_\n" } @{ $r->{left} };
}

my %status;
for my $file (sort glob "$fixtures/*.lua") {
  my $name = basename($file, '.lua');
  my $text = Lessons::read_file($file);
  my ($status) = $text =~ /^-- status: (\d+)$/m or die "$file: no status\n";
  my @options = $text =~ /^-- options: (.*)$/m ? split ' ', $1 : ();
  $status{$status}++;
  my $ours = shown(Sandbox::prefix(), Sandbox::program(), @options, "$name.lua");
  like($ours, qr/^status $status\n\z/m, "$name: $status") or diag($ours);
  my ($twin) = grep { -e "$fixtures/$_" } "$name.js", "$name.mjs";
  next unless $twin;
  SKIP: {
    skip "$name in Node: $why", 1 unless $node;
    is(shown($node, @options, $twin), $ours, "$name in Node");
  }
}
my $readme = Lessons::read_file("$Sandbox::top/README.md");
my ($table) = $readme =~ /^### Exit codes\n(.*?)^##/ms or die "no table of exit codes in README.md\n";
my @listed = $table =~ /^\| (\d+) \|/mg;
for my $status (@listed) {
  next if $table =~ /^\| $status \| cannot/m;
  my @seen = $status == 128 ? grep { $_ > 128 && $_ != 255 } keys %status : $status{$status};
  ok($seen[0], "the README's $status is shown by a script");
}
done_testing();
