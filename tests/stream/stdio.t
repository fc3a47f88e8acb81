#!/usr/bin/perl
# process.stdin, stdout and stderr over each kind of descriptor: file, pipe, terminal, /dev/null, closed.
use strict;
use warnings;
use Fcntl;
use File::Temp qw(tempfile);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Sandbox;
use Test::More;

my $program = join ' ', Sandbox::prefix(), Sandbox::program();

# Runs the Lua text with the redirections of a shell; what it writes to stderr and its exit code.
sub run {
  my ($lua, $before, $after) = @_;
  my ($out, $name) = tempfile(UNLINK => 1);
  print $out $lua;
  close $out;
  my $r = Sandbox::run(command => ['sh', '-c', "$before $program $name $after"], capture => 1, limit => 40);
  return "$r->{out}$r->{err}" . ($r->{code} ? "exit $r->{code}" : '') . ($r->{timeout} ? 'timeout' : '');
}

my $read = <<'E2';
local n = 0
local function say(...) process.stderr:write(table.concat({ ... }, " ") .. "\n") end
say(tostring(process.stdin):match "^%w+", tostring(process.stdin.isTTY))
process.stdin:on("data", function(d) n = n + #d end)
process.stdin:on("end", function() say("end", n) end)
E2

my ($big, $file) = tempfile(UNLINK => 1);
print $big 'x' x 200_000;
close $big;
is(run($read, '', "< $file"), "ReadStream nil\nend 200000\n", 'a file');
is(run($read, '', '< /dev/null'), "ReadStream nil\nend 0\n", '/dev/null');
is(run($read, "cat $file |", ''), "Socket nil\nend 200000\n", 'a pipe');
is(run($read, '', '<&-'), "ReadStream nil\nend 0\n", 'closed');
is(run($read, '', '< /'), "Readable nil\nend 0\n", 'a folder: nothing');

# A pipe that stays open and holds one line: the shell itself has both its ends.
my $open = 'f=$(mktemp -u); mkfifo $f; exec 9<>$f; rm $f; echo a >&9;';
my $idle = 'local s = process.stdin; process.stderr:write(s.readable and "idle\n" or "?")';
is(run($idle, $open, '<&9'), "idle\n", 'an untouched stdin does not keep the program');
my $paused = 'process.stdin:once("data", function(d) setTimeout(function() process.stdin:pause() end, 1) end)';
is(run($paused, $open, '<&9'), '', 'a paused one lets it end');
my $unref = 'process.stdin:on("data", function() end); process.stdin:unref()';
is(run($unref, $open, '<&9'), '', 'so does unref');

my $flags = 'perl -MFcntl -e "print fcntl(STDIN, F_GETFL, 0) & O_NONBLOCK ? q(changed) : q(kept)"';
is(run('process.stdin:once("data", function() process.exit() end)', $open, "<&9; ($flags) <&9"), 'kept', 'the flags of a shared pipe are put back');

my $write = <<'E2';
process.stdout:write("a")
io.write("b")
process.stdout:write("c", function() print "d" end)
print(tostring(process.stdout):match "^%w+", process.stdout.fd, process.stderr.fd, process.stdout.isTTY)
E2
is(run($write, '', ''), "abcSyncWriteStream\t1\t2\tnil\nd\n", 'output in order with print');
is(run('process.stdout:write(("x"):rep(3000000)) process.exit()', '', '| wc -c'), "3000000\n",
  'nothing is lost at exit');
is(run('process.stdout:on("close", function() process.stdout:write "open" end) process.stdout:finish("bye ")',
  '', ''), 'bye open', 'finish does not close fd 1');
like(run('process.stdout:on("error", function(e) io.stderr:write(e.code, " ", e.syscall, "\n") end) ' .
  'setInterval(function() process.stdout:write "x\n" end, 1):unref() setTimeout(function() end, 300)',
  '', '| true'), qr/^(?:EPIPE write\n)+$/, "a closed pipe is an error event");
like(run('setInterval(function() process.stdout:write "x\n" end, 1)', 'trap "" PIPE; (', '; echo $? >&2) | true'),
  qr/write EPIPE.*\n1\n$/s, 'without a listener it ends the program with 1');
is(run('process.stdin:pipe(process.stdout)', "cat $file |", '| wc -c'), "200000\n", 'stdin piped into stdout');
done_testing();
