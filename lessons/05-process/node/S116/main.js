// S116 | process: time, CPU and memory it has used
// api: process.hrtime.bigint process.uptime process.cpuUsage process.memoryUsage process.resourceUsage process.getuid process.getgid process.getgroups
// covers: S115 S116
'use strict';
const t1 = process.hrtime.bigint();
const c1 = process.cpuUsage();
const end = Date.now() + 60;
let n = 0;
while (Date.now() < end) n += 1;
const t2 = process.hrtime.bigint();
const used = process.cpuUsage(c1);

console.log(`hrtime is in nanoseconds and grows: ${t2 - t1 >= 55000000n}`);
console.log(`uptime is in seconds: ${process.uptime() > 0 && process.uptime() < 60}`);
console.log(`cpuUsage is in microseconds: used user and system time ${used.user + used.system > 1000}`);

const m = process.memoryUsage();
console.log(`memory in bytes: rss ${m.rss > 1e6}, heapTotal >= heapUsed ${m.heapTotal >= m.heapUsed}, external ${m.external >= 0}`);
const r = process.resourceUsage();
console.log(`resourceUsage: maxRSS ${r.maxRSS > 0}, userCPUTime ${r.userCPUTime > 0}`);

console.log(`uid and gid are numbers: ${[process.getuid(), process.geteuid(), process.getgid(), process.getegid()].every(Number.isInteger)}`);
console.log(`groups is a list: ${Array.isArray(process.getgroups())}`);
