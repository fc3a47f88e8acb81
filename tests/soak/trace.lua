-- A thousand messages a second for SOAK_TIME: nothing of it is lost to one who looks, and looking costs little.
local tap = require "../lib/tap"
local child_process, fs, http = require "child_process", require "fs", require "http"

local seconds = tonumber(process.env.SOAK_TIME or "60")
local dir = fs.mkdtempSync(require("os").tmpdir() .. "/moonfork-soak-")

local function with_folder()
  local list = {}
  for k, v in pairs(process.env) do list[k] = v end
  list.MOONFORK_TRACE_DIR = dir
  return list
end

-- Seconds of CPU that a process has used.
local function cpu_of(pid)
  local fields = {}
  for field in fs.readFileSync(("/proc/%d/stat"):format(pid), "utf8"):match("%) (.*)$"):gmatch "%S+" do
    fields[#fields + 1] = tonumber(field)
  end
  return (fields[11 + 1] + fields[12 + 1]) / 100
end

-- The state that the page of the collector tells its readers first.
local function read_state(port, token, fn)
  local options = { host = "127.0.0.1", port = port, path = "/stream", headers = { ["x-moonfork-token"] = token } }
  local text = ""
  local request
  request = http.get(options, function(response)
    response:setEncoding "utf8"
    response:on("data", function(data)
      text = text .. data
      local state = fn and text:match '({"k":"state"[^\n]*})\n'
      if not state then return end
      local done = fn
      fn = nil
      request:destroy()
      done(JSON.parse(state))
    end)
    response:on("error", function() end)
  end)
  request:on("error", function() end)
end

tap.test(("1,000 messages a second for %d s"):format(seconds), function(done)
  local run = child_process.spawn(process.execPath, { __dirname .. "/fixtures/talk.lua" }, { env = with_folder(), stdio = { "pipe", "pipe", "inherit" } })
  local look = child_process.spawn(process.execPath, { "inspect", "--dir", dir, "--web" }, { stdio = { "ignore", "pipe", "inherit" } })
  local told, result = "", ""

  local function finish(port, token, used, took)
    read_state(port, token, function(state)
      local sent, received = result:match "(%d+) (%d+)"
      sent, received = tonumber(sent), tonumber(received)
      local seen = 0
      for _, channel in ipairs(state.ch) do seen = seen + channel.down + channel.up end
      local share = used / took * 100
      tap.comment(("%d messages in %.0f s; the collector used %.2f %% of a core"):format(sent + received, took, share))
      tap.is(state.lost, 0, "records lost")
      tap.is(received, sent, "answers")
      tap.is(seen, sent + received, "messages seen")
      tap.ok(sent >= seconds * 450, "enough of them")
      if tap.variant == "release" then tap.ok(share < 5, "the collector's share of a core is below 5 %") end
      look:once("close", function() done() end)
      look:kill "SIGINT"
    end)
  end

  local function begin(port, token)
    local before, t = cpu_of(look.pid), process.hrtime.bigint()
    setTimeout(function()
      local used, took = cpu_of(look.pid) - before, (process.hrtime.bigint() - t) / 1e9
      run:once("close", function() setTimeout(finish, 1500, port, token, used, took) end)
      run.stdin:write "end\n"
    end, seconds * 1000)
  end

  run.stdout:on("data", function(data) result = result .. tostring(data) end)
  look.stdout:on("data", function(data)
    local before = told
    told = told .. tostring(data)
    local port, token = told:match "127%.0%.0%.1:(%d+)/#t=(%x+)%s"
    if port and not before:match "#t=%x+%s" then begin(tonumber(port), token) end
  end)
end)

process:on("exit", function() fs.rmSync(dir, { recursive = true, force = true }) end)
