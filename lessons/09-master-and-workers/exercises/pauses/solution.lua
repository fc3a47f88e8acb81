-- guard(start, { limit, pause, steady, wait }): keeps one worker alive.
-- start() starts one and gives its ChildProcess. A worker that exits is
-- started again at once, `limit` times; after that wait(fn, ms) is asked for
-- a pause before each further try: `pause` ms, then twice as long each time.
-- A worker that has lived for `steady` ms brings the pause back to where it
-- began.
local function guard(start, options)
  local restarts, pause = 0, options.pause

  local function run()
    local began = performance.now()
    start():on("exit", function()
      local lived = performance.now() - began
      if lived >= options.steady then pause = options.pause end
      restarts = restarts + 1
      if restarts <= options.limit then return run() end
      options.wait(run, pause)
      pause = pause * 2
    end)
  end
  run()
end

return guard
