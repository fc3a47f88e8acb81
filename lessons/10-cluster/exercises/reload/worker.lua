-- A worker of the service. VERSION says what it is: a word that begins with
-- "good" serves, "bad" fails at its start, "silent" never listens.
local http = require "http"
local version = process.env.VERSION

if version == "bad" then process.exit(1) end
if version == "silent" then return setTimeout(function() end, 20000) end
http.createServer(function(_, res)
  setTimeout(function() res:finish(version) end, 5)
end):listen(0, "127.0.0.1")
