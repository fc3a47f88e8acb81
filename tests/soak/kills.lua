-- Four cluster workers under load while one is killed every 200 ms: only what was inside it is lost.
local tap = require "../lib/tap"
local soak = require "./fixtures/soak"

tap.test("a worker killed every 200 ms", function(done)
  soak.run("kill", function(found, wrk, facts)
    soak.check(found, wrk, facts)
    tap.comment(("%d kills; lost by own clients: %d inside a killed worker, %d before it had said so"):format(
      facts.kills, facts.inside, facts.unknown))
    tap.is(facts.inside + facts.unknown, found.lost)
    tap.ok(facts.kills >= soak.seconds * 2, "enough kills")
    tap.is(facts.outside, 0, "lost outside of killed workers")
    tap.ok(facts.unknown <= 1 + facts.kills // 50, "accepted, and killed before the connection was told")
    if wrk then
      tap.ok(wrk.read + wrk.write <= facts.kills * soak.connections, "wrk lost no more than the killed ones held")
    end
    done()
  end)
end)
