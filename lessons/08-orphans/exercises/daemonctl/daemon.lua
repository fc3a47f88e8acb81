-- The daemon that daemonctl starts. It ends by SIGTERM, or by itself after
-- 30 seconds.
setTimeout(function() end, 30000)
process:on("SIGTERM", function() process.exit(0) end)
