#!/usr/bin/perl
# A child whose loop is blocked: .in and a line say so, and where; Ctrl-C takes the line back, also then.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../prompt";
use Test::More;
use File::Temp qw(tempdir);
use Tmux;

my $dir = tempdir(CLEANUP => 1);
open my $f, '>', "$dir/compute.lua" or die;
print $f <<'LUA';
local fs = require "fs"
local function computation()
  ran = (ran or 0) + 1
  fs.writeFileSync(__dirname .. "/begun", "")
  while fs.existsSync(__dirname .. "/hold") do
    for i = 1, 1e5 do end
  end
end
process:on("message", computation)
process.send "up"
LUA
close $f;
sub hold { open my $h, '>', "$dir/hold" or die }

my $t = Tmux->new(env => { NO_COLOR => 1 });
my $prompt = sub { $t->bottom =~ /^moon:B> *$/ };
hold();
$t->enter(qq{c = cp.fork("$dir/compute.lua")});
$t->enter('await(events.once(c, "message"))');
$t->enter('c:send(1)');
$t->wait_for(sub { -e "$dir/begun" }); # who comes before is let in
$t->enter('.in B');
$t->sees(qr/^B \(pid \d+\) is blocked for \d+\.\d s(?:\s+at\s+compute\.lua:\d|\s+inside ).*lets\s+you\s+in/ms, 'said while going in');
like($t->bottom, qr{^moon:B[|/\\-]}, 'the prompt says whose turn it is');
$t->keys('C-c');
$t->sees(qr/^\(given up\)$/m, 'Ctrl-C gives up');
$t->enter('1 + 1');
$t->sees(qr/^2$/m, 'and the prompt is here');
$t->enter('.in B');
unlink "$dir/hold";
$t->wait_for($prompt);
ok($prompt->(), 'it lets us in when its loop is back');

$t->keys('C-l');
hold();
$t->enter('setTimeout(function() process:emit("message", 1) end, 1) return "sent"');
$t->sees(qr/^"sent"$/m, 'it is going to be blocked');
$t->enter('marker = "ran"');
$t->sees(qr/^\(B \(pid \d+\) is blocked for \d+\.\d s.*the line waits for it;\s+Ctrl-C\s+takes\s+it\s+back\)/ms, 'a line says that it waits');
$t->keys('C-c');
$t->sees(qr/^\(taken back\)$/m, 'Ctrl-C takes it back');
$t->wait_for($prompt);
ok($prompt->(), 'at once');
unlink "$dir/hold";
$t->enter('marker, ran');
$t->sees(qr/^nil  2$/m, 'it has not run, what blocked was not stopped');
$t->enter('.stop B');
$t->sees(qr/^B \(pid \d+\) stopped: state T after \d+ ms$/m, 'a stopped one');
$t->enter('"hello"');
$t->sees(qr/is blocked because it is stopped \(\.cont/, 'is told from a blocked one');
$t->keys('C-c');
$t->wait_for($prompt);
$t->enter('.cont B');
$t->sees(qr/^B \(pid \d+\) goes on: state \w after \d+ ms$/m, 'goes on');
$t->enter('"again"');
$t->sees(qr/^"again"$/m, 'and answers');
$t->enter('.kill -KILL B');
$t->sees(qr/^B \(pid \d+\) was killed by SIGKILL; this is the prompt again$/m, 'a target that is killed: said how');
$t->sees(sub { $t->bottom =~ /^moon> *$/ }, 'and the prompt is back');
$t->enter('process.exit()');
ok($t->gone, 'ends');
done_testing;
