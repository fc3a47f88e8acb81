-- What api.json names and we lack stands in the README, with the reason; the table is written from here:
--
--   moonfork tests/docs/missing.lua --write
--
-- missing.txt gives the reasons: "MODULE PATTERN = REASON", the first line that fits counts. A name that
-- is missing without a reason, and a reason that fits nothing any more, are failures.
local top = __dirname .. "/../.."

local function read(path)
  local f = assert(io.open(path, "rb"))
  local text = f:read "a"
  f:close()
  return text
end

local api = JSON.parse(read(top .. "/tests/node/api.json"))
local command = io.popen("'" .. process.execPath .. "' --dump-api")
local rows = assert(load(command:read "a"))()
command:close()

-- ---- what we have --------------------------------------------------------------------------------

local classes = {} -- by name, and by module and name where two modules use the same
for _, class in ipairs(rows.classes) do
  classes[class.name] = class
  classes[(class.module or "") .. "." .. class.name] = class
end

-- Has the class a method, property or event of that name, or one of its bases?
local function has_member(name, member)
  local class = classes[name]
  if not class then return false end
  for _, kind in ipairs { "methods", "props", "events", "statics" } do
    for _, row in ipairs(class[kind] or {}) do
      if row.name == member then return true end
    end
  end
  for _, base in ipairs { class.base or false, class.also or false } do
    if base == class.name then base = "stream." .. base end -- net.Socket is derived from stream's
    if base and has_member(base, member) then return true end
  end
  return false
end

-- Words of Lua that Node uses as names.
local ours = { ["end"] = "finish", ["then"] = "andThen", ["and"] = "band", ["or"] = "bor" }

-- Is it a documented value of the module? Some are nil where this runs: parentPort on the main thread.
local function has_constant(module, name)
  for _, row in ipairs(rows.modules) do
    for _, constant in ipairs(row.name == module and row.constants or {}) do
      if constant.name == name then return true end
    end
  end
  return false
end

local function has_path(value, path)
  for name in path:gmatch "[^.]+" do
    local ok, field = pcall(function() return value[name] end)
    if not ok or field == nil then return false end
    value = field
  end
  return true
end

local places = { promises = "promise", globals = "_G" }

-- The value of a module of api.json, nil when we have none.
local function module_value(name)
  if places[name] == "_G" then return _G end
  local ok, value = pcall(require, "node:" .. (places[name] or name))
  return ok and value or nil
end

-- Objects whose fields are their own and no rows of the class.
local objects = {
  Stats = function() return require("fs").statSync(__filename) end,
  Dirent = function() return require("fs").readdirSync(__dirname, { withFileTypes = true })[1] end,
  MessageChannel = function()
    local channel = MessageChannel()
    channel.port1:close()
    return channel
  end,
  AssertionError = function()
    local ok, e = pcall(require("assert").equal, 1, 2)
    return not ok and e
  end,
}

-- A field of such an object, or of none.
local function has_field(name, field)
  local made = objects[name]
  if type(made) == "function" then
    made = made()
    objects[name] = made
  end
  return made and has_path(made, field)
end

-- ---- what is missing -----------------------------------------------------------------------------

local missing = {} -- { module, name }

local function note(module, name) missing[#missing + 1] = { module, name } end

-- "new Buffer", "[Symbol.iterator]", "memoryUsage() result" describe something that is no name.
local function is_name(name) return name:find "^[%w_.]+$" and not name:find "^Symbol" end

local function check_class(module, value, name, class)
  if not is_name(name) or name:find "%." then return end
  local row = classes[module .. "." .. name] and module .. "." .. name or name
  local table_of_class = value[name] or _G[name]
  if not classes[name] and table_of_class == nil then return note(module, name) end
  for _, kind in ipairs { "statics", "methods", "properties" } do
    for _, member in ipairs(class[kind] or {}) do
      local short = member.name:gsub("^" .. name .. "%.", "")
      local here = has_member(row, short) or has_member(row, ours[short] or "") or
        (type(table_of_class) == "table" and has_path(table_of_class, short)) or has_field(name, short)
      if is_name(short) and not member.deprecated and not here then note(module, name .. "." .. short) end
    end
  end
end

for module, part in pairs(api) do
  local value = module ~= "_about" and module_value(module)
  if module ~= "_about" and not value then
    note(module, "(the module)")
  elseif value then
    for _, kind in ipairs { "functions", "properties" } do
      for _, row in ipairs(part[kind] or {}) do
        if is_name(row.name) and not row.deprecated and not has_path(value, row.name)
          and not has_constant(module, row.name)
          and not (module == "process" and has_member("Process", row.name))
          and not (module == "cluster" and has_member("Cluster", row.name)) then
          note(module, row.name)
        end
      end
    end
    for name, class in pairs(part.classes or {}) do check_class(module, value, name, class) end
  end
end
table.sort(missing, function(a, b)
  if a[1] ~= b[1] then return a[1] < b[1] end
  return a[2] < b[2]
end)

-- ---- reasons -------------------------------------------------------------------------------------

local reasons = {}
for line in read(__dirname .. "/missing.txt"):gmatch "[^\n]+" do
  local module, pattern, reason = line:match "^([%w_]+)%s+(%S+)%s+=%s+(.*)$"
  if module then reasons[#reasons + 1] = { module = module, pattern = pattern, reason = reason } end
end

local function reason_of(module, name)
  for _, r in ipairs(reasons) do
    if r.module == module and name:find("^" .. r.pattern .. "$") then
      r.used = true
      return r
    end
  end
end

local lines, without = {}, {}
local groups, order = {}, {}
for _, m in ipairs(missing) do
  local r = reason_of(m[1], m[2])
  if not r then
    without[#without + 1] = m[1] .. " " .. m[2]
  else
    local key = m[1] .. "\0" .. r.reason
    if not groups[key] then
      groups[key] = { module = m[1], reason = r.reason }
      order[#order + 1] = groups[key]
    end
    table.insert(groups[key], m[2] == "(the module)" and m[2] or "`" .. m[2] .. "`")
  end
end
for _, g in ipairs(order) do
  lines[#lines + 1] = ("| %s | %s | %s |"):format(g.module, table.concat(g, ", "), g.reason)
end
local section = "| module | not here | why |\n| --- | --- | --- |\n" .. table.concat(lines, "\n") .. "\n"

-- ---- the README ----------------------------------------------------------------------------------

local first, last = "<!-- missing: written by tests/docs/missing.lua -->\n", "<!-- missing: end -->"
local readme = read(top .. "/README.md")
local from, to = readme:find(first, 1, true), readme:find(last, 1, true)
assert(from and to, "README.md lacks the marks of the table")

if process.argv[3] == "--write" then
  local f = assert(io.open(top .. "/README.md", "wb"))
  f:write(readme:sub(1, from + #first - 1), section, readme:sub(to))
  f:close()
  print("README.md: " .. #order .. " rows")
  return
end

local tap = require "../lib/tap"
tap.is(readme:sub(from + #first, to - 1), section, "the table of the README is up to date")
tap.is_deep(without, {}, "each missing name has its reason")
local idle = {}
for _, r in ipairs(reasons) do
  if not r.used then idle[#idle + 1] = r.module .. " " .. r.pattern end
end
tap.is_deep(idle, {}, "each reason is needed")
