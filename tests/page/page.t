#!/usr/bin/perl
# The browser page in a browser without a window: its views, how they look, keys, the saved file, its work.
#
# "make test-page" installs what this needs: Debian's chromium, and by tests/page/package-lock.json
# playwright-core and axe-core. Elsewhere it is skipped, aloud; so it is in the variants, which are slower.
# timeout: 1600
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Sandbox;
use Test::More;

my $dir = $FindBin::Bin;
my $chromium = $ENV{CHROMIUM} || '/usr/bin/chromium';
my $variant = $ENV{MOONFORK_VARIANT} || 'release';
my $node = `node --version 2>/dev/null` =~ /^v(\d+)/ ? $1 : 0;

my @missing = ((-x $chromium ? () : 'chromium'), ($node >= 18 ? () : 'node'),
  map { -d "$dir/node_modules/$_" ? () : $_ } qw(playwright-core axe-core));
if (@missing) {
  my $text = 'the page is not tested here, for want of ' . join(', ', @missing) . ': make test-page installs it';
  BAIL_OUT($text) if $ENV{MOONFORK_PAGE};
  print STDERR "# $text\n";
  plan skip_all => $text;
}
plan skip_all => 'a browser is driven by the ordinary program only' if $variant ne 'release';

for my $script (qw(views layout replay work live lessons)) {
  my $r = Sandbox::run(command => ['node', "$dir/lib/$script.js"], capture => 1, limit => 300);
  print "# $_\n" for grep { /ms an update/ } split /\n/, $r->{out};
  my @bad = grep { /^not ok/ } split /\n/, $r->{out};
  my ($plan) = $r->{out} =~ /^1\.\.(\d+)$/m;
  ok($r->{code} == 0 && !@bad && $plan && !@{ $r->{left} }, "$script: " . ($plan // 'no') . ' checks')
    or diag(join "\n", grep { !/^ok/ } (split(/\n/, $r->{out}), $r->{err}, @{ $r->{left} }));
}
done_testing;
