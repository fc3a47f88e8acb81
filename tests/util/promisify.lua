-- From callbacks to promises.
local tap = require "../lib/tap"
local util = require "util"

local double = util.promisify(function(x, done)
  process.nextTick(done, type(x) ~= "number" and Error "no number" or nil, type(x) == "number" and x * 2 or nil)
end)
tap.test("resolves", async(function() tap.is(await(double(21)), 42) end))
tap.test("rejects", async(function()
  local ok, err = pcall(function() return await(double "x") end)
  tap.ok(not ok)
  tap.is_error(err, "no number")
end))
tap.test("what is raised at once is a rejection", function(done)
  util.promisify(function() error "at once" end)():catch(function(err)
    tap.is_error(err, "at once")
    done()
  end)
end)
tap.test("null is no error", async(function()
  tap.is(await(util.promisify(function(done) done(null, 1) end)()), 1)
end))
tap.test("a form of its own", function()
  local own = function() return 7 end
  local f = setmetatable({ [util.promisify.custom] = own }, { __call = function() end })
  tap.is(util.promisify(f), own)
end)
tap.raises(function() util.promisify(1) end, { code = "ERR_INVALID_ARG_TYPE" })
