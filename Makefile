# make test              everything a reviewer would run
# make scan              serve the example site on this machine and scan it
# make scan SITE=URL     scan a site of your own (OPTIONS="--max-pages 50" for more)
# make format            put the source into shape
# make train DATA=FOLDER, make evaluate DATA=FOLDER, make bench

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)

.PHONY: help test scan format train evaluate bench
.DEFAULT_GOAL := help

help:
	@sed -n '/^# /!q; s/^# //p' Makefile

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or later found; install one or name it: make PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -m venv "$(VENV)" || { rm -rf "$(VENV)"; \
		echo "error: cannot create $(VENV); on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

# The program alone.
$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

# And what it is tested and trained with. Dependency groups need a recent pip.
$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[render,report,train]' --group dev
	@touch $@ $(VENV)/.run

test: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@scripts/packages.sh nginx chromium
	@scripts/schemas.sh $(BIN)/python $(VENV)/share/schemas
	$(BIN)/python -m pytest

ifdef SITE
scan: $(VENV)/.run
	@$(BIN)/python -m auditor scan "$(SITE)" --fail-on never $(OPTIONS)
else
scan: $(VENV)/.run
	@$(BIN)/python scripts/demo.py $(OPTIONS)
endif

format: $(VENV)/.dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

ifdef DATA
train evaluate: $(VENV)/.dev
	AUDITOR_DATA="$(DATA)" $(BIN)/python -m auditor $@
else
train evaluate:
	@echo "error: name the folder of the training data: make $@ DATA=FOLDER" >&2; exit 1
endif

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks
