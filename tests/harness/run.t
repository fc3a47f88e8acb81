#!/usr/bin/perl
# The wrapper that runs each test tells what a test leaves behind, ends it, and keeps to the time limit.
use strict;
use warnings;
use FindBin;
use File::Temp qw(tempdir);
use Test::More;
use Time::HiRes qw(sleep);

my $run = "$FindBin::Bin/../lib/run";
my $dir = tempdir(CLEANUP => 1);

# Runs a shell script as a test; returns its output and exit code.
sub try {
  my ($script, %env) = @_;
  open my $out, '>', "$dir/a.t" or die $!;
  print $out "#!/bin/sh\n$script\n";
  close $out;
  chmod 0755, "$dir/a.t";
  local %ENV = (%ENV, %env);
  my $text = qx("$run" "$dir/a.t" 2>&1);
  return ($text, $? >> 8);
}

sub gone {
  my ($pid) = @_;
  for (1 .. 100) {
    open my $in, '<', "/proc/$pid/stat" or return 1;
    return 1 if (<$in> // '') =~ /\) [ZX] /;
    sleep 0.02;
  }
  return 0;
}

my ($text, $code) = try('echo "ok 1"; echo 1..1');
is($text, "ok 1\n1..1\n", 'a good test is passed on as it is');
is($code, 0, 'with its code');

($text, $code) = try('echo "not ok 1"; exit 3');
is($code, 3, 'the code of a bad test is kept');

($text, $code) = try('sleep 60 & echo $!');
my ($pid) = $text =~ /^(\d+)/;
like($text, qr/^not ok - harness: left behind by the test: process left: pid $pid/m, 'a child left is told');
is($code, 1, 'and is a failure');
ok(gone($pid), 'and is ended');

($text, $code) = try('setsid -f sh -c "echo \$\$; exec sleep 61"');
($pid) = $text =~ /^(\d+)/;
like($text, qr/process left: pid $pid/, 'so is an orphan with a session of its own');
ok(gone($pid), 'which is ended too');

($text, $code) = try('(sleep 0.2 &) ; echo 1..0');
is($code, 0, 'what ends in a moment is no failure');

($text, $code) = try('sleep 0.1 & exec sleep 60', MOONFORK_TEST_TIMEOUT => 1);
like($text, qr/^not ok - harness: not ended within 1 s$/m, 'the time limit is kept');

($text, $code) = try('kill -SEGV $$');
like($text, qr/^not ok - harness: ended by signal 11$/m, 'a crash is told');

($text) = try('echo "$HOME $XDG_STATE_HOME $TMPDIR $MOONFORK_HISTORY"; touch $TMPDIR/x; echo $LC_ALL; pwd');
my ($home, $tmp) = $text =~ m{^(\S+/home) \S+/state (\S+/tmp) \S+/history\nC\.UTF-8\n/.*$}m;
ok($home && !-e $home && !-e $tmp, 'folders of its own, removed afterwards') or diag($text);

($text) = try('echo "[$NODE_CHANNEL_FD$NODE_OPTIONS$PORT$LUA_INIT]"', NODE_CHANNEL_FD => 3,
  NODE_OPTIONS => 'x', PORT => 1, LUA_INIT => 'y');
is($text, "[]\n", 'variables that would change the program are gone');

done_testing();
