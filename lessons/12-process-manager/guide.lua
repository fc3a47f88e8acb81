-- The guide of chapter 12; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Guarding with a process manager", zh = "用进程管理器守护" },
  minutes = 45,
  steps = {
    { say = "more-than-a-loop",
      en = [[
A shell loop starts a program again when it ends:

  while true; do ./server; done

A process manager does more: it knows each program by name, keeps its log, counts its restarts and gives up when
they come too fast, knows whether an end was asked for, watches memory, and starts everything again after the
machine was started. pm2 and forever are such managers; the lesson builds a small one.]],
      zh = [[
用 shell 循环也能在程序结束后重新启动它：

  while true; do ./server; done

进程管理器做得更多：按名字认识每个程序，保存日志，统计重启次数并在太频繁时放弃，知道结束是不是人为要求的，
监视内存，机器重启后把一切重新拉起。pm2 和 forever 就是这样的工具；本课自己做一个小的。]] },

    { run = "guard", script = "guard", view = ".ps",
      en = "First the smallest guard: it starts an application again as long as it fails.",
      zh = "先看最小的守护：应用只要失败，就重新启动。",
      look = {
        en = "two ends with code 1, two new pids; an end with code 0 is left alone.",
        zh = "两次以退出码 1 结束，两个新的 pid；退出码 0 就不管了。" },
      check = {
        { function() return before(line "guard: start 1 ended with code 1", line "guard: start 2 ended") end,
          en = "after an error it is started again", zh = "出错之后重新启动" },
        { function() return line "guard: finished normally, no restart" end,
          en = "after a normal end it is not", zh = "正常结束就不再启动" },
      } },

    { run = "manager", script = "manager", view = ".ps",
      en = "Now the manager: start, list, restart after a crash, stop, delete, log.",
      zh = "再看管理器：启动、列表、崩溃后重启、停止、删除、日志。",
      look = {
        en = "kill -9: web comes back as another process, restarts 1. stop: job stays down.",
        zh = "kill -9：web 作为另一个进程回来了，restarts 变成 1。stop：job 不再起来。" },
      check = {
        { function() return line "list after kill -9: 0 web online restarts 1" end,
          en = "what was killed comes back", zh = "被杀死的回来了" },
        { function() return line "list after stop: 0 web online restarts 1 | 1 job stopped" end,
          en = "what was stopped stays down", zh = "被停止的不再起来" },
        { function() return left() == 0, left() end,
          en = "nothing is left at the end", zh = "最后什么也没留下" },
      } },

    { predict = "stop-then-kill", script = "steps/stopped.lua",
      en = [[
`stop web`, and then `kill -9` of its former pid from another terminal. Does the manager start web again?]],
      zh = [[
先 `stop web`，再从另一个终端对它原来的 pid 执行 `kill -9`。管理器会重新启动 web 吗？]],
      choices = {
        { en = "yes: it restarts whatever is killed", zh = "会：被杀死的都会重启" },
        { en = "no: there is nothing to kill and nothing to restart", zh = "不会：没有进程可杀，也没有什么要重启" },
        { en = "no, but restarts goes up by one", zh = "不会，但 restarts 加一" },
      },
      known = 2,
      answer = function()
        local n = line("afterwards: stopped").text:match "restarts (%d+)"
        return n == "0" and 2 or 3
      end,
      because = {
        en = [[
stop has ended the process and set the state. The pid names nobody any more (ESRCH), or worse: somebody else,
who was given the same number since. That is why a manager keeps the start time together with the pid.]],
        zh = [[
stop 已经结束了进程，并记下了状态。这个 pid 不再指任何进程（ESRCH），更糟的是可能指别人：号码会被重新使用。
所以管理器要把启动时间和 pid 一起记。]] } },

    { run = "ps-and-kill", script = "ps-and-kill.lua", view = ".ps",
      en = "Without a manager: find a process by a word of its command line, and end it by its number.",
      zh = "没有管理器时：按命令行里的词找到进程，再用号码结束它。",
      look = {
        en = "grep finds itself, too: its own command line holds the word.",
        zh = "grep 会找到它自己：它的命令行里也有这个词。" },
      check = {
        { function() return line "ps and grep found 1, it is the child: true" end,
          en = "the child is found", zh = "找到了子进程" },
        { function() return line "child ended: code none, signal SIGKILL" end,
          en = "and ended by SIGKILL", zh = "并被 SIGKILL 结束" },
      } },

    { predict = "which-worker", script = "memory.lua",
      picture = [[
  threshold: 32 MB on top of the start       worker 1 takes 64 MB]],
      en = [[
Two workers are watched. One of them takes 64 MB, twice the threshold. What is the number of the worker that
takes its place?]],
      zh = [[
两个 worker 被监视着内存。其中一个占用了 64 MB，是阈值的两倍。顶替它的 worker 是几号？]],
      known = "3",
      answer = function() return line("was replaced by").text:match "replaced by worker (%d+)" end,
      because = {
        en = [[
numbers of workers are given once and never again: after 1 and 2 comes 3. So a number in a log always means the
same worker. (pids do come again.)]],
        zh = [[
worker 的编号只用一次：1、2 之后是 3。所以日志里的编号永远指同一个 worker。（pid 会重复使用。）]] } },

    { run = "memory", script = "memory.lua", view = ".mem",
      en = "The same with the memory view: each worker measures itself, the primary only asks.",
      zh = "同样的事，看内存视图：每个 worker 自己测量，primary 只是询问。",
      look = {
        en = "RSS: worker#1 has grown far above the others. Worker#3, which takes its place, begins low again.",
        zh = "RSS：worker#1 涨得比别的高得多；顶替它的 worker#3 又从低处开始。" },
      check = {
        { function() return before(line "over the threshold true", line "worker 1 was replaced by worker 3") end,
          en = "the worker over the threshold is replaced", zh = "超过阈值的 worker 被替换" },
      } },

    { try = "higher-threshold", script = "memory.lua",
      from = "local threshold = 32 * MB", to = "local threshold = 128 * MB",
      en = "Raise the threshold to 128 MB.",
      zh = "把阈值提高到 128 MB。",
      differs = {
        en = "nobody is replaced. Where to draw the line is a question of the machine, not of the program.",
        zh = "没有谁被替换。线画在哪里，取决于机器，而不是程序。" },
      check = {
        { function() return #all("proc.start", { role = "worker#1" }) == 1 and line "worker 2:" end,
          en = "two workers are asked for their memory", zh = "向两个 worker 询问了内存" },
        { function() return not line "was replaced by" end,
          en = "no worker is replaced", zh = "没有 worker 被替换" },
      } },

    { explain = "who-guards-the-guard",
      en = "The manager is a process, too. What happens to the applications when it is killed, and who starts it again?",
      zh = "管理器自己也是进程。它被杀死时，应用会怎样？谁来重新启动它？" },

    { exercise = "limits", limit = 40,
      en = [[
The start file is a manager without limits. Add two: check() looks at the memory of all, measure(pid), and what takes
more than maxMemory is restarted, once for each crossing; after maxRestarts restarts an application is not started
again, and list() shows its status as "errored".]],
      zh = [[
起始文件是一个没有限制的管理器。请加上两样：check() 用 measure(pid) 查看所有应用的内存，超过 maxMemory 的重启，
每次越线只重启一次；重启 maxRestarts 次之后不再启动，list() 里的状态是 "errored"。]],
      hints = {
        { en = "A process that is told to leave may need a moment, and check() may come again meanwhile.",
          zh = "被要求离开的进程可能需要一点时间，这期间 check() 可能又来了。" },
        { en = "The restart happens where every restart happens: in the listener of close. check() only ends the process.",
          zh = "重启都发生在同一个地方：close 的监听器里。check() 只负责结束进程。" },
        { en = "In close: if app.restarts == app.limits.maxRestarts, set the status to \"errored\" and return. In check():\n"
            .. "if it is online, not leaving already, and over maxMemory, note that it leaves, and kill it.",
          zh = "在 close 里：如果 app.restarts == app.limits.maxRestarts，就把状态设为 \"errored\" 并返回。在 check() 里：\n"
            .. "如果在线、还没在离开、又超过 maxMemory，就记下它要离开，并结束它。" },
      },
      check = {
        { function() return fact "crossed", fact "crossed" end,
          en = "an application that grows is restarted", zh = "内存增长的应用被重启" },
        { function() return fact "once" == 1, fact "once" end,
          en = "once for the first crossing", zh = "第一次越线重启一次" },
        { function() return fact "twice" == 2, fact "twice" end,
          en = "and once for the second", zh = "第二次越线再重启一次" },
        { function() return fact "modest" == 0, fact "modest" end,
          en = "one that stays small is left alone", zh = "内存小的不受影响" },
        { function() return fact "failing" == "errored", fact "failing" end,
          en = "one that fails at once ends as errored", zh = "一启动就失败的，最后是 errored" },
        { function() return fact "tries" == 3, fact "tries" end,
          en = "after three restarts", zh = "重启三次之后" },
        { function() return fact "stopped" == "stopped", fact "stopped" end,
          en = "stop works as before", zh = "stop 照常工作" },
      } },
  },
}
