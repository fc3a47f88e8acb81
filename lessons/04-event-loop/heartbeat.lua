-- A blocked loop beside a forked one
-- watch: the heartbeat stops while this process computes, and goes on while a child computes the same.
-- try: let compute end after 20 ms instead of 200: even a short computation leaves no room for a beat.
local child_process = require "child_process"

-- Busy for so many milliseconds: no timer, no message, no socket is served meanwhile.
local function compute(ms)
  local stop = process.uptime() + ms / 1000
  local rounds = 0
  while process.uptime() < stop do rounds = rounds + 1 end
  return rounds > 0
end

if process.argv[3] == "child" then
  compute(200)
  process.send "done"
  return
end

local beats = 0
local heart = setInterval(function() beats = beats + 1 end, 10)

local function report(where, n)
  print("computing " .. where .. ": the heart " .. (n == 0 and "stood still" or "went on beating"))
end

setTimeout(function()
  local before = beats
  compute(200)
  report("in this process", beats - before)

  local child = child_process.fork(__filename, { "child" })
  local start
  child:on("spawn", function() start = beats end)
  child:on("message", function() report("in a child", beats - start) end)
  child:on("exit", function() clearInterval(heart) end)
end, 50)
