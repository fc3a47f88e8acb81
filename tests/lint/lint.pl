#!/usr/bin/perl
# lint.pl [TOP]: checks that compilers do not make. Each fault is one line, FILE:LINE: RULE: TEXT.
#
# Rules: layers (tests/lint/layers.txt), lua_call, exit and sigaction outside the files named in
# tests/lint/exceptions.txt, head (licence line and head comment), function (80 lines), file (900
# lines), word (left-over marks), conflict, blank (at line ends, tabs in C and Lua).
use strict;
use warnings;
use File::Basename qw(basename dirname);
use File::Find ();
use FindBin;

my $function_limit = 80;
my $file_limit = 900;

my $top = shift // "$FindBin::Bin/../..";
chdir $top or die "$top: $!\n";
my $tables = -e 'tests/lint/layers.txt' ? 'tests/lint' : $FindBin::Bin;
my @faults;

sub fault {
  my ($file, $line, $rule, $text) = @_;
  push @faults, { file => $file, line => $line, text => "$file:$line: $rule: $text" };
}

# ---- files and tables ----------------------------------------------------------------------------

sub project_files {
  my @files;
  my $want = sub {
    my $name = $File::Find::name =~ s{^\./}{}r;
    if (-d $_ && $name =~ m{^(?:build|\.git|.*/node_modules|modules/docs|tests/node/expected)$}) {
      $File::Find::prune = 1;
      return;
    }
    push @files, $name if -f $_;
  };
  File::Find::find({ wanted => $want, no_chdir => 1 }, '.');
  return sort @files;
}

sub lines_of {
  my ($file) = @_;
  open my $in, '<', $file or die "$file: $!\n";
  my @lines = <$in>;
  chomp @lines;
  return @lines;
}

# A shell pattern as a regular expression.
sub pattern {
  my ($glob) = @_;
  my $re = quotemeta $glob;
  $re =~ s{\\\*\\\*}{.*}g;
  $re =~ s{\\\*}{[^/]*}g;
  $re =~ s{\\\{([^{}]*)\\\}}{'(?:' . join('|', split /\\,/, $1) . ')'}ge;
  return qr/^$re$/;
}

