-- The guide of chapter 10; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Cluster", zh = "Cluster" },
  minutes = 60,
  steps = {
    { say = "one-program-many-processes",
      en = [[
cluster.fork starts the same program again, as a worker. When a worker calls listen, it does not listen: it
asks the primary. The primary holds the one socket, and gives each connection to a worker in turn (round robin,
SCHED_RR). With SCHED_NONE the workers get the socket itself, and the system chooses.

The primary does no work of its own. It starts, watches, replaces.]],
      zh = [[
cluster.fork 把同一个程序再启动一遍，作为 worker。worker 调用 listen 时并不真的监听，而是去问 primary。
只有 primary 持有那一个套接字，并把连接轮流交给各个 worker（round robin，SCHED_RR）。
用 SCHED_NONE 时，worker 得到套接字本身，由系统来选。

primary 自己不干活。它负责启动、看护、替换。]] },

    { run = "who-listens", script = "who-listens.lua", view = ".ports",
      en = "Who really listens? The kernel's table of sockets is asked, for both policies.",
      zh = "到底谁在监听？对两种策略，分别查看内核的套接字表。",
      look = {
        en = "two sockets, one for each policy. In turn: one holder, the primary. Shared: one inode, three holders.",
        zh = "两个套接字，每种策略一个。轮流方式：持有者只有 primary。共享方式：同一个 inode，三个持有者。" },
      check = {
        { function() return line "rr: worker 1 holds it false" end,
          en = "in turn, a worker does not hold the socket", zh = "轮流方式下，worker 不持有套接字" },
        { function() return line "none: worker 1 holds it true" end,
          en = "shared, it does", zh = "共享方式下，worker 持有套接字" },
      } },

    { predict = "slow-worker", script = "steps/slow-worker.lua",
      picture = [[
  requests 1 2 3 4 5 6 7 8  ->  worker 1: 300 ms for each
                            ->  worker 2: answers at once]],
      en = [[
Two workers, in turn, eight requests one after the other. Worker 1 needs long for each, worker 2 answers at
once. How are the requests split? Write two numbers, worker 1 first.]],
      zh = [[
两个 worker 轮流，八个请求一个接一个。worker 1 每个都要很久，worker 2 立即应答。
请求怎么分？请写两个数，worker 1 在前。]],
      known = "4 4",
      answer = function()
        return table.concat({ line("the slow worker answered").text:match "(%d+), the quick one (%d+)" }, " ")
      end,
      because = {
        en = [[
the order of turns does not know about load: whoever is free takes the next turn, and with requests one after
the other both are free each time. The lesson own-balancing shows what knowing the load would change.]],
        zh = [[
轮流的次序不知道谁忙谁闲：谁空闲就轮到谁，而请求一个接一个时，两个每次都空闲。
own-balancing 那一课演示了知道负载之后会有什么不同。]] } },

    { run = "in-turn", script = "in-turn.lua", view = ".lanes",
      en = "Eight requests, in turn and with the shared socket.",
      zh = "八个请求：先轮流，再共享套接字。",
      look = {
        en = "in turn each connection travels over the channel to its worker (the thick arrows). Shared, it does not.",
        zh = "轮流时，每个连接经通道送到 worker（粗箭头）。共享时则没有。" },
      check = {
        { function() return line "in turn: worker 1 4, worker 2 4" end,
          en = "in turn it is four and four", zh = "轮流时各四个" },
        { function() return line "shared handle: together 8" end,
          en = "shared, all eight are answered", zh = "共享时八个都得到应答" },
      } },

    { predict = "three-ends", script = "steps/three-ends.lua",
      picture = [[
  process.kill(pid, "SIGKILL")     worker:disconnect()     error(Error "...")]],
      en = [[
Three workers end: one is killed with SIGKILL, one disconnects, one has an uncaught exception. Which exit codes
does the primary see? Write the three in order, `none` for no code.]],
      zh = [[
三个 worker 结束：一个被 SIGKILL 杀死，一个断开连接，一个出现未捕获的异常。
primary 看到的退出码分别是什么？按顺序写三个，没有退出码写 `none`。]],
      known = "none 0 1",
      answer = function()
        local codes = {}
        for i, what in ipairs { "process.kill:", "disconnect:", "an exception:" } do
          codes[i] = line(what).text:match "code (%w+)"
        end
        return table.concat(codes, " ")
      end,
      because = {
        en = [[
a signal leaves no code; leaving on purpose gives 0 and sets exitedAfterDisconnect; a mistake gives 1. From
these three a primary can tell whether to start a new worker.]],
        zh = [[
被信号结束没有退出码；自愿离开是 0，并且 exitedAfterDisconnect 为真；出错是 1。
primary 凭这三点就能判断要不要启动新的 worker。]] } },

    { run = "reload-under-load", script = "reload.lua", view = ".ps",
      en = "All workers are replaced while three clients ask all the time.",
      zh = "三个客户端不停访问，期间替换掉所有 worker。",
      look = {
        en = "old and new versions side by side in the tree; failed stays 0.",
        zh = "进程树里新旧版本并存；失败数一直是 0。" },
      check = {
        { function() return before(line "one worker replaced, 2 serve", line "requests during the reload") end,
          en = "workers are replaced one by one", zh = "worker 逐个被替换" },
        { function() return line "many true, failed 0" end,
          en = "no request fails", zh = "没有请求失败" },
      } },

    { run = "graceful", script = "graceful.lua", view = ".ps",
      en = "A slow request is running when the service is told to end.",
      zh = "服务被要求结束时，有个慢请求正在处理。",
      look = {
        en = "the request gets its whole answer, new ones are refused, then the workers end with code 0.",
        zh = "那个请求得到完整的应答，新请求被拒绝，然后 worker 以退出码 0 结束。" },
      check = {
        { function() return before(line "shutting down", line "slow request: complete answer") end,
          en = "the running request is finished after the signal", zh = "收到信号之后，把手头的请求处理完" },
        { function() return line "both workers exited with code 0" end,
          en = "both workers end with code 0", zh = "两个 worker 都以退出码 0 结束" },
      } },

    { run = "health", script = "health.lua", view = ".loop",
      en = "The primary asks every worker whether it is well. One of them is stuck in an endless loop.",
      zh = "primary 逐个询问 worker 是否正常。其中一个陷在死循环里。",
      look = {
        en = "the strip of the stuck worker is blocked (!) from then on. Only a signal ends it.",
        zh = "卡住的 worker 的时间条从那时起一直阻塞（!）。只有信号能结束它。" },
      check = {
        { function() return line "round 2: worker 2 did not answer and was ended" end,
          en = "the worker that does not answer is ended", zh = "不回答的 worker 被结束" },
        { function() return saw("proc.reap", { sig = 9 }) end,
          en = "it is ended by SIGKILL", zh = "它是被 SIGKILL 结束的" },
      } },

    { run = "last-worker", script = "last-worker.lua", view = ".ports",
      en = "What becomes of the port when the last worker has gone?",
      zh = "最后一个 worker 走了，端口会怎样？",
      look = {
        en = "while workers are there, the primary holds the socket (.ports). It closes it with the last worker: then"
          .. "\nnobody holds the port, and clients are refused.",
        zh = "还有 worker 时，primary 持有套接字（见 .ports）。最后一个 worker 离开时，primary 关闭它：\n"
          .. "端口无人持有，客户端被拒绝。" },
      check = {
        { function() return before(line "one worker: answered", line "no worker: ECONNREFUSED") end,
          en = "with one worker it is answered, with none refused", zh = "有一个 worker 时应答，一个也没有时被拒绝" },
      } },

    { try = "nine-requests", script = "in-turn.lua",
      from = "local requests = 8", to = "local requests = 9",
      en = "Send nine requests: change `local requests = 8`.",
      zh = "发九个请求：修改 `local requests = 8`。",
      differs = {
        en = "in turn, one worker gets five.",
        zh = "轮流时，有一个 worker 得到五个。" },
      check = {
        { function() return line "worker 1 5, worker 2 4" or line "worker 1 4, worker 2 5" end,
          en = "nine are split into five and four", zh = "九个分成五个和四个" },
      } },

    { explain = "sessions",
      en = "A site keeps logged-in users in a table of the process. It is moved to four workers. What goes wrong, and what can be done?",
      zh = "网站把登录用户存在进程的一张表里。现在改用四个 worker。会出什么问题？怎么解决？" },

    { exercise = "reload",
      en = [[
Write reload(cluster, env, limit): it replaces all workers by new ones, cluster.fork(env), without losing a
request, and promises true. When a new worker does not listen within limit ms, or ends before, it rolls back:
the new ones go, all old ones stay, and the promise gives false.]],
      zh = [[
写 reload(cluster, env, limit)：用新的 worker（cluster.fork(env)）替换所有 worker，一个请求也不丢，Promise 给出 true。
如果新的 worker 在 limit 毫秒内没有监听，或者提前结束，就回滚：新的全走，旧的全留，Promise 给出 false。]],
      hints = {
        { en = "Start the new ones first, end old ones only when you know that the new ones listen.",
          zh = "先启动新的；确认新的在监听了，才结束旧的。" },
        { en = "Three things may happen to a new worker: \"listening\", \"exit\", or neither within limit ms. Make one\n"
            .. "promise of the three.",
          zh = "新的 worker 有三种可能：\"listening\"、\"exit\"，或者 limit 毫秒内什么也没有。\n"
            .. "把三种合成一个 Promise。" },
        { en = "worker:disconnect() lets an old one finish its requests; wait for its \"exit\". To roll back, "
            .. "worker.process:kill \"SIGKILL\". Copy the list of workers before you fork: cluster.workers changes.",
          zh = "worker:disconnect() 让旧的处理完手头请求；等它的 \"exit\"。回滚时用 "
            .. "worker.process:kill \"SIGKILL\"。fork 之前先把 worker 列表抄下来：cluster.workers 会变。" },
      },
      check = {
        { function() return fact "good".result == "true", fact "good".result end,
          en = "a good version gives true", zh = "好的版本得到 true" },
        { function() return fact "good".failed == 0, fact "good".failed end,
          en = "no request fails meanwhile", zh = "期间没有请求失败" },
        { function() return fact "good".answer == "good 2" and fact "good".workers == 2, fact "good".answer end,
          en = "two workers of the new version answer", zh = "由两个新版本的 worker 应答" },
        { function() return fact "bad".result == "false" and fact "bad".same, fact "bad".result end,
          en = "a version that fails at its start is rolled back, all old workers are still there",
          zh = "启动就失败的版本被回滚，旧的 worker 全都还在" },
        { function() return fact "silent".result == "false" and fact "silent".same, fact "silent".result end,
          en = "so is a version that never listens", zh = "从不监听的版本也被回滚" },
        { function()
            local n = fact "bad".failed + fact "silent".failed
            return n == 0, n
          end,
          en = "and no request fails in either case", zh = "两种情况下都没有请求失败" },
      } },

    { exercise = "any-message",
      en = [[
Find the bug in the health check of the notes. healthy(worker, limit) promises true when the worker answers
{ ping = 1 } with { pong = 1 } within limit ms, else false. A worker may send other messages at any time. Nothing
may stay behind.]],
      zh = [[
找出笔记里健康检查的错误。healthy(worker, limit)：如果 worker 在 limit 毫秒内用 { pong = 1 } 回答 { ping = 1 }，
Promise 给出 true，否则给出 false。worker 随时可能发别的消息。不许留下监听器。]],
      hints = {
        { en = "A worker that is stuck in one thing may still talk about another. Which message proves that it is well?",
          zh = "worker 可能一边卡住，一边还在发别的消息。哪条消息才证明它正常？" },
        { en = "once hears exactly one message. What if that is the wrong one?",
          zh = "once 只听一条消息。如果听到的不是那一条呢？" },
        { en = "on, look at m.pong, and one function for both ends: clear the timer, remove the listener, resolve.",
          zh = "用 on，看 m.pong；两种结局用同一个函数：清除定时器，移除监听器，落定 Promise。" },
      },
      check = {
        { function() return fact "well", fact "well" end,
          en = "a worker that answers is well", zh = "回答的 worker 是正常的" },
        { function() return fact "chatty" == false, fact "chatty" end,
          en = "one that only talks is not well", zh = "只顾说别的、不回答的 worker 不算正常" },
        { function() return fact "silent" == false, fact "silent" end,
          en = "one that says nothing is not well", zh = "一声不吭的 worker 也不算正常" },
        { function()
            local n = fact "wellLeft" + fact "chattyLeft" + fact "silentLeft"
            return n == 0, n
          end,
          en = "no listener stays behind", zh = "没有留下监听器" },
      } },

    { exercise = "only-the-first",
      en = [[
Find the bug in the counters of the notes. count(cluster) counts what the workers report, { request = true }; the
function that it returns gives { requests = n, workers = n }: all reports, and how many workers have ever reported.
Workers that are started later count, too.]],
      zh = [[
找出笔记里计数器的错误。count(cluster) 统计 worker 报告的 { request = true }；它返回的函数给出
{ requests = n, workers = n }：报告总数，以及报告过的 worker 有几个。之后才启动的 worker 也要算。]],
      hints = {
        { en = "To whom is the listener attached, and when? Think of a worker that is replaced.",
          zh = "监听器挂在谁身上？什么时候挂的？想想被替换的 worker。" },
        { en = "The cluster itself emits \"message\" for every worker, also for those that come later.",
          zh = "cluster 自己会为每个 worker 发射 \"message\" 事件，后来的也一样。" },
        { en = "cluster:on(\"message\", function(worker, m) ... end): count m.request, and note worker.id.",
          zh = "cluster:on(\"message\", function(worker, m) ... end)：数 m.request，记下 worker.id。" },
      },
      check = {
        { function() return fact "requests" == 5 and fact "workers" == 2, fact "requests" end,
          en = "five reports of two workers are counted", zh = "数到两个 worker 的五次报告" },
        { function() return fact "later" == 9, fact "later" end,
          en = "four reports of a worker that came later, too", zh = "后来的 worker 的四次报告也数到了" },
        { function() return fact "laterWorkers" == 3, fact "laterWorkers" end,
          en = "three workers have reported", zh = "三个 worker 报告过" },
      } },
  },
}
