# Pair: one short program in Lua and the same in JavaScript, held against one expectation.
#
#   Pair::check(name => 'exit(3)', lua => '...', js => '...', out => "exit 3\n", code => 3);
#
# out is compared as it is (PID stands for the process id), code (default 0) or signal is how the
# program ends, err a pattern for standard error (default: nothing is printed there); err_lua and
# err_js where the two differ. options and options_js are given before -e, args after the code. Without
# js it is about moonfork alone. Where Node is not installed its half is skipped.
package Pair;
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin . '/../lib';
use Lessons;
use Sandbox;
use Test::More;

my ($node, $why) = Lessons::node();

sub one {
  my ($what, $command, $case, $err) = @_;
  my $r = Sandbox::run(command => $command, capture => 1, env => $case->{env} || {});
  my @bad;
  push @bad, "not ended within $r->{limit} s" if $r->{timeout};
  push @bad, @{ $r->{left} };
  my ($code, $signal) = ($case->{code} // 0, $case->{signal} // 0);
  push @bad, "exit code $r->{code}, expected $code" if $r->{code} != $code;
  push @bad, "signal $r->{signal}, expected $signal" if $r->{signal} != $signal;
  my $out = $r->{out} =~ s/\(node:\d+\)/(node:PID)/gr =~ s/\(moonfork:\d+\)/(moonfork:PID)/gr;
  push @bad, "--- got\n$out--- expected\n$case->{out}" if $out ne ($case->{out} // '');
  my $told = $r->{err} =~ s/\((node|moonfork):\d+\)/($1:PID)/gr;
  if (defined $err) { push @bad, "standard error does not match $err" if $told !~ $err }
  elsif (length $told) { push @bad, 'standard error is not empty' }
  ok(!@bad, "$case->{name}$what") or diag(join("\n", @bad), "\n--- stderr\n$r->{err}");
}

sub check {
  my (%case) = @_;
  my @options = @{ $case{options} || [] };
  my @args = @{ $case{args} || [] };
  one('', [Sandbox::prefix(), Sandbox::program(), @options, '-e', $case{lua}, @args], \%case,
    $case{err_lua} // $case{err});
  return unless defined $case{js};
  SKIP: {
    skip "$case{name} in Node: $why", 1 unless $node;
    one(' in Node', [$node, @{ $case{options_js} || \@options }, '-e', $case{js}, @args], \%case,
      $case{err_js} // $case{err});
  }
}

1;
