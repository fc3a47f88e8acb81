#!/usr/bin/perl
# process.stdin and stdout on a terminal: size, colours, cursor, "resize", against Node's.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Lessons;
use Sandbox;
use Test::More;

my ($node, $why) = Lessons::node();
plan skip_all => 'no script(1), which makes a terminal' if system 'command -v script >/dev/null 2>&1';

# What the program shows on a terminal of its own.
sub shown {
  my ($file, @command) = @_;
  my $line = join ' ', map { "'$_'" } @command, $file;
  my $r = Sandbox::run(command => ['script', '-qec', $line, '/dev/null'], capture => 1,
    cwd => "$FindBin::Bin/fixtures", env => { TERM => 'xterm-256color' });
  return $r->{out} . "code $r->{code}, left @{ $r->{left} }\n";
}

my $ours = shown('terminal.lua', Sandbox::prefix(), Sandbox::program());
like($ours, qr/^true true true 80 25 \[80,25\]\r\n/, 'the size and isTTY') or diag($ours);
like($ours, qr/resize 91 33 \[91,33\]\r\ncode 0, left \n\z/, 'the new size');
SKIP: {
  skip $why, 1 unless $node;
  is($ours, shown('terminal.js', $node), 'as in Node');
}
done_testing();
