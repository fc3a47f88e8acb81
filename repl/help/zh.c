/* SPDX-License-Identifier: MIT */
/* zh.c - see zh.h. Rows of the reference stay English; a name that has no row here does, too. */
#include "zh.h"
#include "../course/ui.h"
#include "../say.h"

#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name, *text;
} rows[] = {
  /* ---- the overview ---- */
  { "", "直接输入 Lua。表达式会显示它的值，没有副作用的在输入时就显示；_ 是上一个值，_err 是上一个错误，v(n) 是第 n 行的值。"
        "Tab 补全，上箭头和 Ctrl-R 找回历史，Alt-Enter 换行，Ctrl-C 停止正在运行的代码。" },
  { "(banner)", "输入 .help 查看帮助，.exit 或 Ctrl-D 离开。" },
  { "(questions)", "\n"
                   "  ?NAME             一个名字的文档：?cp.fork、?ENOENT、?SIGTERM\n"
                   "  ?? WORD           在全部文档里搜索\n"
                   "  !COMMAND          在 shell 里运行\n" },
  { "(modules)", "\n模块，不用 require 就能用：\n" },
  { ".cells", "每个 SharedArrayBuffer 开头的几个单元里现在是什么值；加 -f 实时刷新，能看到线程们怎"
            "样改写它们。" },
  { ".cont", "让被 .stop 停下的进程继续运行（发送 SIGCONT）。" },
  { ".doc", "查一个名字的文档：.doc cp.fork、.doc EADDRINUSE。与 ?NAME 相同。" },
  { ".edit", "用 $EDITOR 打开上一段代码（或 FILE）；保存后运行。" },
  { ".exit", "离开；还有子进程时会先询问。Ctrl-D 也一样。" },
  { ".handles", "是什么让程序活着：定时器、子进程、套接字。" },
  { ".help", "这份列表，或某个名字的文档。与 ?NAME 相同。" },
  { ".i", "一个值或一个进程的全部信息：.i 表达式、.i B（字母）、.i 412（pid）、.i #1（第 1 个子"
        "进程）。" },
  { ".in", "进入我们的一个正在运行的进程或线程，在里面输入 Lua：.in B、.in 412、.in #1、.in work"
         "er#2、.in tid 3。可以编辑行、用 Tab 补全、查看值；这一行打印的内容显示在这里，它的回"
         "调以后打印的内容出现在那个进程原来打印的地方；回调出错会像在它自己的脚本里一样结束那"
         "个进程。Ctrl-C 只停止这一行，.out 或 Ctrl-D 返回。" },
  { ".info", "关于本进程的事实。" },
  { ".inspect", "浏览器里的实时页面：进程、泳道、端口、事件循环。打印它的网址；off 关闭。" },
  { ".kill", "向进程发送信号（不写信号则为 SIGTERM），并说明结果：进程结束了、捕获了它，还是没有理"
           "会。NAME 就是各视图显示的名字：字母、worker#2、提示符给出的 #1，或者 pid；没有被记录的进程（例如 sh）没有字母，"
           "用 pid 指明。" },
  { ".lang", "帮助、错误码的解释和课程用哪种语言：zh 中文，en 英文。" },
  { ".lanes", "泳道图：什么时候发生了什么，每个进程一列，列之间是消息。数字 1 到 9 表示详细程度，加"
            " -f 实时刷新。" },
  { ".lesson", "课程目录；开始一章（.lesson 4）或运行一个脚本。" },
  { ".load", "像输入一样运行一个文件。" },
  { ".log", "各进程打印的内容，标明来自谁、什么时间；加 -f 持续显示。" },
  { ".loop", "每个事件循环最近在做什么：一个字符表示 50 毫秒，能看出循环何时空闲、何时被阻塞；加 -"
           "f 实时刷新。" },
  { ".mem", "Lua 堆、ArrayBuffer 和常驻内存（RSS）随时间变化的曲线；加 -f 实时刷新。" },
  { ".node", "一个示例的 JavaScript 原文，与 Lua 写法对照：.node S014、.node orphan；不写名字则是当前这一课的。" },
  { ".out", "从 .in 进入的进程或线程返回这个提示符。" },
  { ".pool", "线程池（libuv）里每个线程在做什么，还有哪些任务在排队；加 -f 实时刷新。" },
  { ".ports", "正在监听的套接字：哪些进程持有它，谁在接受连接；还有失败的 listen() 调用。加 -f 实时"
            "刷新。" },
  { ".present", "在课堂上演示一章：空格前进，退格后退，每个进程有自己的字母和颜色；--speed 0.25 让显示放慢，进程本身不受影响。"
                "不写章号则是上次学到的那一章。" },
  { ".ps", "我们的进程树，以及父子之间的通道；孤儿进程列在收养它的进程之下。加 -f 实时刷新。" },
  { ".record", "从现在起录下终端显示的内容，存为新文件，用 asciinema play 播放；off 结束。占用终端的"
             "程序（!vi、.edit）显示的内容不在其中。" },
  { ".reset", "忘掉本次会话的所有名字和值。" },
  { ".save", "把运行成功的行写入文件。" },
  { ".set", "提示符的选项，或修改其中一个。" },
  { ".slow", "从现在起，该进程或线程收到的每条消息都先等这么多毫秒再交给它；0 取消。用来观察消息慢"
           "的时候会怎样。" },
  { ".stop", "让进程停下（发送 SIGSTOP）；.cont 让它继续。" },
  { ".taps", "每个进程的 stdin、stdout、stderr 上流过多少字节；管道满了会标出。加 -f 实时刷新。" },
  { ".threads", "每个进程有哪些线程，状态如何，有多少消息在排队；加 -f 实时刷新。" },
  { ".time", "运行一行并说明用了多少时间。" },
  { ".top", "全屏实时显示所有进程；一行输入到一半时，按 F2 或 Alt-v 也能打开。" },
  { ".trace", "飞行记录仪：on/off 继续或暂停，log 看最近的记录，save 全部存入文件：FILE.ndjson 一行"
            "一条记录，FILE.json 供 Perfetto 打开。" },
  { ".transcript", "把到现在为止输入的行和打印的内容写成 Markdown 文件；必须是新文件，或上次写的那个。" },
  { ".type", "这个表达式是什么样的值：类、元表、大小、在哪里定义。" },
  { ".vars", "本次会话产生的名字。" },
  /* ---- error codes ---- */
  { "E2BIG", "新程序的参数和环境变量超过了系统允许的长度（总共约 2 MB）。请改用管道或消息传送数据。" },
  { "EACCES", "没有权限：文件的模式不允许这个用户这样做，或者程序不可执行（chmod +x）。" },
  { "EADDRINUSE", "地址已被占用：另一个进程，或本进程的另一个服务器，已在监听这个端口。结束它，或者监听 0 号端口，由系统给一个空闲端口。" },
  { "EADDRNOTAVAIL", "这台机器没有这个地址，所以无法在上面监听。" },
  { "EAGAIN", "现在不行：非阻塞的描述符没有数据，或者进程太多，无法再派生（ulimit -u）。" },
  { "EBADF", "描述符没有打开：它已经关闭，或者这个编号从来不是描述符。" },
  { "EBUSY", "此刻有人正在使用它。" },
  { "ECANCELED", "操作被放弃，因为它的句柄已关闭。" },
  { "ECHILD", "没有这样的子进程可等：已经等过，或者它属于别的进程。" },
  { "ECONNREFUSED", "那个地址和端口上没人监听。服务器启动了吗？端口对吗？" },
  { "ECONNRESET", "对方强行关闭了连接：它结束了，或者关闭时还有没读的数据。" },
  { "EEXIST", "它已经存在。" },
  { "EINTR", "系统调用进行到一半时来了信号。" },
  { "EINVAL", "给系统调用的值在那里没有意义。" },
  { "EISDIR", "这是目录，需要的是文件。" },
  { "EMFILE", "本进程打开的描述符已到上限（ulimit -n）。有人没有关闭文件、套接字或子进程的管道：看 .handles。" },
  { "ENFILE", "整个系统打开的文件已到上限。" },
  { "ENOENT", "没有这样的文件或目录。对 spawn 来说：PATH 里没有这个程序，或者它的工作目录（cwd）不存在。" },
  { "ENOEXEC", "文件可执行，但不是系统认识的程序：脚本的第一行要像 #!/bin/sh 这样。" },
  { "ENOMEM", "内存不够。" },
  { "ENOTCONN", "套接字没有连接。" },
  { "ENOTDIR", "路径中有一段是文件，不是目录。" },
  { "EPERM", "不允许：进程属于别的用户，或者只有 root 可以这样做。" },
  { "EPIPE", "向没有读者的管道或套接字写数据：子进程已经结束，或关闭了标准输入。" },
  { "ESRCH", "没有这个 pid 的进程：它已结束，并且已被等待过。" },
  { "ETIMEDOUT", "对方没有及时应答。" },
  { "ABORT_ERR", "操作被它的 AbortSignal 终止。" },
  { "ERR_CHILD_PROCESS_STDIO_MAXBUFFER", "子进程写的超过了 maxBuffer（不设置时为 1 MiB），因此被杀死。请用 spawn，来多少读多少。" },
  { "ERR_INVALID_ARG_TYPE", "参数的类型不对；消息里说明是哪个、需要什么、得到什么。" },
  { "ERR_INVALID_ARG_VALUE", "参数的类型对，但这个值不认识。" },
  { "ERR_INVALID_THIS", "调用方法时没带对象：要用冒号写成 obj:name()。" },
  { "ERR_IPC_CHANNEL_CLOSED", "消息通道已关闭：子进程结束了，或者一方调用了 disconnect。" },
  { "ERR_IPC_DISCONNECTED", "调用了 disconnect，但通道已经关闭。" },
  { "ERR_METHOD_NOT_IMPLEMENTED", "自己写的流缺少 _read 或 _write。" },
  { "ERR_MISSING_ARGS", "缺少必需的参数。" },
  { "ERR_OUT_OF_RANGE", "数字太小或太大；消息里有允许的范围。" },
  { "ERR_STDIN_HELD", "在提示符下按键属于行编辑器，所以 process.stdin 没有数据。请在脚本里读标准输入。" },
  { "ERR_STREAM_DESTROYED", "流已被销毁，不能再写。" },
  { "ERR_STREAM_PREMATURE_CLOSE", "流在结束之前就关闭了。" },
  { "ERR_STREAM_PUSH_AFTER_EOF", "在 push(nil)（结束）之后又推入了数据。" },
  { "ERR_STREAM_WRITE_AFTER_END", "在 finish() 之后又写了数据。" },
  { "ERR_TOO_MANY_CHILDREN", "活着的子进程已到提示符允许的数目，免得一行代码拖垮机器；.set children N 可以放宽。" },
  { "ERR_UNHANDLED_ERROR", "发射器发出了 \"error\"，却没人监听：请加 obj:on(\"error\", f)。" },
  { "ERR_UNHANDLED_REJECTION", "Promise 被拒绝而没人处理：请加 :catch(f)，或在 pcall 里 await 它。" },
  { "ERR_UNKNOWN_BUILTIN_MODULE", "没有这个名字的内置模块；module.builtinModules 列出全部。" },
  { "ERR_UNKNOWN_SIGNAL", "没有这个名字的信号；名字形如 \"SIGTERM\"。" },
  { "MODULE_NOT_FOUND", "找不到这个名字的文件：\"./name\" 在提出要求的文件旁边；普通名字按 package.path 查找。" },
  /* ---- signals ---- */
  { "SIGINT", "信号 2：Ctrl-C，发给终端前台的每个进程。可以捕获。" },
  { "SIGHUP", "信号 1：终端没了；守护进程把它当作重新读取设置的请求。可以捕获。" },
  { "SIGTERM", "信号 15：请结束；kill 不写信号时发送的就是它。可以捕获，进程可借此清理。" },
  { "SIGKILL", "信号 9：立即结束进程。不能捕获，什么也不会清理。" },
  { "SIGSTOP", "信号 19：让进程停下，直到 SIGCONT。不能捕获。" },
  { "SIGCONT", "信号 18：让停下的进程继续。" },
  { "SIGCHLD", "信号 17：有子进程结束或停下，父进程现在可以等待它。没人监听时忽略。" },
  { "SIGPIPE", "信号 13：向没有读者的管道写数据。这里忽略它：写操作以 EPIPE 失败。" },
  { "SIGUSR1", "信号 10：含义由程序自己规定。没有监听的进程会被它结束。" },
  { "SIGUSR2", "信号 12：含义由程序自己规定。没有监听的进程会被它结束。" },
  { "SIGTSTP", "信号 20：Ctrl-Z，停下前台的作业。可以捕获。" },
  { "SIGSEGV", "信号 11：碰了不属于自己的内存；C 程序的错误。" },
  { "SIGABRT", "信号 6：程序用 abort() 结束了自己。" },
  { "SIGALRM", "信号 14：alarm() 的定时到了。" },
};

const char *in_language(const char *name, const char *english) {
  if (lang_of_environment() != LANG_ZH) return english;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (!strcmp(rows[i].name, name)) return rows[i].text;
  return english;
}

void cmd_lang(const Command *command) {
  Lang lang;
  bool known = lang_of_word(command->args, &lang);
  if (known) ui_set_lang(lang); /* lessons inherit it */
  if (lang_of_environment() == LANG_ZH) say("%s", known ? "现在说中文。" : "现在是中文；.lang en 换成英文。");
  else say("%s", known ? "English from now on." : "English; .lang zh is Chinese.");
}
