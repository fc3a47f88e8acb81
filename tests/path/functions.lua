-- The functions of path on a table of cases. Expected values are Node's.
local tap = require "../lib/tap"
local path = require "path"

-- path, normalize, dirname, basename, extname, absolute
local single = {
  { "", ".", ".", "", "", false },
  { "/", "/", "/", "", "", true },
  { "//", "/", "/", "", "", true },
  { "///", "/", "/", "", "", true },
  { "a", "a", ".", "a", "", false },
  { "/a", "/a", "/", "a", "", true },
  { "//a", "/a", "//", "a", "", true },
  { "a/", "a/", ".", "a", "", false },
  { "/a/", "/a/", "/", "a", "", true },
  { "a//", "a/", ".", "a", "", false },
  { "a/b", "a/b", "a", "b", "", false },
  { "/a/b", "/a/b", "/a", "b", "", true },
  { "a//b", "a/b", "a/", "b", "", false },
  { "/a//b/", "/a/b/", "/a/", "b", "", true },
  { "./a", "a", ".", "a", "", false },
  { "../a", "../a", "..", "a", "", false },
  { "a/..", ".", "a", "..", "", false },
  { "a/../..", "..", "a/..", "..", "", false },
  { "/..", "/", "/", "..", "", true },
  { "/../a", "/a", "/..", "a", "", true },
  { "a/b/../..", ".", "a/b/..", "..", "", false },
  { "a/b/../../..", "..", "a/b/../..", "..", "", false },
  { "..", "..", ".", "..", "", false },
  { "../..", "../..", "..", "..", "", false },
  { "../../a/..", "../..", "../../a", "..", "", false },
  { ".", ".", ".", ".", "", false },
  { "./", "./", ".", ".", "", false },
  { "..//", "../", ".", "..", "", false },
  { "a/./b", "a/b", "a/.", "b", "", false },
  { "a.b", "a.b", ".", "a.b", ".b", false },
  { "a.", "a.", ".", "a.", ".", false },
  { "..a", "..a", ".", "..a", ".a", false },
  { "...", "...", ".", "...", ".", false },
  { "....", "....", ".", "....", ".", false },
  { "/a/.b", "/a/.b", "/a", ".b", "", true },
  { "a/.b.c", "a/.b.c", "a", ".b.c", ".c", false },
  { "a.b/c", "a.b/c", "a.b", "c", "", false },
  { "a.b/", "a.b/", ".", "a.b", ".b", false },
  { "/a.b//", "/a.b/", "/", "a.b", ".b", true },
  { "foo/bar.tar.gz", "foo/bar.tar.gz", "foo", "bar.tar.gz", ".gz", false },
  { ".gitignore", ".gitignore", ".", ".gitignore", "", false },
  { "a/..b", "a/..b", "a", "..b", ".b", false },
  { "a/b..", "a/b..", "a", "b..", ".", false },
  { "/ü/日本", "/ü/日本", "/ü", "日本", "", true },
  { "a\\b", "a\\b", ".", "a\\b", "", false },
  { "..../a", "..../a", "....", "a", "", false },
  { "a/../b/../c/", "c/", "a/../b/..", "c", "", false },
  { "/a/b/c/../../../../d", "/d", "/a/b/c/../../../..", "d", "", true },
  { "a/./..", ".", "a/.", "..", "", false },
  { "./../.", "..", "./..", ".", "", false },
  { "//a//b", "/a/b", "//a/", "b", "", true },
  { "/.", "/", "/", ".", "", true },
  { "a/../", "./", "a", "..", "", false },
  { "/a/..", "/", "/a", "..", "", true },
}

