# Lessons: finds the lessons and their counterparts in JavaScript, and reads their heads.
package Lessons;
use strict;
use warnings;
use JSON::PP ();
use Sandbox;

sub read_file {
  my ($path) = @_;
  open my $in, '<:raw', $path or die "$path: $!\n";
  local $/;
  return <$in>;
}

# Facts about each sample: entry, argv, ordered, exit, portable.
sub samples { return JSON::PP->new->utf8->decode(read_file("$Sandbox::top/tests/node/twins.json")) }

# A lesson's head: the first comment lines; the title and the fields sample, watch, try.
sub head {
  my ($path) = @_;
  my (%head, $field);
  for my $line (split /\n/, read_file($path)) {
    next if $line =~ /^#!/;
    last unless $line =~ /^--\s?(.*)$/;
    my $text = $1;
    if ($text =~ /^(sample|watch|try):\s*(.*)$/) { $field = $1; $head{$field} = $2 }
    elsif (!defined $head{title}) { $head{title} = $text }
    elsif ($field && $text =~ /\S/) { $head{$field} .= ' ' . $text =~ s/^\s+//r }
    else { undef $field }
  }
  return \%head;
}

# Every lesson: { name => CHAPTER/NAME, chapter, dir => where it is started, file, sample, title, ... }.
sub all {
  my @found;
  for my $chapter (sort glob "$Sandbox::top/lessons/[0-9][0-9]-*") {
    for my $file (grep({ !m{/guide\.lua$} } sort glob("$chapter/*.lua")), glob("$chapter/*/main.lua")) {
      my $dir = $file =~ s{/[^/]+$}{}r;
      my $name = $file =~ s{^\Q$Sandbox::top\E/lessons/}{}r =~ s{(?:/main)?\.lua$}{}r;
      push @found, { %{ head($file) }, name => $name, dir => $dir, file => $file, chapter => $chapter };
    }
  }
  return @found;
}

# The samples in JavaScript: { sample, dir }.
sub counterparts {
  return map { { sample => m{/(S\d+)$}, dir => $_ } } sort glob "$Sandbox::top/lessons/*/node/S*";
}

# The transcript wanted: our own where a line speaks of JavaScript (expected/own), else Node's.
sub expected {
  my ($sample, $own) = @_;
  my $dir = "$Sandbox::top/tests/node/expected";
  return read_file("$dir/own/$sample.txt") if $own && -e "$dir/own/$sample.txt";
  return read_file("$dir/$sample.txt");
}

# The path of a Node that is new enough to judge by, or nothing and the reason.
sub node {
  for my $dir (split /:/, $ENV{PATH}) {
    next unless -x "$dir/node";
    my $version = qx("$dir/node" --version);
    return ("$dir/node") if $version =~ /^v(\d+)/ && $1 >= 20;
    return (undef, "node is $version");
  }
  return (undef, 'no node on PATH');
}

1;
