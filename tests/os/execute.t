#!/usr/bin/perl
# What print has buffered goes out before a command of os.execute or io.popen writes.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Pair;
use Test::More;

Pair::check(name => 'os.execute', out => "a\nb\nc\n",
  lua => 'io.write "a\n" os.execute "echo b" io.write "c\n"');
Pair::check(name => 'io.popen', out => "a\nb\nc\n",
  lua => 'io.write "a\n" io.popen("cat", "w"):write "b\n" collectgarbage() collectgarbage() io.write "c\n"');
Pair::check(name => 'io.popen after require', out => "a\nb\nc\n",
  lua => 'require "io" io.write "a\n" io.popen("echo b; cat", "w"):close() io.write "c\n"');
done_testing();
