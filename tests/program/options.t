#!/usr/bin/perl
# What the command line can say, and what comes of a wrong one.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Program;
use Test::More;

my $dir = folder('a.lua' => 'print("script", ...)', 'm.lua' => 'print "m first"', 'bad.lua' => "x = = 1\n",
  'args.lua' => 'print(#arg, arg[0], arg[1], arg[2], arg[-1], select("#", ...))',
  'boom.lua' => "error 'no'");

sub in_dir { return run({ cwd => $dir }, @_) }

# Running code
says(in_dir('a.lua', 'x', '-y'), 0, "script\tx\t-y\n", '', 'a script and its arguments');
says(in_dir('a'), 0, "script\n", '', 'its ending may be left out');
says(in_dir("$dir/a.lua"), 0, "script\n", '', 'an absolute path');
says(in_dir('--', 'a.lua', '--', 'x'), 0, "script\t--\tx\n", '', '-- ends the options');
says(in_dir('-e', 'print(...)', 'x', 'y'), 0, "x\ty\n", '', '-e with arguments');
says(in_dir('--eval=print(1)'), 0, "1\n", '', '--eval=CODE');
says(in_dir('--eval', 'print(1)'), 0, "1\n", '', '--eval CODE');
says(in_dir('-p', '1 + 1, "x"'), 0, qr/^2\n'?x'?\n$/, '', '-p prints all values');
says(in_dir('-p', 'local x = 3 return x'), 0, "3\n", '', '-p takes a chunk that returns');
says(in_dir('-p', 'x = 3'), 0, '', '', '-p of a statement prints nothing');
says(in_dir('-pe', '4'), 0, "4\n", '', '-pe');
says(in_dir('-p', '-e', '5'), 0, "5\n", '', '-p -e');
says(in_dir('-r', './m', 'a.lua'), 0, "m first\nscript\n", '', '-r before the script');
says(in_dir('-r', './m', '-r', 'events', '-e', 'print "e"'), 0, "m first\ne\n", '', '-r before -e, twice');
says(in_dir('args.lua', 'x', 'y'), 0, qr/^2\targs\.lua\tx\ty\t\S*moonfork\S*\t2\n/, '', 'the table arg');
says(in_dir('-r', './m', 'args.lua'), 0, qr/^m first\n0\targs\.lua\tnil\tnil\t\.\/m\t0\n/, '', 'arg before the script');
says(in_dir('-e', 'print(arg[0]:match "moonfork", arg[1], arg[-1])', 'x'), 0, "moonfork\tx\tnil\n", '', 'arg without one');

# Standard input
says(run({ stdin => 'print("in", ...)' }), 0, "in\n", '', 'standard input without a script');
says(run({ stdin => 'print("in", ...)' }, '-', 'x'), 0, "in\tx\n", '', '- and arguments');
says(run({ stdin => "#!/x\nprint(2)" }), 0, "2\n", '', 'a shebang line in standard input');
says(run({ stdin => '' }), 0, '', '', 'an empty one');
says(run({ stdin => "\nerror 'no'" }), 1, '', qr/^\[stdin\]:2\nerror 'no'\n\^\n/, 'an error in it');

# Syntax only
says(in_dir('-c', 'a.lua'), 0, '', '', '-c says nothing of a good script and does not run it');
says(in_dir('--check', 'bad.lua'), 1, '', qr/SyntaxError/, '-c tells a syntax error');
says(run({ stdin => 'print(1) x' }, '-c', '-'), 1, '', qr/SyntaxError/, '-c of standard input');
says(in_dir('-c', 'nothing.lua'), 1, '', qr/nothing\.lua/, '-c of a missing file');

