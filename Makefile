# Two commands do everything: `make demo` and `make test`. `make` alone lists them all.

PYTHON ?= python3
VENV   ?= .venv
JOBS   ?= $(shell nproc 2>/dev/null || echo 2)
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip -qq --disable-pip-version-check
# Tools that a recipe starts (filecheck, anamc-opt) are those of the environment.
export PATH := $(abspath $(BIN)):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo test tests lit unit types lint format raises clean python

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.demo  ## set up, run the main job on an embedded example, show its result
	@$(BIN)/anamc run

test: $(VENV)/.test  ## set up, then lint, types, lit, unit and numeric tests
	@failed=""; \
	for step in lint types lit unit; do \
		echo "== $$step"; \
		$(MAKE) --no-print-directory $$step || failed="$$failed $$step"; \
	done; \
	if [ -n "$$failed" ]; then echo "make test: failed:$$failed" >&2; exit 1; fi

tests: test  ## the same as test

lit: $(VENV)/.test  ## what the tools print (test/lit)
	@$(BIN)/lit -sv -j $(JOBS) test/lit

unit: $(VENV)/.test  ## unit and numeric tests (pytest)
	@$(BIN)/python -m pytest -q -W error -n $(JOBS) --dist worksteal $(wildcard test/unit test/numeric)

types: $(VENV)/.test  ## strict type check
	@$(BIN)/basedpyright --project pyproject.toml --pythonpath $(BIN)/python --level error

lint: $(VENV)/.test  ## style and format check
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

format: $(VENV)/.test  ## mend style and format
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

raises: $(VENV)/.test  ## raise sites that no test reaches
	@rm -rf build/coverage && mkdir -p build/coverage
	@$(BIN)/coverage run -m pytest -q -W error -n $(JOBS) --dist worksteal $(wildcard test/unit test/numeric) || echo "pytest failed"
	@$(BIN)/coverage run $(BIN)/lit -sv -j $(JOBS) test/lit || echo "lit failed"
	@$(BIN)/coverage combine --quiet
	@$(BIN)/python tools/unreached_raises.py

clean:  ## remove the environment and everything built
	@rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis
	@find anamc test tools examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The environment is made again only when pyproject.toml changed.
$(VENV)/.demo: pyproject.toml | $(BIN)/python
	@echo "installing anamc into $(VENV) ..."
	@$(PIP) install -e '.[plot]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	@echo "installing anamc and its tests into $(VENV) ..."
	@$(PIP) install -e '.[plot,test,dev]'
	@touch $@ $(VENV)/.demo

$(BIN)/python:
	@$(MAKE) --no-print-directory python
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "anamc needs Python 3.11 or later; on Debian and Ubuntu: sudo apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "anamc needs Python 3.11 or later, $(PYTHON) is $$($(PYTHON) -V 2>&1);" \
		     "name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
