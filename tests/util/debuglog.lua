-- util.debuglog writes for the sections that NODE_DEBUG names; util.toUSVString mends text.
local tap = require "../lib/tap"
local util = require "util"
local child_process = require "child_process"

tap.is(util.toUSVString "a\255b", "a\239\191\189b")
tap.is(util.toUSVString "", "")
tap.raises(function() util.debuglog(5) end, { code = "ERR_INVALID_ARG_TYPE" })
local script = 'local util = require "util" util.debuglog "net" ("port %d", 80) util.debuglog "fs" ("no")'
local r = child_process.spawnSync(tap.program, { "-e", script }, { env = { NODE_DEBUG = "x,NET" } })
tap.ok(tostring(r.stderr):match "^NET %d+: port 80\n$", tostring(r.stderr))
