/* SPDX-License-Identifier: MIT */
/* rows.c - the table of the module util.
 *
 * util.inspect and util.promisify are tables that can be called: they have fields of their own. */
#include "util.h"
#include "../inspect/inspect.h"
#include "encoding.h"
#include "parts.h"
#include "promisify.h"

#define TYPE_ROW(name, text) { "types." name, NULL, FN_STATIC, "types." name "(value: any): boolean", text, NULL, NULL, NULL }

static const OptDef inspect_options[] = {
  { "depth", "number", "2", "Levels of tables that are opened; math.huge or null for all." },
  { "colors", "boolean", "false", "Colours for a terminal." },
  { "showHidden", "boolean", "false", "Shows metatables too." },
  { "customInspect", "boolean", "true", "Asks __tostring and the values' own inspect methods." },
  { "maxArrayLength", "number", "100", "Elements, and as many keys, of one table." },
  { "maxStringLength", "number", "10000", "Characters of one string." },
  { "breakLength", "number", "80", "Columns of a line." },
  { "compact", "boolean|integer", "3",
    "So many innermost levels share a line; false: one line for each entry." },
  { 0 }
};

static const FnDef util_functions[] = {
  { "inspect", util_inspect, FN_STATIC, "inspect(value: any, options: table?): string",
    "Any value as text: tables opened, strings in quotes, Buffers as bytes, Errors with their "
    "stack, "
    "cycles marked. A value may have its own method in the field util.inspect.custom: "
    "method(self, depth, options, inspect).",
    inspect_options, "print(util.inspect({ 1, { 2 }, name = \"x\" }))",
    "Keys are always sorted: elements first, then by their bytes." },
  { "format", util_format, FN_STATIC, "format(format: any, ...: any): string",
    "Puts values together: %s text, %d number, %i integer, %f float, %j JSON, %o and %O inspected, "
    "%c "
    "nothing, %% a percent sign; further values follow, each after a blank.",
    NULL, "print(util.format(\"%s is %d\", \"ann\", 42, { 1 }))", NULL },
  { "formatWithOptions", util_format_with_options, FN_STATIC,
    "formatWithOptions(inspectOptions: table, format: any, ...: any): string",
    "As format, with the options of inspect.", inspect_options,
    "print(util.formatWithOptions({ depth = 0 }, \"%O\", { a = { 1 } }))", NULL },
  { "inherits", util_inherits, FN_STATIC, "inherits(ctor: table, superCtor: table)",
    "Makes the table a class derived from another: it gets super_ and is called to make an object. "
    "New "
    "code writes Class:extend(\"Name\").",
    NULL,
    "local Chat = { name = \"Chat\" }\nutil.inherits(Chat, EventEmitter)\nprint(Chat().on ~= nil)",
    "The class is a table." },
  { "bind", util_bind, FN_STATIC, "bind(fn: function, self: any, ...: any): function",
    "A function that calls fn with self and the further values before its own arguments.", NULL,
    "local hi = util.bind(function(self, x) print(self.name, x) end, { name = \"ann\" })\nhi(1)",
    "Only here: Node has fn.bind(self)." },
  { "isDeepStrictEqual", util_is_deep_equal, FN_STATIC,
    "isDeepStrictEqual(val1: any, val2: any): boolean",
    "Are they equal in all their parts, with the same metatables? Cycles are followed.", NULL,
    "print(util.isDeepStrictEqual({ 1, { 2 } }, { 1, { 2 } }))", "1 and 1.0 are equal." },
  { "promisify", util_promisify, FN_STATIC, "promisify(original: function): function",
    "The function in a form that returns a promise, where the original calls its last argument "
    "with (err, "
    "value). A callable table may bring its own form in the field util.promisify.custom.",
    NULL,
    "local later = util.promisify(function(x, done) process.nextTick(done, nil, x * 2) end)\n"
    "later(21):andThen(print)",
    NULL },
  { "callbackify", util_callbackify, FN_STATIC, "callbackify(original: function): function",
    "The function in a form that calls its last argument with (err, value), where the original "
    "returns a "
    "promise.",
    NULL,
    "local f = util.callbackify(async(function(x) return x * 2 end))\n"
    "f(21, function(err, value) print(err, value) end)",
    NULL },
  { "deprecate", util_deprecate, FN_STATIC,
    "deprecate(fn: function, msg: string, code: string?): function",
    "The function, which warns with a DeprecationWarning at its first call (once for each code).",
    NULL, "local old = util.deprecate(print, \"use new() instead\", \"DEP1\")", NULL },
  { "debuglog", util_debuglog, FN_STATIC, "debuglog(section: string): table",
    "Formats and writes to stderr when the environment's NODE_DEBUG names the section, else does nothing. "
    "Its field enabled tells which.", NULL, "local log = util.debuglog \"net\"\nlog(\"port %d\", 80)",
    NULL },
  { "toUSVString", util_to_usv, FN_STATIC, "toUSVString(string: any): string",
    "The text with what is not UTF-8 replaced by U+FFFD.", NULL, NULL, NULL },
  { "stripVTControlCharacters", util_strip, FN_STATIC,
    "stripVTControlCharacters(str: string): string",
    "The text without colours and other control sequences of terminals.", NULL,
    "print(util.stripVTControlCharacters(\"\\27[31mred\\27[39m\"))", NULL },
  { "getSystemErrorName", util_system_error_name, FN_STATIC,
    "getSystemErrorName(err: integer): string", "The name of an error number: ENOENT for -2.", NULL,
    "print(util.getSystemErrorName(-2))", NULL },
  { "getSystemErrorMap", util_system_error_map, FN_STATIC, "getSystemErrorMap(): table",
    "All error numbers: { [-2] = { \"ENOENT\", \"no such file or directory\" }, ... }.", NULL,
    "print(util.getSystemErrorMap()[-2][2])", NULL },
  { "debug", util_debuglog, FN_STATIC, "debug(section: string): function", "The same as debuglog.", NULL, NULL, NULL },
  { "parseArgs", util_parse_args, FN_STATIC, "parseArgs(config: table?): table",
    "The words of a command line as { values = { name = value }, positionals = { word } }.",
    parse_args_options,
    "local o = { verbose = { type = \"boolean\", short = \"v\" }, out = { type = \"string\" } }\n"
    "print(util.inspect(util.parseArgs{ args = { \"-v\", \"--out=x\" }, options = o }.values))",
    "The index of a token counts from 1." },
  { "parseEnv", util_parse_env, FN_STATIC, "parseEnv(content: string): table",
    "The names and values in the text of an .env file.", NULL,
    "print(util.parseEnv(\"A=1 # one\\nB='two'\").B)", NULL },
  { "styleText", util_style_text, FN_STATIC,
    "styleText(format: string|string[], text: string, options: table?): string",
    "The text in a colour or style named as in util.inspect.colors, when standard output is a terminal "
    "that shows it. A list of them always colours.",
    style_options, "print(util.styleText(\"red\", \"wrong\", { validateStream = false }))", NULL },
  { "aborted", util_aborted, FN_STATIC, "aborted(signal: AbortSignal, resource: table): Promise",
    "Resolves when the signal aborts; never, once nobody keeps the resource any more.", NULL,
    "local ac, job = AbortController(), {}\n"
    "util.aborted(ac.signal, job):andThen(function() print \"aborted\" end)\nac:abort()", NULL },
  { "types.isNativeError", NULL, FN_STATIC, "types.isNativeError(value: any): boolean",
    "Is it an Error or of a class derived from it?", NULL,
    "print(util.types.isNativeError(TypeError \"x\"))", NULL },
  { "types.isPromise", NULL, FN_STATIC, "types.isPromise(value: any): boolean", "Is it a Promise?",
    NULL, "print(util.types.isPromise(Promise.resolve(1)))", NULL },
  TYPE_ROW("isAnyArrayBuffer", "Is it an ArrayBuffer or a SharedArrayBuffer?"),
  TYPE_ROW("isArrayBuffer", "Is it an ArrayBuffer, and no shared one?"),
  TYPE_ROW("isSharedArrayBuffer", "Is it a SharedArrayBuffer?"),
  TYPE_ROW("isArrayBufferView", "Is it a Buffer, a typed array or a DataView?"),
  TYPE_ROW("isDataView", "Is it a DataView?"),
  { "types.isTypedArray", NULL, FN_STATIC, "types.isTypedArray(value: any): boolean",
    "Is it a Buffer or a typed array?", NULL, "print(util.types.isTypedArray(Buffer.alloc(1)))", NULL },
  TYPE_ROW("isUint8Array", "Is it a Uint8Array? A Buffer is one."),
  TYPE_ROW("isUint8ClampedArray", "Is it a Uint8ClampedArray?"),
  TYPE_ROW("isUint16Array", "Is it a Uint16Array?"),
  TYPE_ROW("isUint32Array", "Is it a Uint32Array?"),
  TYPE_ROW("isInt8Array", "Is it an Int8Array?"),
  TYPE_ROW("isInt16Array", "Is it an Int16Array?"),
  TYPE_ROW("isInt32Array", "Is it an Int32Array?"),
  TYPE_ROW("isFloat32Array", "Is it a Float32Array?"),
  TYPE_ROW("isFloat64Array", "Is it a Float64Array?"),
  TYPE_ROW("isBigInt64Array", "Is it a BigInt64Array?"),
  TYPE_ROW("isBigUint64Array", "Is it a BigUint64Array?"),
  { 0 }
};

