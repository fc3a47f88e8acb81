-- The guide of chapter 9; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Master and workers", zh = "Master 与 Worker" },
  minutes = 45,
  steps = {
    { say = "after-an-uncaught-exception",
      en = [[
An uncaught exception leaves a worker in a state that nobody knows: a half-finished request, a lock that is
held, a list that is half changed. It must not go on as if nothing had happened, and it must not simply vanish:
requests that are open deserve an end.

So the order is: say that you are going, take no more connections, finish what is open, end. The master starts
a replacement as soon as it hears the first of these.]],
      zh = [[
未捕获的异常会让 worker 处于谁也说不清的状态：请求处理了一半，锁还占着，表改了一半。
它不能装作没事继续运行，也不能一下子消失：正在处理的请求应该有个了结。

所以次序是：先声明要走，不再接受新连接，处理完手头的，再结束。
master 一听到声明，就启动替补。]] },

    { predict = "replacement-first", script = "suicide",
      picture = [[
  worker:  exception -> notice -> closes -> exits
  master:               ?                    ?]],
      en = [[
A worker has an uncaught exception and sends its notice. When does the master start the replacement: before the
broken worker has exited, or after?]],
      zh = [[
worker 出现未捕获的异常，发出了声明。master 什么时候启动替补：在坏掉的 worker 退出之前，还是之后？]],
      choices = {
        { en = "before it has exited", zh = "退出之前" },
        { en = "after it has exited", zh = "退出之后" },
      },
      known = 1,
      answer = function()
        local notice = line "suicide notice received"
        local out, created, exited = out(), nil, nil
        for i, text in ipairs(out) do
          if i > notice.n and text:find("process created", 1, true) then created = created or i end
          if i > notice.n and text:find("process exited", 1, true) then exited = exited or i end
        end
        return created < exited and 1 or 2
      end,
      because = {
        en = [[
the broken worker may need a long time for the connections that are still open. If the master waited, one worker
would be missing all that time; with the last one, the whole service. A replacement that is started at once
closes the gap.]],
        zh = [[
坏掉的 worker 可能要很久才处理完手头的连接。如果 master 干等，这段时间就少一个 worker；
要是只剩最后一个，服务就全停了。立刻启动替补，才没有空缺。]] } },

    { run = "suicide", script = "suicide", view = ".ps",
      en = "The same once more, with the process tree: count the workers that take connections.",
      zh = "再来一遍，这次看进程树：数一数能接受连接的 worker。",
      look = {
        en = "there are never fewer than two, for a moment three.",
        zh = "始终不少于两个，有一会儿是三个。" },
      check = {
        { function() return before(line "suicide notice received", line "worker process exited, code: 1") end,
          en = "the notice comes before the exit with code 1", zh = "先有声明，再以退出码 1 退出" },
        { function() return line "workers now: 2" end,
          en = "there are two workers afterwards", zh = "之后有两个 worker" },
      } },

    { predict = "four-starts", script = "restart-limit",
      en = [[
A worker fails at its start, every time. The master allows 3 restarts in 60 seconds. How many starts are there
in all?]],
      zh = [[
有个 worker 每次一启动就失败。master 在 60 秒内允许重启 3 次。总共启动了几次？]],
      known = "4",
      answer = function() return count("proc.spawn") end,
      because = {
        en = [[
the first start is no restart: one and three are four. Without a limit the master would start the broken worker
for ever and keep the machine busy with nothing. With a limit somebody notices.]],
        zh = [[
第一次启动不算重启：一加三等于四。没有上限，master 会永远重启那个坏掉的 worker，让机器白忙；
有了上限，才会有人注意到。]] } },

    { run = "restart-limit", script = "restart-limit", view = ".lanes",
      en = "Look at it in time: how long did the four starts take?",
      zh = "从时间上看：这四次启动用了多久？",
      look = {
        en = "four lanes that begin and end within a moment, then silence: the master has given up.",
        zh = "四条泳道一闪而过，然后一片安静：master 放弃了。" },
      check = {
        { function() return count("proc.reap", { code = 7 }) == 4, count "proc.reap" end,
          en = "four workers end with code 7", zh = "四个 worker 以退出码 7 结束" },
        { function() return line "giving up: 3 restarts within the window" end,
          en = "the master gives up", zh = "master 放弃了" },
      } },

    { run = "close-workers", script = "close-workers", view = ".ps",
      en = "A program plays the person at the keyboard: it sends SIGINT, later SIGTERM, to the master.",
      zh = "一个程序扮演键盘前的人：给 master 发 SIGINT，之后发 SIGTERM。",
      look = {
        en = "the workers end first, then the master. Count the processes afterwards.",
        zh = "先是 worker 结束，然后是 master。结束后数一数进程。" },
      check = {
        { function() return before(line "driver: sends SIGINT", line "driver: workers alive 0") end,
          en = "after SIGINT no worker is alive", zh = "SIGINT 之后没有 worker 活着" },
        { function() return left() == 0, left() end,
          en = "nothing is left at the end", zh = "最后什么进程也没留下" },
      } },

    { try = "five-restarts", script = "restart-limit",
      from = "local limit = 3", to = "local limit = 5",
      en = "Allow 5 restarts: change `local limit = 3`.",
      zh = "允许重启 5 次：修改 `local limit = 3`。",
      differs = {
        en = "six workers are started, just as fast. A limit alone is no pause: that is the exercise.",
        zh = "启动了六个 worker，同样快。只有上限没有间隔：这就是练习要做的。" },
      check = {
        { function() return count "proc.spawn" == 6, count "proc.spawn" end,
          en = "six workers are started", zh = "启动了六个 worker" },
      } },

    { explain = "ctrl-c",
      en = "Ctrl-C sends SIGINT to the whole group of the terminal. Why must the master still take care of its workers?",
      zh = "Ctrl-C 会把 SIGINT 发给终端的整个进程组。为什么 master 还是得自己管好 worker？" },

    { exercise = "pauses",
      en = [[
Write guard(start, { limit, pause, steady, wait }): it keeps one worker alive. start() starts one and gives its
ChildProcess. A worker that exits is started again at once, limit times; then wait(fn, ms) is asked for a pause
before each try: pause ms, then twice as long each time. A worker that lived for steady ms resets the pause.]],
      zh = [[
写 guard(start, { limit, pause, steady, wait })：让一个 worker 一直活着。start() 启动一个并返回 ChildProcess。
worker 退出就立刻重启，最多 limit 次；之后每次重启前用 wait(fn, ms) 停一停：先是 pause 毫秒，以后每次加倍。
如果某个 worker 活过了 steady 毫秒，间隔就恢复原样。]],
      hints = {
        { en = "Two things are counted: the restarts, and the next pause. Both live around the function that starts.",
          zh = "要记两样东西：重启了几次，下一次停多久。它们放在启动函数的外面。" },
        { en = "How long has a worker lived? Note performance.now() when you start it, and compare at its exit.",
          zh = "worker 活了多久？启动时记下 performance.now()，退出时比较。" },
        { en = "At the exit: was it steady? then pause = options.pause. Still under the limit? then run().\n"
            .. "Otherwise options.wait(run, pause), and pause = pause * 2.",
          zh = "退出时：活得够久吗？够就 pause = options.pause。还没到上限吗？没到就 run()。\n"
            .. "否则 options.wait(run, pause)，再 pause = pause * 2。" },
      },
      check = {
        { function() return fact "atOnce", fact "started" end,
          en = "the first three restarts come at once", zh = "前三次重启立刻进行" },
        { function() return fact "started" >= 8, fact "started" end,
          en = "it does not give up after them", zh = "之后没有放弃" },
        { function() return (fact "pauses"):find("^50 100 200 400") ~= nil, fact "pauses" end,
          en = "then the pauses are 50, 100, 200, 400 ms", zh = "然后间隔依次是 50、100、200、400 毫秒" },
        { function() return fact "pauses" == "50 100 200 400 50 100 200", fact "pauses" end,
          en = "after a worker that lived long they begin with 50 again",
          zh = "worker 活得够久之后，又从 50 开始" },
        { function() return fact "early" == 0, fact "early" end,
          en = "there is never a second worker beside the first", zh = "任何时候都只有一个 worker" },
      } },
  },
}
