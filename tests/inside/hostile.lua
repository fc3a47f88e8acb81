-- A door that gets nonsense from a client of the same user - random bytes, frames that are too long, half
-- ones, commands before the greeting, more connections than there is room for - closes that client and
-- goes on; its process does not notice.
local tap = require "../lib/tap"
local cp = require "child_process"
local events = require "events"
local fs = require "fs"
local net = require "net"

local dir = fs.mkdtempSync(tap.tmp .. "/mf-hostile-")
fs.chmodSync(dir, 448)
local env = {}
for k, v in pairs(process.env) do env[k] = v end
env.MOONFORK_TRACE_DIR = dir
local child = cp.spawn(process.execPath, { "-e", [[
  process.stdin:on("data", function(d) process.stdout:write("alive " .. d:toString()) end)
  process.stdout:write "up\n"]] }, { env = env, stdio = { "pipe", "pipe", "inherit" } })

local function frame(kind, body) return string.pack(">I4", #body + 1) .. kind .. body end
local function u32(...) return string.pack(">" .. ("I4"):rep(select("#", ...)), ...) end
local hello = frame("h", u32(0, 80) .. "tty\0X")

local path
local function find_door()
  for _, name in ipairs(fs.readdirSync(dir)) do
    if name:match("^" .. child.pid .. "%..*%.sock$") then return dir .. "/" .. name, fs.statSync(dir .. "/" .. name) end
  end
end

-- Sends the bytes; resolves with what came until the door closed, or (stays: it need not) a while was over.
local function knock(bytes, stays)
  return Promise(function(resolve)
    local got, over = "", false
    local s = net.connect { path = path }
    local function done()
      if not over then over = true s:destroy() resolve(got) end
    end
    s:on("data", function(d) got = got .. d:toString "latin1" if stays and stays(got) then done() end end)
    s:on("error", done)
    s:on("close", done)
    if #bytes > 0 then s:write(Buffer.from(bytes, "latin1")) end
    if stays == false then setTimeout(done, 5) end
  end)
end

-- bytes of a Lua string, each one byte
local function latin(s)
  local b = Buffer.alloc(#s)
  for i = 1, #s do b[i - 1] = s:byte(i) end
  return b:toString "latin1"
end

await(events.once(child.stdout, "data"))
local stat
path, stat = find_door()
tap.ok(path, "the child has a door")
tap.is(stat.mode & 511, 384, "that only this user may open")

local function answers() -- a guest that behaves
  local got = await(knock(latin(hello .. frame("e", u32(1) .. "6 * 7")), function(text) return text:find("42\n", 1, true) end))
  return got:find("42\n", 1, true) ~= nil
end
tap.ok(answers(), "a guest that behaves is served")

local cases = {
  { "an endless length", "\255\255\255\255" },
  { "a frame over 1 MiB", string.pack(">I4", (1 << 20) + 1) .. ("x"):rep(100) },
  { "a line before the greeting", frame("e", u32(1) .. "process.exit()") },
  { "a greeting that is too short", frame("h", "ab") },
  { "an unknown frame", frame("?", "") },
  { "an unknown frame of a guest", hello .. frame("!", "what") },
  { "a line without a serial", hello .. frame("e", "1") },
  { "the serial 0", hello .. frame("e", u32(0) .. "1") },
  { "a line while one waits", hello .. frame("e", u32(1) .. "await(Promise(function() end))") .. frame("e", u32(2) .. "1") },
  { "Tab beyond the line", hello .. frame("t", u32(1, 99) .. "pr") },
  { "Tab without a point", hello .. frame("t", "xx") },
  { "slowness of an hour", frame("s", u32(3600000)) },
  { "slowness with more", frame("s", u32(1) .. "x") },
  { "what only a door says", hello .. frame("o", "\1text") },
}
for _, case in ipairs(cases) do
  await(knock(latin(case[2])))
  tap.ok(answers(), case[1] .. ": closed, and the next is served")
end

for _, half in ipairs { "\0", "\0\0\0", hello:sub(1, 7), hello .. "\0\0", hello .. frame("e", u32(1) .. "x"):sub(1, 6) } do
  await(knock(latin(half), false))
end
tap.ok(answers(), "half frames, and then nothing")

local seed = 12345
local function random(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff return (seed >> 8) % n end
for i = 1, tap.scale(100) do
  local parts = { random(2) == 0 and hello or "" }
  for n = 1, 1 + random(4) do
    local bytes = {}
    for k = 1, random(60) do bytes[k] = string.char(random(256)) end
    local text = table.concat(bytes)
    parts[#parts + 1] = random(2) == 0 and text or frame(("hectsHRbodwS"):sub(random(12) + 1):sub(1, 1), text)
  end
  await(knock(latin(table.concat(parts)), false))
end
tap.ok(answers(), "random frames")

local held = {}
for i = 1, 30 do
  held[i] = net.connect { path = path }
  held[i]:on("error", function() end)
  await(events.once(held[i], "connect"))
end
tap.ok(answers(), "thirty that only hold a place make room")
for _, s in ipairs(held) do s:destroy() end

child.stdin:write "still\n"
local text = await(events.once(child.stdout, "data"))[1]:toString()
tap.is(text, "alive still\n", "the child has noticed nothing")
child.stdin:finish()
local over = await(events.once(child, "exit"))
tap.is(over[1], 0, "a door, and guests, do not keep it alive")
tap.ok(not find_door(), "the door goes with it")
fs.rmSync(dir, { recursive = true, force = true })