-- a, b, join, relative, resolve("/r", a, b)
local double = {
  { "", "", ".", "", "/r" },
  { "", "/", "/", "", "/" },
  { "", "a", "a", "a", "/r/a" },
  { "", "/a", "/a", "a", "/a" },
  { "", "a/", "a/", "a", "/r/a" },
  { "", "a/b", "a/b", "a/b", "/r/a/b" },
  { "", "../a", "../a", "../a", "/a" },
  { "", "..", "..", "..", "/" },
  { "", "../..", "../..", "..", "/" },
  { "", ".", ".", "", "/r" },
  { "", "a/../b", "b", "b", "/r/b" },
  { "", "/a/b/c", "/a/b/c", "a/b/c", "/a/b/c" },
  { "", "a/b/d", "a/b/d", "a/b/d", "/r/a/b/d" },
  { "", "/../x", "/x", "", "/x" },
  { "", "..a", "..a", "..a", "/r/..a" },
  { "", "b//c/", "b/c/", "b/c", "/r/b/c" },
  { "/", "", "/", "", "/" },
  { "/", "/", "/", "", "/" },
  { "/", "a", "/a", "a", "/a" },
  { "/", "/a", "/a", "a", "/a" },
  { "/", "a/", "/a/", "a", "/a" },
  { "/", "a/b", "/a/b", "a/b", "/a/b" },
  { "/", "../a", "/a", "../a", "/a" },
  { "/", "..", "/", "..", "/" },
  { "/", "../..", "/", "..", "/" },
  { "/", ".", "/", "", "/" },
  { "/", "a/../b", "/b", "b", "/b" },
  { "/", "/a/b/c", "/a/b/c", "a/b/c", "/a/b/c" },
  { "/", "a/b/d", "/a/b/d", "a/b/d", "/a/b/d" },
  { "/", "/../x", "/x", "", "/x" },
  { "/", "..a", "/..a", "..a", "/..a" },
  { "/", "b//c/", "/b/c/", "b/c", "/b/c" },
  { "a", "", "a", "..", "/r/a" },
  { "a", "/", "a/", "..", "/" },
  { "a", "a", "a/a", "", "/r/a/a" },
  { "a", "/a", "a/a", "", "/a" },
  { "a", "a/", "a/a/", "", "/r/a/a" },
  { "a", "a/b", "a/a/b", "b", "/r/a/a/b" },
  { "a", "../a", "a", "../../a", "/r/a" },
  { "a", "..", ".", "../..", "/r" },
  { "a", "../..", "..", "../..", "/" },
  { "a", ".", "a", "..", "/r/a" },
  { "a", "a/../b", "a/b", "../b", "/r/a/b" },
  { "a", "/a/b/c", "a/a/b/c", "b/c", "/a/b/c" },
  { "a", "a/b/d", "a/a/b/d", "b/d", "/r/a/a/b/d" },
  { "a", "/../x", "x", "..", "/x" },
  { "a", "..a", "a/..a", "../..a", "/r/a/..a" },
  { "a", "b//c/", "a/b/c/", "../b/c", "/r/a/b/c" },
  { "/a", "", "/a", "..", "/a" },
  { "/a", "/", "/a/", "..", "/" },
  { "/a", "a", "/a/a", "", "/a/a" },
  { "/a", "/a", "/a/a", "", "/a" },
  { "/a", "a/", "/a/a/", "", "/a/a" },
  { "/a", "a/b", "/a/a/b", "b", "/a/a/b" },
  { "/a", "../a", "/a", "../../a", "/a" },
  { "/a", "..", "/", "../..", "/" },
  { "/a", "../..", "/", "../..", "/" },
  { "/a", ".", "/a", "..", "/a" },
  { "/a", "a/../b", "/a/b", "../b", "/a/b" },
  { "/a", "/a/b/c", "/a/a/b/c", "b/c", "/a/b/c" },
  { "/a", "a/b/d", "/a/a/b/d", "b/d", "/a/a/b/d" },
  { "/a", "/../x", "/x", "..", "/x" },
  { "/a", "..a", "/a/..a", "../..a", "/a/..a" },
  { "/a", "b//c/", "/a/b/c/", "../b/c", "/a/b/c" },
  { "a/", "", "a/", "..", "/r/a" },
  { "a/", "/", "a/", "..", "/" },
  { "a/", "a", "a/a", "", "/r/a/a" },
  { "a/", "/a", "a/a", "", "/a" },
  { "a/", "a/", "a/a/", "", "/r/a/a" },
  { "a/", "a/b", "a/a/b", "b", "/r/a/a/b" },
  { "a/", "../a", "a", "../../a", "/r/a" },
  { "a/", "..", ".", "../..", "/r" },
  { "a/", "../..", "..", "../..", "/" },
  { "a/", ".", "a", "..", "/r/a" },
  { "a/", "a/../b", "a/b", "../b", "/r/a/b" },
  { "a/", "/a/b/c", "a/a/b/c", "b/c", "/a/b/c" },
  { "a/", "a/b/d", "a/a/b/d", "b/d", "/r/a/a/b/d" },
  { "a/", "/../x", "x", "..", "/x" },
  { "a/", "..a", "a/..a", "../..a", "/r/a/..a" },
  { "a/", "b//c/", "a/b/c/", "../b/c", "/r/a/b/c" },
  { "a/b", "", "a/b", "../..", "/r/a/b" },
  { "a/b", "/", "a/b/", "../..", "/" },
  { "a/b", "a", "a/b/a", "..", "/r/a/b/a" },
  { "a/b", "/a", "a/b/a", "..", "/a" },
  { "a/b", "a/", "a/b/a/", "..", "/r/a/b/a" },
  { "a/b", "a/b", "a/b/a/b", "", "/r/a/b/a/b" },
  { "a/b", "../a", "a/a", "../../../a", "/r/a/a" },
  { "a/b", "..", "a", "../../..", "/r/a" },
  { "a/b", "../..", ".", "../../..", "/r" },
  { "a/b", ".", "a/b", "../..", "/r/a/b" },
  { "a/b", "a/../b", "a/b/b", "../../b", "/r/a/b/b" },
  { "a/b", "/a/b/c", "a/b/a/b/c", "c", "/a/b/c" },
  { "a/b", "a/b/d", "a/b/a/b/d", "d", "/r/a/b/a/b/d" },
  { "a/b", "/../x", "a/x", "../..", "/x" },
  { "a/b", "..a", "a/b/..a", "../../..a", "/r/a/b/..a" },
  { "a/b", "b//c/", "a/b/b/c/", "../../b/c", "/r/a/b/b/c" },
  { "../a", "", "../a", "../x", "/a" },
  { "../a", "/", "../a/", "../x", "/" },
  { "../a", "a", "../a/a", "../x/a", "/a/a" },
  { "../a", "/a", "../a/a", "../x/a", "/a" },
  { "../a", "a/", "../a/a/", "../x/a", "/a/a" },
  { "../a", "a/b", "../a/a/b", "../x/a/b", "/a/a/b" },
  { "../a", "../a", "../a", "", "/a" },
  { "../a", "..", "..", "..", "/" },
  { "../a", "../..", "../..", "..", "/" },
  { "../a", ".", "../a", "../x", "/a" },
  { "../a", "a/../b", "../a/b", "../x/b", "/a/b" },
  { "../a", "/a/b/c", "../a/a/b/c", "../x/a/b/c", "/a/b/c" },
  { "../a", "a/b/d", "../a/a/b/d", "../x/a/b/d", "/a/a/b/d" },
  { "../a", "/../x", "../x", "../x", "/x" },
  { "../a", "..a", "../a/..a", "../x/..a", "/a/..a" },
  { "../a", "b//c/", "../a/b/c/", "../x/b/c", "/a/b/c" },
  { "..", "", "..", "x", "/" },
  { "..", "/", "../", "x", "/" },
  { "..", "a", "../a", "x/a", "/a" },
  { "..", "/a", "../a", "x/a", "/a" },
  { "..", "a/", "../a/", "x/a", "/a" },
  { "..", "a/b", "../a/b", "x/a/b", "/a/b" },
  { "..", "../a", "../../a", "a", "/a" },
  { "..", "..", "../..", "", "/" },
  { "..", "../..", "../../..", "", "/" },
  { "..", ".", "..", "x", "/" },
  { "..", "a/../b", "../b", "x/b", "/b" },
  { "..", "/a/b/c", "../a/b/c", "x/a/b/c", "/a/b/c" },
  { "..", "a/b/d", "../a/b/d", "x/a/b/d", "/a/b/d" },
  { "..", "/../x", "../../x", "x", "/x" },
  { "..", "..a", "../..a", "x/..a", "/..a" },
  { "..", "b//c/", "../b/c/", "x/b/c", "/b/c" },
  { "../..", "", "../..", "x", "/" },
  { "../..", "/", "../../", "x", "/" },
  { "../..", "a", "../../a", "x/a", "/a" },
  { "../..", "/a", "../../a", "x/a", "/a" },
  { "../..", "a/", "../../a/", "x/a", "/a" },
  { "../..", "a/b", "../../a/b", "x/a/b", "/a/b" },
  { "../..", "../a", "../../../a", "a", "/a" },
  { "../..", "..", "../../..", "", "/" },
  { "../..", "../..", "../../../..", "", "/" },
  { "../..", ".", "../..", "x", "/" },
  { "../..", "a/../b", "../../b", "x/b", "/b" },
  { "../..", "/a/b/c", "../../a/b/c", "x/a/b/c", "/a/b/c" },
  { "../..", "a/b/d", "../../a/b/d", "x/a/b/d", "/a/b/d" },
  { "../..", "/../x", "../../../x", "x", "/x" },
  { "../..", "..a", "../../..a", "x/..a", "/..a" },
  { "../..", "b//c/", "../../b/c/", "x/b/c", "/b/c" },
  { ".", "", ".", "", "/r" },
  { ".", "/", "./", "", "/" },
  { ".", "a", "a", "a", "/r/a" },
  { ".", "/a", "a", "a", "/a" },
  { ".", "a/", "a/", "a", "/r/a" },
  { ".", "a/b", "a/b", "a/b", "/r/a/b" },
  { ".", "../a", "../a", "../a", "/a" },
  { ".", "..", "..", "..", "/" },
  { ".", "../..", "../..", "..", "/" },
  { ".", ".", ".", "", "/r" },
  { ".", "a/../b", "b", "b", "/r/b" },
  { ".", "/a/b/c", "a/b/c", "a/b/c", "/a/b/c" },
  { ".", "a/b/d", "a/b/d", "a/b/d", "/r/a/b/d" },
  { ".", "/../x", "../x", "", "/x" },
  { ".", "..a", "..a", "..a", "/r/..a" },
  { ".", "b//c/", "b/c/", "b/c", "/r/b/c" },
  { "a/../b", "", "b", "..", "/r/b" },
  { "a/../b", "/", "b/", "..", "/" },
  { "a/../b", "a", "b/a", "../a", "/r/b/a" },
  { "a/../b", "/a", "b/a", "../a", "/a" },
  { "a/../b", "a/", "b/a/", "../a", "/r/b/a" },
  { "a/../b", "a/b", "b/a/b", "../a/b", "/r/b/a/b" },
  { "a/../b", "../a", "a", "../../a", "/r/a" },
  { "a/../b", "..", ".", "../..", "/r" },
  { "a/../b", "../..", "..", "../..", "/" },
  { "a/../b", ".", "b", "..", "/r/b" },
  { "a/../b", "a/../b", "b/b", "", "/r/b/b" },
  { "a/../b", "/a/b/c", "b/a/b/c", "../a/b/c", "/a/b/c" },
  { "a/../b", "a/b/d", "b/a/b/d", "../a/b/d", "/r/b/a/b/d" },
  { "a/../b", "/../x", "x", "..", "/x" },
  { "a/../b", "..a", "b/..a", "../..a", "/r/b/..a" },
  { "a/../b", "b//c/", "b/b/c/", "c", "/r/b/b/c" },
  { "/a/b/c", "", "/a/b/c", "../../..", "/a/b/c" },
  { "/a/b/c", "/", "/a/b/c/", "../../..", "/" },
  { "/a/b/c", "a", "/a/b/c/a", "../..", "/a/b/c/a" },
  { "/a/b/c", "/a", "/a/b/c/a", "../..", "/a" },
  { "/a/b/c", "a/", "/a/b/c/a/", "../..", "/a/b/c/a" },
  { "/a/b/c", "a/b", "/a/b/c/a/b", "..", "/a/b/c/a/b" },
  { "/a/b/c", "../a", "/a/b/a", "../../../../a", "/a/b/a" },
  { "/a/b/c", "..", "/a/b", "../../../..", "/a/b" },
  { "/a/b/c", "../..", "/a", "../../../..", "/a" },
  { "/a/b/c", ".", "/a/b/c", "../../..", "/a/b/c" },
  { "/a/b/c", "a/../b", "/a/b/c/b", "../../../b", "/a/b/c/b" },
  { "/a/b/c", "/a/b/c", "/a/b/c/a/b/c", "", "/a/b/c" },
  { "/a/b/c", "a/b/d", "/a/b/c/a/b/d", "../d", "/a/b/c/a/b/d" },
  { "/a/b/c", "/../x", "/a/b/x", "../../..", "/x" },
  { "/a/b/c", "..a", "/a/b/c/..a", "../../../..a", "/a/b/c/..a" },
  { "/a/b/c", "b//c/", "/a/b/c/b/c/", "../../../b/c", "/a/b/c/b/c" },
  { "a/b/d", "", "a/b/d", "../../..", "/r/a/b/d" },
  { "a/b/d", "/", "a/b/d/", "../../..", "/" },
  { "a/b/d", "a", "a/b/d/a", "../..", "/r/a/b/d/a" },
  { "a/b/d", "/a", "a/b/d/a", "../..", "/a" },
  { "a/b/d", "a/", "a/b/d/a/", "../..", "/r/a/b/d/a" },
  { "a/b/d", "a/b", "a/b/d/a/b", "..", "/r/a/b/d/a/b" },
  { "a/b/d", "../a", "a/b/a", "../../../../a", "/r/a/b/a" },
  { "a/b/d", "..", "a/b", "../../../..", "/r/a/b" },
  { "a/b/d", "../..", "a", "../../../..", "/r/a" },
  { "a/b/d", ".", "a/b/d", "../../..", "/r/a/b/d" },
  { "a/b/d", "a/../b", "a/b/d/b", "../../../b", "/r/a/b/d/b" },
  { "a/b/d", "/a/b/c", "a/b/d/a/b/c", "../c", "/a/b/c" },
  { "a/b/d", "a/b/d", "a/b/d/a/b/d", "", "/r/a/b/d/a/b/d" },
  { "a/b/d", "/../x", "a/b/x", "../../..", "/x" },
  { "a/b/d", "..a", "a/b/d/..a", "../../../..a", "/r/a/b/d/..a" },
  { "a/b/d", "b//c/", "a/b/d/b/c/", "../../../b/c", "/r/a/b/d/b/c" },
  { "/../x", "", "/x", "", "/x" },
  { "/../x", "/", "/x/", "", "/" },
  { "/../x", "a", "/x/a", "a", "/x/a" },
  { "/../x", "/a", "/x/a", "a", "/a" },
  { "/../x", "a/", "/x/a/", "a", "/x/a" },
  { "/../x", "a/b", "/x/a/b", "a/b", "/x/a/b" },
  { "/../x", "../a", "/a", "../a", "/a" },
  { "/../x", "..", "/", "..", "/" },
  { "/../x", "../..", "/", "..", "/" },
  { "/../x", ".", "/x", "", "/x" },
  { "/../x", "a/../b", "/x/b", "b", "/x/b" },
  { "/../x", "/a/b/c", "/x/a/b/c", "a/b/c", "/a/b/c" },
  { "/../x", "a/b/d", "/x/a/b/d", "a/b/d", "/x/a/b/d" },
  { "/../x", "/../x", "/x", "", "/x" },
  { "/../x", "..a", "/x/..a", "..a", "/x/..a" },
  { "/../x", "b//c/", "/x/b/c/", "b/c", "/x/b/c" },
  { "..a", "", "..a", "..", "/r/..a" },
  { "..a", "/", "..a/", "..", "/" },
  { "..a", "a", "..a/a", "../a", "/r/..a/a" },
  { "..a", "/a", "..a/a", "../a", "/a" },
  { "..a", "a/", "..a/a/", "../a", "/r/..a/a" },
  { "..a", "a/b", "..a/a/b", "../a/b", "/r/..a/a/b" },
  { "..a", "../a", "a", "../../a", "/r/a" },
  { "..a", "..", ".", "../..", "/r" },
  { "..a", "../..", "..", "../..", "/" },
  { "..a", ".", "..a", "..", "/r/..a" },
  { "..a", "a/../b", "..a/b", "../b", "/r/..a/b" },
  { "..a", "/a/b/c", "..a/a/b/c", "../a/b/c", "/a/b/c" },
  { "..a", "a/b/d", "..a/a/b/d", "../a/b/d", "/r/..a/a/b/d" },
  { "..a", "/../x", "x", "..", "/x" },
  { "..a", "..a", "..a/..a", "", "/r/..a/..a" },
  { "..a", "b//c/", "..a/b/c/", "../b/c", "/r/..a/b/c" },
  { "b//c/", "", "b/c/", "../..", "/r/b/c" },
  { "b//c/", "/", "b/c/", "../..", "/" },
  { "b//c/", "a", "b/c/a", "../../a", "/r/b/c/a" },
  { "b//c/", "/a", "b/c/a", "../../a", "/a" },
  { "b//c/", "a/", "b/c/a/", "../../a", "/r/b/c/a" },
  { "b//c/", "a/b", "b/c/a/b", "../../a/b", "/r/b/c/a/b" },
  { "b//c/", "../a", "b/a", "../../../a", "/r/b/a" },
  { "b//c/", "..", "b", "../../..", "/r/b" },
  { "b//c/", "../..", ".", "../../..", "/r" },
  { "b//c/", ".", "b/c", "../..", "/r/b/c" },
  { "b//c/", "a/../b", "b/c/b", "..", "/r/b/c/b" },
  { "b//c/", "/a/b/c", "b/c/a/b/c", "../../a/b/c", "/a/b/c" },
  { "b//c/", "a/b/d", "b/c/a/b/d", "../../a/b/d", "/r/b/c/a/b/d" },
  { "b//c/", "/../x", "b/x", "../..", "/x" },
  { "b//c/", "..a", "b/c/..a", "../../..a", "/r/b/c/..a" },
  { "b//c/", "b//c/", "b/c/b/c/", "", "/r/b/c/b/c" },
}

