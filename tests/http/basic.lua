-- A server and a client in one program: methods, bodies both ways, headers, keep-alive, unix sockets.
local tap = require "../lib/tap"
local http = require "http"

-- Calls fn(port) once the server listens.
local function serve(listener, fn)
  local server = http.createServer(listener)
  server:listen(0, "127.0.0.1", function() fn(server:address().port, server) end)
  return server
end

local function body_of(message, fn)
  local text = ""
  message:setEncoding "utf8"
  message:on("data", function(d) text = text .. d end)
  message:on("end", function() fn(text) end)
end

tap.test("get", function(done)
  serve(function(req, res)
    tap.is(req.method, "GET")
    tap.is(req.url, "/a?b=c")
    tap.is(req.headers["x-one"], "1, 2")
    tap.is(req.httpVersion, "1.1")
    res:setHeader("X-Answer", "yes")
    res:finish "hello"
  end, function(port, server)
    http.get({ host = "127.0.0.1", port = port, path = "/a?b=c", headers = { ["X-One"] = { "1", "2" } } }, function(res)
      tap.is(res.statusCode, 200)
      tap.is(res.statusMessage, "OK")
      tap.is(res.headers["x-answer"], "yes")
      tap.is(res.headers["content-length"], "5")
      body_of(res, function(text)
        tap.is(text, "hello")
        tap.is(res.complete, true)
        server:close(function() done() end)
      end)
    end)
  end)
end)

tap.test("post: chunked both ways, trailers", function(done)
  serve(function(req, res)
    tap.is(req.headers["transfer-encoding"], "chunked")
    body_of(req, function(text)
      tap.is(text, "one two")
      tap.is(req.trailers["x-sum"], "7")
      res:write(text:upper())
      res:addTrailers { ["X-Len"] = "7" }
      res:finish()
    end)
  end, function(port, server)
    local req = http.request({ host = "127.0.0.1", port = port, method = "POST" }, function(res)
      body_of(res, function(text)
        tap.is(text, "ONE TWO")
        tap.is(res.trailers["x-len"], "7")
        server:close(function() done() end)
      end)
    end)
    req:write "one "
    setTimeout(function()
      req:addTrailers { ["X-Sum"] = "7" }
      req:finish "two"
    end, 5)
  end)
end)

tap.test("a large body goes both ways", function(done)
  local size = 3000000
  serve(function(req, res) req:pipe(res) end, function(port, server)
    local req = http.request({ host = "127.0.0.1", port = port, method = "PUT", agent = false }, function(res)
      local n = 0
      res:on("data", function(d) n = n + #d end)
      res:on("end", function()
        tap.is(n, size)
        server:close(function() done() end)
      end)
    end)
    req:finish(("x"):rep(size))
  end)
end)

tap.test("unix socket", function(done)
  local path = os.tmpname()
  os.remove(path)
  local server = http.createServer(function(req, res) res:finish(req.url) end)
  server:listen(path, function()
    http.get({ socketPath = path, path = "/sock" }, function(res)
      body_of(res, function(text)
        tap.is(text, "/sock")
        server:close(function() done() end)
      end)
    end)
  end)
end)

tap.test("an error in a listener leaves the connection alone", function(done)
  local n = 0
  process:once("uncaughtException", tap.expect(function(err) tap.ok(err.message:find "oops") end))
  serve(function(req, res)
    n = n + 1
    res:finish(tostring(n))
    if n == 1 then error "oops" end
  end, function(port, server)
    local c, text = require("net").connect(port, "127.0.0.1"), ""
    c:on("data", function(d) text = text .. d end)
    c:on("close", function()
      tap.ok(text:find "\r\n\r\n1" and text:find "\r\n\r\n2", "both are answered")
      server:close(function() done() end)
    end)
    c:write "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
  end)
end)
