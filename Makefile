# moonfork: build, tests, documentation, installation.
#
#   make            build ./moonfork
#   make play       install what is missing, build, open the prompt
#   make test       install what is missing, build, run all tests
#   make prove T="tests/events tests/timers/order.lua"    some tests, nothing installed
#   make test-page  install a browser, test the page in it
#   make check      warnings as errors, lint, documentation in step, tests under ASan and UBSan
#   make help       all targets and variables
#
# Variants keep their objects and their program apart and may be combined:
#   SAN=address     ASan and UBSan                  ./moonfork-asan
#   SAN=thread      TSan                            ./moonfork-tsan
#   STRESS=1        a collection at every object    ./moonfork-stress
#   WERROR=1        warnings are errors             ./moonfork-werror
#   TRACE=0         without the flight recorder     ./moonfork-notrace

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
SHELL := /bin/sh

PREFIX  ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC := gcc
endif
OPT     ?= -O2
JOBS    ?= 2
comma   := ,
T       ?=
FUZZ_TIME ?= 60
SOAK_TIME ?= 60

# ---- variants ------------------------------------------------------------------------------

variant_flags :=
variant := release
suffix :=
time_limit := 180
scale := 100
ifeq ($(SAN),address)
variant := asan
suffix := -asan
variant_flags += -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
time_limit := 180
scale := 25
else ifeq ($(SAN),thread)
variant := tsan
suffix := -tsan
variant_flags += -fsanitize=thread -fno-omit-frame-pointer
time_limit := 180
scale := 25
else ifneq ($(SAN),)
$(error SAN is "address" or "thread", not "$(SAN)")
endif
ifeq ($(STRESS),1)
variant := $(variant)-stress
suffix := $(suffix)-stress
variant_flags += -DMOONFORK_STRESS
time_limit := 300
scale := 1
endif
ifeq ($(WERROR),1)
variant := $(variant)-werror
suffix := $(suffix)-werror
variant_flags += -Werror
endif

ifeq ($(TRACE),0)
variant := $(variant)-notrace
suffix := $(suffix)-notrace
variant_flags += -DMOONFORK_NO_TRACE
endif

out     := build/$(variant)
program := moonfork$(suffix)

# ---- flags ---------------------------------------------------------------------------------

# Readline and libcrypto are opened with dlopen when first used: their headers are needed here,
# but they are not linked, so a script that uses neither does not pay for them.
warnings  := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
pkg_flags := $(shell pkg-config --cflags lua5.4 libuv 2>/dev/null)
c_flags    = -std=c11 -D_GNU_SOURCE -iquote . -iquote modules $(OPT) -g $(warnings) $(variant_flags) \
             $(pkg_flags) $(CPPFLAGS) $(CFLAGS)
# Lua and libuv are linked from their archives: calls into Lua get up to a quarter faster, and a hello
# script starts in 0.74 ms and 2.5 MB instead of 0.90 ms and 2.8 MB (without the one of libuv: 0.82 ms,
# 2.7 MB). A system that has no archives gets the shared libraries. All of Lua goes in, and -rdynamic
# exports it, because a C module for Lua, loaded by require, finds the symbols here.
archive    = $(filter /%,$(shell $(CC) -print-file-name=$(1)))
lua_static := $(call archive,liblua5.4.a)
uv_static  := $(call archive,libuv_a.a)
lua_libs   := $(if $(lua_static),-Wl$(comma)--whole-archive $(lua_static) \
                -Wl$(comma)--no-whole-archive,$(shell pkg-config --libs lua5.4 2>/dev/null))
uv_libs    := $(or $(uv_static),$(shell pkg-config --libs libuv 2>/dev/null))
http_libs := $(or $(call archive,libhttp_parser.a),-lhttp_parser)
ld_flags   = -rdynamic -Wl,--as-needed $(variant_flags) $(LDFLAGS)
libs       = $(lua_libs) $(uv_libs) $(http_libs) -ldl -lrt -lpthread -lm $(LDLIBS)

sources := $(sort $(wildcard modules/core/*.c modules/*.c modules/*/*.c repl/*.c repl/*/*.c))
objects := $(sources:%.c=$(out)/%.o)

# ---- building ------------------------------------------------------------------------------

.PHONY: all tools
all: $(program)

# Names the cure before the compiler complains about a missing header.
tools:
	@pkg-config --exists lua5.4 libuv || \
	  { echo 'lua5.4 or libuv not found by pkg-config: run "make deps" first' >&2; exit 1; }

$(program): $(objects)
	$(CC) $(ld_flags) -o $@ $(objects) $(libs)

