-- Four cluster workers under load, all of them replaced every 2 s: no request is lost.
local tap = require "../lib/tap"
local soak = require "./fixtures/soak"

tap.test("a rolling reload every 2 s", function(done)
  soak.run("reload", function(found, wrk, facts)
    soak.check(found, wrk, facts)
    tap.comment(facts.reloads .. " reloads")
    tap.ok(facts.reloads >= soak.seconds // 2 - 1, "enough reloads")
    tap.is(facts.late, 0, "reloads that found workers of the last one")
    tap.is(found.lost, 0, "requests lost by our clients")
    if wrk then tap.is(wrk.read + wrk.write, 0, "requests lost by wrk") end
    done()
  end)
end)
