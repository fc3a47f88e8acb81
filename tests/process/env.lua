-- process.env is the environment: reading, setting, deleting, going through it (PR-64).
local tap = require "../lib/tap"

local env = process.env

tap.test("reading and the table itself", function()
  tap.is(type(env), "table")
  tap.is(env, process.env, "the same table each time")
  tap.is(env.MOONFORK_TOP, os.getenv "MOONFORK_TOP")
  tap.is(env.MF_NEVER_SET, nil)
end)

tap.test("setting is seen by os.getenv; values become strings", function()
  env.MF_A = "x"
  tap.is(os.getenv "MF_A", "x")
  env.MF_A = 1.5
  tap.is(env.MF_A, "1.5")
  env.MF_A = 3
  tap.is(env.MF_A, "3")
  env.MF_A = true
  tap.is(env.MF_A, "true")
  env.MF_A = null
  tap.is(env.MF_A, "null")
  env.MF_A = ""
  tap.is(env.MF_A, "")
end)

tap.test("nil deletes", function()
  env.MF_A = nil
  tap.is(env.MF_A, nil)
  tap.is(os.getenv "MF_A", nil)
  env.MF_A = nil
end)

tap.test("pairs goes in order of bytes, over what there is at the start", function()
  env.MF_Z, env.MF_b, env.MF_B = "1", "2", "3"
  local names, last = {}, nil
  for name, value in pairs(env) do
    if name ~= "MF_Z" then tap.is(value, env[name]) end
    tap.ok(not last or last < name, "order")
    last = name
    names[name] = value
    if name == "MF_B" then env.MF_Z = nil end
  end
  tap.is(names.MF_Z, "1")
  tap.is(names.MF_b, "2")
  tap.is(next(env), nil, "nothing is kept in the table")
end)

tap.test("odd names", function()
  tap.is(env["A=B"], nil)
  tap.is(env[""], nil)
  tap.is(env["MF\0A"], nil)
  tap.is(env[{}], nil)
  tap.is(env[1], nil)
  env[1] = "one"
  tap.is(env["1"], "one")
  tap.is(env[1], "one")
  env[1] = nil
  for _, name in ipairs { "A=B", "", "MF\0A", true } do
    tap.raises(function() env[name] = "x" end, { code = "ERR_INVALID_ARG_VALUE" })
  end
end)

tap.test("JSON has the variables", function()
  env.MF_J = "j"
  tap.is(JSON.parse(JSON.stringify(env)).MF_J, "j")
end)

tap.test("inspect shows the variables", function()
  env.MF_J = "j"
  tap.like(require "util".inspect(env), '%f[%w]MF_J = "j"')
  env.MF_J = nil
end)

tap.test("TZ is followed", function()
  local old = env.TZ
  env.TZ = "UTC-5"
  tap.is(os.date("%H", 0), "05")
  env.TZ = "UTC"
  tap.is(os.date("%H", 0), "00")
  env.TZ = old
end)
