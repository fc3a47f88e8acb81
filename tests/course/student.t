#!/usr/bin/perl
# What a student types, and what he is told: keys that are none, answers as a Chinese keyboard writes them, a
# file that returns nothing, what a run that was cut short has not told.
# timeout: 120
use strict;
use warnings;
use utf8;
use Encode 'encode';
use FindBin;
use lib "$FindBin::Bin/../lib";
use Program;
use Test::More;

my $guide = encode('UTF-8', <<'LUA');
return { title = { en = "S", zh = "生" }, minutes = 1, steps = {
  { say = "hello", en = "t", zh = "字" },
  { predict = "two", script = "two.lua", en = "q", zh = "问", known = "10 1",
    answer = function() return line("ten").text:match "%d+ %d+" end, because = { en = "so", zh = "如此" } },
  { run = "held", script = "held.lua", view = ".ports", en = "t", zh = "字", look = { en = "l", zh = "看" },
    check = { { function() return line "done" end, en = "c", zh = "查" } } },
  { run = "killed", script = "killed.lua", view = ".loop", en = "t", zh = "字", look = { en = "l", zh = "看" },
    check = { { function() return line "done" end, en = "c", zh = "查" } } },
  { run = "curve", script = "curve.lua", view = ".mem", en = "t", zh = "字", look = { en = "l", zh = "看" },
    check = { { function() return line "done" end, en = "c", zh = "查" } } },
  { run = "accepted", script = "accepted.lua", view = ".lanes 4", en = "t", zh = "字", look = { en = "l", zh = "看" },
    check = { { function() return line "done" end, en = "c", zh = "查" } } },
  { exercise = "one", en = "t", zh = "字", hints = { { en = "h", zh = "提" }, { en = "i", zh = "二" }, { en = "j", zh = "三" } },
    check = { { function() return fact "told".value == 1 end, en = "it is told", zh = "得知了" } } },
} }
LUA

my %scripts = (
  two => "print 'ten: 10 1'\n",
  held => <<'LUA', # a worker that shares the socket; the primary has it, too, and does not listen itself
local cluster = require 'cluster'
cluster.schedulingPolicy = cluster.SCHED_NONE
if cluster.isWorker then require('net').createServer():listen(0, '127.0.0.1') return end
local worker = cluster.fork()
worker:on('listening', function() worker:kill() end)
worker:on('exit', function() print 'done' end)
LUA
  killed => <<'LUA', # in the middle of a turn, of which there is no record
local cp = require 'child_process'
if process.send then process.send 'busy' while true do end end
local child = cp.fork(__filename)
child:on('message', function() setTimeout(function() child:kill 'SIGKILL' end, 500) end)
child:on('exit', function() print 'done' end)
LUA
  accepted => <<'LUA',
local net = require 'net'
local server = net.createServer(function(socket) socket:finish() end)
server:listen(0, '127.0.0.1', function()
  net.connect(server:address().port):resume():on('close', function() print 'done' server:close() end)
end)
LUA
  curve => "local b = Buffer.alloc(1 << 20, 1) setTimeout(function() print('done', #b) end, 1200)\n",
);
my $check = "local f = require '../../../student' 'function'\nprocess.send { told = { value = f() } }\n";
my ($student) = map { local (@ARGV, $/) = ($_); scalar <> } "$FindBin::Bin/../../lessons/student.lua";
my $lessons = folder('92-student/guide.lua' => $guide, 'student.lua' => $student,
  '92-student/exercises/one/check.lua' => $check, '92-student/exercises/one/start.lua' => "local function f() end\n",
  '92-student/exercises/one/solution.lua' => "return function() return 1 end\n",
  map { ("92-student/$_.lua" => $scripts{$_}) } keys %scripts);
my $dir = folder();
my %env = (MOONFORK_LESSONS => $lessons, MOONFORK_PROGRESS => "$dir/progress", MOONFORK_WORK => "$dir/work",
  MOONFORK_LANG => 'en', TMPDIR => $dir, XDG_RUNTIME_DIR => '', NO_COLOR => 1, TERM => 'dumb');

# The output of the chapter with these keys, at the step.
sub typed { my ($step, $keys, %more) = @_;
  my $r = run({ stdin => encode('UTF-8', "l$step\n$keys"), env => { %env, %more } }, 'lesson', '92');
  is($r->{code}, 0, "step $step") or diag($r->{out}, $r->{err});
  return Encode::decode('UTF-8', $r->{out});
}

my $out = typed(1, 'zq');
like($out, qr/^z is no key here\. These are:\n\nn next · b back/m, 'a key that is none: those that are');
like(typed(1, '好q', MOONFORK_LANG => 'zh'), qr/请切换到英文输入法。可用的键：\n\nn 下一步/, 'also of several bytes');
like(typed(1, "N\n.quit\n"), qr/2\/7 · predict/, 'a large letter is the key');
like(typed(1, ".lesson 4\n.foo\nq"), qr/q leaves this chapter; then .moonfork lesson 4.*There is no \.foo at a step/s,
  'a command that is none');

for my $answer ('10 1', '10，1', '10, 1', '１０、１') {
  like(typed(2, "$answer\nq"), qr/, and so it is, because/, 'the same answer');
}
like(typed(2, "$_\nq"), qr/it is 10 1, because/, 'another answer') for '101', '1 01', '10';

$out = typed(3, 'rq');
like($out, qr/^127\.0\.0\.1:\d+ +\d+ +A primary .* 2 holders\n +B worker#1 \d+ +\d+ /m, 'who sends a socket holds it');
like(typed(4, 'rq'), qr/^B child +\.*[^!\n]?!!!/m, 'the turn in which one was killed');
like(typed(5, 'rq'), qr/^A script .*[▁-█].*\nEach curve: the whole run/m, 'curves of a short run');

like(typed(6, 'rq'), qr/^\.lanes 4\nms .*^\S+ +accept \d+/ms, 'lanes in the detail that the step names');

$out = typed(7, 'rq');
like($out, qr/^The file has to return a function at its end; now it is: nothing\.$/m, 'a file that returns nothing');
unlike($out, qr/attempt to|not seen/, 'and no error of Lua');
my $copy = "$dir/work/92-student/one.lua";
sub hand_in { open my $f, '>', $copy or die "$copy: $!"; print $f $_[0]; close $f or die }
hand_in("return 5\n");
like(typed(7, 'rq', MOONFORK_LANG => 'zh'), qr/^文件末尾要返回函数，现在是：数。$/m, 'or a number');
hand_in("return function() error 'broken' end\n");
$out = typed(7, 'rq');
like($out, qr/^not seen: it is told\nIt ended with exit code 1\.$/m, 'what was not told is not seen');
hand_in("return function() return 1 end\n");
like(typed(7, 'rq'), qr/^passed$/m, 'and the right one');

my $r = run({ env => \%env }, 'lesson', 'report');
like($r->{out}, qr/^   one +exercise +done +\d tries, 0 hints, 0 shown$/m, 'the report');
$r = run({ env => { %env, MOONFORK_LANG => 'zh' } }, 'lesson', 'report');
like(Encode::decode('UTF-8', $r->{out}), qr/^   one +练习 +完成 +尝试 \d 次，提示 0 条，看答案 0 次$/m, 'in Chinese');
$r = run({ env => \%env }, 'lesson', '--auto', '92');
like($r->{out}, qr/^1 chapter, 0 faults$/m, 'one chapter is one');
is($r->{code}, 0, 'which passes') or diag($r->{out});

done_testing();
