-- A server, 50 sockets and a UDP socket handed over: our parent over a Node child, a Node parent over our child.
-- timeout: 600
local tap = require "../../lib/tap"
local child_process = require "child_process"
local net = require "net"
local dgram = require "dgram"

local node = child_process.spawnSync("node", { "--version" }, { encoding = "utf8" })
if node.error or node.status ~= 0 then tap.skip_all "node is not installed" end
local fixtures = __dirname .. "/fixtures/"
local many = 50

local function ask(port, done)
  local text = ""
  local client = net.connect(port, "127.0.0.1")
  client:on("data", function(d) text = text .. d end)
  client:on("close", function() done(text) end)
  return client
end

local function ours(name, file, options)
  tap.test(name, function(done)
    local c = child_process.fork(fixtures .. file, {}, options)
    local sent, answers, seen, holder = 0, 0, {}, nil
    local server, udp = net.createServer(), dgram.createSocket "udp4"
    server:on("connection", function(s)
      sent = sent + 1
      c:send(sent <= many and { sock = sent } or "held", s)
    end)
    server:listen(0, "127.0.0.1", function()
      local port = server:address().port
      for _ = 1, many do
        ask(port, function(text)
          seen[text] = true
          answers = answers + 1
          if answers == many then holder = ask(port, function() end) end
        end)
      end
    end)
    c:on("message", function(m)
      if m == "receives" then
        local client, port = dgram.createSocket "udp4", udp:address().port
        udp:close()
        client:on("message", function(text)
          tap.is(tostring(text), "udp hello")
          client:close()
          c:send "end"
        end)
        client:send("hello", port, "127.0.0.1")
        return
      elseif m == "held" then
        for i = 1, many do tap.ok(seen["socket " .. i]) end
        server:getConnections(function(err, n)
          tap.is(err, nil)
          tap.is(n, 1, "the one that the child holds")
          c:send("server", server)
        end)
        return
      end
      local port, closed = server:address().port, false
      server:close(function()
        closed = true
        udp:bind(0, "127.0.0.1", function() c:send("udp", udp) end)
      end)
      ask(port, function(text)
        tap.is(text, "served by the child")
        tap.is(closed, false, "close waits for the socket of the child")
        holder:finish()
      end)
    end)
    c:on("close", function(code)
      tap.is(code, 0)
      done()
    end)
  end)
end

ours("our parent, our child", "handles-child.lua", {})
ours("our parent, our child, advanced", "handles-child.lua", { serialization = "advanced" })
ours("our parent, Node's child", "handles-child.js", { execPath = "node", execArgv = {} })
ours("our parent, Node's child, advanced", "handles-child.js",
  { execPath = "node", execArgv = {}, serialization = "advanced" })

for _, mode in ipairs { "json", "advanced" } do
  tap.test("Node's parent, our child, " .. mode, function()
    local r = child_process.spawnSync("node",
      { fixtures .. "handles-parent.js", process.execPath, fixtures .. "handles-child.lua", mode },
      { encoding = "utf8" })
    tap.is(r.stderr, "")
    tap.is(r.stdout, "sockets 50\nconnections null 1\nserved by the child false\nclosed\nudp hello\n"
      .. "close 0 null\n")
  end)
end
