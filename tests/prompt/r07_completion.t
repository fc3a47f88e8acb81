#!/usr/bin/perl
# R7: one Tab lists; nothing of the user's runs.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Test::More;
use Tmux;

my $t = Tmux->new(rows => 60);
sub tab {
  my ($line, $want, $name) = @_;
  $t->keys('C-u', 'C-l');
  $t->type($line);
  $t->keys('Tab');
  $t->sees($want, $name // $line);
}
tab('cp.', qr/execFile|fork\b.*spawn/s, 'functions of a module');
tab('cp.fo', qr/^moon> cp\.fork *$/m, 'the only one is filled in');
tab('require("', qr/^(?=.*child_process)(?=.*timers)/s, 'modules');
tab('process.kill(1,"SIGT', qr/SIGTERM.*SIGTSTP/s, 'signals');
tab('for', qr/^moon> for/m, 'a keyword');
tab('.l', qr/lesson.*load/s, 'commands');
tab('.load /etc/passw', qr{^moon> \.load /etc/passwd}m, 'files');
tab('.type process.pla', qr/^moon> \.type process\.platform *$/m, 'Lua behind a command');
tab('.set preview o', qr/^off +on$/m, 'what an option may be');
tab('.record o', qr/^moon> \.record off *$/m, 'words of a command');
tab('.doc EADDRINU', qr/^moon> \.doc EADDRINUSE *$/m, 'names for .doc');
tab('?setTimeo', qr/^moon> \?setTimeout/m, 'names of the documentation');
tab('s = Buffer.from("6869", "he', qr/"hex *$/m, 'encodings');
tab('("x"):r', qr/^moon> /m, 'no path, nothing offered');
$t->keys('C-u');
$t->enter('s = "text"; function own(a) end; t = setmetatable({}, { __index = function() print("BAD") end })');
tab('s:re', qr/rep.*reverse/s, 'methods of a string');
tab('ow', qr/^moon> own *$/m, 'a name of the session');
tab('t.', qr/^moon> t\. *$/m, 'a function as __index is not called');
unlike($t->screen, qr/^BAD/m, 'nothing was printed');
$t->keys('C-u');
$t->enter('c = cp.fork(function() process.once("message", function() end) end)');
tab('c:on("', qr/(?=.*message)(?=.*exit)(?=.*error)/s, 'events of a child');
tab('c:ki', qr/^moon\[1p\]> c:kill *$/m, 'its methods');
tab('c.pi', qr/^moon\[1p\]> c\.pid *$/m, 'its properties');
$t->keys('C-u');
$t->enter('c:kill()');
$t->sees(sub { $t->bottom =~ /^moon> *$/ }, 'done');
done_testing;
