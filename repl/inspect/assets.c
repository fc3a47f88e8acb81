/* SPDX-License-Identifier: MIT */
/* assets.c - see assets.h. The assembler copies the files in; the scripts become one, in this order. */
#include "assets.h"

#include <string.h>

#define FILES(name, includes) \
  __asm__(".pushsection .rodata\n" \
          ".global asset_" name "\n.hidden asset_" name "\nasset_" name ":\n" includes \
          ".global asset_" name "_end\n.hidden asset_" name "_end\nasset_" name "_end:\n.byte 0\n.popsection\n")
#define FILE_OF(name) ".incbin \"repl/inspect/" name "\"\n"

FILES("html", FILE_OF("index.html"));
FILES("css", FILE_OF("style.css"));
FILES("js", FILE_OF("base.js") FILE_OF("run.js") FILE_OF("top.js") FILE_OF("tree.js") FILE_OF("lanes.js")
  FILE_OF("ports.js") FILE_OF("curves.js") FILE_OF("log.js") FILE_OF("taps.js")
  FILE_OF("threads.js") FILE_OF("cells.js") FILE_OF("save.js") FILE_OF("app.js"));

extern const char asset_html[], asset_html_end[], asset_css[], asset_css_end[], asset_js[], asset_js_end[];

static const Asset assets[] = {
  { "/", "text/html; charset=utf-8", asset_html, asset_html_end },
  { "/style.css", "text/css; charset=utf-8", asset_css, asset_css_end },
  { "/page.js", "text/javascript; charset=utf-8", asset_js, asset_js_end },
};

const Asset *asset_at(const char *path, size_t len) {
  for (size_t i = 0; i < sizeof assets / sizeof *assets; i++)
    if (strlen(assets[i].path) == len && !memcmp(assets[i].path, path, len)) return &assets[i];
  return NULL;
}
