-- Every method and option of the streams with wrong and odd arguments, at wrong times: no crash, no hang.
local tap = require "../lib/tap"
local stream = require "stream"

local odd = { false, true, 0, -1, 1, 1 << 62, 1 / 0, 0 / 0, 0.5, "", "hex", "klingon", {}, { 1 }, print,
  coroutine.create(print), null, Buffer.from "abc", EventEmitter() }
local bad, classes = 0, { stream.Readable, stream.Writable, stream.Duplex }
local function try(f, ...)
  local ok, e = pcall(f, ...)
  if not ok and type(e) == "string" then
    bad = bad + 1
    tap.comment(e)
  end
end

local options = { "highWaterMark", "objectMode", "encoding", "defaultEncoding", "decodeStrings", "emitClose",
  "autoDestroy", "read", "write", "writev", "final", "destroy", "construct", "readable", "writable",
  "allowHalfOpen", "readableHighWaterMark", "writableObjectMode" }
local function hush(s) if s then s:on("error", function() end) end end
for _, class in ipairs(classes) do
  for _, v in ipairs(odd) do
    try(class, v)
    for _, key in ipairs(options) do
      if v ~= print then try(function() hush(class { [key] = v }) end) end
    end
  end
end

local methods = { "read", "push", "unshift", "pause", "resume", "isPaused", "setEncoding", "unpipe", "destroy",
  "write", "finish", "end", "cork", "uncork", "setDefaultEncoding", "pipe" }
local function fresh(class)
  local s = class { read = function() end, write = function(_, _, _, done) done() end }
  hush(s)
  return s
end
for _, class in ipairs(classes) do
  for _, name in ipairs(methods) do
    if class[name] then
      for _, v in ipairs(odd) do
        if v ~= print then
          try(class[name], v, v)
          local s = fresh(class)
          try(s[name], s, v, v, v)
          try(s[name], s, v)
          try(s[name], s)
          s:destroy()
          try(s[name], s, v, v)
        end
      end
    end
  end
end
tap.is(bad, 0, "every error is an Error")

-- listeners that do the worst thing at each event
for _, action in ipairs { "destroy", "pause", "resume", "read", "unpipe", "removeAllListeners" } do
  for _, event in ipairs { "data", "readable", "end", "close", "pause", "resume", "pipe", "drain", "finish" } do
    local r, w = fresh(stream.Readable), fresh(stream.Duplex)
    for _, s in ipairs { r, w } do
      s:on(event, function() s[action](s) end)
    end
    r:pipe(w)
    r:push "x"
    r:push(nil)
    w:push "y"
    w:push(nil)
  end
end
tap.pass "the worst listeners"
