-- Wrong arguments, odd bytes, and what the errors say.
local tap = require "../lib/tap"
local url = require "url"

local e = tap.raises(function() URL("nope", "base") end, { code = "ERR_INVALID_URL", message = "^Invalid URL$" })
tap.is(e.input, "nope")
tap.is(e.base, "base")
tap.raises(function() URL "http://b\195\188cher.example/" end, { code = "ERR_INVALID_URL", message = "xn%-%-" })
tap.raises(URL, { code = "ERR_MISSING_ARGS" })
for _, odd in ipairs { 5, true, null, 0 / 0 } do
  tap.raises(function() URL(odd) end, { code = "ERR_INVALID_URL" })
  tap.ok(not URL.canParse(odd))
end
for _, odd in ipairs { {}, print, io.stdout.close, coroutine.create(print) } do
  tap.raises(function() URL(odd) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() URL("x", odd) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() URL.canParse(odd) end, { code = "ERR_INVALID_ARG_TYPE" })
end
tap.is(URL("http://h/\0\255").href, "http://h/%00%EF%BF%BD")
tap.is(#URL("http://h/" .. ("a"):rep(100000)).pathname, 100001)
tap.raises(function() URL("http://" .. ("["):rep(5000)) end, { code = "ERR_INVALID_URL" })
tap.is(URL("http://" .. ("0"):rep(100) .. "1").host, "0.0.0.1")
local u = URL "http://h/"
for _, part in ipairs { "hash", "host", "hostname", "password", "pathname", "port", "protocol", "search", "username" } do
  for _, odd in ipairs { 5, true, "\0", "\255", "[", ":", "@" } do u[part] = odd end
end
tap.is(type(u.href), "string")
tap.raises(function() u.href = "x" end, { code = "ERR_INVALID_URL" })
tap.raises(function() u.origin = "x" end, "getter")
tap.raises(function() URL.toString {} end, { code = "ERR_INVALID_THIS" })

local p = URLSearchParams()
tap.raises(function() p:append "a" end, { code = "ERR_MISSING_ARGS" })
tap.raises(function() p:get() end, { code = "ERR_MISSING_ARGS" })
tap.raises(function() p:set("a") end, { code = "ERR_MISSING_ARGS" })
tap.raises(function() p:forEach(5) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() URLSearchParams { { "a" } } end, { code = "ERR_INVALID_TUPLE" })
tap.raises(function() URLSearchParams { 1, 2 } end, { code = "ERR_INVALID_TUPLE" })
tap.raises(function() URLSearchParams.get({}, "a") end, { code = "ERR_INVALID_THIS" })
p:append(5, true)
p:append("\255", "%")
tap.is(tostring(p), "5=true&%EF%BF%BD=%25")
tap.is(URLSearchParams("%4"):get "%4", "")
local n = 0
for k in p:keys() do
  n = n + 1
  if n < 5 then p:append(k, "again") end -- grows while it is walked
end
tap.is(n, 6)
tap.raises(function() url.fileURLToPath(5) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() url.fileURLToPath "nope" end, { code = "ERR_INVALID_URL" })
tap.raises(function() url.pathToFileURL(5) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() url.format(5) end, { code = "ERR_INVALID_ARG_TYPE" })
tap.raises(function() url.urlToHttpOptions {} end)
