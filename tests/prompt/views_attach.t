#!/usr/bin/perl
# moonfork top looks at a run from another terminal; whatever ends a full screen, the terminal is restored.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Temp qw(tempdir);
use Test::More;
use Tmux;

my $dir = tempdir(CLEANUP => 1);
chmod 0700, $dir;
my $run = Tmux->new(args => ["--trace=$dir"]);
$run->enter('child = cp.fork(function() setInterval(function() end, 1000) end)');
$run->prompt;
my $pid = $run->program_pid;
my $t = Tmux->new(shell => 1);
$t->wait_for(qr/^\$ *$/m);

$t->enter(Tmux::quote(Tmux::command('top', '--dir', $dir)));
$t->sees(qr/^moonfork top .*\n.*\n>$pid +A prompt .*\n +└ \d+ +B child /m, 'moonfork top shows the run');
is($t->ask('#{alternate_on}'), '1', 'on the full screen');
$t->keys('Down', 'k', 's');
$t->sees(qr/B child +T .* STOP/, 'a signal from there');
$t->keys('k', 'c');
$t->sees(qr/B child +S /, 'and another');
$t->keys('t');
$t->sees(qr/^moonfork tree/m, 'another view');
$t->keys('q', 'q');
$t->sees(sub { $t->ask('#{alternate_on}') eq '0' && $t->bottom =~ /^\$ *$/ }, 'q ends it');
$t->enter(Tmux::quote(Tmux::command('top', "--dir=$dir")) . ' | cat');
$t->sees(qr/^2 procs .*\n.*\n *$pid +A prompt/m, 'without a terminal one picture');
$t->enter('clear');
$t->enter(Tmux::quote(Tmux::command('top', '--dir', '/nowhere')));
$t->sees(qr/moonfork top: .*\/nowhere/, 'a folder that is none');
$t->enter('clear');

# Signals, and the end of the program, while a full screen is shown.
for my $end ([ TERM => 'kill' ], [ HUP => 'kill' ], [ 'process.exit' => 'exit' ]) {
  my ($name, $how) = @$end;
  $t->start;
  $t->enter("setInterval(function() if require('fs').existsSync('$dir/end') then process.exit(0) end end, 50)")
    if $how eq 'exit';
  $t->keys('F2');
  $t->sees(qr/^moonfork top .*\n.*\n>\d+ +A prompt /m, "$name: open");
  my ($program) = $t->screen =~ /^>(\d+)/m;
  if ($how eq 'kill') { kill $name => $program }
  else { open my $file, '>', "$dir/end" or die }
  $t->sees(sub { $t->ask('#{alternate_on}') eq '0' }, "$name: the screen is back");
  is($t->ask('#{cursor_flag}'), '1', "$name: the cursor, too");
  $t->enter('clear');
  $t->enter('stty -a | grep -o "[^ ]*icanon[^ ;]*"; echo sane');
  $t->sees(qr/(?<!-)icanon\nsane$/m, "$name: the shell's terminal is sane");
  $t->enter('clear');
}
$run->enter('child:kill()');
$run->prompt;
done_testing;
