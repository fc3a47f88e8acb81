#!/usr/bin/perl
# Every row has its text, every signature can be read, every example runs by itself without
# an uncaught error, and the annotations for editors are Lua.
# timeout: 600
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Program;
use Test::More;

my $r = run('--dump-api');
says($r, 0, qr/^return \{\n/, '', '--dump-api');
my $dir = folder('api.lua' => $r->{out}, 'list.lua' => <<'LUA', 'out/x' => '');
local api = dofile "api.lua"
local function put(name, row)
  if row.example then io.write(name, "\0", row.example, "\0\n\0") end
end
for _, module in ipairs(api.modules) do
  put(module.name, module)
  for _, row in ipairs(module.functions) do put(module.name .. "." .. row.name, row) end
end
for _, class in ipairs(api.classes) do
  put(class.name, class)
  for _, row in ipairs(class.methods) do put(class.name .. ":" .. row.name, row) end
end
LUA

says(run('repl/tools/apidoc.lua', '--check', "$dir/api.lua"), 0, '', '', 'the rows are complete');
says(run('repl/tools/apidoc.lua', "$dir/api.lua", "$dir/out"), 0, '', '', 'the reference is written');
says(run('-c', "$dir/out/moonfork.lua"), 0, '', '', 'the annotations are Lua');
says(run('repl/tools/apidoc.lua'), 2, '', qr/^usage:/, 'the usage of the tool');

my @examples = split /\0/, run({ cwd => $dir }, 'list.lua')->{out};
cmp_ok(scalar @examples, '>', 30, 'there are examples');
while (my ($name, $code) = splice @examples, 0, 2) {
  $name =~ s/^\n//;
  splice @examples, 0, 1;
  says(run({ cwd => $dir }, '-e', $code), 0, undef, qr{\A(?!.*\n    at )}s, "$name: its example runs") or diag $code;
}
done_testing();
