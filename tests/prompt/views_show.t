#!/usr/bin/perl
# What the views must show, in a terminal of 80 columns: a blocked loop and late messages (I-1), a port and
# its holders (I-2), an orphan (I-3), a zombie (I-4), a killed one (I-5), streams, the pool, memory, output.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Temp qw(tempdir);
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 36);
my $compute = "$FindBin::Bin/fixtures/compute.lua";
my $stop = tempdir(CLEANUP => 1) . "/stop";
my $master = "$FindBin::Bin/fixtures/master.lua";

# Types the command until its answer is what is wanted.
sub shows {
  my ($command, $want, $name) = @_;
  my $ok = $t->wait_for(sub { $t->answer($command) =~ $want });
  ok($ok, $name);
  my $screen = $t->screen;
  utf8::decode($screen);
  my ($long) = grep { length > 80 } split /\n/, $screen;
  is($long, undef, "$name: 80 columns");
  diag("the screen:\n" . $t->screen) unless $ok;
}

sub run { $t->enter($_[0]); $t->prompt }

# I-1
run("b = cp.fork('$compute')");
shows('.ps', qr/ B child /, 'the first child is B');
run("c = cp.fork('$compute')");
shows('.ps', qr/ C child /, 'the next one C');
run('at = 0; c:on("message", function() at = at + 1 end); c:send({ n = 0 })');
shows('at == 1 and .25', qr/^0\.25$/m, 'which is ready');
run('c:send({ path = "' . $stop . '", n = 1 })');
$t->keys('F2');
$t->sees(qr/C child +R .* BLOCK .*(?s:.*)^ C blocked \d+ ms in compute\.lua:\d+ \(function 'computation'\)$/m,
  'I-1: a blocked loop, with its place');
$t->sees(sub { (() = $t->screen =~ / BLOCK /g) == 1 }, 'no other one is marked');
$t->keys('q');
$t->prompt;
run('for n = 2, 3 do c:send({ n = n }) end');
shows('.loop', qr/^C child +[.ti#]*!{4,}/m, 'the strip of the loop');
open my $file, '>', $stop or die;
shows('at == 4 and .5', qr/^0\.5$/m, 'all are answered');
shows('.lanes', qr/recv \+[\d.]+ m?s late/, 'a late receive, with how late it is');
like($t->screen, qr/send \S+ .*queued/, 'the send says that it waits');
shows('.threads', qr/^C main +\d+ +S /m, 'threads');
run('b:kill() c:kill("SIGKILL")');
shows('.lanes', qr/killed by SIGKILL/, 'I-5: killed by SIGKILL');

# I-2
run("m = cp.fork('$master'); m:on('message', function(p) port = p end)");
shows('port > 0', qr/^true$/m, 'the port is open');
shows('.ports', qr/^127\.0\.0\.1:(\d+) +\d+ +(\w) child \d+ +\d+ +- +4 holders\n(?: +\w child \d+ +\d+ +-\n){3}/m,
  'I-2: one inode, four holders');
run('s = require("net").createServer(); s:on("error", print); s:listen(port, "127.0.0.1")');
shows('.ports', qr/^127\.0\.0\.1:\d+ EADDRINUSE by A \d+ at .*, held by D child \d+$/m, 'who has the port that is in use');
run('m:send("close")');
shows('.ports', qr/ - +3 holders\n(?: +\w child \d+ +\d+ +-\n){2}/, 'three when the master has closed its own');

# I-3
run('m:kill("SIGKILL")');
shows('.ports', qr/ORPHAN \d+ +\d+ +- +3 holders/, 'I-3: orphans hold the port');
shows('.ps', qr/┄(\d+) +(\w) ORPHAN +S closed .*orphan: ppid \d+ \(was \d+\)/, 'and stand under who adopted them');
my @orphans = $t->screen =~ /┄(\d+) +\w ORPHAN/g;
is(scalar @orphans, 3, 'all three');
$t->enter('require("net").connect({ port = port, host = "127.0.0.1" }):on("data", function(d) print("got " .. tostring(d)) end)');
$t->sees(qr/^got served$/m, 'the port still answers');
shows('.ports', qr/ORPHAN \d+ +\d+ +1\b/, 'and it is counted who accepted');
kill 'TERM', @orphans;

# I-4: a parent that is stopped does not ask how its child has ended.
run('p = cp.fork(function() process.send(require("child_process").spawn("sleep", { "1000" }).pid) end)');
run('p:on("message", function(n) grandchild = n end)');
shows('grandchild > 0', qr/^true$/m, 'a grandchild');
run('p:kill("SIGSTOP") process.kill(grandchild, "SIGKILL")');
shows('.ps', qr/child +T .*stopped.*\n +└─\d+ +sleep +Z .*zombie: it has ended/, 'I-4: a zombie, with the reason');
run('p:kill("SIGCONT")');
shows('.ps', qr/\A(?!(?s:.*)sleep +Z)/, 'it goes when it has been reaped');

# Streams, pool, memory, what was printed
run('f = cp.spawn("sleep", { "1000" }); f.stdin:write(("x"):rep(1000000))');
shows('.taps', qr/^sleep +\d+K? .* FULL stdin$/m, 'a full pipe');
run('yes = cp.spawn("yes")');
SKIP: {
  my $other = open(my $out, '-|', 'exec sleep 1000') or die $!;
  my $told = open(my $call, '<', "/proc/$other/syscall");
  $told &&= defined readline $call;
  kill 'KILL', $other;
  close $out;
  skip 'the system does not tell what a process waits for', 1 unless $told;
  shows('.taps', qr/^yes .* FULL stdout$/m, 'one without a ring waits to write');
}
run('yes:kill()');
run('for i = 1, 5 do require("crypto").pbkdf2("a", "b", 3000000, 32, "sha256", function() end) end');
shows('.pool', qr/^A prompt +4 threads, 4 busy, 1 waiting\n +1 +\w+ +for .*\n(?:.*\n)+ +1 more waits/m, 'why the fifth waits');
shows('.mem', qr/^A prompt +\S+ .* \S+M /m, 'memory');
run('e = cp.fork(function() console.log "from the child"; setInterval(function() end, 1000) end)');
shows('.log', qr/^\d\d:\d\d:\d\d\.\d{3} \w child +out from the child$/m, 'a line of output with its origin');
run('e:kill() f:kill()');
done_testing;
