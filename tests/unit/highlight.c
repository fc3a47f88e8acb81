/* SPDX-License-Identifier: MIT */
/* highlight.c - unit test of the lexer, the colours and the indentation of the prompt. */
// objs: repl/edit/highlight.o repl/edit/lex.o
#include "../../repl/edit/highlight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int tests, failures;

static void ok(bool good, const char *what) {
  tests++;
  if (!good) failures++;
  printf("%sok %d - ", good ? "" : "not ", tests);
  for (; *what; what++) putchar(*what == '\n' ? '|' : *what == '#' ? '*' : *what);
  putchar('\n');
}

/* ---- colours, written as one letter a byte ---- */

static bool known_print(void *ctx, const char *name, size_t len) {
  (void)ctx;
  return len == 5 && !memcmp(name, "print", 5);
}

static void colours(const char *text, const char *want) {
  static const char letters[HL_COUNT] = { '.', 'k', 's', 'n', 'c', 'd', 'u', 'm' };
  uint8_t attr[256];
  char got[256];
  size_t len = strlen(text);
  highlight(text, len, attr, known_print, NULL);
  for (size_t i = 0; i < len; i++) got[i] = letters[attr[i]];
  got[len] = '\0';
  ok(!strcmp(got, want), text);
  if (strcmp(got, want)) printf("# got  %s\n# want %s\n", got, want);
}

static void test_colours(void) {
  colours("local s = \"a\" -- c", "kkkkk.....sss.cccc");
  colours("print(nosuch)", "......uuuuuu.");
  colours("x = 0x1p-4 + .5e+3", "....nnnnnn...nnnnn");
  colours("x = 1..2", "....nnnn");
  colours("s = [==[ ]] ]==] .. 'q'", "....ssssssssssss....sss");
  colours("--[[ a\nb ]] print()", "ccccccccccc........");
  colours("--[[ open", "ccccccccc");
  colours("s = \"open", "....sssss");
  colours("s = 'a\\'b' f()", "....ssssss.u..");
  colours("s = \"a\\z  \n b\"", "....ssssssssss");
  colours("s = [[open\nline", "....sssssssssss");
  colours(".help net", "ddddd....");
  colours("  ?cp.fork", "..d.......");
  colours("!ls \"x\"", "d......");
  colours("...", "...");
  colours("#!/bin/x\nnil", "cccccccc.kkk");
  colours("", "");
}

static void test_unknown(void) {
  colours("local a, b = c a() b()", "kkkkk........u........");
  colours("local a nosuch = 1 zz()", "kkkkk............n.uu..");
  colours("local a zz()", "kkkkk...uu..");
  colours("local a <const>, b = 1 b()", "kkkkk................n....");
  colours("function f(x) x(y) end f()", "kkkkkkkk........u..kkk....");
}

static void test_names(void) {
  colours("t.field:method()", "u...............");
  colours("for k, v in pairs(k) do v() end", "kkk......kk.uuuuu....kk.....kkk");
  colours("goto done ::done::", "kkkk..............");
  colours("x, y = 1, 2 x() z()", ".......n..n.....u..");
  colours("print { key = zzz }", "..............uuu..");
  colours("print(self, _ENV)", ".................");
}

/* ---- brackets ---- */

static void match(const char *text, size_t point, size_t first, size_t second) {
  uint8_t attr[128];
  size_t len = strlen(text), marked = 0;
  bool good = true;
  highlight(text, len, attr, NULL, NULL);
  highlight_brackets(text, len, point, attr);
  for (size_t i = 0; i < len; i++) {
    if (attr[i] != HL_MATCH) continue;
    marked++;
    good = good && (i == first || i == second);
  }
  ok(good && marked == (first == len ? 0 : 2), text);
}

static void test_brackets(void) {
  match("f(a, (b))", 1, 1, 8);
  match("f(a, (b))", 9, 1, 8);
  match("f(a, (b))", 8, 1, 8);
  match("f(a, (b))", 0, 9, 9);
  match("f(\")\", x)", 9, 1, 8);
  match("f(", 2, 2, 2);
  match("t[{1}]", 6, 1, 5);
  match(")", 0, 1, 1);
}

/* ---- indentation ---- */

static void depth(const char *text, int want) {
  int got = highlight_depth(text, strlen(text));
  ok(got == want, text);
  if (got != want) printf("# depth %d, not %d\n", got, want);
}

