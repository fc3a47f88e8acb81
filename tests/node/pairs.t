#!/usr/bin/perl
# The same script in Lua and in JavaScript prints the same: fixtures/NAME.lua and fixtures/NAME.js, standard
# output and standard error both. Durations become <ms>, process ids and the program's name <pid>.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Basename qw(basename);
use Lessons;
use Sandbox;
use Test::More;

my ($node, $why) = Lessons::node();
plan skip_all => $why unless $node;

sub normal {
  my ($text) = @_;
  $text =~ s/\b\d+(?:\.\d+)?m?s\b/<ms>/g;
  $text =~ s/\((?:moonfork|node):\d+\)/<pid>/g;
  $text =~ s/^\(Use `.*\n//mg;
  $text =~ s/emitter:setMaxListeners/emitter.setMaxListeners/g;
  return $text;
}

sub output {
  my (@command) = @_;
  my $r = Sandbox::run(command => \@command, capture => 1, cwd => "$FindBin::Bin/fixtures");
  return "exit $r->{code}, signal $r->{signal}, left @{ $r->{left} }\n$r->{out}--- stderr\n" . $r->{err};
}

for my $lua (sort glob "$FindBin::Bin/fixtures/*.lua") {
  (my $js = $lua) =~ s/lua$/js/;
  next unless -f $js;
  my $ours = normal(output(Sandbox::prefix(), Sandbox::program(), basename($lua)));
  my $theirs = normal(output($node, basename($js)));
  is($ours, $theirs, basename($lua, '.lua'));
}
done_testing();
