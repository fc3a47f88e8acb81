#!/usr/bin/perl
# keystroke.pl BLOCK PROGRAM [ARGS...]: types at the program's prompt in a terminal of its own and prints
# how long it takes from a key to the end of the repaint: "key_ms MEDIAN". With BLOCK lines pasted first.
use strict;
use warnings;
use Fcntl qw(O_RDWR O_NOCTTY);
use POSIX ();
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

use constant { TIOCSPTLCK => 0x40045431, TIOCGPTN => 0x80045430, TIOCSWINSZ => 0x5414 };
my ($lines, @program) = @ARGV;

sysopen my $master, '/dev/ptmx', O_RDWR | O_NOCTTY or die "ptmx: $!\n";
my $unlocked = pack 'i', 0;
ioctl $master, TIOCSPTLCK, $unlocked or die "unlock: $!\n";
my $number = pack 'I', 0;
ioctl $master, TIOCGPTN, $number or die "number: $!\n";
my $size = pack 'S4', 40, 100, 0, 0;
ioctl $master, TIOCSWINSZ, $size or die "size: $!\n";
my $slave = '/dev/pts/' . unpack 'I', $number;

my $pid = fork() // die "fork: $!\n";
if (!$pid) {
  POSIX::setsid();
  close $master;
  sysopen my $tty, $slave, O_RDWR or POSIX::_exit(126);
  POSIX::dup2(fileno $tty, $_) for 0 .. 2;
  $ENV{TERM} = 'xterm-256color';
  delete $ENV{NO_COLOR};
  exec { $program[0] } @program or POSIX::_exit(127);
}

# Reads until the pattern has come, or, without one, until nothing came for a while.
sub drain {
  my ($want, $quiet) = @_;
  my $got = '';
  while (1) {
    my $in = '';
    vec($in, fileno $master, 1) = 1;
    return $got unless select $in, undef, undef, $quiet;
    my $n = sysread $master, $got, 65536, length $got;
    return $got if !$n || (defined $want && $got =~ $want);
  }
}

drain(undef, 1);
syswrite $master, "\e[200~function f()\r" . ("  local x = { 1, \"two\" } -- three\r" x ($lines - 1)) . "\e[201~"
  if $lines > 1;
drain(undef, 0.5);
my @times;
for my $i (1 .. 200) {
  my $key = $i % 2 ? 'x' : "\x7f";
  my $start = clock_gettime(CLOCK_MONOTONIC);
  syswrite $master, $key;
  drain($lines > 1 ? qr/\e\[\?25h/ : qr/./s, 2);
  push @times, clock_gettime(CLOCK_MONOTONIC) - $start;
}
kill 'KILL', $pid;
waitpid $pid, 0;
@times = sort { $a <=> $b } @times;
printf "key_ms %.4f\nslow_ms %.4f\n", 1000 * $times[@times / 2], 1000 * $times[@times * 0.95];
