# Normalise: the five rules by which the transcripts of samples are compared.
#
# 1. CR LF becomes LF; blanks at line ends and empty lines at the end are removed.
# 2. A number after pid or ppid (any case) and ":", "=", ": ", "= " or a blank becomes <pid>.
# 3. 127.0.0.1:NUMBER and localhost:NUMBER become ...:<port>; a number after port likewise.
# 4. A number followed by ns, us, ms or s, with or without a blank, becomes <time>.
# 5. Where the order is not certain the lines are sorted by bytes.
#
# Texts are bytes; the letters of the rules are ASCII.
package Normalise;
use strict;
use warnings;

sub text {
  my ($text, $ordered) = @_;
  $text =~ s/\r\n/\n/g;
  $text =~ s/\b(p?pid)([:=] ?| )\d+/$1$2<pid>/gia;
  $text =~ s/\b(127\.0\.0\.1|localhost):\d+/$1:<port>/ga;
  $text =~ s/\b(port)([:=] ?| )\d+/$1$2<port>/gia;
  $text =~ s/\b\d+(?:\.\d+)? ?(?:ns|us|ms|s)\b/<time>/ga;
  my @lines = map { s/[ \t]+$//r } split /\n/, $text, -1;
  pop @lines while @lines && $lines[-1] eq '';
  @lines = sort @lines unless $ordered;
  return join("\n", @lines) . "\n";
}

1;