# The files of the browser page lie in the program: the assembler copies them in.
$(out)/repl/inspect/assets.o: $(wildcard repl/inspect/*.html repl/inspect/*.css repl/inspect/*.js)

$(out)/%.o: %.c Makefile | tools
	@mkdir -p $(@D)
	$(CC) $(c_flags) -MMD -MP -c -o $@ $<

-include $(objects:.o=.d)

# ---- what is needed ------------------------------------------------------------------------

# tests/lib/deps installs the packages that are missing, or prints the line to type.
.PHONY: deps play test
deps:
	@tests/lib/deps gcc libc6-dev pkg-config liblua5.4-dev libuv1-dev libhttp-parser-dev libreadline-dev libhiredis-dev \
	  libssl-dev perl procps tmux

play: deps
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@./$(program)

# A second make reads pkg-config again, now that the packages are there.
test: deps
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@$(MAKE) --no-print-directory unit prove

# ---- tests ---------------------------------------------------------------------------------

# Extra options for sanitizers; a child of a test inherits them.
export ASAN_OPTIONS  ?= exitcode=99:detect_stack_use_after_return=1
export UBSAN_OPTIONS ?= print_stacktrace=1
export LSAN_OPTIONS  ?= suppressions=$(CURDIR)/tests/lib/lsan.supp:print_suppressions=0
export TSAN_OPTIONS  ?= suppressions=$(CURDIR)/tests/lib/tsan.supp:print_suppressions=0:exitcode=99:second_deadlock_stack=1

test_env = MOONFORK='$(CURDIR)/$(program)' MOONFORK_VARIANT='$(variant)' \
  MOONFORK_TEST_TIMEOUT="$${MOONFORK_TEST_TIMEOUT:-$(time_limit)}" \
  MOONFORK_TEST_SCALE="$${MOONFORK_TEST_SCALE:-$(scale)}"

# TSan of gcc 12 wants the addresses that kernels with more randomness do not give it.
ifeq ($(SAN),thread)
test_env += MOONFORK_TEST_PREFIX="setarch $$(uname -m) -R"
endif

# The program that serves a run made by hand to a browser (tests/page).
page_server := $(out)/tests/page/serve
$(page_server): $(page_server).o $(filter-out $(out)/repl/main.o,$(objects))
	$(CC) $(ld_flags) -o $@ $^ $(libs)
-include $(page_server).d

.PHONY: prove unit test-page
prove: all $(page_server)
	@mkdir -p $(out)
	@tests/lib/list $(T) > $(out)/tests.list
	@$(test_env) prove -j$(JOBS) --failures --comments --exec tests/lib/run - < $(out)/tests.list

# The browser page in a browser: installs what that takes, which "make test" does not.
test-page: deps
	@tests/lib/deps chromium fonts-noto-cjk $$(command -v node >/dev/null || echo nodejs) \
	  $$(command -v npm >/dev/null || echo npm)
	@cd tests/page && npm ci --ignore-scripts --no-audit --no-fund
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@MOONFORK_PAGE=1 $(MAKE) --no-print-directory prove T=tests/page

# A unit test names the objects it needs in a line "// objs: modules/core/json.o ...";
# "// objs: all" means every object but that of main.
unit_default := $(patsubst %.c,%.o,$(sort $(wildcard $(addprefix modules/core/,\
  strbuf.c utf8.c number.c frame.c json.c json_*.c step.c clone.c clone_*.c))))
unit_sources := $(wildcard tests/unit/*.c)
unit_programs := $(unit_sources:%.c=$(out)/%)
unit_line = $(shell sed -n '1,30s,^// objs: *,,p' $(1))
unit_named = $(or $(call unit_line,$(1)),$(unit_default))
unit_objects = $(if $(filter all,$(call unit_named,$(1))),$(filter-out $(out)/repl/main.o,$(objects)),$(addprefix $(out)/,$(call unit_named,$(1))))

define unit_rule
$(out)/$(1:.c=): $(out)/$(1:.c=.o) $(call unit_objects,$(1))
	$$(CC) $$(ld_flags) -o $$@ $$^ $$(libs)
endef
$(foreach source,$(unit_sources),$(eval $(call unit_rule,$(source))))
-include $(unit_programs:=.d)

unit: $(unit_programs)
ifneq ($(unit_programs),)
	@$(test_env) prove -j$(JOBS) --failures --comments --exec tests/lib/run $(unit_programs)
else
	@echo 'unit: no tests in tests/unit'
endif

# ---- checks --------------------------------------------------------------------------------

# The same tests run under ASan and UBSan here, and once more with a collection at every new object;
# "make test" runs them in the ordinary program.
.PHONY: check lint docs docs-check fmt
check: deps
	@$(MAKE) --no-print-directory -j$(JOBS) WERROR=1 all
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@$(MAKE) --no-print-directory docs-check
	@$(MAKE) --no-print-directory -j$(JOBS) SAN=address WERROR=1 all
	@$(MAKE) --no-print-directory SAN=address WERROR=1 unit prove
	@$(MAKE) --no-print-directory stress
	@echo 'check: all passed'

lint:
	@perl tests/lint/lint.pl

# The registration rows are the only source: the program prints them, a script formats them.
docs: all
	@tests/lib/docs ./$(program) $(out) modules/docs

docs-check: all
	@rm -rf $(out)/docs
	@tests/lib/docs ./$(program) $(out) $(out)/docs
	@diff -ru modules/docs $(out)/docs || \
	  { echo 'docs: modules/docs is not what the rows say: run "make docs" and commit' >&2; exit 1; }

fmt:
	@command -v clang-format >/dev/null || { echo 'fmt: clang-format is not installed' >&2; exit 1; }
	clang-format -i $$(find modules repl tests -name '*.[ch]')

# ---- deeper checks -------------------------------------------------------------------------

.PHONY: bench soak valgrind fuzz stress
# The limits that some figures are held against: programs of C that do no more than libuv does.
# And one that draws the views.
bench_programs := $(out)/tests/bench/async $(out)/tests/bench/views
$(out)/tests/bench/async: %: %.o
	$(CC) $(ld_flags) -o $@ $^ $(uv_libs) -ldl -lrt -lpthread
$(out)/tests/bench/views: $(out)/tests/bench/views.o $(filter-out $(out)/repl/main.o,$(objects))
	$(CC) $(ld_flags) -o $@ $^ $(libs)

# "make bench T=trace" measures the flight recorder alone: a build without it beside this one.
$(out)/tests/bench/record: $(out)/tests/bench/record.o $(filter-out $(out)/repl/main.o,$(objects))
	$(CC) $(ld_flags) -o $@ $^ $(libs)

bench: all $(bench_programs) $(out)/tests/bench/record
	@if [ '$(T)' != trace ]; then $(test_env) perl tests/bench/run $(filter-out trace,$(T)); fi
ifneq ($(if $(T),$(filter trace,$(T)),all),)
	@$(MAKE) --no-print-directory -s -j$(JOBS) TRACE=0 all
	@$(test_env) perl tests/bench/trace.pl '$(CURDIR)/moonfork-notrace' $(out)/tests/bench/record
endif

# Load and death: cluster workers killed and replaced under load, SOAK_TIME seconds each; children in waves.
soak: all
	@$(test_env) SOAK_TIME=$(SOAK_TIME) MOONFORK_TEST_TIMEOUT=$$(($(SOAK_TIME) + 120)) \
	  prove -v --exec tests/lib/run $(or $(T),tests/soak/kills.lua tests/soak/reload.lua tests/soak/children.lua tests/soak/threads.lua tests/soak/course.t tests/soak/trace.lua)

valgrind: all
	@command -v valgrind >/dev/null || { echo 'valgrind is not installed' >&2; exit 1; }
	@mkdir -p $(out)
	@tests/lib/list $(or $(T),@valgrind) > $(out)/valgrind.list
	@MOONFORK_TEST_TIMEOUT=300 MOONFORK_TEST_SCALE=5 \
	  MOONFORK_TEST_PREFIX='valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=99' \
	  MOONFORK='$(CURDIR)/$(program)' prove -j$(JOBS) --failures --comments --exec tests/lib/run - < $(out)/valgrind.list

fuzz:
	@FUZZ_TIME=$(FUZZ_TIME) tests/lib/fuzz $(T)

# The whole suite with a full collection at every new object, under ASan.
stress:
	@$(MAKE) --no-print-directory -j$(JOBS) SAN=address STRESS=1 all
	@$(MAKE) --no-print-directory SAN=address STRESS=1 unit prove

# ---- installation --------------------------------------------------------------------------

bin_dir   = $(DESTDIR)$(PREFIX)/bin
man_dir   = $(DESTDIR)$(PREFIX)/share/man/man1
share_dir = $(DESTDIR)$(PREFIX)/share/moonfork

# The program finds its lessons by its own place: ../share/moonfork beside the folder it is in.
.PHONY: install uninstall clean help
install: all
	install -d $(bin_dir) $(man_dir) $(share_dir)
	install -m 755 $(program) $(bin_dir)/moonfork
	install -m 644 repl/moonfork.1 $(man_dir)/moonfork.1
	install -m 644 modules/docs/moonfork.lua $(share_dir)/moonfork.lua
	rm -rf $(share_dir)/lessons
	cp -R lessons $(share_dir)/lessons
	chmod -R u=rwX,go=rX $(share_dir)

uninstall:
	rm -f $(bin_dir)/moonfork $(man_dir)/moonfork.1
	rm -rf $(share_dir)

clean:
	rm -rf build moonfork moonfork-*

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile
	@echo 'Also: deps unit stress bench soak docs docs-check fmt lint valgrind fuzz install uninstall clean'
	@echo 'Variables: T (tests) JOBS CC OPT CFLAGS LDFLAGS PREFIX DESTDIR FUZZ_TIME SOAK_TIME'