tap.test("one path", function()
  for _, c in ipairs(single) do
    local p = c[1]
    tap.is(path.normalize(p), c[2], "normalize " .. p)
    tap.is(path.dirname(p), c[3], "dirname " .. p)
    tap.is(path.basename(p), c[4], "basename " .. p)
    tap.is(path.extname(p), c[5], "extname " .. p)
    tap.is(path.isAbsolute(p), c[6], "isAbsolute " .. p)
  end
end)

tap.test("two paths", function()
  for _, c in ipairs(double) do
    local a, b = c[1], c[2]
    local name = a .. " and " .. b
    tap.is(path.join(a, b), c[3], "join " .. name)
    tap.is(path.relative("/x/" .. a, "/x/" .. b), c[4], "relative " .. name)
    tap.is(path.resolve("/r", a, b), c[5], "resolve " .. name)
  end
end)

tap.test("parse and format", function()
  tap.is_deep(path.parse "/a/b.tar.gz",
    { root = "/", dir = "/a", base = "b.tar.gz", ext = ".gz", name = "b.tar" })
  tap.is_deep(path.parse "b", { root = "", dir = "", base = "b", ext = "", name = "b" })
  tap.is_deep(path.parse "/b", { root = "/", dir = "/", base = "b", ext = "", name = "b" })
  tap.is_deep(path.parse "/", { root = "/", dir = "/", base = "", ext = "", name = "" })
  tap.is_deep(path.parse "./a//.b/", { root = "", dir = "./a/", base = ".b", ext = "", name = ".b" })
  for _, p in ipairs { "/a/b.c", "b", "/b", "a/b/c.d.e", "/", "../x" } do
    tap.is(path.format(path.parse(p)), p)
  end
  tap.is(path.format { root = "/", base = "x" }, "/x")
  tap.is(path.format { dir = "/a", root = "/", base = "x", name = "no", ext = "no" }, "/a/x")
  tap.is(path.format { name = "n", ext = "x" }, "n.x")
  tap.is(path.format {}, "")
end)

