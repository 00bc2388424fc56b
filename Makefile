# Ilex. `make` shows a small real network on this machine; `make help` lists the rest.
# Needs Python 3.11 or newer with venv and pip, and nothing else.

PYTHON ?= python3
UNITS ?= RS MK HU
BIN := .venv/bin
QUIETLY := -qq --disable-pip-version-check --no-input

.DEFAULT_GOAL := demo
.PHONY: demo install test check faults interop bench bench-peers words vendor chromium clean help

demo: install                   ## three units, paired, with pages: UNITS="GE HU MK MD RO RS UA" make
	@$(BIN)/ilex demo --units "$(UNITS)"

install: .venv/.run             ## the `ilex` command in .venv/bin, from the hashed lock
test: .venv/.dev chromium       ## the whole suite; ONLY=tests/gate for a part
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ONLY)

check: .venv/.dev               ## format, lint, doors between the rooms, types, wire, texts
	@bash tools/check.sh

faults: .venv/.dev              ## the long fault tests: kill -9, cut lines, full disks, restores
	@ILEX_FAULTS=long $(BIN)/python -m pytest -m faults -s

interop: .venv/.dev             ## FollowTheMoney's own library beside ours; FILES=folder for files of others
	@FILES="$(FILES)" bash tools/interop.sh

bench: install                  ## how fast it is here: messages, attachment, desk, journal
	@for what in exchange attachment desk journal; do $(BIN)/ilex bench $$what || exit 1; done

bench-peers: .venv/.run         ## an environment with nomenklatura for `ilex bench crosscheck`; needs g++, pkg-config, libicu-dev
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install $(QUIETLY) -r evaluation/peers/requirements.txt

words: .venv/.dev               ## gather the texts of the pages into the catalogues
	@$(BIN)/python tools/messages.py

vendor: .venv/.dev              ## fetch the fonts and scripts of the pages anew (maintainers)
	@$(BIN)/python tools/vendor.py

chromium:                       # the browser tests look for it
	@bash tools/chromium.sh

clean:                          ## away with .venv and the demonstration
	@rm -rf .venv .venv-peers .ilex/demo .mypy_cache .ruff_cache .pytest_cache .hypothesis

help:                           ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1	/' | expand -t 12

# Tools come on top of what runs: the two locks agree on every package they share.
.venv/.run: requirements.txt
	@$(MAKE) --no-print-directory .venv/bin/python
	@echo "Installing what Ilex stands on ..."
	@$(BIN)/python -m pip install $(QUIETLY) --require-hashes -r requirements.txt
	@$(MAKE) --no-print-directory .venv/bin/ilex
	@touch $@

.venv/.dev: requirements-dev.txt
	@$(MAKE) --no-print-directory .venv/bin/python
	@echo "Installing the tools as well ..."
	@$(BIN)/python -m pip install $(QUIETLY) --require-hashes -r requirements-dev.txt
	@$(MAKE) --no-print-directory .venv/bin/ilex
	@touch $@ .venv/.run

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Ilex needs Python 3.11 or newer: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

# No build and no packages of a build: a path for Python and four lines for the shell.
.venv/bin/ilex: .venv/bin/python
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/ilex.pth"
	@printf '#!/bin/sh\nexec "%s/$(BIN)/python" -P -m ilex.config.command "$$@"\n' "$(CURDIR)" > $@
	@chmod +x $@
