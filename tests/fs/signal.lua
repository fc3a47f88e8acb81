-- AbortSignals end what is under way; URLs are paths.
local tap = require "../lib/tap"
local fs = require "fs"
tap.allow "fds" -- libuv keeps its one inotify descriptor until the loop ends

local dir = fs.mkdtempSync(tap.tmp .. "/moonfork-")
local function at(name) return dir .. "/" .. name end
process:on("exit", function() fs.rmSync(dir, { recursive = true, force = true }) end)
fs.writeFileSync(at "a b", "text")

tap.test("readFile and writeFile", async(function()
  local c = AbortController()
  local read = fs.promises.readFile(at "a b", { signal = c.signal })
  c:abort()
  tap.is_error(select(2, pcall(await, read)), { name = "AbortError", code = "ABORT_ERR" })
  local write = fs.promises.writeFile(at "never", "x", { signal = c.signal })
  tap.is_error(select(2, pcall(await, write)), { name = "AbortError" })
  tap.is(fs.existsSync(at "never"), false)
  tap.is(await(fs.promises.readFile(at "a b", { signal = AbortController().signal, encoding = "utf8" })), "text")
end))

tap.test("a stream", function(done)
  local c = AbortController()
  local r = fs.createReadStream(at "a b", { signal = c.signal })
  r:on("error", function(err) tap.is(err.name, "AbortError") end)
  r:on("close", done)
  c:abort()
end)

tap.test("a watcher", function(done)
  local c = AbortController()
  fs.watch(dir, { signal = c.signal }):on("close", done)
  c:abort()
end)

tap.test("a URL", function()
  local u = URL("file://" .. dir .. "/a%20b")
  tap.is(fs.readFileSync(u, "utf8"), "text")
  tap.raises(function() fs.statSync(URL "http://localhost/") end, { code = "ERR_INVALID_URL_SCHEME" })
end)
