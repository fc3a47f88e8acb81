#!/usr/bin/perl
# `moonfork lesson`: where lessons are found, how they are listed, which one a name means, how one runs.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Path qw(make_path);
use Program;
use Test::More;

my $dir = folder(
  '01-events/emit-is-sync.lua' => <<'LUA',
-- emit runs the listeners before it returns
-- sample: S014
-- watch: the order of the lines, and that no line of the listener comes after the last one of
--   the program, because emit is a function call and nothing else
-- try: call emit twice
--
-- more that is not shown
print("sync runs", ...)
LUA
  '01-events/emit-later.lua' => "#!/usr/bin/env moonfork\n-- setImmediate defers its function, and this title goes on behind the line's end\n-- sample: S015\nprint 'later runs'\n",
  '05-process-and-child_process/orphan/main.lua' => <<'LUA',
-- Who adopts an orphan
-- watch: ppid
print(require "./other", process.cwd() == __dirname)
os.exit(3)
LUA
  '05-process-and-child_process/orphan/other.lua' => 'return "other"',
  '05-process-and-child_process/node/S001/x.js' => '',
  '05-process-and-child_process/killed.lua' => "-- Ends by a signal\nprocess.kill(process.pid, 'SIGKILL')\nsetTimeout(print, 5000)",
  'README.md' => '', 'drafts/x.lua' => '-- not a chapter',
);
sub lesson { return run({ env => { MOONFORK_LESSONS => $dir } }, 'lesson', @_) }

says(lesson(), 0, <<'OUT', '', 'the list');
1. Events
   emit-is-sync  S014  emit runs the listeners before it returns
   emit-later    S015  setImmediate defers its function, and this title goes on
                       behind the line's end
5. Process and child_process
   killed              Ends by a signal
   orphan              Who adopts an orphan

moonfork lesson NAME runs one.
OUT

my $sync = <<"OUT";
emit runs the listeners before it returns
watch: the order of the lines, and that no line of the listener comes after the
       last one of the program, because emit is a function call and nothing else
try:   call emit twice
file:  $dir/01-events/emit-is-sync.lua

sync runs
OUT
says(lesson($_), 0, $sync, '', "'$_' means emit-is-sync")
  for 'emit-is-sync', 'EMIT-IS-SYNC', '01-events/emit-is-sync', 'S014', 's014', 'is-sy', 'before it';
says(lesson('s014', 'a', 'b'), 0, $sync =~ s/runs$/runs\ta\tb/mr, '', 'arguments go to the lesson');
says(lesson('later'), 0, qr/^setImmediate defers .*\nfile: .*\n\nlater runs\n$/, '', 'a shebang line before the head');
says(lesson('orphan'), 3, qr/\nother\ttrue\n$/, '', 'a folder; it runs there, its exit code is ours');
says(lesson('killed'), 137, undef, '', 'a signal: 128 and its number');

says(lesson('emit'), 1, '', <<'ERR', 'a part that two have');
moonfork: 'emit' may be any of these lessons:
   emit-is-sync  S014  emit runs the listeners before it returns
   emit-later    S015  setImmediate defers its function, and this title goes on
                       behind the line's end
ERR
says(lesson('orphn'), 1, '', qr/^moonfork: there is no lesson 'orphn'\. Near to it:\n   orphan  /, 'a mistyped name');
says(lesson(''), 1, '', qr/^moonfork: there is no lesson ''/, 'an empty name');
says(lesson('x' x 500), 1, '', qr/^moonfork: there is no lesson/, 'a long name');

my $none = folder(x => '');
says(run({ env => { MOONFORK_LESSONS => $none } }, 'lesson'), 1, '', "moonfork: no lessons in $none; MOONFORK_LESSONS names their folder\n",
  'a folder without lessons');
says(run({ env => { MOONFORK_LESSONS => '/nowhere' } }, 'lesson'), 1, '', qr/^moonfork: no lessons in .*MOONFORK_LESSONS/, 'no folder');

# Beside the program, and below its PREFIX
my $top = folder('opt/lessons/01-a/one.lua' => "-- One\n", 'usr/share/moonfork/lessons/01-b/two.lua' => "-- Two\n");
make_path("$top/usr/bin");
system('cp', Sandbox::program(), "$top/opt/moonfork");
system('cp', Sandbox::program(), "$top/usr/bin/moonfork");
my @unset = (unset => ['MOONFORK_LESSONS']);
says(run({ program => "$top/opt/moonfork", @unset }, 'lesson'), 0, qr/   one  .*One\n/, '', 'beside the program');
says(run({ program => "$top/usr/bin/moonfork", @unset }, 'lesson'), 0, qr/   two  .*Two\n/, '', 'in PREFIX/share');

# A script of that name
my $own = folder(lesson => 'print "a script"');
says(run({ cwd => $own }, './lesson'), 0, "a script\n", '', './lesson is a script');
says(run({ cwd => $own }, '--', 'lesson'), 0, "a script\n", '', 'so is lesson after --');

done_testing();
