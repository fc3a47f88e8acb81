-- What is not beside Node: showing, JSON, options for http, paths that are relative.
local tap = require "../lib/tap"
local url = require "url"
local util = require "util"

local u = URL "http://ann:p%40@h:81/a?b=c#d"
tap.is(tostring(u), u.href)
tap.is(JSON.stringify { u = u }, '{"u":"http://ann:p%40@h:81/a?b=c#d"}')
tap.ok(util.inspect(u):find('searchParams = URLSearchParams { "b" => "c" }', 1, true), util.inspect(u))
tap.is(util.inspect(URLSearchParams()), "URLSearchParams {}")
local o = url.urlToHttpOptions(u)
tap.is(o.auth, "ann:p@")
tap.is(o.port, 81)
tap.is(o.path, "/a?b=c")
tap.is(url.fileURLToPath(url.pathToFileURL "x y"), process.cwd() .. "/x y")
tap.ok(u.searchParams == u.searchParams, "one object")
tap.is(URL(u).href, u.href, "a URL is text")
tap.is(URL("x", u).href, "http://ann:p%40@h:81/x", "a base may be a URL")
tap.is(URL.parse "nope", nil)
local q = URLSearchParams(u.searchParams)
q:set("b", 1)
tap.is(u.search, "?b=c", "a copy")
local big = {}
for i = 1, 1000 do big[i] = { "k" .. (i * 7919 % 100), tostring(i) } end
local p = URLSearchParams(big)
p:sort()
local last, before = "", 0
for k, v in p:entries() do
  if k == last and tonumber(v) < before then tap.ok(false, "stable") end
  if k < last then tap.ok(false, "sorted") end
  last, before = k, tonumber(v)
end
tap.is(p.size, 1000)
