#!/usr/bin/perl
# Four lessons with .top open, in a terminal of 80 columns and 24 rows: what the chapter says is on the screen.
#
# tests/lib/held.lua holds a lesson where there is something to see, until the file `go` is there.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use Test::More;
use Tmux;

my $top = "$FindBin::Bin/../..";
my $dir = tempdir(CLEANUP => 1);
my $t;

sub write_file { my ($file, $text) = @_; open my $f, '>', $file or die "$file: $!"; print $f $text; close $f }

sub read_file { my ($file) = @_; open my $f, '<', $file or die "$file: $!"; local $/; return scalar <$f> }

# A copy of the files with one number changed, so that the lesson does not go on by itself.
sub changed {
  my ($from, $to, @files) = @_;
  for my $file (@files) {
    (my $text = read_file("$top/lessons/$file")) =~ s/$from/$to/;
    $file =~ s{.*/}{};
    write_file("$dir/$file", $text);
  }
  return "$dir/$files[0]";
}

# Starts the lesson at a fresh prompt and opens .top; then what it shows is looked at, and the view of a key.
sub lesson {
  my ($file, $argument, $after) = @_;
  my $env = "{ HELD_AFTER = '$after', HELD_GO = '$dir/go' }";
  unlink "$dir/go";
  $t = Tmux->new;
  $t->enter("o = { silent = true, env = $env, execArgv = " . ($after ? "{ '-r', '$top/tests/lib/held.lua' }" : '{}') . ' }');
  $t->prompt;
  $t->enter("c = cp.fork('$file', { $argument }, o)");
  $t->prompt;
  $t->keys('F2');
}

sub narrow {
  my ($name) = @_;
  my $screen = $t->screen;
  utf8::decode($screen);
  my ($long) = grep { length > 80 } split /\n/, $screen;
  is($long, undef, "$name: 80 columns");
}

sub shows {
  my ($want, $name) = @_;
  $t->sees($want, $name);
  narrow($name);
}

sub view {
  my ($key, $want, $name) = @_;
  $t->keys($key);
  shows($want, $name);
  $t->keys('q');
  $t->wait_for(qr/^moonfork top/m);
}

sub leave {
  write_file("$dir/go", '');
  $t->keys('q');
  $t->prompt;
  $t->enter("c:kill('SIGKILL')");
  $t->close;
}

# Chapter 8: the worker moves under another parent, and goes on.
lesson(changed('5000', '60000', map { "08-orphans/orphan-server/$_" } qw(main.lua master.lua worker.lua)), '', 1);
shows(qr/ D ORPHAN +S .*(?s:.*)^ D orphan: ppid \d+ \(was \d+\)$/m, 'orphan: its row, and both parents');
my ($orphan) = $t->screen =~ /^.?(\d+) +D ORPHAN/m;
view('t', qr/┄$orphan +D ORPHAN/, 'orphan: the tree');
view('p', qr/^127\.0\.0\.1:\d+ +\d+ +D ORPHAN $orphan +\d+ +- +1 holder$/m, 'orphan: it holds the port');
kill 'KILL', $orphan;
leave();

# Chapter 4: one thread computes, and everybody waits.
lesson(changed('100000000', '1e15', '04-event-loop/blocking.lua'), '', 0);
shows(qr/ B child +R .* BLOCK .*(?s:.*)^ B blocked [\d.]+ m?s in blocking\.lua:\d+ \(function 'computation'\)$/m, 'blocking: the row, and where');
shows(sub { 1 == (() = $t->screen =~ / BLOCK /g) }, 'blocking: no other one is marked');
view('o', qr/^B child +[.ti#]*!{4,}/m, 'blocking: the strip of the loop');
leave();

# Chapter 7: the second one who listens is refused; a socket that is handed over is the same one.
lesson("$top/lessons/07-one-port/in-use/main.lua", '', 3);
view('p', qr/ C child \d+ +\d+ +- +1 holder\n(?:127\.0\.0\.1:\d+ EADDRINUSE by [DE] \d+ at .*, held by C child \d+\n){2}/, 'port: one holder, two refusals');
leave();
lesson("$top/lessons/07-one-port/hand-over/main.lua", '', 2);
shows(qr/ B child .* \d+\* .*\n.* C child .* \d+=B .*\n.* D child .* \d+=B /, 'port: handed over, the workers hold it, too');
view('p', qr/ B child \d+ +\d+ +- +3 holders\n +C child \d+ +\d+ +-\n +D child \d+ +\d+ +-\n/, 'port: one inode, three holders');
leave();

# Chapter 10: who listens, in turn and with a shared handle.
lesson("$top/lessons/10-cluster/who-listens.lua", "'rr'", 1);
shows(qr/ B primary .* \d+\* .*\n.* C worker#1 .* \d+<B .*\n.* D worker#2 .* \d+<B /, 'cluster: in turn, the primary alone');
view('p', qr/ B primary \d+ +\d+ +- +1 holder\n +C worker#1 \d+ +- +- +gets from B\n +D worker#2 /, 'cluster: the workers get from it');
leave();
lesson("$top/lessons/10-cluster/who-listens.lua", "'none'", 1);
shows(qr/ B primary .* \d+\* .*\n.* C worker#1 .* \d+=B .*\n.* D worker#2 .* \d+=B /, 'cluster: a shared handle, all of them');
leave();
done_testing;
