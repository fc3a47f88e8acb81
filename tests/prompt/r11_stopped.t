#!/usr/bin/perl
# R11: .exit's kill ends a stopped child, and one that ignores SIGTERM, and says which step did it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

# The terminal outlives the prompt, so that its last words can be read.
my $t = Tmux->new(shell => 1, env => { NO_COLOR => 1 });
$t->start;
my @pids;
for my $code ('setInterval(function() end, 1000)',
  'process:on("SIGTERM", function() end) setInterval(function() end, 1000)',
  'setInterval(function() end, 1000)') {
  my $n = @pids + 1;
  $t->enter(qq{c$n = cp.fork(function() $code process.send "up" end)});
  $t->enter(qq{await(events.once(c$n, "message")) print("pid $n", c$n.pid)});
  $t->wait_for(qr/^pid $n\s+(\d+)$/m);
  push @pids, $t->screen =~ /^pid $n\s+(\d+)$/m;
}
$t->enter('c3:kill("SIGSTOP")');
$t->wait_for(sub { open my $f, '<', "/proc/$pids[2]/stat" or return 0; return <$f> =~ /\) T / });
$t->enter('.exit');
$t->sees(qr/^\s+$pids[2]\s+stopped/m, 'the question shows that one is stopped');
$t->keys('k');
$t->sees(qr/^pid $pids[0] ended by SIGTERM$/m, 'one listens to SIGTERM');
$t->sees(qr/^pid $pids[2] ended by SIGTERM, once SIGCONT let it go on$/m, 'the stopped one is continued');
$t->sees(qr/^pid $pids[1] ended by SIGKILL$/m, 'the deaf one is killed after two seconds');
$t->sees(qr/^none is left$/m, 'and the prompt ends');
ok(!kill(0, $_), "$_ is gone") for @pids;
done_testing;
