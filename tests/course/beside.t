#!/usr/bin/perl
# The view beside a run shows what was there, however short the run was.
# timeout: 900
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Program;
use Test::More;

my %scripts = (
  ports => <<'LUA',
local net, cp = require 'net', require 'child_process'
if process.send then
  net.createServer():on('error', function() process.exit(1) end):listen(tonumber(process.argv[3]), '127.0.0.1')
  return
end
local server = net.createServer()
server:listen(0, '127.0.0.1', function()
  local child = cp.fork(__filename, { tostring(server:address().port) })
  child:on('exit', function() server:close() end)
end)
LUA
  threads => <<'LUA',
local threads = require 'worker_threads'
local left = 2
for i = 1, 2 do
  local w = threads.Worker("require('worker_threads').parentPort:once('message', function() end)", { eval = true })
  w:on('online', function() left = left - 1; if left == 0 then for _, o in ipairs(all) do o:postMessage(1) end end end)
  all = all or {}
  all[i] = w
end
LUA
  lanes => <<'LUA',
local cp = require 'child_process'
if process.send then process.send 'early' return process.disconnect() end
cp.fork(__filename):on('exit', function() for _ = 1, 12 do cp.spawn 'true' end end)
LUA
  pool => "for i = 1, 6 do require('fs').readFile(__filename, function() end) end\n",
  taps => "process.stdout:write(('x'):rep(2000) .. '\\n')\n",
  cells => "local a = Int32Array(SharedArrayBuffer(16)); a[0] = 7; setTimeout(function() a[1] = 9 end, 50)\n",
  mem => "print(#Buffer.alloc(1 << 20))\n",
  loop => "local t = process.hrtime(); repeat local d = process.hrtime(t) until d[1] > 0 or d[2] > 120e6\n",
);
my @views = qw(ports threads pool taps mem loop cells lanes);
my $steps = join ",\n", map {
  qq({ run = "$_", script = "$_.lua", view = ".$_", en = "t", zh = "t", look = { en = "l", zh = "l" } })
} @views;
my $lessons = folder('91-views/guide.lua' => qq(return { title = { en = "V", zh = "V" }, minutes = 1, steps = { $steps } }\n),
  map { ("91-views/$_.lua" => $scripts{$_}) } @views);
my $dir = folder();
my %env = (MOONFORK_LESSONS => $lessons, MOONFORK_PROGRESS => "$dir/progress", MOONFORK_WORK => "$dir/work",
  MOONFORK_LANG => 'en', TMPDIR => $dir, XDG_RUNTIME_DIR => '', NO_COLOR => 1, TERM => 'dumb');
my $r = run({ stdin => 'rn' x (@views - 1) . 'rq', env => \%env }, 'lesson', '91');
is($r->{code}, 0, 'the chapter is walked through') or diag($r->{out}, $r->{err});
my %shown;
$shown{$1} = $2 while $r->{out} =~ /^\.(\w+)\n(.*?)^reclaimed/msg;
like($shown{ports}, qr/^127\.0\.0\.1:\d+ +\d+ +A script \d+ .* 1 holder$/m, 'ports: the holder');
like($shown{ports}, qr/EADDRINUSE by B \d+ at .*, held by A script/, 'and who was refused');
like($shown{threads}, qr/^A main (?=.*^A w1 thread )(?=.*^A w2 thread )/ms, 'threads that have lived');
like($shown{pool}, qr/^A script  \d+ threads, [1-9]\d* busy/m, 'jobs of the pool');
like($shown{taps}, qr/^A script +0B +2\.0K/m, 'taps: the bytes');
like($shown{mem}, qr/^A script +\d/m, 'mem: one that has ended');
like($shown{loop}, qr/^A script +\S*#/m, 'loop: the long turn');
like($shown{cells}, qr/16 bytes.*\n +0 +7 +9 +0 +0$/m, 'cells: as they were at last');
like($shown{lanes}, qr/(?:recv|queued) .* send "early"/, 'lanes: a message goes before what came later');
is(scalar(() = $shown{lanes} =~ /\n/g), 18, 'and there is room for what else happened');
unlike($r->{out}, qr/No process of this run|No process has used/, 'no view is empty');

done_testing();
