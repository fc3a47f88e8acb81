-- start, close, unref
-- sample: S155
-- watch: messages wait until somebody listens; start() without a listener throws them away; closing one
--   end closes both.
-- try: read b.hasRef(b) in the third part before and after unref.
local channel = MessageChannel()
local port1, port2 = channel.port1, channel.port2

local function third()
  local c = MessageChannel()
  c.port2:on("message", function() end)
  c.port2:unref()
  c.port1:unref()
  print "an open port that is not counted does not hold the process"
end

local function second()
  local c = MessageChannel()
  local a, b, got = c.port1, c.port2, {}
  a:postMessage "before start"
  b:start() -- nobody listens: what is waiting is thrown away
  local function listen()
    b:on("message", function(v)
      got[#got + 1] = v
      b:close()
    end)
    b:on("close", function()
      print("received after a start without a listener: " .. table.concat(got, " "))
      third()
    end)
    a:postMessage "after on"
  end
  -- a timer, then a full round of the loop, so that the port has had its turn
  setTimeout(function() setImmediate(function() setImmediate(listen) end) end, 20)
end

-- messages sent before anybody could read them wait
port1:postMessage(1)
port1:postMessage(2)
local got1, got2, closed = {}, {}, 0
port2:on("message", function(v)
  got2[#got2 + 1] = v
  port2:postMessage(v * 10)
end)
port1:on("message", function(v)
  got1[#got1 + 1] = v
  if #got1 == 2 then port1:close() end
end)
for _, p in ipairs { port1, port2 } do
  p:on("close", function()
    closed = closed + 1
    if closed < 2 then return end
    print(("port2 received %s, port1 received %s"):format(table.concat(got2, " "), table.concat(got1, " ")))
    print "closing one end has closed both"
    second()
  end)
end
print "posted, nothing received yet"
