-- Messages are streams: pipes, pipelines, loops, back-pressure, bodies that nobody reads.
local tap = require "../lib/tap"
local http = require "http"
local net = require "net"
local stream = require "stream"

local function serve(listener, fn)
  local server = http.createServer(listener)
  server:listen(0, "127.0.0.1", function() fn(server:address().port, server) end)
end

local function body_of(message, fn)
  local text = {}
  message:on("data", function(d) text[#text + 1] = d:bytes() end)
  message:on("end", function() fn(table.concat(text)) end)
end

tap.test("pipeline into an answer, a loop over a request", function(done)
  serve(async(function(req, res)
    local n = 0
    for chunk in req:iterator() do n = n + #chunk end
    stream.pipeline({ "got ", tostring(n) }, res, tap.expect(function(err) tap.is(err, nil) end))
  end), function(port, server)
    local req = http.request({ host = "127.0.0.1", port = port, method = "POST", agent = false }, function(res)
      body_of(res, function(text)
        tap.is(text, "got 100000")
        server:close(function() done() end)
      end)
    end)
    stream.pipeline({ ("a"):rep(50000), ("b"):rep(50000) }, req, tap.expect(function(err) tap.is(err, nil) end))
  end)
end)

tap.test("back-pressure: write says false, drain comes", function(done)
  local size, step = 8 * 1024 * 1024, 65536
  serve(function(req, res)
    local sent, refused = 0, 0
    local function pump()
      while sent < size do
        sent = sent + step
        if not res:write(("x"):rep(step)) then
          refused = refused + 1
          res:once("drain", pump)
          return
        end
      end
      tap.ok(refused > 0, "write said false")
      res:finish()
    end
    pump()
  end, function(port, server)
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      local n = 0
      res:on("data", function(d)
        n = n + #d
        if n % 7 == 0 then
          res:pause()
          setImmediate(function() res:resume() end)
        end
      end)
      res:on("end", function()
        tap.is(n, size)
        server:close(function() done() end)
      end)
    end)
  end)
end)

tap.test("a slow reader stops the socket", function(done)
  local size = 4 * 1024 * 1024
  serve(function(req, res)
    req:pause()
    setTimeout(function()
      tap.ok(req.readableLength < size / 4, "not all is held: " .. req.readableLength)
      body_of(req, function(text)
        tap.is(#text, size)
        res:finish "ok"
      end)
      req:resume()
    end, 50)
  end, function(port, server)
    local req = http.request({ host = "127.0.0.1", port = port, method = "POST", agent = false }, function(res)
      body_of(res, function() server:close(function() done() end) end)
    end)
    req:finish(("y"):rep(size))
  end)
end)

tap.test("bodies that nobody reads do not stop the next request", function(done)
  local n = 0
  serve(function(req, res)
    n = n + 1
    res:finish(tostring(n))
  end, function(port, server)
    local agent = http.Agent { keepAlive = true, maxSockets = 1 }
    local function post(i)
      local req = http.request({ host = "127.0.0.1", port = port, method = "POST", agent = agent }, function(res)
        body_of(res, function(text)
          tap.is(text, tostring(i))
          if i < 4 then return setImmediate(post, i + 1) end
          agent:destroy()
          server:close(function() done() end)
        end)
      end)
      req:finish(("z"):rep(200000))
    end
    post(1)
  end)
end)

tap.test("many pipelined requests, answered later and in order", function(done)
  local count, waiting = 300, {}
  serve(function(req, res)
    waiting[#waiting + 1] = res
    res:write("<" .. req.url .. ">")
    if #waiting == count then
      for i = count, 1, -1 do waiting[i]:finish() end
    end
  end, function(port, server)
    local c, text = net.connect(port, "127.0.0.1"), ""
    for i = 1, count do c:write("GET /" .. i .. " HTTP/1.1\r\nHost: x\r\n\r\n") end
    c:on("data", function(d)
      text = text .. d
      local _, n = text:gsub("<", "")
      if n < count or not text:find("0\r\n\r\n$") then return end
      local i = 0
      for url in text:gmatch "</(%d+)>" do
        i = i + 1
        if tonumber(url) ~= i then tap.is(tonumber(url), i) break end
      end
      tap.is(i, count)
      c:destroy()
      server:close(function() done() end)
    end)
  end)
end)

tap.test("callbacks of write and finish", function(done)
  local order = {}
  serve(function(req, res)
    res:on("finish", function() order[#order + 1] = "finish" end)
    tap.is(res:write("a", function() order[#order + 1] = "a" end), true)
    res:write("b", "utf8", function() order[#order + 1] = "b" end)
    res:finish("c", function()
      order[#order + 1] = "finish callback"
      tap.is(res.writableFinished, true)
    end)
    tap.is(res.writableEnded, true)
    tap.is(res.headersSent, true)
    tap.is(select(2, pcall(res.setHeader, res, "a", "b")).code, "ERR_HTTP_HEADERS_SENT")
    res:on("error", tap.expect(function(err) tap.is(err.code, "ERR_STREAM_WRITE_AFTER_END") end))
    tap.is(res:write("late", tap.expect(function(err) tap.is(err.code, "ERR_STREAM_WRITE_AFTER_END") end)), false)
  end, function(port, server)
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      body_of(res, function(text)
        tap.is(text, "abc")
        server:close(function()
          tap.is(table.concat(order, ","), "a,b,finish,finish callback")
          done()
        end)
      end)
    end)
  end)
end)

tap.test("what may not be written", function(done)
  serve(function(req, res)
    local function code(fn, ...) return select(2, pcall(fn, ...)).code end
    tap.is(code(res.write, res, 5), "ERR_INVALID_ARG_TYPE")
    tap.is(code(res.write, res, null), "ERR_STREAM_NULL_VALUES")
    tap.is(code(res.writeHead, res, 99), "ERR_HTTP_INVALID_STATUS_CODE")
    tap.is(code(res.writeHead, res, 200, { "a" }), "ERR_INVALID_ARG_VALUE")
    tap.is(code(res.writeHead, res, 200, { ["a b"] = "x" }), "ERR_INVALID_HTTP_TOKEN")
    res.strictContentLength = true
    res:setHeader("Content-Length", 3)
    tap.is(code(res.finish, res, "abcd"), "ERR_HTTP_CONTENT_LENGTH_MISMATCH")
    res:write "ab"
    tap.is(code(res.write, res, "cd"), "ERR_HTTP_CONTENT_LENGTH_MISMATCH")
    res:finish "c"
  end, function(port, server)
    http.get({ host = "127.0.0.1", port = port, agent = false }, function(res)
      body_of(res, function(text)
        tap.is(text, "abc")
        server:close(function() done() end)
      end)
    end)
  end)
end)

tap.test("classes of one's own", function(done)
  local Request = http.IncomingMessage:extend "Request"
  function Request:path() return (self.url:gsub("%?.*", "")) end
  local Response = http.ServerResponse:extend "Response"
  function Response:json(value)
    self:setHeader("Content-Type", "application/json")
    self:finish(JSON.stringify(value))
  end
  local server = http.createServer({ IncomingMessage = Request, ServerResponse = Response }, function(req, res)
    res:json { path = req:path() }
  end)
  server:listen(0, "127.0.0.1", function()
    http.get({ host = "127.0.0.1", port = server:address().port, path = "/a?b", agent = false }, function(res)
      tap.is(res.headers["content-type"], "application/json")
      body_of(res, function(text)
        tap.is(text, '{"path":"/a"}')
        server:close(function() done() end)
      end)
    end)
  end)
end)

tap.test("idle connections end after keepAliveTimeout", function(done)
  local server = http.createServer({ keepAliveTimeout = 1 }, function(req, res) res:finish "x" end)
  server:listen(0, "127.0.0.1", function()
    local c = net.connect(server:address().port, "127.0.0.1")
    c:write "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    c:on("data", function(d) tap.ok(tostring(d):find "Keep%-Alive: timeout=0") end)
    c:on("close", function() server:close(function() done() end) end)
  end)
end)
