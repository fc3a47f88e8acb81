-- Heads and chunks that are not what they should be are answered 400 and the connection is closed, before
-- anything behind them counts as a request; those that only look so are let through. Whether they come at
-- once or byte by byte makes no difference. The third column is the code of the error; true: a request;
-- false: an answer of the server without one.
local tap = require "../lib/tap"
local http = require "http"
local net = require "net"

local H = "Host: x\r\n"
local cases = {
  { "both", 'POST / HTTP/1.1\r\n' .. H .. 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', "HPE_INVALID_TRANSFER_ENCODING" },
  { "dupcl", 'POST / HTTP/1.1\r\n' .. H .. 'Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc', "HPE_UNEXPECTED_CONTENT_LENGTH" },
  { "clist", 'POST / HTTP/1.1\r\n' .. H .. 'Content-Length: 3, 3\r\n\r\nabc', "HPE_INVALID_CONTENT_LENGTH" },
  { "emptycl", 'POST / HTTP/1.1\r\n' .. H .. 'Content-Length: \r\n\r\nabc', "HPE_INVALID_CONTENT_LENGTH" },
  { "pluscl", 'POST / HTTP/1.1\r\n' .. H .. 'Content-Length: +3\r\n\r\nabc', "HPE_INVALID_CONTENT_LENGTH" },
  { "hugecl", 'POST / HTTP/1.1\r\n' .. H .. 'Content-Length: 99999999999999999999999\r\n\r\nabc', "HPE_INVALID_CONTENT_LENGTH" },
  { "clsp", 'POST / HTTP/1.1\r\n' .. H .. 'Content-Length: 3 \r\n\r\nabc', true },
  { "clsp2", 'POST / HTTP/1.1\r\n' .. H .. 'Content-Length: 3 3\r\n\r\nabc', "HPE_INVALID_CONTENT_LENGTH" },
  { "barelf", 'GET / HTTP/1.1\nHost: x\n\n', "HPE_INVALID_VERSION" },
  { "barelf2", 'GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n', "HPE_CR_EXPECTED" },
  { "barelf3", 'GET / HTTP/1.1\r\nHost: x\r\n\n', "HPE_INVALID_HEADER_TOKEN" },
  { "leadlf", '\nGET / HTTP/1.1\r\n' .. H .. '\r\n', true },
  { "leadcrlf", '\r\n\r\nGET / HTTP/1.1\r\n' .. H .. '\r\n', true },
  { "leadcr", '\rGET / HTTP/1.1\r\n' .. H .. '\r\n', true },
  { "obsfold", 'GET / HTTP/1.1\r\n' .. H .. 'A: b\r\n c\r\n\r\n', "HPE_INVALID_HEADER_TOKEN" },
  { "obsfold1", 'GET / HTTP/1.1\r\n A: b\r\n' .. H .. '\r\n', "HPE_UNEXPECTED_SPACE" },
  { "spcolon", 'GET / HTTP/1.1\r\n' .. H .. 'A : b\r\n\r\n', "HPE_INVALID_HEADER_TOKEN" },
  { "spname", 'GET / HTTP/1.1\r\n' .. H .. 'A B: b\r\n\r\n', "HPE_INVALID_HEADER_TOKEN" },
  { "nocolon", 'GET / HTTP/1.1\r\n' .. H .. 'AB\r\n\r\n', "HPE_INVALID_HEADER_TOKEN" },
  { "emptyname", 'GET / HTTP/1.1\r\n' .. H .. ': b\r\n\r\n', "HPE_INVALID_HEADER_TOKEN" },
  { "nul", 'GET / HTTP/1.1\r\n' .. H .. 'A: b\0c\r\n\r\n', "HPE_INVALID_HEADER_TOKEN" },
  { "nulname", 'GET / HTTP/1.1\r\n' .. H .. 'A\0: bc\r\n\r\n', "HPE_INVALID_HEADER_TOKEN" },
  { "ctl", 'GET / HTTP/1.1\r\n' .. H .. 'A: b\x01c\r\n\r\n', "HPE_INVALID_HEADER_TOKEN" },
  { "del", 'GET / HTTP/1.1\r\n' .. H .. 'A: b\x7fc\r\n\r\n', "HPE_INVALID_HEADER_TOKEN" },
  { "tab", 'GET / HTTP/1.1\r\n' .. H .. 'A: \tb\tc\t \r\n\r\n', true },
  { "cr", 'GET / HTTP/1.1\r\n' .. H .. 'A: b\rc\r\n\r\n', "HPE_LF_EXPECTED" },
  { "high", 'GET / HTTP/1.1\r\n' .. H .. 'A: b\xffc\r\n\r\n', true },
  { "nohost", 'GET / HTTP/1.1\r\n\r\n', false },
  { "twohost", 'GET / HTTP/1.1\r\n' .. H .. 'Host: y\r\n\r\n', true },
  { "chunkbad", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n0\r\n\r\n', "HPE_STRICT" },
  { "chunklf", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n', "HPE_CR_EXPECTED" },
  { "chunkdlf", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\n0\r\n\r\n', "HPE_CR_EXPECTED" },
  { "chunkcr", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\rX0\r\n\r\n', "HPE_STRICT" },
  { "chunksp", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n', "HPE_INVALID_CHUNK_SIZE" },
  { "chunkext", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n', true },
  { "chunkextq", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3;a="b;c"\r\nabc\r\n0\r\n\r\n', true },
  { "chunkextlf", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3;a\nb\r\nabc\r\n0\r\n\r\n', "HPE_CR_EXPECTED" },
  { "chunkextctl", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3;a=\x01b\r\nabc\r\n0\r\n\r\n', "HPE_STRICT" },
  { "chunkextsp", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3; a=b\r\nabc\r\n0\r\n\r\n', "HPE_STRICT" },
  { "chunkhuge", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n', "HPE_INVALID_CHUNK_SIZE" },
  { "chunk0x", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n', "HPE_INVALID_CHUNK_SIZE" },
  { "chunkempty", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n\r\nabc\r\n0\r\n\r\n', "HPE_INVALID_CHUNK_SIZE" },
  { "chunkneg", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n', "HPE_INVALID_CHUNK_SIZE" },
  { "trailer", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n', true },
  { "trailercl", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 3\r\n\r\n', "HPE_INVALID_CONTENT_LENGTH" },
  { "trailerlf", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\n\r\n', "HPE_CR_EXPECTED" },
  { "tebad", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n', "HPE_INVALID_TRANSFER_ENCODING" },
  { "teid", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: identity\r\n\r\n0\r\n\r\n', "HPE_INVALID_TRANSFER_ENCODING" },
  { "tegz", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', true },
  { "terev", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n', "HPE_INVALID_TRANSFER_ENCODING" },
  { "tetwice", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', "HPE_INVALID_TRANSFER_ENCODING" },
  { "te2", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n', "HPE_INVALID_TRANSFER_ENCODING" },
  { "te10", 'POST / HTTP/1.0\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', true },
  { "tecase", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n', true },
  { "tesp", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n', true },
  { "getchunk", 'GET / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n', true },
  { "sp2", 'GET  / HTTP/1.1\r\n' .. H .. '\r\n', true },
  { "sp3", 'GET /  HTTP/1.1\r\n' .. H .. '\r\n', true },
  { "sp4", 'GET / HTTP/1.1 \r\n' .. H .. '\r\n', "HPE_INVALID_VERSION" },
  { "tabm", 'GET\t/ HTTP/1.1\r\n' .. H .. '\r\n', "HPE_INVALID_METHOD" },
  { "tabu", 'GET /a\tb HTTP/1.1\r\n' .. H .. '\r\n', "HPE_INVALID_URL" },
  { "urlhigh", 'GET /\xe9 HTTP/1.1\r\n' .. H .. '\r\n', "HPE_INVALID_URL" },
  { "urlctl", 'GET /\x01 HTTP/1.1\r\n' .. H .. '\r\n', "HPE_INVALID_URL" },
  { "urldel", 'GET /\x7f HTTP/1.1\r\n' .. H .. '\r\n', "HPE_INVALID_URL" },
  { "urlq", 'GET /?a<>"{}|\\^` HTTP/1.1\r\n' .. H .. '\r\n', true },
  { "urlhash", 'GET /#a HTTP/1.1\r\n' .. H .. '\r\n', true },
  { "urlrel", 'GET a HTTP/1.1\r\n' .. H .. '\r\n', "HPE_INVALID_URL" },
  { "star", 'OPTIONS * HTTP/1.1\r\n' .. H .. '\r\n', true },
  { "abs", 'GET http://x/y HTTP/1.1\r\n' .. H .. '\r\n', true },
  { "v09", 'GET /\r\n' .. H .. '\r\n', true },
  { "v09b", 'GET / HTTP/0.9\r\n' .. H .. '\r\n', true },
  { "v12", 'GET / HTTP/1.2\r\n' .. H .. '\r\n', "HPE_INVALID_VERSION" },
  { "v20", 'GET / HTTP/2.0\r\n' .. H .. '\r\n', true },
  { "v11b", 'GET / HTTP/01.1\r\n' .. H .. '\r\n', "HPE_INVALID_VERSION" },
  { "vlow", 'GET / http/1.1\r\n' .. H .. '\r\n', "HPE_INVALID_CONSTANT" },
  { "lowm", 'get / HTTP/1.1\r\n' .. H .. '\r\n', "HPE_INVALID_METHOD" },
  { "badm", 'FOO / HTTP/1.1\r\n' .. H .. '\r\n', "HPE_INVALID_METHOD" },
  { "query", 'QUERY / HTTP/1.1\r\n' .. H .. '\r\n', true },
  { "garbage", 'garbage\r\n\r\n', "HPE_INVALID_METHOD" },
  { "tls", '\x16\x03\x01\x00', "HPE_INVALID_METHOD" },
  { "eofhead", 'GET / HT', "HPE_INVALID_EOF_STATE" },
  { "big", 'GET / HTTP/1.1\r\n' .. H .. 'A: ' .. ('x'):rep(17000) .. '\r\n\r\n', "HPE_HEADER_OVERFLOW" },
  { "bigurl", 'GET /' .. ('x'):rep(17000) .. ' HTTP/1.1\r\n' .. H .. '\r\n', "HPE_HEADER_OVERFLOW" },
  { "chunkextbig", 'POST / HTTP/1.1\r\n' .. H .. 'Transfer-Encoding: chunked\r\n\r\n3;' .. ('a'):rep(17000) .. '\r\nabc\r\n0\r\n\r\n', "HPE_CHUNK_EXTENSIONS_OVERFLOW" },
  { "connclosebody", 'GET / HTTP/1.1\r\n' .. H .. 'Connection: close\r\n\r\nGET / HTTP/1.1\r\n\r\n', "HPE_CLOSED_CONNECTION" },
  { "hostlist", 'GET / HTTP/1.1\r\nHost:\r\n\r\n', true },
}

-- Sends the text, whole or byte by byte, and a second request behind it.
local function attempt(case, bit_by_bit, done)
  local seen, code, text = {}, nil, ""
  local server
  server = http.createServer(function(req, res)
    seen[#seen + 1] = req.url
    req:on("error", function() end)
    req:resume()
    req:on("end", function() res:finish() end)
  end)
  server:on("clientError", function(err, socket)
    code = code or err.code
    if socket.writable then socket:finish "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n" end
  end)
  server:listen(0, "127.0.0.1", function()
    local all = case[2]
    if type(case[3]) == "string" and case[1] ~= "eofhead" then
      all = all .. "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    end
    local c = net.connect(server:address().port, "127.0.0.1")
    c:setNoDelay(true)
    if bit_by_bit then for i = 1, #all do c:write(all:sub(i, i)) end else c:write(all) end
    if case[1] == "eofhead" then c:finish() end
    c:on("data", function(d)
      text = text .. d
      c:finish()
    end)
    c:on("error", function() end)
    c:on("close", function()
      server:close(function() done(code, seen, text) end)
      server:closeAllConnections()
    end)
  end)
end

local function judge(case, code, seen, text)
  local name, want = case[1], case[3]
  if want == true then
    tap.is(code, nil, name)
    tap.is(#seen, 1, name)
    tap.ok(text:find "^HTTP/1.1 200 OK", name)
    return
  end
  if want then tap.is(code, want, name) end
  if want ~= "HPE_CLOSED_CONNECTION" then tap.ok(text:find "^HTTP/1.1 400 Bad Request" or text == "", name .. ": " .. text) end
  for _, url in ipairs(seen) do tap.ok(url ~= "/smuggled", name .. " let a second request through") end
end

local function run(bit_by_bit)
  return function(done)
    local at = 0
    local function start()
      at = at + 1
      local case = cases[at]
      if not case then return done() end
      if bit_by_bit and #case[2] > 1000 then return start() end
      attempt(case, bit_by_bit, function(...)
        judge(case, ...)
        start()
      end)
    end
    start()
  end
end

tap.test("at once", run(false))
tap.test("byte by byte", run(true))

-- What would end a header cannot be sent.
tap.test("what we write", function()
  local m = http.OutgoingMessage()
  local function code(fn, ...) return select(2, pcall(fn, ...)).code end
  for _, bad in ipairs { "a\r\nX: y", "a\nb", "a\rb", "a\0b", "\127", { "ok", "b\r\n" } } do
    tap.is(code(m.setHeader, m, "X-A", bad), "ERR_INVALID_CHAR")
    tap.is(code(m.appendHeader, m, "X-A", bad), "ERR_INVALID_CHAR")
    tap.is(code(m.addTrailers, m, { ["X-A"] = bad }), "ERR_INVALID_CHAR")
    tap.is(code(http.validateHeaderValue, "x", bad), "ERR_INVALID_CHAR")
  end
  for _, bad in ipairs { "", "a b", "a:", "a\r\n", "\xc3\xa4", 5, {} } do
    tap.is(code(m.setHeader, m, bad, "x"), "ERR_INVALID_HTTP_TOKEN")
    tap.is(code(http.validateHeaderName, bad), "ERR_INVALID_HTTP_TOKEN")
  end
  tap.is(code(m.setHeader, m, "a"), "ERR_HTTP_INVALID_HEADER_VALUE")
  tap.is_deep(m:getHeaderNames(), {})
  tap.is(code(http.request, { path = "/a\r\nX: y" }), "ERR_UNESCAPED_CHARACTERS")
  tap.is(code(http.request, { method = "GET\r\n" }), "ERR_INVALID_HTTP_TOKEN")
  tap.is(code(http.request, { host = "a\r\nX: y" }), "ERR_INVALID_CHAR")
end)

tap.test("a status message, and a value that changes its mind", function(done)
  local server = http.createServer(function(req, res)
    res.statusMessage = "OK\r\nX: y"
    tap.is(select(2, pcall(res.finish, res)).code, "ERR_INVALID_CHAR")
    res.statusMessage = nil
    for after = 1, 9 do
      if res.headersSent then break end
      local n = 0
      local sly = setmetatable({}, { __tostring = function()
        n = n + 1
        return n > after and "a\r\nX: y" or "a"
      end })
      local ok, err = pcall(function()
        res:setHeader("X-Sly", sly)
        res:flushHeaders()
      end)
      if not ok then tap.is(err.code, "ERR_INVALID_CHAR") end
      if not res.headersSent then res:removeHeader "X-Sly" end
    end
    res:finish "fine"
  end)
  server:listen(0, "127.0.0.1", function()
    http.get({ host = "127.0.0.1", port = server:address().port, agent = false }, function(res)
      tap.is(res.headers.x, nil)
      res:on("data", function(d) tap.is(d:toString(), "fine") end)
      res:on("end", function() server:close(function() done() end) end)
    end)
  end)
end)
