#!/usr/bin/perl
# A program that prints to a pipe nobody reads any more ends, as Node's does: `moonfork ... | head -1`.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Sandbox;
use Test::More;

my $program = join ' ', Sandbox::prefix(), "'" . Sandbox::program() . "'";
my $script = 'setInterval(function() print(1) end, 1)';
my $out = `bash -c 'set -o pipefail; timeout 20 $program -e "$script" 2>/dev/null | head -1; echo code \${PIPESTATUS[0]}'`;
like($out, qr/^1\ncode 1$/m, 'print: an uncaught EPIPE');
$script =~ s/print/console.log/;
$out = `bash -c 'timeout 20 $program -e "$script" 2>/dev/null | head -1; echo code \${PIPESTATUS[0]}'`;
like($out, qr/^1\ncode 1$/m, 'console.log, too');
$script = q{process.stdout:on(\"error\", function(e) process.exit(e.code == \"EPIPE\" and 5 or 6) end) } . $script;
$out = `bash -c 'timeout 20 $program -e "$script" 2>/dev/null | head -1; echo code \${PIPESTATUS[0]}'`;
like($out, qr/^1\ncode 5$/m, 'an error event of process.stdout for who listens');
done_testing;
