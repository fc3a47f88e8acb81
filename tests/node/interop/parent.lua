-- Our parent over a Node child, and a Node parent over our child: the same wire.
-- timeout: 600
local tap = require "../../lib/tap"
local child_process = require "child_process"

local node = child_process.spawnSync("node", { "--version" }, { encoding = "utf8" })
if node.error or node.status ~= 0 then tap.skip_all "node is not installed" end

tap.test("our parent, Node's child", function(done)
  local values = { "text", 1, 1.5, true, false, null, { 1, { 2 }, { a = "b" } }, array {}, { n = 1 },
    "你好\n\t" }
  local n = tap.scale(5000)
  local c = child_process.fork(__dirname .. "/fixtures/child.js", {}, { execPath = "node", execArgv = {} })
  local got, large, ordered = {}, 0, true
  c:on("message", function(m)
    if type(m) == "string" and #m > 1000 then
      large = #m
      c:send "end"
    else
      got[#got + 1] = m
      local i = #got - #values
      if i > 0 and m.i ~= i then ordered = false end
      if i == n then c:send(("x"):rep(16 * 1024 * 1024)) end
    end
  end)
  for _, v in ipairs(values) do c:send(v) end
  for i = 1, n do c:send { i = i } end
  c:on("close", function(code, signal)
    tap.is_deep(table.move(got, 1, #values, 1, {}), values)
    tap.is(#got, #values + n)
    tap.ok(ordered, "in order")
    tap.is(large, 16 * 1024 * 1024)
    tap.is(code, 0)
    tap.is(signal, nil)
    done()
  end)
end)

tap.test("Node's parent, our child", function()
  local r = child_process.spawnSync("node",
    { __dirname .. "/fixtures/parent.js", process.execPath, __dirname .. "/fixtures/child.lua",
      tostring(tap.scale(5000)) }, { encoding = "utf8" })
  tap.is(r.stderr, "")
  tap.is(r.stdout, "disconnect\nvalues true\nin order true\nlarge 16777216\nclose 0 null\n")
end)
