-- For each of the six write a model and one reason.
--   model    "loop" (in the event loop), "slices", "thread", "process"
--   reason   "waiting", "computing", "isolation", "shared state", "restart"
return {
  -- A service that makes small pictures of large ones.
  thumbnails = { model = "loop", reason = "" },
  -- Ten thousand people who mostly read.
  chat = { model = "", reason = "" },
  -- Code of customers, which nobody has looked at.
  plugins = { model = "", reason = "" },
  -- Once a night, and sometimes it fails.
  report = { model = "", reason = "" },
  -- One number for all requests, from several at once.
  counter = { model = "", reason = "" },
  -- Conversions that take minutes.
  video = { model = "", reason = "" },
}
