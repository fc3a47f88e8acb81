-- The guide of chapter 8; lessons/README.md tells what a guide is made of.

-- A family drawn with the seed: four forks, and one of the forked ends. Its lines, and how many of the others
-- have lost their parent then.
local function family(seed)
  math.randomseed(seed)
  local lines, parents, orphans = {}, {}, 0
  for i = 2, 5 do
    parents[i] = math.random(i - 1)
    lines[#lines + 1] = ("  %d forks %d"):format(parents[i], i)
  end
  local gone = parents[math.random(3, 5)]
  if gone == 1 then gone = math.random(2, 5) end
  for i = 2, 5 do if parents[i] == gone then orphans = orphans + 1 end end
  return table.concat(lines, "\n") .. ("\n  %d ends"):format(gone), orphans
end

return {
  title = { en = "Orphans and daemons", zh = "孤儿进程与守护进程" },
  minutes = 50,
  steps = {
    { say = "who-is-left",
      en = [[
Every process has a parent: the one that started it, and that is told how it ends. When the parent ends
first, the child lives on. It is an orphan, and the system gives it another parent.

A daemon is an orphan on purpose: it has left its parent, its terminal, its folder and its streams behind, so
that nothing of where it was started from can take it along.]],
      zh = [[
每个进程都有父进程：是它启动了子进程，子进程如何结束也会通知它。如果父进程先结束，子进程照样活着，
就成了孤儿进程（orphan），系统会给它另一个父进程。

守护进程是有意做的孤儿：它离开了父进程、终端、目录和标准流，
这样启动它的环境就没有什么能把它带走了。]] },

    { run = "orphan", script = "orphan.lua", view = ".ps",
      en = "A parent starts a child and ends. Watch the tree: where does the child go?",
      zh = "父进程启动子进程后就结束。看进程树：子进程到哪儿去了？",
      look = {
        en = "the row of the child turns into ORPHAN, with the old and the new parent.",
        zh = "子进程那一行变成 ORPHAN，标着旧的和新的父进程。" },
      check = {
        { function() return before(line "parent: I end now", line "child:  my parent is now") end,
          en = "the parent ends, then the child has another one", zh = "父进程结束，然后子进程有了新的父进程" },
        { function() return line "/proc says the same: true" end,
          en = "the system says the same as the child", zh = "系统的说法和子进程一致" },
      } },

    { predict = "always-one", script = "orphan.lua",
      en = [[
Many texts say: the new parent of an orphan is process 1. Is that always so? First say what you believe; then
see who it is on this machine, and read why.]],
      zh = [[
很多文章说：孤儿进程的新父进程是 1 号进程。总是这样吗？先说出你的想法，
再看看这台机器上是谁，并读读原因。]],
      choices = {
        { en = "yes, always process 1", zh = "是，总是 1 号进程" },
        { en = "no: the nearest ancestor that adopts orphans, else process 1",
          zh = "不是：最近的一个愿意收养孤儿的祖先；没有的话才是 1 号进程" },
        { en = "no: the parent of the parent", zh = "不是：父进程的父进程" },
      },
      known = 2,
      answer = function()
        return line "it is the same parent as before: false" and 2 or 3
      end,
      because = {
        en = [[
whoever it was here: a process may declare itself a subreaper. It adopts the orphans among its descendants. systemd does so for
each user session, and many containers' first process too. A program that tests `ppid == 1` to find out whether
it is an orphan is right on one machine and wrong on the next. Compare with the parent that it had at the start.]],
        zh = [[
不管这里是谁：进程可以宣布自己是 subreaper（子收割者），收养后代中的孤儿。systemd 为每个用户会话这么做，很多容器的第一个进程也是。
用 `ppid == 1` 判断自己是不是孤儿，在这台机器上对，换一台就错了。
应该和一开始的父进程比较。]] } },

    { predict = "family", script = "steps/family.lua", view = ".ps", random = true,
      puzzle = function(seed) return (family(seed)) end,
      en = "1 is the first process. How many of the others have another parent at the end than the one that forked them?",
      zh = "1 是第一个进程。forks 是派生，ends 是结束。最后，其他进程中有几个的父进程不再是派生它的那个？",
      known = function(seed) return select(2, family(seed)) end,
      answer = function()
        local count = 0
        for _, text in ipairs(out()) do if text:match "has another parent" then count = count + 1 end end
        return count
      end,
      because = {
        en = [[
only the children of a process that ends become orphans: they are adopted, and not by their grandparent. Their
own children keep them as their parent, and nothing is told to anybody further down.]],
        zh = [[
只有结束的那个进程的子进程才成为孤儿，被收养，收养者不是祖父进程。
孤儿自己的子进程，父进程仍是它；再往下的进程什么也不会察觉。]] } },

    { run = "orphan-server", script = "orphan-server", view = ".ports",
      en = "The master hands its listening socket to a worker and ends. A client asks the worker afterwards.",
      zh = "master 把监听套接字交给 worker，然后结束。之后客户端来访问 worker。",
      look = {
        en = "one socket with two holders: B, the master, and C, its worker. B ends; C, an orphan now, answers alone.",
        zh = "一个套接字，两个持有者：B 是 master，C 是它的 worker。B 结束之后，C 成了孤儿，独自应答。" },
      check = {
        { function()
            local worker = proc "worker.lua"
            return orphan(worker), "no orphan"
          end,
          en = "the worker becomes an orphan", zh = "worker 成了孤儿进程" },
        { function() return before(line "master has ended with code 0", line "the worker still answers") end,
          en = "it answers after the master has ended", zh = "master 结束之后，它还在应答" },
      } },

    { run = "daemon", script = "daemon", view = ".ps",
      en = "The daemon of the notes: detached, in a session of its own, without a terminal.",
      zh = "笔记里的守护进程：detached，有自己的会话，没有终端。",
      look = {
        en = "C, the daemon, is still there when B, its master, has ended. The lines say what .ps does not: a session "
          .. "of its own, no terminal, and a log that grows.",
        zh = "B 是 master，已经结束；C 是守护进程，还在。.ps 看不到的，打印的行里有：自己的会话、没有终端、日志还在增长。" },
      check = {
        { function() return line "daemon is running: true" end,
          en = "the daemon runs after its master has ended", zh = "master 结束之后守护进程还在运行" },
        { function() return line "it leads a session of its own: true" end,
          en = "it leads a session of its own", zh = "它领导自己的会话" },
        { function() return before(line "it keeps writing to its log", line "stopped with kill") end,
          en = "it writes to its log until it is stopped", zh = "它一直写日志，直到被停止" },
      } },

    { predict = "four-settings", script = "steps/four-settings.lua",
      picture = [[
  1  detached = true      2  stdio = "ignore"
  3  daemon:unref()       4  cwd = "/"]],
      en = [[
The daemon needs four settings. Which one is missing when the starter itself does not end? Write its number.]],
      zh = [[
守护进程需要四项设置。如果启动它的程序自己不结束，缺的是哪一项？请写编号。]],
      known = "3",
      answer = function()
        local numbers = { detached = 1, ["ignored streams"] = 2, unref = 3, ["another folder"] = 4 }
        return numbers[line("the starter does not end").text:match "without ([%a ]+):"]
      end,
      because = {
        en = [[
a child counts as work: the event loop of the starter waits for it, unless unref says that it need not.
Without detached it dies with the terminal, without ignored streams the starter's output stays open, and without
another folder it holds the one it was started in: that disk cannot be unmounted.]],
        zh = [[
子进程算作未完成的工作：启动者的事件循环会等它，除非用 unref 声明不必等。
缺了 detached，它会随终端一起结束；不忽略标准流，启动者的输出就一直开着；
不换目录，它就一直占着启动时的目录，那个磁盘无法卸载。]] } },

    { try = "wait-for-the-child", script = "orphan.lua",
      from = [[
  child:on("message", function()
    print("parent: I end now")
    process.exit(0)
  end)]],
      to = [[
  child:on("message", function()
    print("parent: I wait")
    setTimeout(function() child:kill() end, 200)
  end)
  child:on("exit", function() process.exit(0) end)]],
      en = [[
Let the parent live until the child has ended: in the listener of "message", end the child after a moment
instead of leaving, and leave at its "exit".]],
      zh = [[
让父进程活到子进程结束：在 "message" 监听器里，不要自己退出，而是过一会儿结束子进程；
等到它的 "exit" 再退出。]],
      differs = {
        en = "nothing is adopted: the parent hears of the end of its child, and only then ends itself.",
        zh = "没有谁被收养：父进程得知子进程结束，自己才结束。" },
      check = {
        { function()
            local parent, child = proc "B", proc "C"
            return child and saw("proc.reap", { pid = parent, child = child.pid })
          end,
          en = "the parent hears how its child has ended", zh = "父进程得知子进程如何结束" },
        { function() return not line "child:  my parent is now" end,
          en = "the child never has another parent", zh = "子进程从未换过父进程" },
      } },

    { explain = "closing-the-terminal",
      en = "You start a server in a terminal and close the window. What happens to the server, and why does a daemon survive?",
      zh = "你在终端里启动服务器，然后关掉窗口。服务器会怎样？守护进程为什么能活下来？" },

    { exercise = "daemonctl", limit = 40,
      en = [[
Write a program daemonctl: `start PIDFILE SCRIPT` starts the script as a daemon unless it runs already, `status`
prints "running" or "not running" and removes a pid file that is wrong, `stop` ends the daemon within a second.
A process that is not your daemon is never touched, whatever the pid file says.]],
      zh = [[
写一个程序 daemonctl：`start PIDFILE SCRIPT` 把脚本作为守护进程启动，已在运行就不再启动；
`status` 打印 "running" 或 "not running"，并清除失效的 pid 文件；`stop` 在一秒之内结束守护进程。
不管 pid 文件里写着什么，绝不碰不属于自己的进程。]],
      hints = {
        { en = "A pid file may be older than the process it names. process.kill(pid, 0) only says that somebody has this pid.",
          zh = "pid 文件可能比它指的进程还旧。process.kill(pid, 0) 只说明有人在用这个 pid。" },
        { en = "Pid and start time together name one process for good. Field 22 of /proc/PID/stat is the start time:\n"
            .. "write both into the file.",
          zh = "pid 加上启动时间才能永远确定一个进程。/proc/PID/stat 的第 22 个字段是启动时间：\n"
            .. "把两样都写进文件。" },
        { en = "After SIGTERM look again and again until it is gone, at most half a second; then SIGKILL. A zombie\n"
            .. "(state Z) does not run any more.",
          zh = "发出 SIGTERM 后反复查看，直到它消失，最多半秒；之后用 SIGKILL。\n"
            .. "僵尸进程（状态 Z）不算在运行。" },
      },
      check = {
        { function() return fact "once" == 1, fact "once" end,
          en = "started twice there is one daemon", zh = "启动两次也只有一个守护进程" },
        { function() return fact "status" == "running", fact "status" end,
          en = "status says running", zh = "status 显示 running" },
        { function() return fact "dead" == "not running", fact "dead" end,
          en = "after kill -9 status says not running", zh = "kill -9 之后 status 显示 not running" },
        { function() return fact "again" == 1, fact "again" end,
          en = "it can be started again", zh = "可以再次启动" },
        { function() return fact "stopped" == "not running", fact "stopped" end,
          en = "stop ends it", zh = "stop 结束了它" },
        { function() return fact "stranger" == "alive", fact "stranger" end,
          en = "a stranger whose pid stands in the file is left alone",
          zh = "文件里写着别人的 pid 时，不碰那个进程" },
      } },
  },
}