static const PropDef util_constants[] = {
  { "types", NULL, NULL, "table", "Functions that tell what kind a value is." },
  { "inspect.custom", NULL, NULL, "string", "The field that holds a value's own inspect method." },
  { "inspect.colors", NULL, NULL, "table", "The codes that switch each colour and style on and off." },
  { "inspect.defaultOptions", NULL, NULL, "table", "What inspect, format and console start from; may be set." },
  { "promisify.custom", NULL, NULL, "string",
    "The field that holds a function's own promise form." },
  { 0 }
};

/* A function with a field of its own: a table that can be called. [+1] */
static void push_callable(lua_State *L, lua_CFunction call, const char *custom) {
  lua_createtable(L, 0, 1);
  lua_pushstring(L, custom);
  lua_setfield(L, -2, "custom");
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, call);
  lua_setfield(L, -2, "__call");
  lua_setmetatable(L, -2);
}

static int util_open(lua_State *L) {
  lua_settop(L, 1);
  push_callable(L, util_inspect_call, INSPECT_CUSTOM);
  style_push_colors(L);
  lua_setfield(L, -2, "colors");
  defaults_open(L);
  lua_setfield(L, 1, "inspect");
  push_callable(L, util_promisify_call, PROMISIFY_CUSTOM);
  lua_setfield(L, 1, "promisify");
  types_push(L);
  lua_setfield(L, 1, "types");
  return 1;
}

static const ClassDef *const util_classes[] = { &text_decoder_class, &text_encoder_class, NULL };

const ModuleDef util_module = {
  .name = "util",
  .functions = util_functions,
  .classes = util_classes,
  .constants = util_constants,
  .open = util_open,
  .doc = "Helpers: values as text, deep comparison, wrappers of functions.",
  .example = "local util = require \"util\"\nprint(util.inspect({ a = { 1, 2 } }))"
};
