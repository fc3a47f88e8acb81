#!/usr/bin/perl
# R12: .ps .handles .info .i: tables that fit 80 columns.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 60, columns => 120);
my $pid = $t->program_pid;
sub fits {
  my ($name) = @_;
  my $screen = $t->screen;
  utf8::decode($screen);
  my ($long) = grep { length > 80 && !/^moon/ } split /\n/, $screen;
  is($long, undef, "$name fits");
}
$t->enter('c = cp.fork(function() setInterval(function() end, 1000) end)');
$t->enter('o = cp.spawn("sh", { "-c", "sleep 300 & sleep 300" }, { stdio = "ignore" })');
$t->prompt;
$t->enter('.ps');
$t->sees(qr/^ *$pid +A prompt +S/m, 'the prompt');
$t->sees(qr/^ *├═\d+ +B child +S .*\[function\]$/m, 'a child with its channel');
$t->sees(qr/^ *└─\d+ +sh +S .*no trace.*\n +(?:├|└)─\d+ +sleep +S/m, 'a child without, and a grandchild');
fits('.ps');
$t->keys('C-l');
$t->enter('o:kill("SIGKILL")');
$t->sees(sub { $t->enter('.ps'); $t->screen =~ /┄\d+ +ORPHAN +S .*orphan: ppid/ }, 'an orphan');
my ($orphan) = $t->screen =~ /┄(\d+) +ORPHAN/;
kill 'KILL', $orphan if $orphan;
$t->keys('C-l');
$t->enter('setInterval(print, 100000)');
$t->enter('.handles');
$t->sees(qr/ChildProcess +yes +pid \d+/, '.handles: a child');
$t->sees(qr/Timeout +yes +#\d+, every 100000 ms/, '.handles: a timer');
fits('.handles');
$t->keys('C-l');
$t->enter('.info');
$t->sees(qr/^  memory .*^  loop .*^  limits .*^  procs .*pid $pid/ms, '.info');
fits('.info');
$t->keys('C-l');
$t->enter('.i c');
$t->sees(qr/class +ChildProcess < EventEmitter.*pid +\d+.*descriptors/s, '.i of a child');
fits('.i');
$t->enter('c:kill()');
$t->prompt;
done_testing;
