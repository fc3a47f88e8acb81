#!/usr/bin/perl
# .trace: off and on, the last records, and the export; the prompt's own folder comes and goes.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 40, columns => 100);
sub fits {
  my ($name) = @_;
  my $screen = $t->screen;
  utf8::decode($screen);
  my ($long) = grep { length > 80 && !/^moon/ } split /\n/, $screen;
  is($long, undef, "$name fits 80 columns");
}
$t->enter('.trace');
$t->sees(qr/^recording in \/.*\/moonfork-\w{6}$/m, 'recorded from the start');
my ($dir) = $t->screen =~ /^recording in (\/.*)$/m;
is((stat $dir)[2] & 07777, 0700, 'its folder is ours alone');
$t->enter('trace.mark "a mark \27[31m of mine"');
$t->enter('c = cp.fork(function() process:on("message", print) end, { stdio = "ignore" }) c:send "hello"');
$t->sees(sub { $t->answer('.trace log 3') =~ /^\S+ A prompt +ipc\.send .*^\S+ B child +ipc\.recv /ms },
  '.trace log shows both ends of a message');
fits('.trace log');
like($t->answer('.trace log 1'), qr/A prompt +user\.mark +.*a mark .*of mine/, 'the mark');
unlike($t->screen, qr/ipc\.send/, 'a lower level shows less');
$t->keys('C-l');
$t->enter('.trace off');
$t->sees(qr/^recording is paused/m, '.trace off');
$t->enter('print("dir", process.env.MOONFORK_TRACE_DIR, trace.on)');
$t->sees(qr/^dir\tnil\tfalse|^dir +nil +false/m, 'children do not inherit it');
$t->enter('print("kid", (cp.execSync("env", { env = { A = "1" }, encoding = "utf8" }):gsub("\n", " ")))');
$t->sees(sub { my ($kid) = $t->screen =~ /^kid +(.*)$/m; $kid && $kid !~ /MOONFORK/ }, 'not with an env of their own either');
$t->enter('trace.mark "unheard"');
$t->enter('.trace on');
$t->sees(qr/^recording goes on in \Q$dir\E$/m, '.trace on');
$t->enter('print("dir", process.env.MOONFORK_TRACE_DIR == trace.dir, trace.on)');
$t->sees(qr/^dir +true +true/m, 'they do again');
like($t->answer('.trace log 1'), qr/proc\.spawn/, 'the log');
unlike($t->screen, qr/user\.mark +.*unheard/, 'what happened meanwhile is not there');
$t->keys('C-l');
my $file = "$ENV{TMPDIR}/trace-$$";
$t->enter(".trace save $file.txt");
$t->sees(qr/ends in \.ndjson/, 'another ending is refused');
for my $end (qw(ndjson json)) {
  $t->enter(".trace save $file.$end");
  $t->sees(qr/^\Q$file.$end\E: \d+ records$/m, "saved as $end");
  ok(-s "$file.$end", 'the file is there');
}
$t->keys('C-l');
$t->enter(".trace save $file.json");
$t->sees(qr/^\Q$file.json\E: \d+ records$/m, 'one that was saved here is written over');
$t->enter(".trace save $file.ndjson");
$t->sees(qr/^\Q$file.ndjson\E is there already/m, 'another one is not');
unlink "$file.json", "$file.ndjson";
$t->enter('.trace nonsense');
$t->sees(qr/^\.trace \[on \|/m, 'how it is used');
$t->enter('c:kill()');
$t->sees(sub { $t->bottom =~ /^moon> *$/ }, 'the child has gone');
$t->keys('C-d');
ok($t->wait_for(sub { !-e $dir }), 'the folder goes with the prompt');

for my $signal (qw(TERM HUP)) {
  my $p = Tmux->new(columns => 160);
  $p->enter('.trace');
  $p->sees(qr/^recording in /m, 'another prompt');
  ($dir) = $p->screen =~ /^recording in (\/.*)$/m;
  ok(-d $dir, 'has its folder');
  kill $signal, $p->program_pid;
  ok($p->wait_for(sub { !-e $dir }), "SIG$signal takes it along");
}
done_testing;
