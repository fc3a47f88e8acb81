-- BlockList and SocketAddress: rules, both kinds of addresses, errors.
local tap = require "../lib/tap"
local net = require "net"

local list = net.BlockList()
list:addAddress "1.2.3.4"
list:addRange("10.0.0.1", "10.0.0.9")
list:addSubnet("192.168.1.5", 24)
list:addAddress("::1", "ipv6")
list:addSubnet("fe80::", 10, "ipv6")
list:addRange("::2", "::5", "ipv6")

tap.test("rules", function()
  tap.is_deep(list.rules, { "Range: IPv6 ::2-::5", "Subnet: IPv6 fe80::/10", "Address: IPv6 ::1",
    "Subnet: IPv4 192.168.1.5/24", "Range: IPv4 10.0.0.1-10.0.0.9", "Address: IPv4 1.2.3.4" })
end)

tap.test("check", function()
  local answers = {
    { true, "1.2.3.4" }, { true, "::ffff:1.2.3.4", "ipv6" }, { true, "10.0.0.5" }, { false, "10.0.0.10" },
    { true, "192.168.1.200" }, { false, "192.168.2.1" }, { true, "fe80::1:1", "ipv6" }, { true, "::3", "IPv6" },
    { false, "::6", "ipv6" }, { false, "x" }, { false, "1.2.3.4", "ipv6" }, { true, "::ffff:192.168.1.7", "ipv6" },
  }
  for _, a in ipairs(answers) do tap.is(list:check(a[2], a[3]), a[1], a[2]) end
  tap.is(list:check(net.SocketAddress { address = "::1", family = "ipv6" }), true)
  list:addAddress(net.SocketAddress { address = "9.9.9.9" })
  tap.is(list:check "9.9.9.9", true)
  list:addSubnet("1.1.1.1", 0)
  tap.is(list:check "200.1.1.1", true)
end)

tap.test("SocketAddress", function()
  local a = net.SocketAddress()
  tap.is_deep({ a.address, a.port, a.family, a.flowlabel }, { "127.0.0.1", 0, "ipv4", 0 })
  a = net.SocketAddress { address = "0::1", family = "ipv6", port = 80, flowlabel = 5 }
  tap.is_deep({ a.address, a.port, a.family, a.flowlabel }, { "::1", 80, "ipv6", 5 })
  tap.is(net.SocketAddress { family = "ipv6" }.address, "::")
  tap.is(JSON.stringify(a), '{"address":"::1","family":"ipv6","flowlabel":5,"port":80}')
end)

tap.test("errors", function()
  local function raises(text, fn, ...)
    local ok, e = pcall(fn, ...)
    tap.is(ok, false, text)
    tap.is(tostring(e), text)
  end
  raises("Error [ERR_INVALID_ADDRESS]: Invalid socket address", list.addAddress, list, "x")
  raises("Error [ERR_INVALID_ADDRESS]: Invalid socket address", list.addAddress, list, "::1")
  raises('RangeError [ERR_OUT_OF_RANGE]: The value of "prefix" is out of range. It must be >= 0 && <= 32. Received 33',
    list.addSubnet, list, "1.2.3.4", 33)
  raises('TypeError [ERR_INVALID_ARG_TYPE]: The "address" argument must be of type string. Received type number (5)',
    list.check, list, 5)
  raises("TypeError [ERR_INVALID_ARG_VALUE]: The property 'options.family' is invalid. Received 'ipv5'",
    list.addAddress, list, "1.1.1.1", "ipv5")
  tap.raises(function() list:addRange("10.0.0.9", "10.0.0.1") end, "'start' must come before end")
  raises("RangeError [ERR_SOCKET_BAD_PORT]: options.port should be >= 0 and < 65536. Received type number (-1).",
    net.SocketAddress, { port = -1 })
  raises("Error [ERR_INVALID_ADDRESS]: Invalid socket address", net.SocketAddress, { address = "::1" })
end)