tap.test("suffixes", function()
  tap.is(path.basename("/a/b.lua", ".lua"), "b")
  tap.is(path.basename("/a/b.lua/", ".lua"), "b")
  tap.is(path.basename("b.lua", "b.lua"), "")
  tap.is(path.basename("/a/b.lua", "b.lua"), "b.lua")
  tap.is(path.basename("b.lua", "x"), "b.lua")
  tap.is(path.basename("b.lua", ""), "b.lua")
end)

tap.test("resolve starts at the working folder", function()
  tap.is(path.resolve(), process.cwd())
  tap.is(path.resolve "", process.cwd())
  tap.is(path.resolve("a", "..", "b"), path.join(process.cwd(), "b"))
  tap.is(path.relative(process.cwd(), "a/b"), "a/b")
  tap.is(path.resolve(5, "/a"), "/a", "what comes before an absolute path is not looked at")
end)

tap.test("what is refused", function()
  local function refused(name, fn, ...)
    local args = table.pack(...)
    tap.raises(function() fn(table.unpack(args, 1, args.n)) end, {
      code = "ERR_INVALID_ARG_TYPE", message = '^The "' .. name .. '" argument must be of type .+%. Received .+' })
  end
  for _, fn in ipairs { "normalize", "dirname", "basename", "extname", "isAbsolute", "parse", "join" } do
    refused("path", path[fn], 5)
    refused("path", path[fn], {})
  end
  refused("path", path.normalize)
  refused("suffix", path.basename, "a", 5)
  refused("from", path.relative, nil, "a")
  refused("to", path.relative, "a")
  refused("paths%[2%]", path.resolve, "a", 5)
  refused("pathObject", path.format, 5)
  tap.is(path.join(), ".")
end)

tap.test("fields", function()
  tap.is(path.sep, "/")
  tap.is(path.delimiter, ":")
  tap.is(path.posix, path)
  tap.is(path.toNamespacedPath "/a", "/a")
end)
