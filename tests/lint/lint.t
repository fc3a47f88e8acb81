#!/usr/bin/perl
# The lint finds what it is there for: each fault is planted in a small project and has to be told with
# its file, line and rule; the same project without faults passes.
use strict;
use warnings;
use FindBin;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my $head = "/* SPDX-License-Identifier: MIT */\n/* %s - planted. */\n";
my $mark = 'TO' . 'DO';

# A project of a few files, given as path => text; C files get their head.
sub lint {
  my (%files) = @_;
  my $top = tempdir(CLEANUP => 1);
  for my $path (keys %files) {
    make_path("$top/" . dirname($path));
    open my $out, '>', "$top/$path" or die "$path: $!";
    my ($name) = $path =~ m{([^/]+)$};
    print $out sprintf($head, $name) if $path =~ /\.[ch]$/ && $files{$path} !~ s{^BARE}{};
    print $out $files{$path};
    close $out;
  }
  my $text = qx("$^X" "$FindBin::Bin/lint.pl" "$top" 2>&1);
  return ($text, $? >> 8);
}

sub finds {
  my ($name, $files, @expected) = @_;
  my ($text, $code) = lint(%$files);
  is($code, 1, "$name: fails");
  like($text, $_, "$name: told") for @expected;
  my $n = () = $text =~ /^\S+:\d+: /mg;
  is($n, scalar @expected, "$name: nothing else is told") or diag($text);
}

my %clean = (
  'modules/core/list.h' => "typedef int List;\n",
  'modules/core/runtime.h' => "#include \"list.h\"\n",
  'modules/core/runtime.c' => "#include \"runtime.h\"\n#include \"handle.h\"\nint f(void) {\n  return 1;\n}\n",
  'modules/core/handle.h' => "#include \"runtime.h\"\n",
  'modules/core/handle.c' => "#include \"handle.h\"\n/* exit(1), lua_call(L) in a comment */\n",
  'modules/stream/stream.c' => "#include \"../events/events.h\"\n#include \"core/runtime.h\"\n",
  'modules/events/events.h' => "#include \"core/runtime.h\"\n",
  'repl/main.c' => "#include \"modules/events/events.h\"\nvoid g(void) { exit(0); }\n",
  'tests/a.lua' => "print 'a'\n",
);
my ($text, $code) = lint(%clean);
is($code, 0, 'a project without faults passes') or diag($text);
is($text, "lint: no faults\n", 'and says so');

finds('include upwards', { %clean, 'modules/core/list.h' => "#include \"runtime.h\"\n" },
  qr{^modules/core/list\.h:3: layers: leaf includes upwards: modules/core/runtime\.h is in core$}m,
  qr{layers: cycle of files: }m);
finds('a module includes the program', { %clean, 'modules/fs.c' => "\n#include \"repl/x.h\"\n", 'repl/x.h' => '' },
  qr{^modules/fs\.c:4: layers: modules includes upwards: repl/x\.h is in program$}m);
finds('an ordinary module includes a compound one',
  { %clean, 'modules/fs.c' => "#include \"http/http.h\"\n", 'modules/http/http.h' => '' },
  qr{^modules/fs\.c:3: layers: modules includes upwards: modules/http/http\.h is in compound$}m);
finds('a cycle of modules', { %clean, 'modules/events/events.c' => "#include \"stream/stream.h\"\n",
    'modules/stream/stream.h' => '' },
  qr{layers: cycle of modules: modules/events -> modules/stream -> modules/events$}m);
finds('a cycle of headers', { %clean, 'modules/core/a.h' => "#include \"b.h\"\n",
    'modules/core/b.h' => "#include \"a.h\"\n" },
  qr{^modules/core/b\.h:3: layers: cycle of files: modules/core/a\.h -> modules/core/b\.h -> modules/core/a\.h$}m);
finds('an include of nothing', { %clean, 'modules/os.c' => "#include \"nowhere.h\"\n" },
  qr{^modules/os\.c:3: layers: "nowhere\.h" is no file of the project$}m);
finds('a file in no layer', { %clean, 'other/x.c' => '' },
  qr{^other/x\.c:1: layers: in no layer of the table$}m);
finds('lua_call', { %clean, 'modules/dns.c' => "void h(lua_State *L) {\n  lua_call(L, 0, 0);\n  lua_callk(L);\n}\n" },
  qr{^modules/dns\.c:4: lua_call: }m, qr{^modules/dns\.c:5: lua_call: }m);
finds('exit', { %clean, 'modules/os.c' => "void h(void) {\n  exit(1);\n  process_exit(1);\n  rt->exit = \"exit(\";\n  _exit(2);\n}\n" },
  qr{^modules/os\.c:4: exit: }m, qr{^modules/os\.c:7: exit: }m);
finds('sigaction', { %clean, 'modules/os.c' => "void h(void) { sigaction(2, 0, 0); }\n" },
  qr{^modules/os\.c:3: sigaction: }m);
finds('no licence', { %clean, 'modules/os.c' => "BARE/* os.c - planted. */\nint x;\n" },
  qr{^modules/os\.c:1: head: the first line}m, qr{^modules/os\.c:2: head: no head comment}m);
finds('no head comment', { %clean, 'modules/os.c' => "BARE/* SPDX-License-Identifier: MIT */\nint x;\n" },
  qr{^modules/os\.c:2: head: no head comment "/\* os\.c - }m);
finds('a long function', { %clean, 'modules/os.c' => "static int tall(int a,\n                int b) {\n"
    . "  a = b;\n" x 78 . "}\n" },
  qr{^modules/os\.c:3: function: tall has 81 lines}m);
finds('a long file', { %clean, 'modules/os.c' => "\n" x 900 }, qr{^modules/os\.c:901: file: 902 lines}m);
finds('a left-over mark', { %clean, 'tests/a.lua' => "-- a\n-- $mark later\n" }, qr{^tests/a\.lua:2: word: "$mark"}m);
finds('blanks and tabs', { %clean, 'tests/a.lua' => "print 'a' \n\tprint 'b'\n" },
  qr{^tests/a\.lua:1: blank: blanks at the end}m, qr{^tests/a\.lua:2: blank: a tab}m);

my ($full) = lint(%clean, 'modules/os.c' => "int h(void) {\n" . "  f();\n" x 78 . "}\n");
is($full, "lint: no faults\n", 'a function of 80 lines is allowed');

done_testing();
