-- The guide of chapter 11; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Agent and messenger", zh = "Agent 与 Messenger" },
  minutes = 50,
  steps = {
    { say = "one-for-all",
      en = [[
Some work must be done once for the whole application and not once in every worker: rotating a log, keeping one
connection to a service, asking whether a list has changed. The master should not do it: when it fails,
everything fails. So there is a third role, the agent: one process that works for all workers.

  master   starts, watches, forwards messages; no code of the application
  agent    work that only one may do; an error is logged, it goes on
  worker   answers requests; an error ends it, it is replaced]],
      zh = [[
有些工作整个应用只该做一次，而不是每个 worker 都做一遍：切割日志、维持与某个服务的唯一连接、检查列表有没有更新。
这些不该由 master 来做：它一出错，全盘皆输。于是有了第三种角色 agent：一个为所有 worker 干活的进程。

  master   启动、看护、转发消息；不放应用代码
  agent    只能由一个进程做的工作；出错记日志，继续运行
  worker   应答请求；出错就结束，由新的顶上]] },

    { run = "log-rotation", script = "log-rotation.lua", view = ".log",
      en = "Three workers rotate the same log at midnight, each by itself. Then only the agent does.",
      zh = "三个 worker 半夜各自切割同一个日志。之后改成只由 agent 来做。",
      look = {
        en = "the archive is overwritten by empty ones: 100 lines are lost. With the agent they are there.",
        zh = "存档被空文件覆盖：100 行丢了。由 agent 来做，它们都在。" },
      check = {
        { function() return line "worker 3 has rotated: archive 0 lines" end,
          en = "after three rotations the archive is empty", zh = "切割三次之后存档是空的" },
        { function() return line "only the agent has rotated: archive 100 lines" end,
          en = "after one it holds all lines", zh = "只切割一次，所有行都在" },
      } },

    { run = "start-order", script = "start-order", view = ".lanes",
      en = "Master, agent, workers: in which order do they start, and why?",
      zh = "master、agent、worker：按什么顺序启动？为什么？",
      look = {
        en = "fork agent, ready, fork workers, ready, ready, egg-ready to everybody: nobody asks for what is not there.",
        zh = "fork agent，ready，fork workers，ready，ready，再向大家发 egg-ready：没人会去找还不存在的东西。" },
      check = {
        { function() return before(line "master: agent ready", line "master: fork worker 1") end,
          en = "the agent is ready before the first worker is forked", zh = "agent 就绪之后才 fork 第一个 worker" },
        { function() return before(line "worker ready (2 of 2)", line "egg-ready to everybody") end,
          en = "egg-ready comes when all are ready", zh = "全部就绪之后才发 egg-ready" },
      } },

    { predict = "too-early", script = "too-early.lua",
      picture = [[
  agent: broadcast "early"      workers are still starting
  agent: broadcast "late"       after egg-ready]],
      en = [[
The agent broadcasts "early" while the two apps are still starting, and "late" when all are ready. How many apps
does each of the two reach? Write two numbers.]],
      zh = [[
两个 app 还在启动时，agent 广播了 "early"；全部就绪之后又广播了 "late"。
两次广播各到达几个 app？请写两个数。]],
      known = "0 2",
      answer = function()
        return table.concat({ line("early reached").text:match "early reached (%d+) apps, late reached (%d+)" }, " ")
      end,
      because = {
        en = [[
the master forwards a message to those that it knows, and it does not know the apps yet. A message that nobody
can be given is gone: there is no queue for those who come later. That is what egg-ready is for.]],
        zh = [[
master 只把消息转发给它认识的进程，而它还不认识这些 app。送不出去的消息就丢了：没有为后来者准备的队列。
egg-ready 就是为此而设的。]] } },

    { run = "messenger", script = "messenger", view = ".lanes",
      en = "Each call of the messenger, and who hears it.",
      zh = "messenger 的每个调用，以及谁能收到。",
      look = {
        en = "every call is one arrow up to the master, and as many down as there are receivers.",
        zh = "每次调用都是一个向上到 master 的箭头，再有与接收者同样多的向下箭头。" },
      check = {
        { function() return line "app 1 broadcast: heard by agent, app 1, app 2" end,
          en = "a broadcast reaches everybody, the sender too", zh = "broadcast 到达所有人，包括发送者" },
        { function() return line "app 1 sendTo: heard by app 2" end,
          en = "sendTo reaches one", zh = "sendTo 只到达一个" },
      } },

    { predict = "an-hour", script = "steps/count-refreshes.lua",
      picture = [[
  force: every 10 min every worker reads the source
  pull:  every 10 s one worker asks for changes; if there are, all read
  push:  the source tells the agent, the agent tells all]],
      en = [[
Eight workers, force every 10 minutes, pull every 10 s, one change in the hour. How many checks and how many
reads of the source are there in an hour? Write two numbers.]],
      zh = [[
八个 worker，每 10 分钟 force 一次，每 10 秒 pull 一次，一小时里变化一次。
一小时内有多少次检查、多少次读取？请写两个数。]],
      known = "360 56",
      answer = function()
        return table.concat({ line("in an hour").text:match "(%d+) checks and (%d+) reads" }, " ")
      end,
      because = {
        en = [[
3600 / 10 = 360 checks, by one worker each time. Reads: 6 times 8 by force, and 8 after the change: 56. Force costs
reads even when nothing changes, pull costs checks, push costs one connection for the whole application.]],
        zh = [[
3600 / 10 = 360 次检查，每次由一个 worker 做。读取：force 6 × 8 次，变化之后再 8 次，共 56 次。
force 没变化也要读；pull 花的是检查；push 只要整个应用的一条连接。]] } },

    { run = "cache-refresh", script = "cache-refresh", view = ".lanes",
      en = "The three plans for real, with two workers.",
      zh = "三种方案的真实运行，两个 worker。",
      look = {
        en = "how often the remote was read and asked, after each plan.",
        zh = "每种方案之后，远端被读了几次、问了几次。" },
      check = {
        { function() return line "pull without a change: remote was read 2, asked for changes 1" end,
          en = "pull without a change asks once and reads nothing", zh = "没有变化时，pull 只问一次，不读" },
        { function() return line "push connections held by the whole application: 1" end,
          en = "push needs one connection for all", zh = "push 整个应用只需一条连接" },
      } },

    { run = "stability", script = "stability.lua", view = ".ps",
      en = "An uncaught exception in a worker, and one in the agent. Who ends?",
      zh = "worker 里一个未捕获的异常，agent 里一个。谁会结束？",
      look = {
        en = "the worker's pid changes, the agent's does not.",
        zh = "worker 的 pid 变了，agent 的没变。" },
      check = {
        { function() return before(line "worker exited, code 1", line "master starts a new worker") end,
          en = "the worker ends and is replaced", zh = "worker 结束并被替换" },
        { function() return line "agent has exited: false" end,
          en = "the agent goes on", zh = "agent 继续运行" },
      } },

    { try = "a-third-app", script = "messenger",
      from = [[local names = { "agent", "app 1", "app 2" }]], to = [[local names = { "agent", "app 1", "app 2", "app 3" }]],
      en = "Make a third app: add \"app 3\" to the names.",
      zh = "再加一个 app：在 names 里添上 \"app 3\"。",
      differs = {
        en = "it hears what is meant for all apps, and nothing that is meant for one of the others.",
        zh = "它能收到发给所有 app 的消息，收不到只发给别人的。" },
      check = {
        { function() return line "app 1 broadcast: heard by agent, app 1, app 2, app 3" end,
          en = "the broadcast reaches the third app", zh = "广播到达第三个 app" },
      } },

    { explain = "why-not-the-master",
      en = "Why not let the master rotate the logs and hold the connection? It is one process, too.",
      zh = "为什么不让 master 来切割日志、维持连接？它不也只有一个吗？" },

    { exercise = "request", limit = 25,
      en = [[
Add questions to the messenger. request(messenger, action, data, timeout) promises the agent's answer to exactly
this request; it is rejected after timeout ms, and at once at the messenger's event "agent-exit".
serve(messenger, action, handler) answers in the agent. The file returns both in a table.]],
      zh = [[
给 messenger 加上提问功能。request(messenger, action, data, timeout) 的 Promise 给出 agent 对这一次请求的回答；
超过 timeout 毫秒，或 messenger 发出 "agent-exit" 事件时，立即拒绝（reject）。
serve(messenger, action, handler) 在 agent 里负责回答。文件返回装着两者的表。]],
      hints = {
        { en = "A broadcast of the answer reaches the other app, too. Send pid and a number with the request.",
          zh = "广播回答，别的 app 也会收到。请求里带上 pid 和编号。" },
        { en = "messenger.sendTo(pid, \"answer\", { id = id, result = handler(data) }) goes to one process only.",
          zh = "messenger.sendTo(pid, \"answer\", { id = id, result = handler(data) }) 只发给一个进程。" },
        { en = "Answer, time, agent-exit: three ways to the end. One function removes both listeners, clears the timer and\n"
            .. "settles the promise.",
          zh = "回答、超时、agent-exit：三条路通向结束。用一个函数移除两个监听器，清除定时器，敲定 Promise。" },
      },
      check = {
        { function() return fact "right" == 20, fact "right" end,
          en = "20 requests of two apps at once get their own answers", zh = "两个 app 同时提 20 个请求，各得其所" },
        { function() return fact "timeout", fact "said" end,
          en = "no answer is an error after the timeout", zh = "没有回答，超时后是错误" },
        { function() return fact "failed" == 2, fact "reason" end,
          en = "an agent that ends fails the open requests of both apps", zh = "agent 结束时，两个 app 未完成的请求都失败" },
      } },
  },
}
