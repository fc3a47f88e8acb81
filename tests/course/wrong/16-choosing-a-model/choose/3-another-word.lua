-- A word that is in no list.
--   model    "loop" (in the event loop), "slices", "thread", "process"
--   reason   "waiting", "computing", "isolation", "shared state", "restart"
return {
  thumbnails = { model = "thread", reason = "speed" }, -- a service that makes small pictures of large ones
  chat = { model = "loop", reason = "waiting" },           -- ten thousand people who mostly read
  plugins = { model = "process", reason = "isolation" },   -- code of customers, which nobody has looked at
  report = { model = "process", reason = "restart" },      -- once a night, and sometimes it fails
  counter = { model = "thread", reason = "shared state" }, -- one number for all requests, from several at once
  video = { model = "process", reason = "computing" },     -- conversions that take minutes
}