# Texts
my $version = qr/^moonfork \d+\.\d+\.\d+ \(Lua 5\.4\.\d+, libuv [\d.]+\)\n$/;
says(in_dir($_), 0, $version, '', "$_: the version") for '-v', '--version';
for ('-h', '--help') {
  my $r = in_dir($_);
  says($r, 0, qr/^Usage: moonfork \[options\] \[script \[arguments\]\]\n/, '', "$_: the help");
  is_deeply([grep { length > 80 } split /\n/, $r->{out}], [], 'its lines fit a terminal');
}
for (qw(top inspect trace lesson)) {
  my $r = in_dir($_, '--help');
  says($r, 0, qr/^Usage: moonfork $_ /, '', "$_ --help");
  is_deeply([grep { length > 80 } split /\n/, $r->{out}], [], 'fits, too');
}
like(in_dir('-h')->{out}, qr/^  (?:-\w, )?\Q$_\E /m, "the help has $_") for qw(--eval --print
  --interactive --check --require --version --help --unhandled-rejections --no-warnings --trace-warnings
  --no-deprecation --throw-deprecation --trace-deprecation --dump-api);

# The man page's OPTIONS has every option of the help, and the help those of the man page
my $page = do { local (@ARGV, $/) = "$Sandbox::top/repl/moonfork.1"; <> };
$page =~ s/\\-/-/g;
($page) = $page =~ /^\.SH OPTIONS\n(.*?)^\.SH /ms; # the subcommands tell of their own
my %help = map { $_ => 1 } in_dir('-h')->{out} =~ /^  (?:-\w, )?(--[\w-]+)/mg;
my %page = map { $_ => 1 } grep { !/^--$/ } $page =~ /^\.BR? .*?(--[\w-]+)/mg;
is_deeply([sort keys %page], [sort keys %help], 'the options of the man page are those of the help');

# Wrong ones
for ('--x', '-z', '-pi', '---', '--evalx', '-eprint(1)') {
  says(in_dir($_), 9, '', "moonfork: bad option: $_\n", "$_: bad option");
}
says(in_dir($_), 9, '', "moonfork: $_ requires an argument\n", "$_ without its argument")
  for qw(-e --eval -r --require --unhandled-rejections);
says(in_dir('--check=x', 'a.lua'), 9, '', "moonfork: --check takes no value\n", 'a value too much');
says(in_dir('--unhandled-rejections=foo', 'a.lua'), 9, '',
  "moonfork: invalid value for --unhandled-rejections: foo\n", 'a mode that does not exist');
says(in_dir("--unhandled-rejections=$_", 'a.lua'), 0, "script\n", '', "the mode $_")
  for qw(throw strict warn warn-with-error-code none);
says(in_dir('-c', '-e', '1'), 9, '', "moonfork: either --check or --eval can be used, not both\n", '-c -e');
says(in_dir('nothing.lua', 'x'), 1, '', "moonfork: cannot find the script 'nothing.lua'\n", 'no such script');
says(in_dir("$dir/no/thing"), 1, '', "moonfork: cannot find the script '$dir/no/thing'\n", 'named as typed');
says(in_dir('-r', './nothing', 'a.lua'), 1, '', qr/Cannot find module '\.\/nothing'/, 'no such module for -r');

# Exit codes
says(in_dir('boom.lua'), 1, '', undef, 'an uncaught error: 1');
says(in_dir('bad.lua'), 1, '', undef, 'a syntax error: 1');
says(in_dir('-e', "os.exit($_->[0])"), $_->[1], '', '', "os.exit($_->[0])")
  for ['', 0], ['true', 0], ['false', 1], ['7', 7], ['256 + 3', 3], ['0, true', 0];
says(in_dir('-e', 'process.exitCode = 5'), 5, '', '', 'process.exitCode');
says(in_dir('-e', 'process.exit(6)'), 6, '', '', 'process.exit');
says(in_dir('-e', 'process.on("exit", function(c) print("bye", c) end) pcall(os.exit, 3) print "no"'), 3,
  "bye\t3\n", '', 'os.exit runs exit listeners, and no pcall holds it');

done_testing();
