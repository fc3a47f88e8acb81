#!/usr/bin/perl
# .top over a half-typed line (I-7), its keys, a resize, -f; it works while the prompt's own loop is blocked.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new;
my $pid = $t->program_pid;
sub wide {
  my $screen = $t->screen;
  utf8::decode($screen);
  my ($long) = grep { length > $_[0] } split /\n/, $screen;
  return $long;
}

$t->enter('c = cp.fork(function() setInterval(function() end, 1000) end)');
$t->prompt;
$t->type('half = { "typed", 12');
$t->keys('Left', 'Left');
$t->sees(sub { $t->bottom =~ /^moon\[1p\]> half = \{ "typed", 12$/ && $t->cursor =~ /^28,/ },
  'a half-typed line, the cursor inside');
my ($before, $cursor) = ($t->screen, $t->cursor);
$t->keys('F2');
$t->sees(qr/^moonfork top +2 procs .*lost 0$/m, 'F2 opens .top');
$t->sees(qr/^>$pid +A prompt .*\n +└ \d+ +B child +S /m, 'the rows, the first one selected');
is($t->ask('#{alternate_on}'), '1', 'on the full screen');
like($t->colours, qr/\e\[7m(?:\e\[\d+m)*>/, 'the selected row is reversed, beside its mark');
$t->keys('q');
$t->sees(sub { $t->screen eq $before && $t->cursor eq $cursor }, 'q: the line and the cursor as they were');
$t->keys('M-v');
$t->sees(qr/^moonfork top/m, 'Alt-v opens it, too');
$t->keys('Down');
$t->sees(qr/^>└ \d+ +B child/m, 'Down selects');
$t->keys('Enter');
$t->sees(qr/^moonfork detail\nB child .*\n +parent +A prompt $pid$/m, 'Enter shows all about it');
$t->keys('q', 't');
$t->sees(qr/^moonfork tree\n.*\n.*A prompt.*\n>└═\d+ +B child/m, 't: the tree');
$t->keys('l');
$t->sees(qr/^moonfork lanes +level 3\nms +A prompt +B child$/m, 'l: the lanes');
$t->keys('5');
$t->sees(qr/^moonfork lanes +level 5$/m, '5: more detail');
$t->keys('p');
$t->sees(qr/^moonfork ports\nNo process/m, 'p: the ports');
$t->keys('?');
$t->sees(qr/Space +stop the picture/, '?: the keys');
$t->keys('q', 'Space');
$t->sees(qr/^moonfork top \[paused\] /m, 'Space pauses');
$t->keys('Space', 'k');
$t->sees(qr/^signal for \d+: t TERM/m, 'k: a menu of signals');
$t->keys('s');
$t->sees(qr/B child +T .* STOP /, 's: the child is stopped');
$t->keys('k', 'c');
$t->sees(qr/B child +S /, 'c: it goes on');
$t->resize(60, 12);
$t->sees(sub { $t->screen =~ /^>└ \d+ +B child/m && !wide(60) && $t->bottom =~ /^Up\/Down/ }, 'made smaller');
$t->resize(80, 24);
$t->sees(qr/SINCE$/m, 'and wide again');
$t->keys('C-c');
$t->sees(sub { $t->screen eq $before && $t->cursor eq $cursor }, 'Ctrl-C leaves it, too');
$t->keys('C-c');
$t->prompt;
$t->enter('.lanes -f');
$t->sees(qr/^moonfork lanes/m, '.lanes -f follows');
$t->keys('q');
$t->prompt;
$t->enter('.top');
$t->sees(qr/^moonfork top/m, '.top as a command');
$t->keys('q');
ok($t->prompt, 'and the prompt again');

# What is printed meanwhile comes above the prompt afterwards.
$t->enter('setTimeout(function() print "meanwhile" end, 300)');
$t->prompt;
$t->keys('F2');
$t->sees(qr/^moonfork top/m, 'open');
select undef, undef, undef, 0.4;
$t->keys('q');
$t->sees(qr/^meanwhile\n(?s:.*)^moon\[1p\]> *$/m, 'output of the meantime');

# The prompt's own loop is blocked: the view goes on, and Ctrl-C is there afterwards.
$t->enter('setTimeout(function() while true do end end, 200)');
$t->prompt;
$t->keys('F2');
$t->sees(qr/A prompt +R .* BLOCK .*(?s:.*)A blocked \d+ ms in .*:1/, 'the blocked prompt shows itself');
$t->keys('l');
$t->sees(qr/^moonfork lanes/m, 'and takes keys');
$t->keys('q', 'q', 'C-c');
$t->sees(qr/^interrupted$/m, 'then Ctrl-C ends the loop');
ok($t->prompt, 'the prompt is back');
$t->enter('c:kill()');
$t->prompt;

my $plain = Tmux->new(env => { NO_COLOR => 1 });
$plain->keys('F2');
$plain->sees(qr/^>\d+ +A prompt /m, 'NO_COLOR');
unlike($plain->colours, qr/\e\[/, 'no escape of colour');
$plain->keys('q');
ok($plain->prompt, 'and back');
done_testing;
