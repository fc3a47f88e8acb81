-- What a failed check of tables says; hostile arguments.
local tap = require "../lib/tap"
local assert = require "assert"

local function message(fn, ...)
  local ok, e = pcall(fn, ...)
  return ok and "fine" or e.message
end
tap.is(message(assert.deepStrictEqual, { a = 1, b = { 1, 2 } }, { a = 1, b = { 1, 3 } }),
  "Expected values to be strictly deep-equal:\n+ actual - expected\n\n" ..
  "  {\n    a = 1,\n    b = {\n      1,\n+     2\n-     3\n    }\n  }")
tap.is(message(assert.strictEqual, { 1 }, { 1 }),
  "Values have same structure but are not reference-equal:\n\n{\n  1\n}\n")
tap.is(message(assert.strictEqual, "abcdefgh", "abcdefgx"),
  'Expected values to be strictly equal:\n+ actual - expected\n\n+ "abcdefgh"\n- "abcdefgx"\n          ^')
local a, b = {}, {}
for i = 1, 40 do a[i], b[i] = i, i end
a[41], b[41] = "x", "y"
tap.is(message(assert.deepStrictEqual, a, b),
  "Expected values to be strictly deep-equal:\n+ actual - expected ... Lines skipped\n\n" ..
  '  {\n    1,\n...\n    39,\n    40,\n+   "x"\n-   "y"\n  }')
tap.is(message(assert.throws, function() error(Error "x") end, { message = "y" }),
  'Expected values to be strictly deep-equal:\n+ actual - expected\n\n' ..
  '  Comparison {\n+   message = "x"\n-   message = "y"\n  }')
tap.is(message(assert.match, "abc", "x"), 'The input did not match the pattern "x". Input:\n\n"abc"\n')
tap.is(message(assert.match, "abc", "^a%a"), "fine")
tap.is(message(assert.doesNotMatch, "abc", "b"),
  'The input was expected to not match the pattern "b". Input:\n\n"abc"\n')
tap.is(message(assert.match, 5, "b"), 'The "string" argument must be of type string. Received type number (5)')
tap.raises(function() assert.match("a", "[") end, "malformed pattern")

local e = tap.raises(function() assert(nil == 1) end, { code = "ERR_ASSERTION" })
tap.ok(e.message:find("assert(nil == 1)", 1, true), e.message)
tap.is(tostring(assert.AssertionError { message = "m" }), "AssertionError [ERR_ASSERTION]: m")
tap.ok(instanceof(e, assert.AssertionError) and instanceof(e, Error))
e = assert.AssertionError { actual = 1, expected = 2, operator = "strictEqual" }
tap.is(e.message, "Expected values to be strictly equal:\n\n1 !== 2\n")
tap.is(e.generatedMessage, true)
tap.is(e.actual + e.expected, 3)

-- What is raised as a string is an Error; a class of one's own; an Error as what is expected.
local Refused = Error:extend "Refused"
assert.throws(function() error("text", 0) end, { message = "text" })
assert.throws(function() error(Refused "no") end, Refused)
assert.throws(function() error(Refused "no") end, Refused "no")
tap.is(message(assert.throws, function() error(Refused "no") end, TypeError),
  'The error is expected to be an instance of "TypeError". Received "Refused"\n\nError message:\n\nno')
assert.deepEqual(setmetatable({ 1 }, {}), { 1 })
tap.ok(message(assert.deepStrictEqual, setmetatable({ a = 1 }, {}), { a = 1 }) ~= "fine", "metatables count")
assert.deepEqual(0.0, -0.0)
tap.ok(message(assert.deepStrictEqual, 0.0, -0.0) ~= "fine")
local cycle, other = {}, {}
cycle[1], other[1] = cycle, other
assert.deepStrictEqual(cycle, other)

for _, name in ipairs { "equal", "notEqual", "strictEqual", "deepEqual", "deepStrictEqual", "notDeepEqual" } do
  tap.raises(function() assert[name]() end, { code = "ERR_MISSING_ARGS" })
  for _, odd in ipairs { print, coroutine.create(print), io.stdout, null, 0 / 0, {} } do
    pcall(assert[name], odd, 1, nil)
    pcall(assert[name], odd, odd, odd)
  end
end
for _, name in ipairs { "throws", "doesNotThrow" } do
  tap.raises(function() assert[name]({}) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() assert[name](print, 5) end, { code = "ERR_INVALID_ARG_TYPE" })
  tap.raises(function() assert[name](print, {}) end, { code = "ERR_INVALID_ARG_VALUE" })
end
tap.raises(function() assert.AssertionError(5) end, { code = "ERR_INVALID_ARG_TYPE" })
local big = {}
for i = 1, 20000 do big[i] = i end
tap.ok(#message(assert.deepStrictEqual, big, { "other" }) > 1000, "a long difference")

tap.test("a function that does not return a promise", function(done)
  assert.rejects(function() return 5 end):catch(function(err)
    tap.is(err.code, "ERR_INVALID_RETURN_VALUE")
    done()
  end)
end)
tap.test("what waits inside", function(done)
  async(function()
    assert.throws(function()
      await(Promise.resolve(1))
      error "later"
    end, Error)
    done()
  end)()
end)
