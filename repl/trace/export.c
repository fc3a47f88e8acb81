/* SPDX-License-Identifier: MIT */
/* export.c - see export.h: NDJSON, and what both forms share. */
#include "export.h"
#include "../../modules/core/json.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <uv.h>

void export_text(const char *text, size_t len, FILE *out) {
  StrBuf quoted;
  strbuf_init(&quoted);
  json_add_text(&quoted, text, len);
  if (!quoted.failed) (void)fwrite(quoted.p, 1, quoted.len, out);
  strbuf_free(&quoted);
}

static void put_number(const char *name, int64_t n, FILE *out) {
  const char *unit = strchr(name, ':');
  if (unit) (void)fprintf(out, ",\"%.*s_%s\":%.6f", (int)(unit - name), name, unit + 1, (double)n / 1e6);
  else (void)fprintf(out, ",\"%s\":%" PRId64, name, n);
}

void export_fields(const TraceRecord *r, FILE *out) {
  static const char *const flags[] = { "internal", "handle", "up", "cut" };
  if (r->event >= TRACE_EVENT_COUNT) return;
  const TraceEventDef *def = &trace_events[r->event];
  for (int i = 0; i < 4; i++)
    if (def->numbers[i]) put_number(def->numbers[i], r->n[i], out);
  for (int i = 0; i < 4; i++)
    if (r->flags & 1 << i) (void)fprintf(out, ",\"%s\":true", flags[i]);
  size_t at = 0, all = r->text_len <= TRACE_TEXT ? r->text_len : TRACE_TEXT;
  for (int i = 0; i < 2 && def->texts[i] && at < all; i++) {
    size_t len = i == 0 && def->texts[1] ? strnlen(r->text, all) : all - at;
    (void)fprintf(out, ",\"%s\":", def->texts[i]);
    export_text(r->text + at, len, out);
    at += len + 1;
  }
}

void export_ndjson(const TraceLog *log, FILE *out) {
  for (size_t i = 0; i < log->count; i++) {
    const TraceRecord *r = &log->items[i].r;
    const Ring *ring = &log->rings[log->items[i].ring];
    if (r->event >= TRACE_EVENT_COUNT) continue;
    (void)fprintf(out, "{\"v\":1,\"t\":%" PRIu64 ",\"pid\":%d,\"tid\":%d,\"seq\":%" PRIu32 ",\"ev\":\"%s\"", r->t,
                  ring->pid, ring->tid, r->seq, trace_events[r->event].name);
    export_fields(r, out);
    (void)fputs("}\n", out);
  }
}

int export_file(int dirfd, const char *path, ExportHow how, size_t *records) {
  TraceLog log;
  int err = trace_log_read(&log, dirfd);
  *records = log.count;
  FILE *out = err ? NULL : path ? fopen(path, how.fresh ? "wxe" : "we") : stdout;
  if (!err && !out) err = -errno;
  if (out) {
    if (how.chrome) err = export_chrome(&log, out);
    else export_ndjson(&log, out);
    if ((fflush(out) != 0 || ferror(out)) && !err) err = errno ? -errno : UV_EIO;
    if (path && fclose(out) != 0 && !err) err = -errno;
  }
  trace_log_free(&log);
  return err;
}
