# PGXS builds and installs the extension: make, make install, make installcheck, make clean.
# Everything else is done by the scripts in test/tools, which install what is missing:
#
#   make test      all tests, in a private throw-away server; PG=14..18 picks the version
#   make demo      a short story told by the extension itself
#   make bench     how fast it is, beside what else there is
#   make stress    the tests again, larger and longer; test/README says how much
#   make fuzz      the readers of the core, and those in the server, given any bytes, for a minute each
#   make sanitize  the SQL tests and damaged input, the extension under the address and undefined-behaviour sanitizers
#   make assertions  the SQL tests, with PostgreSQL's assertions on in the extension
#   make valgrind  a few SQL tests, the server under valgrind
#   make coverage  the tests once more, to see which lines they run
#   make lint      formatting and warnings; make format rewrites the formatting
#   make reference   doc/catalog.md anew from the catalog
#   make pictures  those of doc/curves.md anew
#   make dist      a release archive of the last commit, for PGXN
#   make deb       Debian packages of the last commit

EXTENSION = shortlist
MODULE_big = shortlist
DATA = $(wildcard sql/shortlist--*.sql)
PGFILEDESC = "shortlist - exact ranking of skills and events"

OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))
INCLUDED = $(wildcard src/*.h src/*/*.h)

# The order of floating-point operations is part of the score's definition.
FLOAT_FLAGS = -ffp-contract=off -fno-math-errno
PG_CPPFLAGS = -I$(srcdir)/src
# Names within the library are its own: PostgreSQL loads libraries so that each sees what the others export (types/pg.h).
PG_CFLAGS = $(FLOAT_FLAGS) -fvisibility=hidden -Werror=implicit-function-declaration
# Calls within the library are bound within it: faster, and no symbol of the server takes their place.
SHLIB_LINK = -lm -Wl,-Bsymbolic-functions

# Tests are listed by name: a wildcard that matches nothing would pass.
# test/sql/NAME.sql and expected/NAME.out; install comes first and creates the extension.
REGRESS = install skillset skillset_ops jobspec eventfacts eventpref \
	comparison skill_rank skill_explain skill_gap event_rank event_explain \
	aggregates bad_input binary encoding event_gist event_gist_planner \
	am_build am_plan am_events operator_calls index_check catalog
REGRESS_OPTS = --inputdir=$(srcdir)/test

# test/specs/NAME.spec and expected/NAME.out: several sessions at once.
ISOLATION = index_cursor_insert index_cursor_delete index_scan_over_merge \
	index_two_inserters index_vacuum_beside_insert index_create_concurrently \
	index_serializable index_repeatable_read index_rollback index_prepared index_cancel \
	index_lock_rows index_gist_cursor index_old_snapshot index_events_cursor index_events_changes index_jobs_cursor index_jobs_changes skill_vocabulary
ISOLATION_OPTS = --inputdir=$(srcdir)/test --outputdir=. --load-extension=shortlist

# test/pgtap/NAME.sql, each in a database of its own where the extension is created.
PGTAP = differential events_real gap_law onet event_gist_differential event_shortlist_differential index_differential page_capacity \
	practice learning_plan skills_in job_postings adverts_real \
	events_import events_ics event_duplicates events_import_real events_malformed events_install odd_values rights

EXTRA_CLEAN = .built-for

.DEFAULT_GOAL := all

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

ifneq ($(wildcard $(PGXS)),)
include $(PGXS)

ifeq ($(shell command -v $(firstword $(CC)) 2>/dev/null),)
$(OBJS): no-compiler
no-compiler:
	@echo "The C compiler $(firstword $(CC)) is missing."
	@echo "Install gcc and libc6-dev; or run 'make test', which installs them."
	@exit 1
endif

# What the server's JIT compiler inlines must round as the library does.
override BITCODE_CFLAGS += $(FLOAT_FLAGS)

# Objects of another PostgreSQL version, or of other flags, are stale.
.built-for: FORCE
	@echo '$(shell $(PG_CONFIG) --version) $(CC) $(CFLAGS)' | cmp -s - $@ || \
	echo '$(shell $(PG_CONFIG) --version) $(CC) $(CFLAGS)' >$@
FORCE:

$(OBJS) $(OBJS:.o=.bc): $(INCLUDED) .built-for Makefile

# Loops over columns become vector instructions; the results are the same.
src/core/event_boxes.o src/core/event_block.o: private override CFLAGS += -O3 -fno-trapping-math
else
all install uninstall installcheck installdirs:
	@echo "PostgreSQL's server headers are missing ($(PG_CONFIG) --pgxs names no makefile)."
	@echo "Install postgresql-server-dev-15, gcc and make; or run 'make test', which installs them."
	@exit 1

clean:
	rm -f $(OBJS) $(OBJS:.o=.bc) $(MODULE_big).so $(EXTRA_CLEAN)
	rm -rf results regression.diffs regression.out
endif

test:
	@test/tools/run-tests

stress:
	@STRESS=1 test/tools/run-tests

demo:
	@test/tools/run-demo

bench:
	@test/tools/run-bench

fuzz:
	@STRESS=1 test/tools/run-fuzz
	@STRESS=1 test/tools/run-tap reader_fuzz

sanitize assertions valgrind coverage:
	@test/tools/run-instrumented $@

lint:
	@test/tools/run-lint

format:
	@test/tools/run-lint --format

reference:
	@test/tools/with-cluster test/tools/write-catalog doc/catalog.md

pictures:
	@test/tools/with-cluster doc/pictures/draw-curves doc/pictures

dist:
	@test/tools/make-dist

deb:
	@test/tools/make-deb

# For the scripts that run or check what is listed above.
list-regress:
	@printf '%s\n' $(REGRESS)

list-isolation:
	@printf '%s\n' $(ISOLATION)

list-pgtap:
	@printf '%s\n' $(PGTAP)

.PHONY: test stress demo bench fuzz sanitize assertions valgrind coverage lint format reference pictures dist deb list-regress list-isolation list-pgtap FORCE
