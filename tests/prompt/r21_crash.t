#!/usr/bin/perl
# R21: signals that end the program leave a sane terminal.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

# A sanitizer has SIGSEGV and SIGABRT for itself.
my @signals = qw(TERM HUP);
push @signals, qw(SEGV ABRT) if ($ENV{MOONFORK_VARIANT} // 'release') !~ /san/;
for my $signal (@signals) {
  my $t = Tmux->new(shell => 1);
  $t->enter('ulimit -c 0');
  $t->start;
  $t->type('half');
  $t->wait_for(sub { $t->bottom eq 'moon> half' });
  my ($pid) = `ps -o pid= --ppid @{[$t->program_pid]}` =~ /(\d+)/;
  kill $signal, $pid;
  $t->wait_for(sub { $t->bottom =~ /^\$ *$/ });
  $t->enter('echo back; stty -a | grep -o " icanon"');
  $t->sees(qr/^\$ echo back; stty -a.*\nback\n icanon$/m, "$signal: echo and lines work at once");
}
done_testing;
