-- Both ends of TCP connections in one program: small answers to small requests, short connections, bulk.
-- figure: rounds_s | requests answered on 32 connections, per s | ratio >= 1.3
-- figure: connects_s | connections made, answered and closed, per s | ratio >= 2
-- figure: bulk_mb_s | one stream of 64 KiB writes, MB/s | ratio >= 1.5
local net = require "net"
local ROUNDS, CONNECTS, BULK = 200000, 4000, 16384
local now = process.hrtime.bigint

local function bulk(port, done)
  local chunk, left = Buffer.alloc(65536, "x"), BULK
  local began = now()
  local s = net.connect(port, "127.0.0.1")
  local function fill()
    while left > 0 do
      left = left - 1
      if not s:write(chunk) then return end
    end
    s:finish()
  end
  s:on("drain", fill)
  s:on("close", function()
    print("bulk_mb_s " .. BULK * 65536 / 1e6 / ((now() - began) / 1e9))
    done()
  end)
  fill()
end

local function connects(port, done)
  local began, open, count = now(), 0, 0
  local function one()
    count, open = count + 1, open + 1
    local s = net.connect(port, "127.0.0.1")
    s:on("data", function() s:finish() end)
    s:on("close", function()
      open = open - 1
      if count < CONNECTS then return one() end
      if open > 0 then return end
      print("connects_s " .. CONNECTS / ((now() - began) / 1e9))
      done()
    end)
    s:finish "hello"
  end
  for _ = 1, 16 do one() end
end

local function rounds(port, done)
  local began, left, open = now(), ROUNDS, 32
  for _ = 1, 32 do
    local s = net.connect(port, "127.0.0.1")
    s:write "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    s:on("data", function()
      left = left - 1
      if left > 0 then
        s:write "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
      else
        s:finish()
      end
    end)
    s:on("close", function()
      open = open - 1
      if open > 0 then return end
      print("rounds_s " .. ROUNDS / ((now() - began) / 1e9))
      done()
    end)
  end
end

local answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Sat, 21 Nov 2026 05:55:15 GMT\r\n" ..
  "Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 5\r\n\r\nhello"
local server = net.createServer(function(c) c:on("data", function() c:write(answer) end) end)
local sink = net.createServer(function(c) c:resume() end)
server:listen(0, "127.0.0.1", function()
  sink:listen(0, "127.0.0.1", function()
    rounds(server:address().port, function()
      connects(server:address().port, function()
        bulk(sink:address().port, function()
          server:close()
          sink:close()
        end)
      end)
    end)
  end)
end)
