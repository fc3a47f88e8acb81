#!/usr/bin/perl
# An answer in one's own words is kept as it was written: lines that begin with a point, letters that are keys
# at its beginning only, another language in the midst of it.
# timeout: 60
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib", "$FindBin::Bin/lib";
use File::Temp qw(tempdir);
use Sandbox;
use Test::More;
use Walk;

# The lines are typed at the step; what is kept, and what is said.
sub answer {
  my ($input, %o) = @_;
  my $dir = tempdir(CLEANUP => 1);
  open my $out, '>', "$dir/progress" or die;
  print $out 'at 90-tiny/', $o{step} // 'own-words', "\n";
  close $out;
  open $out, '>', "$dir/typed" or die;
  print $out $input;
  close $out;
  my $r = Sandbox::run(command => [Sandbox::prefix(), Sandbox::program(), 'lesson', '90'], capture => 1, stdin => "$dir/typed",
    env => { MOONFORK_LESSONS => "$FindBin::Bin/fixtures/lessons", MOONFORK_PROGRESS => "$dir/progress",
      MOONFORK_WORK => "$dir/work", MOONFORK_LANG => 'en', TMPDIR => $dir });
  my ($said) = Walk::slurp("$dir/progress") =~ /own-words .* said=(.*)$/m;
  return ($said, $r->{out});
}

my ($said, $out) = answer("first\n.cshrc is a file\n..lang is a command\n...\nn\n\nq\n");
is($said, 'first\n.cshrc is a file\n.lang is a command\n..\nn', 'points and letters are text');
($said, $out) = answer(".profile first\nq is a key\n\nq\n");
is($said, '.profile first\nq is a key', 'in the first line, too');
($said, $out) = answer("one\n.help\n.lang zh\ntwo\n\nq\n");
is($said, 'one\ntwo', 'commands are not part of it, and nothing is lost by them');
like($out, qr/with two points it is text.*写一行或几行.*已保存/s, 'help, and the language');
($said, $out) = answer("one\n.back\nq\n");
is($said, 'one', 'what was written before .back is kept');
like($out, qr/kept.*3\/9 · run/s, 'and it goes back');
($said, $out) = answer("one\n.ps\ntwo\n\nq\n");
is($said, 'one\ntwo', 'a view in between');
($said, $out) = answer("n\nq\n");
is($said, undef, 'n passes over');
($said, $out) = answer(".5\nq\n", step => 'word');
like($out, qr/you said \.5, it is sum/, 'a prediction may begin with a point');
done_testing();
