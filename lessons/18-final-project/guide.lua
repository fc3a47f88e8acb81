-- The guide of chapter 18; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Final project", zh = "综合项目" },
  minutes = 90,
  steps = {
    { say = "everything-together",
      picture = [[
  manager                       guards the primary
     └─ primary                 port, workers, health, reload, metrics
          ├─ agent              looks after the list
          ├─ worker ── 2 threads for the heavy route
          └─ worker ── 2 threads]],
      en = [[
A small service with everything that you have met: a manager that guards the primary, an agent that refreshes a list,
two workers that answer on one port, a pool of threads in each for one heavy route, metrics, a health check, reload and
an end in good order. Most parts are given; the primary is yours.]],
      zh = [[
一个小服务，前面学过的全用上：管理器守护 primary，agent 更新列表，两个 worker 在同一个端口应答，
每个 worker 里有个线程池处理繁重的请求，还有指标、健康检查、重载和有序结束。
大部分零件已给出；primary 由你来写。]] },

    { run = "start", script = "steps/start.lua", view = ".ps",
      en = "The whole service comes up, answers, and ends in good order.",
      zh = "整个服务启动、应答，然后有序地结束。",
      look = {
        en = "the tree: manager, primary, agent and two workers. Each worker has two threads, too: no row of .ps, since "
          .. "a thread is no process.",
        zh = "进程树：管理器、primary、agent 和两个 worker。每个 worker 还有两个线程：线程不是进程，.ps 里没有它们的行。" },
      check = {
        { function() return line "one agent, 2 workers" end,
          en = "there are an agent and two workers", zh = "有一个 agent 和两个 worker" },
        { function() return line "heavy: 499999500000" end,
          en = "the heavy route is answered", zh = "繁重的请求得到应答" },
        { function() return line "the manager ended with code 0" and left() == 0, left() end,
          en = "it ends with code 0 and leaves nothing", zh = "以退出码 0 结束，什么也没留下" },
      } },

    { predict = "who-keeps-the-pid", script = "steps/reload.lua",
      en = [[
On reload, which of them keep their pid? Write their letters: m manager, p primary, a agent, w workers,
t threads. (The primary speaks to us all the time, so look at the other three.)]],
      zh = [[
重载之后，谁的 pid 不变？写出不变的字母：m 管理器，p primary，a agent，w worker，t 线程。
（primary 一直在和我们说话，所以看另外三个。）]],
      known = "mpa",
      answer = function()
        local kept = (line "manager keeps its pid" and "mp" or "") .. (line "agent keeps its pid" and "a" or "")
        return kept .. (line "workers are new" and "" or "w")
      end,
      because = {
        en = [[
manager, primary and agent keep theirs; the workers are new processes, so that they run the new version. Threads never
had a pid of their own: they went with their process.]],
        zh = [[
管理器、primary 和 agent 不变；worker 是新的进程，才能运行新版本。
线程从来没有自己的 pid：它们随进程一起走了。]] } },

    { run = "reload", script = "steps/reload.lua", view = ".ps",
      en = "The same once more with the tree.",
      zh = "再来一遍，看进程树。",
      look = {
        en = "worker#3 and #4 have come for #1 and #2; the others are the same. F2 while it runs: a new one appears "
          .. "before an old one goes.",
        zh = "worker#3、#4 接替了 #1、#2；其余的没变。运行时按 F2 可以看到：新 worker 先出现，旧的才走。" },
      check = {
        { function() return line "workers are new" end,
          en = "the workers are new", zh = "worker 是新的" },
        { function() return line "agent keeps its pid" end,
          en = "the agent is not", zh = "agent 还是原来的" },
      } },

    { predict = "replaced", script = "steps/stuck.lua",
      en = [[
One worker is killed with SIGKILL, another falls into an endless loop. How many workers has the primary replaced in
the end?]],
      zh = [[
一个 worker 被 SIGKILL 杀死，另一个陷入死循环。最后 primary 替换了几个 worker？]],
      known = "2",
      answer = function()
        local n = 0
        if line "killed: replaced" then n = n + 1 end
        if line "stuck: ended and replaced" then n = n + 1 end
        return n
      end,
      because = {
        en = [[
the killed one is noticed by its exit event. The stuck one has no event at all: it is noticed because it owes answers
to the health check, and only a signal ends it.]],
        zh = [[
被杀的那个，由 exit 事件得知。卡住的那个什么事件也没有：因为它欠着健康检查的回答才被发现，只有信号能结束它。]] } },

    { run = "stuck", script = "steps/stuck.lua", view = ".loop",
      en = "And with the strips: look at the worker that is stuck.",
      zh = "再看时间条：找到卡住的 worker。",
      look = {
        en = "its strip is blocked (!); then it ends by SIGKILL and a new one begins.",
        zh = "它的时间条一直阻塞（!）；然后它被 SIGKILL 结束，新的开始。" },
      check = {
        { function() return before(line "killed: replaced", line "stuck: ended and replaced") end,
          en = "first the killed worker is replaced, then the stuck one", zh = "先替换被杀的，再替换卡住的" },
        { function() return line "it still answers: true" end,
          en = "the service answers afterwards", zh = "之后服务照常应答" },
      } },

    { run = "heavy", script = "steps/heavy.lua", view = ".threads",
      en = "Many heavy requests with quick ones between them.",
      zh = "许多繁重的请求，中间夹着快请求。",
      look = {
        en = "the threads are busy, the loops of the workers are not: quick requests hardly wait.",
        zh = "线程在忙，worker 的事件循环不忙：快请求几乎不用等。" },
      check = {
        { function() return line "40 heavy and 20 quick requests were answered" end,
          en = "all requests are answered", zh = "所有请求都得到应答" },
        { function()
            local function worker(role) return role:find "^worker" ~= nil end
            return not saw("loop.turn", { role = worker, thread = 0, cpu = function(ms) return ms > 50 end })
          end,
          en = "no turn of a worker's loop takes 50 ms of processor time",
          zh = "worker 的事件循环没有哪一轮用掉 50 毫秒的处理器时间" },
      } },

    { try = "one-thread", script = "steps/pool-size.lua",
      from = "local SIZE = 2", to = "local SIZE = 1",
      en = "The pool by itself: give it one thread only, `local SIZE = 1`.",
      zh = "单看线程池：只给它一个线程，`local SIZE = 1`。",
      differs = {
        en = "with a second processor, one thread takes nearly twice as long; the loop is free in either case.",
        zh = "如果有第二个处理器，一个线程要花近两倍的时间；但事件循环始终空闲。" },
      check = {
        { function() return line "8 tasks on 1 threads" end,
          en = "eight tasks are done by one thread", zh = "一个线程完成了八个任务" },
      } },

    { explain = "what-is-missing",
      en = "What would this service need before you put it in front of real users? Name three things.",
      zh = "要给真实用户使用，这个服务还缺什么？说出三样。" },

    { exercise = "service", limit = 60,
      en = [[
The start file is a primary without reload and replacement. Add both, and an end for workers that do not answer any
more. A client runs for 20 seconds meanwhile: no request may fail during two reloads, a killed and a stuck worker are
replaced, one push reaches all workers, and at the end nothing is left.]],
      zh = [[
起始文件是一个没有重载和替换功能的 primary。请加上这两样，并结束不再应答的 worker。
期间客户端要访问 20 秒：两次重载时没有请求失败；被杀的和卡住的 worker 都被替换；
一次推送到达所有 worker；最后什么也不留下。]],
      hints = {
        { en = "Reload is the exercise of chapter 10: a new worker listens before an old one disconnects. Raise the version first.",
          zh = "重载就是第 10 章的练习：新 worker 开始监听，旧的才断开。先增加版本号。" },
        { en = "In the listener of exit: unless exitedAfterDisconnect, or you are stopping, count it and start another one.",
          zh = "在 exit 监听器里：除非 exitedAfterDisconnect，或者正在停止，否则计数并再启动一个。" },
        { en = "Ten times a second send { ping = 1 } to every worker and count what it owes; { pong = 1 } sets that to 0. Who owes\n"
            .. "more than a few gets worker.process:kill \"SIGKILL\".",
          zh = "每秒十次给每个 worker 发 { ping = 1 }，并记下它欠几个回答；收到 { pong = 1 } 就清零。\n"
            .. "欠得太多的，用 worker.process:kill \"SIGKILL\" 结束。" },
      },
      check = {
        { function() return fact "ready" and fact "workers" == 2, fact "workers" end,
          en = "the service comes up with two workers", zh = "服务启动，有两个 worker" },
        { function() return fact "reloaded", fact "reloaded" end,
          en = "two reloads bring new workers and keep the agent", zh = "两次重载换上新的 worker，agent 不变" },
        { function() return fact "failed" == 0, fact "failed" end,
          en = "no request fails meanwhile", zh = "期间没有请求失败" },
        { function() return fact "pushed", fact "pushed" end,
          en = "one push reaches all workers", zh = "一次推送到达所有 worker" },
        { function() return fact "killed", fact "killed" end,
          en = "a killed worker is replaced", zh = "被杀的 worker 被替换" },
        { function() return fact "stuck", fact "stuck" end,
          en = "a stuck worker is ended and replaced", zh = "卡住的 worker 被结束并替换" },
        { function() return fact "metrics" > 100, fact "metrics" end,
          en = "the metrics have counted the requests", zh = "指标统计了请求" },
        { function()
            local function worker(role) return role:find "^worker" ~= nil end
            return not saw("loop.turn", { role = worker, thread = 0, cpu = function(ms) return ms > 50 end })
          end,
          en = "no turn of a worker's loop takes 50 ms of processor time",
          zh = "worker 的事件循环没有哪一轮用掉 50 毫秒的处理器时间" },
        { function() return fact "ended" == 0, fact "ended" end,
          en = "stop ends everything with code 0", zh = "停止时一切以退出码 0 结束" },
        { function() return fact "free" and left() == 0, left() end,
          en = "no process and no port is left", zh = "没有留下进程和端口" },
      } },
  },
}
