-- SPDX-License-Identifier: MIT
-- apidoc.lua - the reference and the annotations for editors from the documentation rows.
--
--   moonfork --dump-api > api.lua
--   moonfork repl/tools/apidoc.lua api.lua FOLDER     writes FOLDER/*.md and FOLDER/moonfork.lua
--   moonfork repl/tools/apidoc.lua --check api.lua    tells what is wrong with the rows, exit code 1
--
-- A signature is `name(a: string, b: integer?, ...: any): Result, Second`. A type is a name, `T[]`,
-- `A|B`, and `T?` for one that may be left out or nil.

local KEYWORDS, BASIC = {}, {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat
  return then true until while]]):gmatch "%S+" do KEYWORDS[word] = true end
for word in ("any boolean class file* function integer nil number string table thread userdata"):gmatch "%S+" do
  BASIC[word] = true
end

local problems = {}
local function problem(where, ...) problems[#problems + 1] = where .. ": " .. string.format(...) end

-- ---- signatures --------------------------------------------------------------------------------

local known = {} -- names of classes

local function check_type(where, text)
  for part in (text .. "|"):gmatch "([^|]*)|" do
    local name = part:gsub("%?$", ""):gsub("%[%]", "")
    if not BASIC[name] and not known[name] then problem(where, "unknown type '%s'", part) end
  end
  return text
end

-- The text split at commas; types have none.
local function split(text)
  local list = {}
  for part in (text .. ","):gmatch "([^,]*)," do list[#list + 1] = part:match "^%s*(.-)%s*$" end
  return list
end

local function parse_params(where, text)
  local params = {}
  if text:match "^%s*$" then return params end
  for _, part in ipairs(split(text)) do
    local name, kind = part:match "^([%a_][%w_]*): (%S+)$"
    if not name then name, kind = part:match "^(%.%.%.): (%S+)$" end
    if not name then
      problem(where, "'%s' is no parameter with a type", part)
    elseif KEYWORDS[name] then
      problem(where, "'%s' is a word of the language", name)
    else
      params[#params + 1] = { name = name, type = check_type(where, kind) }
    end
  end
  return params
end

-- { name, params = { { name, type } }, returns = { type } }, nil when it cannot be read.
local function parse_signature(where, sig)
  local name, params, rest = sig:match "^([%a_][%w_.]*)(%b())(.*)$"
  if not name then return problem(where, "'%s' is no signature", sig) end
  local returns = {}
  if rest ~= "" then
    local types = rest:match "^: (.+)$"
    if not types then return problem(where, "'%s' is no list of results", rest) end
    for _, kind in ipairs(split(types)) do returns[#returns + 1] = check_type(where, kind) end
  end
  return { name = name, params = parse_params(where, params:sub(2, -2)), returns = returns }
end

-- ---- reading the rows -----------------------------------------------------------------------------

local function need(where, row, ...)
  for _, field in ipairs { ... } do
    if not (row[field] and row[field]:match "%S") then problem(where, "no %s", field) end
  end
end

local function read_functions(where, rows)
  for _, row in ipairs(rows) do
    local at = where .. "." .. row.name
    need(at, row, "sig", "doc")
    row.parsed = row.sig and parse_signature(at, row.sig)
    if row.parsed and row.parsed.name ~= row.name then
      problem(at, "its signature is that of '%s'", row.parsed.name)
    end
    for _, option in ipairs(row.options or {}) do
      need(at .. " option " .. option.name, option, "type", "doc")
      check_type(at .. " option " .. option.name, option.type or "")
    end
  end
end

local function read_props(where, rows)
  for _, row in ipairs(rows) do
    need(where .. "." .. row.name, row, "type", "doc")
    check_type(where .. "." .. row.name, row.type or "")
  end
end

local function read_class(class)
  need(class.name, class, "doc", class.exported and not class.abstract and "example" or nil)
  read_functions(class.name, class.methods)
  read_props(class.name, class.props)
  for _, event in ipairs(class.events) do
    local at = class.name .. " event " .. event.name
    need(at, event, "doc")
    event.params = parse_params(at, event.args)
  end
end

local function read_api(path)
  local api = assert(loadfile(path))()
  for _, class in ipairs(api.classes) do known[class.name] = class end
  for _, module in ipairs(api.modules) do
    need(module.name, module, "doc", "example")
    for _, name in ipairs(module.classes) do known[name].exported = true end
    read_functions(module.name, module.functions)
    read_props(module.name, module.constants)
  end
  for _, class in ipairs(api.classes) do read_class(class) end
  return api
end

-- ---- Markdown ----------------------------------------------------------------------------------

local function file_of(module) return (module:gsub("/", "_")) .. ".md" end

local function cell(text) return (text:gsub("|", "\\|"):gsub("\n", " ")) end

local Page = {}
Page.__index = Page

function Page:add(...)
  self[#self + 1] = string.format(...)
  self[#self + 1] = "\n"
end

function Page:code(text)
  if text then self:add("\n```lua\n%s\n```", text) end
end

function Page:table(head, rows)
  self:add("\n| %s |\n|%s", table.concat(head, " | "), ("---|"):rep(#head))
  for _, row in ipairs(rows) do
    for i, text in ipairs(row) do row[i] = cell(text) end
    self:add("| %s |", table.concat(row, " | "))
  end
end

function Page:functions(level, rows, prefix)
  for _, row in ipairs(rows) do
    self:add("\n%s `%s%s`\n\n%s", level, prefix(row), row.sig, row.doc)
    if row.options then
      local list = {}
      for _, o in ipairs(row.options) do
        list[#list + 1] = { "`" .. o.name .. "`", "`" .. o.type .. "`", o.fallback and "`" .. o.fallback .. "`" or "",
          o.doc }
      end
      self:table({ "option", "type", "default", "" }, list)
    end
    if row.differs then self:add("\n*Differs from Node:* %s", row.differs) end
    self:code(row.example)
  end
end

function Page:props(title, rows)
  if #rows == 0 then return end
  local list = {}
  for _, row in ipairs(rows) do
    list[#list + 1] = { "`" .. row.name .. "`", "`" .. row.type .. "`", row.doc }
  end
  self:add("\n### %s", title)
  self:table({ "name", "type", "" }, list)
end

function Page:class(class)
  self:add("\n## Class %s", class.name)
  for _, name in ipairs { class.base, class.also } do
    local base = known[name]
    if base and base.module and base.module ~= class.module then
      self:add("\nExtends [%s](%s).", name, file_of(base.module))
    else
      self:add("\nExtends %s.", name)
    end
  end
  self:add("\n%s", class.doc)
  self:code(class.example)
  if #class.methods > 0 then self:add("\n### Methods") end
  local object = class.singleton and class.name:lower() or nil
  self:functions("####", class.methods, function(row)
    if not row.method then return class.name .. "." end
    return object and object .. "." or class.name .. ":"
  end)
  self:props("Properties", class.props)
  if #class.events == 0 then return end
  local list = {}
  for _, event in ipairs(class.events) do
    list[#list + 1] = { "`" .. event.name .. "`", event.args ~= "" and "`" .. event.args .. "`" or "", event.doc }
  end
  self:add("\n### Events")
  self:table({ "event", "arguments of the listener", "" }, list)
end

local function classes_of(api, module)
  local list = {}
  for _, class in ipairs(api.classes) do
    if class.module == module then list[#list + 1] = class end
  end
  return list
end

local NOTE = "<!-- Written by `make docs` from the rows of the source: change those. -->"

local function module_page(api, module)
  local page = setmetatable({}, Page)
  page:add("%s\n\n# %s\n\n%s", NOTE, module.name, module.doc)
  page:code(module.example)
  if #module.functions > 0 then page:add("\n## Functions") end
  page:functions("###", module.functions, function() return "" end)
  page:props("Values", module.constants)
  for _, class in ipairs(classes_of(api, module.name)) do page:class(class) end
  return table.concat(page)
end

local function first_sentence(text) return (text .. " "):match "^(.-%.)%s" or text end

local function index_page(api)
  local page = setmetatable({}, Page)
  page:add("%s\n\n# Modules of moonfork %s\n", NOTE, api.version)
  for _, module in ipairs(api.modules) do
    page:add("- [%s](%s): %s", module.name, file_of(module.name), first_sentence(module.doc))
  end
  page:add("\n`moonfork.lua` holds the same for editors (LuaCATS annotations of lua-language-server).")
  return table.concat(page)
end

-- ---- annotations for editors ---------------------------------------------------------------------------

local Meta = {}
Meta.__index = Meta
Meta.add = Page.add

function Meta:doc(text)
  for line in (text .. "\n"):gmatch "(.-)\n" do self:add("---%s", line) end
end

-- Names of parameters as in a definition, and the annotations above it.
function Meta:params(params)
  local names = {}
  for _, p in ipairs(params) do
    local optional = p.type:match "%?$" and p.name ~= "..."
    self:add("---@param %s%s %s", p.name, optional and "?" or "", (p.type:gsub("%?$", "")))
    names[#names + 1] = p.name
  end
  return table.concat(names, ", ")
end

function Meta:call(owner, row)
  local sig = row.parsed
  self:add("")
  self:doc(row.doc)
  local names = self:params(sig.params)
  for _, kind in ipairs(sig.returns) do self:add("---@return %s", kind) end
  if KEYWORDS[row.name] then
    self:add("%s[%q] = function(%s) end", owner, row.name, row.method and (names == "" and "self" or "self, " .. names) or names)
  else
    self:add("function %s%s(%s) end", owner and owner .. (row.method and ":" or ".") or "", row.name, names)
  end
end

local function as_function(params, self_type)
  local list = self_type and { "self: " .. self_type } or {}
  for _, p in ipairs(params) do list[#list + 1] = p.name .. ": " .. p.type end
  return "fun(" .. table.concat(list, ", ") .. ")"
end

-- on and once with the listener of each event.
function Meta:events(class)
  for _, name in ipairs { "on", "once" } do
    self:add("")
    for _, event in ipairs(class.events) do
      self:add("---@overload fun(self: %s, eventName: %q, listener: %s): %s", class.name, event.name,
        as_function(event.params), class.name)
    end
    self:add("---@param eventName any\n---@param listener function\n---@return %s", class.name)
    self:add("function %s:%s(eventName, listener) end", class.name, name)
  end
end

function Meta:class(class)
  local bases = {}
  for _, name in ipairs { class.base, class.also } do
    if name ~= class.name then bases[#bases + 1] = name end -- net.Socket: stream's has the same name
  end
  self:add("")
  self:doc(class.doc)
  self:add("---@class %s%s", class.name, #bases > 0 and ": " .. table.concat(bases, ", ") or "")
  for _, prop in ipairs(class.props) do
    self:add("---@field %s %s %s", prop.name, prop.type, (prop.doc:gsub("\n", " ")))
  end
  if not class.abstract then self:add("---@overload fun(...: any): %s", class.name) end
  self:add("local %s = {}", class.name)
  for _, row in ipairs(class.methods) do
    if not row.name:find(".", 1, true) then self:call(class.name, row) end
  end
  if #class.events > 0 then self:events(class) end
end

-- Functions of stock Lua's libraries that a module describes: they are fields of the global.
local STOCK = { io = true, os = true }

local function type_of_module(module)
  if STOCK[module.name] then return module.name .. "lib" end
  return module.class or module.object or "moonfork." .. module.name:gsub("/", ".")
end

function Meta:module(module)
  if module.class or module.object then return end
  local variable = "module_" .. module.name:gsub("[^%w]", "_")
  if STOCK[module.name] then variable = module.name end
  self:add("")
  self:doc(module.doc)
  self:add("---@class %s", type_of_module(module))
  for _, row in ipairs(module.constants) do
    self:add("---@field %s %s %s", row.name, row.type, (row.doc:gsub("\n", " ")))
  end
  for _, class in ipairs(module.classes) do self:add("---@field %s %s", class, class) end
  self:add(STOCK[variable] and "%s = {}" or "local %s = {}", variable)
  for _, row in ipairs(module.functions) do
    if not row.name:find(".", 1, true) then self:call(variable, row) end
  end
end

-- The table `name` whose functions are rows "name.function" of the module.
function Meta:library(module, name)
  local found = false
  for _, row in ipairs(module.functions) do
    if row.name:match "^[^.]+" == name and row.name ~= name then
      if not found then self:add("\n%s = {}", name) end
      found = true
      self:call(nil, row)
    end
  end
  return found
end

-- What is global: fields of modules, whole modules, and the rows of the module of globals itself.
function Meta:globals(api)
  local modules, functions = {}, {}
  for _, module in ipairs(api.modules) do
    modules[module.name] = module
    for _, row in ipairs(module.functions) do functions[module.name .. " " .. row.name] = row end
  end
  for _, global in ipairs(api.globals) do
    local row = global.field and functions[global.module .. " " .. global.field]
    if row then
      self:call(nil, row)
    elseif not self:library(modules[global.module], global.field) then
      local kind = global.field and (known[global.field] and global.field or "any")
        or type_of_module(modules[global.module])
      self:add("\n---@type %s\n%s = nil", kind, global.name)
    end
  end
end

function Meta:require(api)
  self:add("")
  for _, module in ipairs(api.modules) do
    self:add("---@overload fun(id: %q): %s", module.name, type_of_module(module))
  end
  self:add("---@param id string\n---@return any\nfunction require(id) end")
end

local function annotations(api)
  local meta = setmetatable({}, Meta)
  meta:add("---@meta\n-- Written by `make docs` from the rows of the source: change those.")
  meta:add("-- Point lua-language-server's workspace.library at the folder of this file.")
  for _, class in ipairs(api.classes) do meta:class(class) end
  for _, module in ipairs(api.modules) do meta:module(module) end
  meta:globals(api)
  meta:require(api)
  return table.concat(meta)
end

-- ---- the program -----------------------------------------------------------------------------------

local function write(path, text)
  local file = assert(io.open(path, "w"))
  assert(file:write(text))
  assert(file:close())
end

local function report()
  for _, text in ipairs(problems) do io.stderr:write(text, "\n") end
  if #problems > 0 then os.exit(1) end
end

local first, second = ...
if not second then
  io.stderr:write "usage: apidoc.lua API FOLDER | apidoc.lua --check API\n"
  os.exit(2)
end
local api = read_api(first == "--check" and second or first)
report()
if first ~= "--check" then
  for _, module in ipairs(api.modules) do
    write(second .. "/" .. file_of(module.name), module_page(api, module))
  end
  write(second .. "/README.md", index_page(api))
  write(second .. "/moonfork.lua", annotations(api))
end
