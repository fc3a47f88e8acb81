#!/usr/bin/perl
# Two prompts of one run, in a folder whose path is longer than a socket's address may be: one guest at a
# time, the second is told who is in. A worker thread is entered as a process is.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../prompt";
use Test::More;
use File::Temp qw(tempdir);
use Tmux;

my $dir = tempdir(CLEANUP => 1) . ('/' . 'long' x 20) x 2;
mkdir substr($dir, 0, rindex($dir, '/'));
mkdir $dir, 0700 or die "$dir: $!";
chmod 0700, $dir;
ok(length $dir > 108, 'a long path');
my %o = (env => { NO_COLOR => 1, MOONFORK_TRACE_DIR => $dir });
my $a = Tmux->new(%o);
$a->enter('c = cp.fork(function() process:on("message", print) process.send "up" end)');
$a->enter('await(events.once(c, "message")) print("pid is " .. c.pid)');
$a->wait_for(qr/^pid is (\d+)$/m);
my ($pid) = $a->screen =~ /^pid is (\d+)$/m;
my $b = Tmux->new(%o);
$b->enter(".in $pid");
$b->sees(sub { $b->bottom =~ /^moon:B> *$/ }, 'the second prompt enters by the pid, and shows the letter');
$b->enter('mine = "of b"');
$b->sees(sub { $b->bottom =~ /^moon:B> *$/ }, 'and types there');
$a->enter('.in B');
$a->sees(qr{^B \(pid $pid\): somebody is in already: pid \d+ at /dev/\S+$}m, 'the first is told who is in');
$a->sees(sub { $a->bottom =~ /^moon\[1p\]> *$/ }, 'and stays where it is');
$a->enter('.slow B 30');
$a->sees(qr/each message it receives now waits 30 ms first/, '.slow is not kept out by a guest');
$b->enter('.out');
$b->sees(sub { $b->bottom =~ /^moon> *$/ }, 'the guest leaves');
$a->enter('.in B');
$a->sees(sub { $a->bottom =~ /^moon:B> *$/ }, 'now the first may come');
$a->enter('mine');
$a->sees(qr/^"of b"$/m, 'and sees what the other did');
$b->enter(".in $pid");
$b->sees(qr/somebody is in already/, 'the second is refused now');
$b->enter('.in A');
$b->sees(qr/^A \(pid \d+\): it is a prompt itself: type there$/m, 'a prompt is not entered');
$a->enter('.out');
$a->enter('w = worker_threads.Worker(function() in_thread = 7 setInterval(function() end, 1000) end) await(events.once(w, "online"))');
$a->enter('.in tid 1');
$a->sees(sub { $a->bottom =~ /^moon:tid1> *$/ }, 'a thread of this very process');
$a->enter('in_thread, worker_threads.threadId');
$a->sees(qr/^7  1$/m, 'has its own globals');
$a->enter('print("from the thread")');
$a->sees(qr/^from the thread$/m, 'and what it prints comes here');
$a->enter('.kill tid 1');
$a->sees(qr/cannot get a signal of its own/, 'a thread gets no signal');
SKIP: {
  skip 'ThreadSanitizer holds back a signal while Lua runs', 1 if ($ENV{MOONFORK_VARIANT} || '') =~ /tsan/;
  $a->enter('while true do end');
  $a->sees(qr/^\(the line blocks/m, 'a line blocks the thread');
  $a->keys('C-c');
  $a->sees(qr/^interrupted$/m, 'and is stopped there');
}
$a->enter('process.exit(4)');
$a->sees(qr/^thread 1 of A \(pid \d+\) ended with code 4; this is the prompt again$/m, 'the end of a thread is told');
$a->enter('c:kill() process.exit()');
ok($a->gone, 'ends');
$b->enter('process.exit()');
ok($b->gone, 'ends, too');
done_testing;
