-- For each of the six write a model and one reason.
--   model    "loop" (in the event loop), "slices", "thread", "process"
--   reason   "waiting", "computing", "isolation", "shared state", "restart"
return {
  -- A service that makes small pictures of large ones.
  thumbnails = { model = "thread", reason = "computing" },
  -- Ten thousand people who mostly read.
  chat = { model = "loop", reason = "waiting" },
  -- Code of customers, which nobody has looked at.
  plugins = { model = "process", reason = "isolation" },
  -- Once a night, and sometimes it fails.
  report = { model = "process", reason = "restart" },
  -- One number for all requests, from several at once.
  counter = { model = "thread", reason = "shared state" },
  -- Conversions that take minutes.
  video = { model = "process", reason = "computing" },
}
