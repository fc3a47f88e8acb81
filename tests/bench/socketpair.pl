#!/usr/bin/perl
# socketpair.pl: round trips of 50 bytes a second between two processes by bare read and write: what the
# kernel takes, with nothing around it.
use strict;
use warnings;
use Socket;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

socketpair(my $here, my $there, AF_UNIX, SOCK_STREAM, PF_UNSPEC) or die "socketpair: $!\n";
my ($rounds, $bytes, $text) = (20000, 'x' x 50, '');
my $pid = fork() // die "fork: $!\n";
if (!$pid) {
  close $here;
  while (sysread $there, $text, 64) { syswrite $there, $text }
  exit 0;
}
close $there;
my $began;
for my $i (-1000 .. $rounds) {
  $began = clock_gettime(CLOCK_MONOTONIC) if $i == 0;
  syswrite $here, $bytes;
  sysread $here, $text, 64;
}
printf "%.1f\n", $rounds / (clock_gettime(CLOCK_MONOTONIC) - $began);
close $here;
waitpid $pid, 0;
