-- watch and watchFile.
local tap = require "../lib/tap"
local fs = require "fs"

tap.allow "fds" -- libuv keeps its one inotify descriptor until the loop ends

local dir = fs.mkdtempSync(tap.tmp .. "/moonfork-")
local function at(name) return dir .. "/" .. name end
process:on("exit", function() fs.rmSync(dir, { recursive = true, force = true }) end)

tap.test("a folder: names that come, files that change", function(done)
  local w, seen = nil, {}
  w = fs.watch(dir, function(kind, name)
    seen[kind] = name
    if seen.rename and seen.change then w:close() end
  end)
  w:on("close", function()
    tap.is_deep(seen, { rename = "new", change = "new" })
    done()
  end)
  fs.writeFileSync(at "new", "text")
end)

tap.test("names as Buffers; unref", function(done)
  local w = fs.watch(dir, { encoding = "buffer", persistent = false })
  tap.is(w:unref(), w)
  tap.is(w:ref(), w)
  w:once("change", function(_, name)
    tap.ok(Buffer.isBuffer(name))
    w:close()
  end)
  w:on("close", done)
  fs.writeFileSync(at "new2", "text")
end)

tap.test("watchFile: now and before", function(done)
  fs.writeFileSync(at "f", "1")
  local w
  w = fs.watchFile(at "f", { interval = 10 }, function(now, before)
    if now.size ~= 3 then return end
    tap.is(before.size, 1)
    fs.unwatchFile(at "f")
    done()
  end)
  tap.is(fs.watchFile(at "f", function() end), w, "one watcher for a file")
  setTimeout(function() fs.writeFileSync(at "f", "123") end, 30)
end)

tap.test("watchFile: what is not there has Stats of zeros", function(done)
  local function listener(now, before)
    tap.is(now.mtimeMs + before.mtimeMs, 0.0)
    fs.unwatchFile(at "none", listener)
    done()
  end
  fs.watchFile(at "none", { interval = 10 }, listener)
end)

tap.test("as a loop", async(function()
  setTimeout(function() fs.writeFileSync(at "looped", "text") end, 5)
  local kinds = {}
  for e in fs.promises.watch(dir) do
    tap.is(e.filename, "looped")
    kinds[#kinds + 1] = e.eventType
    if #kinds == 2 then break end
  end
  tap.is_deep(kinds, { "rename", "change" })
  local c = AbortController()
  setTimeout(function() c:abort() end, 5)
  tap.is_error(select(2, pcall(function()
    for _ in fs.promises.watch(dir, { signal = c.signal }) do tap.fail "nothing changes" end
  end)), { name = "AbortError" })
end))

tap.test("what cannot be watched", function()
  tap.raises(function() fs.watch "/nope" end, { code = "ENOENT", syscall = "watch", filename = "/nope",
    message = "^ENOENT: no such file or directory, watch '/nope'$" })
end)

-- recursive: names of all that lies below, also in folders that come later.
tap.test("recursive", function(done)
  local root = fs.mkdtempSync(os.tmpdir() .. "/watch-")
  fs.mkdirSync(root .. "/a/b", { recursive = true })
  local seen, watcher = {}, nil
  local function wait_for(name, go_on)
    return function(event, filename)
      seen[filename] = event
      if filename ~= name then return end
      watcher:removeAllListeners "change"
      go_on()
    end
  end
  watcher = fs.watch(root, { recursive = true })
  watcher:on("change", wait_for("a/b/file", function()
    watcher:on("change", wait_for("new/deep/file", function()
      tap.ok(seen.new and seen["new/deep"], "the folders on the way, too")
      watcher:on("change", wait_for("new", function()
        tap.is(seen["new/new"], nil)
        watcher:on("close", function()
          fs.rmSync(root, { recursive = true })
          done()
        end)
        watcher:close()
      end))
      fs.rmSync(root .. "/new", { recursive = true })
    end))
    fs.mkdirSync(root .. "/new/deep", { recursive = true })
    fs.writeFileSync(root .. "/new/deep/file", "x")
  end))
  fs.writeFileSync(root .. "/a/b/file", "x")
end)

tap.test("recursive, closed by its listener", function(done)
  local root = fs.mkdtempSync(os.tmpdir() .. "/watch-")
  fs.mkdirSync(root .. "/a")
  local watcher
  watcher = fs.watch(root, { recursive = true, persistent = false }, function() watcher:close() end)
  watcher:on("close", function()
    fs.rmSync(root, { recursive = true })
    clearInterval(alive)
    done()
  end)
  alive = setInterval(function() end, 1000)
  fs.mkdirSync(root .. "/a/b/c/d", { recursive = true })
end)
