#!/usr/bin/perl
# R6: ?EADDRINUSE names who holds the port now, in the run and outside of it.
use strict;
use warnings;
use FindBin;
use IO::Socket::INET;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(columns => 110, rows => 40);
my $pid = $t->program_pid;
sub asked {
  my ($want, $name) = @_;
  $t->keys('C-l');
  $t->enter('?EADDRINUSE');
  $t->sees($want, $name);
}
asked(qr/^  In this session no address was refused yet\.$/m, 'nothing yet');
$t->enter('s = net.createServer():listen(0, "127.0.0.1")');
$t->prompt;
$t->enter('p = s:address().port; c = cp.fork(function(p) require "net".createServer():listen(p, "127.0.0.1") end, { p })');
$t->sees(qr/EADDRINUSE: address already in use/, 'a child is refused');
asked(qr/^  Refused last: 127\.0\.0\.1:\d+ to [B-Z] \d+ .* at \d\d:\d\d:\d\d\.\s+Held now by A $pid \(this prompt\) \(fd \d+\)\.$/m,
  'letter, pid, descriptor');
$t->enter('.lang zh');
asked(qr/最近被拒绝的：127\.0\.0\.1:\d+ .*现在持有它的是\s+A $pid （本提示符）/s, 'in Chinese');
$t->enter('.lang en');
$t->enter('s:close()');
asked(qr/^  Nobody listens there now\.$/m, 'nobody any more');

my $socket = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1', LocalPort => 0) or die $!;
my ($port, $fd) = ($socket->sockport, fileno $socket);
$t->enter("s = net.createServer():listen($port)");
$t->sees(qr/EADDRINUSE.*:+$port/, 'refused by another program');
asked(qr/^  Held now by $$ \S+ \(fd $fd\), a process outside of this run\.$/m, 'which is named');
like($t->screen, qr/Refused last: \S*:$port to A $pid/, 'and what was refused');
done_testing;
