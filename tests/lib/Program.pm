# Program: runs the program under test and looks at what it says.
#
#   my $r = run('-e', 'print(1)');              options and arguments as a list
#   my $r = run({ stdin => "print(1)", cwd => DIR, env => {...} }, '-');
#   $r->{out}, $r->{err}, $r->{code}
#
# folder(NAME => TEXT, ...) makes a folder with these files, gone with the test.
package Program;
use strict;
use warnings;
use Exporter 'import';
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Sandbox;
use Test::More ();

our @EXPORT = qw(run folder says);

sub folder {
  my (%files) = @_;
  my $dir = abs_path(tempdir(CLEANUP => 1));
  for my $name (sort keys %files) {
    make_path(dirname("$dir/$name"));
    open my $out, '>:raw', "$dir/$name" or die "$name: $!\n";
    print $out $files{$name};
    close $out;
  }
  return $dir;
}

sub run {
  my %o = ref $_[0] ? %{ shift() } : ();
  my $stdin = folder(stdin => $o{stdin} // '');
  my $r = Sandbox::run(command => [Sandbox::prefix(), $o{program} // Sandbox::program(), @_],
    capture => 1, cwd => $o{cwd}, env => $o{env}, unset => $o{unset}, stdin => "$stdin/stdin");
  $r->{err} .= "\nthe test harness: not ended in time\n" if $r->{timeout};
  $r->{err} .= "\nthe test harness: $_\n" for @{ $r->{left} };
  return $r;
}

# One line of TAP: the program ends with the code and says what is wanted (text: exactly; qr//: matches;
# undef: whatever it is) on standard output and error.
sub says {
  my ($r, $code, $out, $err, $name) = @_;
  my @bad;
  push @bad, "exit code $r->{code}, expected $code" if $r->{code} != $code;
  push @bad, "ended by signal $r->{signal}" if $r->{signal};
  for (['out', $out], ['err', $err]) {
    my ($stream, $want) = @$_;
    next unless defined $want;
    my $ok = ref $want ? $r->{$stream} =~ $want : $r->{$stream} eq $want;
    push @bad, "std$stream is\n$r->{$stream}--- expected\n$want" unless $ok;
  }
  Test::More::ok(!@bad, $name) or Test::More::diag(join "\n", @bad);
  return !@bad;
}

1;
