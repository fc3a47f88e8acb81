/* SPDX-License-Identifier: MIT */
/* builtins.c - see builtins.h. A new module is one line here. */
#include "builtins.h"

#include <stddef.h>
#include "assert/assert.h"
#include "buffer/buffer.h"
#include "console/console.h"
#include "child_process/child.h"
#include "dgram/dgram.h"
#include "dns/dns.h"
#include "cluster/cluster.h"
#include "events/abort.h"
#include "crypto/crypto.h"
#include "events/events.h"
#include "fs/fs.h"
#include "globals.h"
#include "http/http.h"
#include "module.h"
#include "net/net.h"
#include "os.h"
#include "path.h"
#include "perf_hooks.h"
#include "process/process.h"
#include "promise/promise.h"
#include "querystring.h"
#include "readline/readline.h"
#include "redis.h"
#include "stream/stream.h"
#include "string_decoder.h"
#include "timers/timers.h"
#include "trace.h"
#include "url/url.h"
#include "util/util.h"
#include "worker_threads/atomics.h"
#include "worker_threads/worker_threads.h"

const ModuleDef *const builtin_modules[] = {
  &globals_module,
  &assert_module,
  &atomics_module,
  &buffer_module,
  &console_module,
  &child_process_module,
  &dgram_module,
  &dns_module,
  &dns_promises_module,
  &cluster_module,
  &event_target_module,
  &crypto_module,
  &events_module,
  &fs_module,
  &fs_promises_module,
  &http_module,
  &io_module,
  &module_module,
  &net_module,
  &os_module,
  &path_module,
  &perf_hooks_module,
  &process_module,
  &promise_module,
  &querystring_module,
  &readline_module,
  &readline_promises_module,
  &redis_module,
  &stream_module,
  &stream_promises_module,
  &string_decoder_module,
  &timers_module,
  &timers_promises_module,
  &trace_module,
  &url_module,
  &util_module,
  &worker_threads_module,
  NULL
};

const GlobalDef builtin_globals[] = {
  { "AbortController", "event_target", "AbortController" },
  { "AbortSignal", "event_target", "AbortSignal" },
  { "AggregateError", "_G", "AggregateError" },
  { "ArrayBuffer", "buffer", "ArrayBuffer" },
  { "Atomics", "atomics", NULL },
  { "BigInt64Array", "buffer", "BigInt64Array" },
  { "BigUint64Array", "buffer", "BigUint64Array" },
  { "BroadcastChannel", "worker_threads", "BroadcastChannel" },
  { "Buffer", "buffer", "Buffer" },
  { "DataView", "buffer", "DataView" },
  { "Error", "_G", "Error" },
  { "Event", "event_target", "Event" },
  { "EventEmitter", "events", NULL },
  { "EventTarget", "event_target", "EventTarget" },
  { "Float32Array", "buffer", "Float32Array" },
  { "Float64Array", "buffer", "Float64Array" },
  { "Int16Array", "buffer", "Int16Array" },
  { "Int32Array", "buffer", "Int32Array" },
  { "Int8Array", "buffer", "Int8Array" },
  { "JSON", "_G", "JSON" },
  { "MessageChannel", "worker_threads", "MessageChannel" },
  { "MessagePort", "worker_threads", "MessagePort" },
  { "Promise", "promise", "Promise" },
  { "RangeError", "_G", "RangeError" },
  { "SharedArrayBuffer", "buffer", "SharedArrayBuffer" },
  { "SyntaxError", "_G", "SyntaxError" },
  { "TextDecoder", "util", "TextDecoder" },
  { "TextEncoder", "util", "TextEncoder" },
  { "TypeError", "_G", "TypeError" },
  { "URL", "url", "URL" },
  { "URLSearchParams", "url", "URLSearchParams" },
  { "Uint16Array", "buffer", "Uint16Array" },
  { "Uint32Array", "buffer", "Uint32Array" },
  { "Uint8Array", "buffer", "Uint8Array" },
  { "Uint8ClampedArray", "buffer", "Uint8ClampedArray" },
  { "array", "_G", "array" },
  { "async", "promise", "async" },
  { "atob", "buffer", "atob" },
  { "await", "promise", "await" },
  { "btoa", "buffer", "btoa" },
  { "console", "console", NULL },
  { "instanceof", "_G", "instanceof" },
  { "null", "_G", "null" },
  { "performance", "perf_hooks", "performance" },
  { "process", "process", NULL },
  { "queueMicrotask", "promise", "queueMicrotask" },
  { "structuredClone", "_G", "structuredClone" },
  { "clearImmediate", "timers", "clearImmediate" },
  { "clearInterval", "timers", "clearInterval" },
  { "clearTimeout", "timers", "clearTimeout" },
  { "setImmediate", "timers", "setImmediate" },
  { "setInterval", "timers", "setInterval" },
  { "setTimeout", "timers", "setTimeout" },
  { NULL, NULL, NULL }
};
