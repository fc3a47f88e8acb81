-- log and its like: what goes where, formatted, with dot and colon.
local tap = require "../lib/tap"
local capture = require "../lib/capture"

local out, err = capture [[
console.log("a", 1, { "b" })
console.log()
console:log("colon")
console.info("%s-%d", "x", 2)
console.debug("text\nof two lines")
console.dirxml(1, { 2 })
console.error("wrong", nil)
console.warn(null)
print "and print"
require "console".log "module"
require "node:console".log(Error "e" ~= nil)
]]
tap.is(out, "a 1 { \"b\" }\n\ncolon\nx-2\ntext\nof two lines\n1 { 2 }\nand print\nmodule\ntrue\n")
tap.is(err, "wrong nil\nnull\n")
tap.is(require "console", console)

-- Whatever the environment says of a terminal, or if it says nothing.
local run = require "child_process".execFileSync
for _, env in ipairs { {}, { TERM = "" }, { TERM = "dumb" }, { TERM = "xterm", NO_COLOR = "1" } } do
  tap.is(run(tap.program, { "-e", "console.log({ 1 })" }, { env = env, encoding = "utf8" }), "{ 1 }\n")
end
