-- For each of the six write a model and one reason.
--   model    "loop" (in the event loop), "slices", "thread", "process"
--   reason   "waiting", "computing", "isolation", "shared state", "restart"
return {
  thumbnails = { model = "loop", reason = "" }, -- a service that makes small pictures of large ones
  chat = { model = "", reason = "" },           -- ten thousand people who mostly read
  plugins = { model = "", reason = "" },        -- code of customers, which nobody has looked at
  report = { model = "", reason = "" },         -- once a night, and sometimes it fails
  counter = { model = "", reason = "" },        -- one number for all requests, from several at once
  video = { model = "", reason = "" },          -- conversions that take minutes
}