sub read_table {
  my ($name) = @_;
  return grep { !/^\s*(?:#|$)/ } lines_of("$tables/$name");
}

# The layers in the order of the table; "below NAME" puts one just below the layer named.
sub read_layers {
  my (@order, @rows);
  for my $row (read_table('layers.txt')) {
    my ($name, $mode, @patterns) = split ' ', $row;
    my $below;
    if (@patterns > 2 && $patterns[-2] eq 'below') { (undef, $below) = splice @patterns, -2 }
    my $layer = { name => $name, mode => $mode, patterns => [map { pattern($_) } @patterns] };
    push @rows, $layer;
    my ($at) = defined $below ? grep { $order[$_]{name} eq $below } 0 .. $#order : scalar @order;
    splice @order, $at, 0, $layer;
  }
  $order[$_]{level} = $_ for 0 .. $#order;
  return @rows;
}

sub read_exceptions {
  my @rows = map { my ($rule, $path) = split ' '; [$rule, pattern($path)] } read_table('exceptions.txt');
  return sub {
    my ($rule, $file) = @_;
    return scalar grep { $_->[0] eq $rule && $file =~ $_->[1] } @rows;
  };
}

my @layers = read_layers();
my $excepted = read_exceptions();

# C code without comments and without what stands in quotes, line by line.
sub code_of {
  my $text = join "\n", @_;
  $text =~ s{(/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')}{
    my $part = $1;
    my $newlines = $part =~ tr/\n//;
    $part =~ /^["']/ ? substr($part, 0, 1) x 2 : ' ' . "\n" x $newlines
  }gse;
  return split /\n/, $text, -1;
}

# ---- layers --------------------------------------------------------------------------------------

sub layer_of {
  my ($file) = @_;
  for my $layer (@layers) {
    return $layer if grep { $file =~ $_ } @{ $layer->{patterns} };
  }
  return undef;
}

# The module that a file belongs to.
sub unit_of {
  my ($file) = @_;
  return $1 if $file =~ m{^(modules/core/[a-z0-9]+)[_.]};
  return $1 if $file =~ m{^(modules/\w+)[./]};
  return $file =~ s/\.[ch]$//r;
}

sub normal_path {
  my @parts;
  for my $part (split m{/}, shift) {
    next if $part eq '.' || $part eq '';
    if ($part eq '..') { pop @parts } else { push @parts, $part }
  }
  return join '/', @parts;
}

sub resolve {
  my ($from, $name) = @_;
  for my $path (dirname($from) . "/$name", "modules/$name", $name) {
    my $found = normal_path($path);
    return $found if -f $found;
  }
  return undef;
}

my (%file_edges, %unit_edges);    # from -> to -> [file, line] of the include

sub check_include {
  my ($file, $line, $name) = @_;
  my $target = resolve($file, $name);
  return fault($file, $line, 'layers', "\"$name\" is no file of the project") unless defined $target;
  my ($from, $to) = (layer_of($file), layer_of($target));
  return unless $from;
  return fault($file, $line, 'layers', "$target is in no layer") unless $to;
  if ($to->{level} > $from->{level}) {
    fault($file, $line, 'layers', "$from->{name} includes upwards: $target is in $to->{name}");
  }
  $file_edges{$file}{$target} ||= [$file, $line];
  my ($a, $b) = (unit_of($file), unit_of($target));
  if ($from == $to && $from->{mode} eq 'units' && $a ne $b) { $unit_edges{$a}{$b} ||= [$file, $line] }
}

sub check_includes {
  my ($file, @lines) = @_;
  fault($file, 1, 'layers', 'in no layer of the table') unless layer_of($file);
  for my $i (0 .. $#lines) {
    check_include($file, $i + 1, $1) if $lines[$i] =~ /^\s*#\s*include\s+"([^"]+)"/;
  }
}

# Tells each cycle once, at the include that closes it.
sub check_cycles {
  my ($edges, $what) = @_;
  my (%state, @path, $visit);
  $visit = sub {
    my ($node) = @_;
    $state{$node} = 'open';
    push @path, $node;
    for my $next (sort keys %{ $edges->{$node} || {} }) {
      my $state = $state{$next} // '';
      if ($state eq 'open') {
        my @cycle = @path;
        shift @cycle while $cycle[0] ne $next;
        fault(@{ $edges->{$node}{$next} }, 'layers', "cycle of $what: " . join(' -> ', @cycle, $next));
      } elsif ($state eq '') {
        $visit->($next);
      }
    }
    pop @path;
    $state{$node} = 'done';
  };
  for my $node (sort keys %$edges) { $visit->($node) unless $state{$node} }
}

# ---- C -------------------------------------------------------------------------------------------

my %calls = (
  lua_call => [qr/\blua_callk?\s*\(/, 'an unprotected call into Lua'],
  exit => [qr/\b(?:_exit|_Exit|exit|quick_exit)\s*\(/, 'ends the process'],
  sigaction => [qr/\b(?:sigaction|signal)\s*\(/, 'changes the disposition of a signal'],
);

sub check_calls {
  my ($file, @code) = @_;
  for my $rule (sort keys %calls) {
    next if $excepted->($rule, $file);
    my ($re, $text) = @{ $calls{$rule} };
    for my $i (0 .. $#code) {
      fault($file, $i + 1, $rule, "$text; allowed are the files in tests/lint/exceptions.txt")
        if $code[$i] =~ $re;
    }
  }
}

sub check_head {
  my ($file, @lines) = @_;
  fault($file, 1, 'head', 'the first line is not /* SPDX-License-Identifier: MIT */')
    unless ($lines[0] // '') eq '/* SPDX-License-Identifier: MIT */';
  my ($at) = grep { $lines[$_] =~ /\S/ } 1 .. $#lines;
  my $name = basename($file);
  fault($file, 2, 'head', "no head comment \"/* $name - what it is for\"")
    unless defined $at && $lines[$at] =~ m{^/\* (?:\S+/)?\Q$name\E\b};
}

# A function begins where a line that is not indented ends its parameters and opens a brace.
sub check_functions {
  my ($file, @code) = @_;
  my ($start, $name);
  for my $i (0 .. $#code) {
    if (!defined $start && $code[$i] =~ /\)\s*\{\s*$/ || !defined $start && $code[$i] =~ /^\{\s*$/) {
      my $j = $i;
      $j-- while $j > 0 && $code[$j] !~ /^[A-Za-z_]/;
      my $signature = join ' ', @code[$j .. $i];
      next if $signature !~ /^[A-Za-z_][^=;]*?(\w+)\s*\(/;
      ($start, $name) = ($j, $1);
    } elsif (defined $start && $code[$i] =~ /^\}/) {
      my $length = $i - $start + 1;
      fault($file, $start + 1, 'function', "$name has $length lines, at most $function_limit are allowed")
        if $length > $function_limit;
      undef $start;
    }
  }
}

# ---- every text ----------------------------------------------------------------------------------

# Written in pieces, so that this file does not find itself.
my $marks = join '|', 'TO' . 'DO', 'FIX' . 'ME', 'X' . 'XX';
my $stand_in = 'st' . 'ub';

sub check_text {
  my ($file, @lines) = @_;
  fault($file, $file_limit + 1, 'file', scalar(@lines) . " lines, at most $file_limit are allowed")
    if @lines > $file_limit && $file =~ /\.(?:c|h|lua|pl|pm)$/;
  for my $i (0 .. $#lines) {
    my $text = $lines[$i];
    fault($file, $i + 1, 'word', "\"$1\"") if $text =~ /\b($marks)\b/ || $text =~ /\b($stand_in)\b/i;
    fault($file, $i + 1, 'conflict', 'left over from a merge') if $text =~ /^(?:<{7}|>{7}|\|{7})(?: |$)/;
    fault($file, $i + 1, 'blank', 'blanks at the end of the line') if $text =~ /[ \t\r]$/;
    fault($file, $i + 1, 'blank', 'a tab') if $text =~ /\t/ && $file =~ /\.(?:c|h|lua)$/;
  }
}

sub is_text {
  my ($file) = @_;
  return 1 if $file =~ /\.(?:c|h|lua|pl|pm|t|sh|js|md|txt|1)$/ || $file =~ m{(?:^|/)Makefile$};
  return 0 if $file =~ /\.\w+$/ || -B $file;
  open my $in, '<', $file or return 0;
  return (<$in> // '') =~ /^#!/;
}

for my $file (grep { is_text($_) } project_files()) {
  my @lines = lines_of($file);
  check_text($file, @lines);
  next unless $file =~ /\.[ch]$/;
  my @code = code_of(@lines);
  check_head($file, @lines);
  check_includes($file, @lines);
  check_calls($file, @code) if $file =~ m{^(?:modules|repl)/};
  check_functions($file, @code);
}
check_cycles(\%file_edges, 'files');
check_cycles(\%unit_edges, 'modules');

my @sorted = sort { $a->{file} cmp $b->{file} || $a->{line} <=> $b->{line} } @faults;
print "$_->{text}\n" for @sorted;
if (@faults) {
  print 'lint: ', scalar @faults, " faults\n";
  exit 1;
}
print "lint: no faults\n";