static void test_depth(void) {
  depth("x = 1", 0);
  depth("function f()", 1);
  depth("foo(function()", 1);
  depth("foo(function()\n  if x then", 2);
  depth("if a then\nelseif b then", 1);
  depth("if a then\nelse", 1);
  depth("if a then b() end", 0);
  depth("while x do", 1);
  depth("for i = 1, 2 do\nrepeat", 2);
  depth("repeat until x", 0);
  depth("t = {\n  {", 2);
  depth("t = { {", 1);
  depth("foo(function()\nend, function()", 1);
  depth("foo(function()\nend)", 0);
  depth("end end )", 0);
  depth("-- function", 0);
  depth("s = 'do'", 0);
  depth("function f()\n  s = [[", 0);
}

static void indent(const char *text, int want) {
  size_t len = strlen(text);
  const char *line = strrchr(text, '\n');
  int got = highlight_indent(text, len, line ? (size_t)(line + 1 - text) : 0);
  ok(got == want, text);
  if (got != want) printf("# indent %d, not %d\n", got, want);
}

static void test_indent(void) {
  indent("function f()\n", 2);
  indent("function f()\n  end", 0);
  indent("function f()\nende", 2);
  indent("function f()\n  en", -1);
  indent("function f()\n   end", -1);
  indent("if x then\n  else", 0);
  indent("if x then\nelsei", -1);
  indent("if x then\nelseif", -1);
  indent("repeat\n  until", 0);
  indent("t = {\n  }", 0);
  indent("foo(function()\n  if x then\n    end", 2);
  indent("foo(function()\n  end", 0);
  indent("s = [[\n  end", -1);
  indent("foo(\n  function()\n    end", 2);
}

/* ---- tokens ---- */

static void test_tokens(void) {
  static const TokenKind want[] = { TOKEN_KEYWORD, TOKEN_NAME,    TOKEN_OP,
                                    TOKEN_STRING,  TOKEN_OP,      TOKEN_NUMBER,
                                    TOKEN_BAD,     TOKEN_COMMENT, TOKEN_END };
  const char *text = "local \tx=[[a]]//2 @ --c";
  Lexer lex = lexer_of(text, strlen(text));
  bool good = true;
  for (size_t i = 0; i < sizeof want / sizeof *want; i++)
    good = next_token(&lex).kind == want[i] && good;
  ok(good, "kinds of tokens");
  lex = lexer_of("[=[ ]]", 6);
  Token token = next_token(&lex);
  ok(token.open && token.len == 6, "an unfinished long string is open");
  lex = lexer_of("'ab\nc", 5);
  token = next_token(&lex);
  ok(token.open && token.len == 3, "a string ends with its line");
}

/* Every byte string has tokens that follow one another and end. */
static void test_any_bytes(void) {
  static const char pieces[] = "[]=-\"'\\\n\r.0xep+#!az_ \t\0\377{}";
  bool good = true;
  unsigned seed = 1;
  for (int round = 0; round < 20000; round++) {
    char text[24];
    uint8_t attr[sizeof text];
    size_t len = (size_t)round % sizeof text, at = 0;
    for (size_t i = 0; i < len; i++) {
      seed = seed * 1103515245u + 12345u;
      text[i] = pieces[(seed >> 16) % (sizeof pieces - 1)];
    }
    Lexer lex = lexer_of(text, len);
    for (Token t = next_token(&lex); t.kind != TOKEN_END; t = next_token(&lex)) {
      good = good && t.start >= at && t.len > 0 && t.start + t.len <= len;
      at = t.start + t.len;
    }
    highlight(text, len, attr, known_print, NULL);
    highlight_brackets(text, len, len / 2, attr);
    (void)highlight_indent(text, len, len / 2);
  }
  ok(good, "20,000 odd texts");
}

/* The promise is 2 ms; the ceiling leaves room for slow machines and sanitizers. */
static void test_speed(void) {
  static const char line[] = "local function f(a, b) return a + nosuch.x(\"s\") end -- text\n";
  enum { SIZE = 100 * 1024, ROUNDS = 20 };
  char *text = malloc(SIZE);
  uint8_t *attr = malloc(SIZE);
  if (!text || !attr) abort();
  for (size_t i = 0; i < SIZE; i++) text[i] = line[i % (sizeof line - 1)];
  clock_t best = 0;
  for (int i = 0; i < ROUNDS; i++) {
    clock_t start = clock();
    highlight(text, SIZE, attr, known_print, NULL);
    clock_t spent = clock() - start;
    if (i == 0 || spent < best) best = spent;
  }
  printf("# 100 KB in %.2f ms\n", (double)best * 1000 / CLOCKS_PER_SEC);
  ok(best < CLOCKS_PER_SEC / 10, "100 KB of Lua");
  free(text);
  free(attr);
}

int main(void) {
  test_colours();
  test_unknown();
  test_names();
  test_brackets();
  test_depth();
  test_indent();
  test_tokens();
  test_any_bytes();
  test_speed();
  printf("1..%d\n", tests);
  return failures ? 1 : 0;
}
