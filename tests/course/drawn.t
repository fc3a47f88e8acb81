#!/usr/bin/perl
# A puzzle that is drawn: the seed is told and repeats it, the run is about the same puzzle, and --sim needs no run.
# timeout: 60
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib", "$FindBin::Bin/lib";
use Program;
use Sandbox;
use Test::More;
use Walk;

my $lessons = folder('91-drawn/guide.lua' => <<'LUA', '91-drawn/sum.lua' => <<'SCRIPT');
return { title = { en = "Drawn", zh = "抽取" }, minutes = 1, steps = {
  { predict = "sum", script = "sum.lua", random = true, en = "How much is it?", zh = "结果是几？",
    puzzle = function(seed) return "  " .. seed .. " + 1" end, known = function(seed) return seed + 1 end,
    answer = function(seed) return line("seed " .. seed) and line("sum").text:match "%d+" end,
    because = { en = "it is drawn.", zh = "抽取的。" } },
} }
LUA
print("seed " .. process.env.MOONFORK_LESSON_SEED)
print("sum " .. math.tointeger(process.env.MOONFORK_LESSON_PUZZLE:match "%d+" + 1))
SCRIPT

sub said {
  my ($input, @args) = @_;
  my $dir = folder(typed => $input);
  my $r = Sandbox::run(command => [Sandbox::prefix(), Sandbox::program(), 'lesson', @args], capture => 1,
    stdin => "$dir/typed", env => { MOONFORK_LESSONS => $lessons, MOONFORK_PROGRESS => "$dir/progress",
      MOONFORK_WORK => "$dir/work", MOONFORK_LANG => 'en', TMPDIR => $dir });
  return $r->{out};
}

like(said("42\nq", '91', '--seed', 41), qr/seed 41 .*  41 \+ 1.*\| sum 42.*you said 42, and so it is/s, 'a seed that is given');
like(said(".again --seed 7\n8\nq", '91'), qr/seed 7 .*  7 \+ 1.*\| seed 7\n.*you said 8, and so it is/s, '.again --seed');
like(said("3\nrq", '91', '--seed', 2), qr/\| sum 3.*\| sum 3/s, 'r runs the same once more');
my ($one, $other) = map { said("1\nq", '91') =~ /^seed (\d+) /m } 1, 2;
ok($one && $other, 'without one it is drawn');
my $drawn = said("1\nq", '91');
my ($seed) = $drawn =~ /^seed (\d+) /m;
like($drawn, qr/^  $seed \+ 1\n.*\| seed $seed\n/ms, 'question and run are about the same');
my $sim = said("6\nq", '91', '--sim', '--seed', 5);
like($sim, qr/  5 \+ 1.*you said 6, and so it is/s, '--sim knows the answer');
unlike($sim, qr/\| sum/, 'and runs nothing');
like(said('', '--auto', '91'), qr/^ok 91-drawn\/sum seed 1 .*^ok 91-drawn\/sum seed 3 /ms, '--auto proves some');
done_testing();
