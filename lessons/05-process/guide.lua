-- The guide of chapter 5; lessons/README.md tells what a guide is made of.
return {
  title = { en = "Process and child_process", zh = "进程与 child_process" },
  minutes = 60,
  steps = {
    { say = "what-belongs-to-a-process",
      en = [[
A process is a running program with memory of its own. The system knows it by a number, the pid, and knows
who started it: the ppid. It has arguments (argv), an environment (env), a working folder (cwd), and
descriptors: small numbers for what it has open. 0 is what it reads, 1 what it prints, 2 where it complains.

A child begins with copies of much of that. Its parent gets the other ends of its descriptors 0, 1 and 2,
and learns how it ends.]],
      zh = [[
进程是运行中的程序，有自己的内存。系统用一个号码认识它：pid；也知道是谁启动的它：ppid。
它有参数（argv）、环境变量（env）、工作目录（cwd）和描述符：每样打开的东西对应一个小整数。
0 用来读，1 用来打印，2 用来报错。

子进程一开始得到其中许多东西的副本。父进程握着它的描述符 0、1、2 的另一端，并且会得知它如何结束。]] },

    { run = "four-ways", script = "four-ways.lua", view = ".ps",
      en = "spawn, execFile, exec and fork side by side: all four start a process. What separates them?",
      zh = "spawn、execFile、exec 和 fork 放在一起看：四个都启动进程。区别在哪里？",
      look = {
        en = "spawn gives a stream, exec and execFile the whole output at the end (exec by way of a shell), fork a"
          .. "\nchannel for messages.",
        zh = "spawn 给的是流；exec 和 execFile 在最后一次给出全部输出（exec 经过 shell）；fork 给的是消息通道。" },
      check = {
        { function() return count "proc.spawn" >= 4, count "proc.spawn" end,
          en = "four children are started", zh = "启动了四个子进程" },
        { function() return saw "ipc.recv" end,
          en = "one of them talks by messages", zh = "其中一个用消息说话" },
      } },

    { run = "shell-or-not", script = "shell-or-not.lua", view = ".ps",
      en = "exec puts a shell in between, execFile does not. The same characters are given to both.",
      zh = "exec 中间隔着一个 shell，execFile 没有。把同样的字符交给它们。",
      look = {
        en = "to the shell the characters are a program; to execFile they are plain text.",
        zh = "对 shell 来说这些字符是程序；对 execFile 来说只是文本。" },
      check = {
        { function() return line "exec sees: a  b | 2" end,
          en = "the shell computes $((1+1))", zh = "shell 计算了 $((1+1))" },
        { function() return line "exec of a missing program: exit code 127" end,
          en = "a missing program is the shell's 127", zh = "程序不存在时，shell 的退出码是 127" },
      } },

    { predict = "kill-nine", script = "steps/kill-nine.lua",
      en = [[
A child is ended with kill -9. Which code and which signal does the exit event bring, and what does a shell
print for $? after the same end?]],
      zh = [[
用 kill -9 结束子进程。exit 事件里的 code 和 signal 是什么？同样的结局，shell 的 $? 打印什么？]],
      choices = {
        { en = "code 9, no signal; the shell prints 9", zh = "code 是 9，没有 signal；shell 打印 9" },
        { en = "no code, SIGKILL; the shell prints 137", zh = "没有 code，signal 是 SIGKILL；shell 打印 137" },
        { en = "code 137, SIGKILL; the shell prints 137", zh = "code 是 137，signal 是 SIGKILL；shell 打印 137" },
      },
      known = 2,
      answer = function()
        local code, signal = line("the exit event says").text:match "code (%w+), signal (%w+)"
        local shell = line("the shell says").text:match "%d+"
        return code == "none" and signal == "SIGKILL" and shell == "137" and 2 or code == "9" and 1 or 3
      end,
      because = {
        en = [[
the system says either "ended by itself with a code" or "ended by a signal", never both. A shell has only
one number to give, so it says 128 plus the number of the signal.]],
        zh = [[
系统只会说“自己结束，带一个退出码”或者“被信号结束”，二者必居其一。
shell 只能给出一个数，于是用 128 加上信号的编号。]] } },

    { run = "exit-codes", script = "exit-codes.lua", view = ".ps",
      en = "The table of exit codes, each row run live.",
      zh = "退出码表，每一行都当场运行。",
      look = {
        en = "300 has become 44: a code is one byte. 0 is success, everything else is a matter of agreement.",
        zh = "300 变成了 44：退出码只有一个字节。0 表示成功，其余都靠约定。" },
      check = {
        { function() return line "42 own choice: code 42" end,
          en = "process.exit(42) gives 42", zh = "process.exit(42) 得到 42" },
        { function() return line "300 is cut to one byte: code 44" end,
          en = "300 is cut to 44", zh = "300 被截成 44" },
        { function() return line "a shell reports SIGTERM as 143" end,
          en = "the shell makes 143 of SIGTERM", zh = "shell 把 SIGTERM 报成 143" },
      } },

    { predict = "exit-or-close", script = "steps/close-later.lua",
      picture = [[
  parent ==== pipe ==== sh (ends at once)
                 \===== sleep 0.5 (has inherited the pipe)]],
      en = [[
A child prints a line and ends at once, but it leaves a grandchild behind that keeps the pipe for half a
second. Which of the two events `exit` and `close` comes late? Write its name.]],
      zh = [[
子进程打印一行后立即结束，但留下一个孙进程，孙进程还拿着管道半秒钟。
`exit` 和 `close` 两个事件，哪个来得晚？写出它的名字。]],
      known = "close",
      answer = function() return before(line "exit after", line "close after") and "close" or "exit" end,
      because = {
        en = [[
exit says that the process has ended. close says that its streams have ended, too: nobody holds the
writing end any more. Whoever wants all of the output waits for close.]],
        zh = [[
exit 表示进程结束了。close 表示它的流也结束了：再没有人握着管道的写端。
想要全部输出，就得等 close。]] } },

    { run = "pipe-capacity", script = "pipe-capacity.lua", view = ".taps",
      en = "A child writes 1 MB into a pipe that nobody reads. Look at its state.",
      zh = "子进程往没人读的管道里写 1 MB。看看它的状态。",
      look = {
        en = "FULL: head sleeps in the middle of a write, since the pipe (64 KB) is full. READ: when reading begins it "
          .. "goes on, and all of it is taken out.",
        zh = "FULL：管道（64 KB）满了，head 写到一半，停在那里睡眠。READ：开始读之后它才继续，最后全部读走。" },
      check = {
        { function() return line "without reading, the writer is done: false" end,
          en = "while nobody reads the writer is not done", zh = "没人读的时候写者完不成" },
        { function() return line "after reading: 1000000 bytes, done true" end,
          en = "after reading all bytes have come", zh = "读完之后所有字节都到了" },
      } },

    { run = "sync", script = "sync.lua", view = ".loop",
      en = "The synchronous three wait for the child on the spot. A timer beside them counts its ticks.",
      zh = "三个同步函数就地等待子进程。旁边有个定时器在数自己跳了几下。",
      look = {
        en = "the strip of A is blocked as long as a synchronous child runs.",
        zh = "同步子进程运行多久，A 的时间条就阻塞多久。" },
      check = {
        { function() return line "ticks during a synchronous child: 0" end,
          en = "no tick comes during a synchronous child", zh = "同步子进程期间一下也没跳" },
        { function() return line "ticks during an asynchronous child, several: true" end,
          en = "several come during an asynchronous one", zh = "异步子进程期间跳了好几下" },
      } },

    { try = "small-output", script = "pipe-capacity.lua",
      from = "local size = 1000000", to = "local size = 10000",
      en = "Let the child write 10000 bytes only.",
      zh = "让子进程只写 10000 字节。",
      differs = {
        en = "they fit into the pipe (64 KiB on Linux): the writer is done before anybody reads.",
        zh = "管道放得下（Linux 上是 64 KiB）：还没人读，写者就完成了。" },
      check = {
        { function() return line "without reading, the writer is done: true" end,
          en = "the writer is done without a reader", zh = "没人读，写者也完成了" },
      } },

    { explain = "inherited-pipe",
      en = "Somebody's build server hangs: `out=$(./start.sh)` never returns, although start.sh has ended. Explain.",
      zh = "有人的构建服务器卡住了：start.sh 已经结束，`out=$(./start.sh)` 却一直不返回。请解释。" },

    { exercise = "run",
      en = [[
Write run(file, args, { timeout, limit }): it starts a program and promises a table with stdout, stderr, code,
signal, ended ("time" when timeout ms were over, "limit" when there were more than limit bytes of output) and
error (the code when the program could not be started). No process may be left. The file returns run.]],
      zh = [[
写 run(file, args, { timeout, limit })：启动一个程序，返回 Promise，结果是一张表：stdout、stderr、code、signal、
ended（超过 timeout 毫秒为 "time"，输出超过 limit 字节为 "limit"）和 error（启动不了时的错误码）。
不许留下进程。文件返回 run。]],
      hints = {
        { en = "setTimeout for the time, a counter in the data listener for the limit; both end the child in one way.",
          zh = "时间用 setTimeout，字节数在 data 监听器里累计；两者用同一个办法结束子进程。" },
        { en = "Note why you killed it before you kill it: the close event cannot tell.",
          zh = "杀之前先记下原因：close 事件里看不出来。" },
        { en = "A program that cannot be started gives \"error\" with e.code = \"ENOENT\", and then \"close\".\n"
            .. "Collect the pieces in a table and join them with Buffer.concat at the end.",
          zh = "启动不了的程序会给出 \"error\" 事件，e.code 是 \"ENOENT\"，然后是 \"close\"。\n"
            .. "各段先存进表里，最后用 Buffer.concat 连起来。" },
      },
      check = {
        { function()
            local r = fact "normal"
            return r.text == "out\n" and r.stderr == "err\n" and r.code == 0, r.text .. r.stderr
          end,
          en = "a normal end gives stdout, stderr and code 0", zh = "正常结束给出 stdout、stderr 和退出码 0" },
        { function() return fact "three".code == 3, fact "three".code end,
          en = "code 3 arrives as 3", zh = "退出码 3 如实返回" },
        { function() return fact "killed".signal == "SIGTERM", fact "killed".signal end,
          en = "an end by SIGTERM names the signal", zh = "被 SIGTERM 结束时给出信号名" },
        { function() return fact "missing".error == "ENOENT", fact "missing".error end,
          en = "a missing program gives ENOENT", zh = "程序不存在时给出 ENOENT" },
        { function() return fact "slow".ended == "time", fact "slow".ended end,
          en = "sleep 600 is ended by a timeout of 200 ms", zh = "sleep 600 被 200 毫秒的超时结束" },
        { function() return fact "endless".ended == "limit", fact "endless".ended end,
          en = "endless output is ended by the limit", zh = "无尽的输出被字节上限结束" },
        { function() return left() == 0, left() end,
          en = "no process is left", zh = "没有留下进程" },
      } },
  },
}
