# Every target works on a bare machine with Python >= 3.11 and make. Nothing is installed outside .venv/ and build/.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)
PORT ?= 8000
ARGS ?=
# All tests run in two processes; a few that ARGS chooses in one, which starts at once (ARGS="-n 2 tests/journeys" for more).
SPREAD = $(if $(ARGS),,-n 2 --dist loadfile --no-loadscope-reorder)
export PORT

BIN := .venv/bin
# Management commands that only build or check must not touch the data in var/.
TOOL := VAR_DIR=build/var $(BIN)/python manage.py
STATIC_SOURCES := $(shell find static -print 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test check bench format

help:
	@echo "make run    the demo at http://127.0.0.1:$(PORT)/ (PORT=...)"
	@echo "make test   the tests (ARGS=tests/config to choose)"
	@echo "make check  format, lint, types, import contracts, templates, migrations"
	@echo "make bench  figures"
	@echo "make setup  what all of these do first"

# --- Set-up: each step has a stamp and is skipped while what it reads has not changed -------------------------------------
setup: .venv/.locked build/.packages build/.assets build/.static

.venv/.locked: requirements/dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (Debian: apt install python3-venv)." >&2; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	@echo "Installing Python packages ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

build/.packages: package.json package-lock.json .npmrc requirements/node.txt .venv/.locked
	@mkdir -p build/npm
	@cp package.json package-lock.json .npmrc build/npm/
	@command -v npm >/dev/null || { echo "No npm here: installing one into .venv ..."; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt; }
	@echo "Installing front-end packages ..."
	@cd build/npm && PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --loglevel=error
	@touch $@

build/.assets: build/.packages $(wildcard buendnisse/config/management/commands/build_assets.py buendnisse/config/fonts.py)
	@$(TOOL) build_assets
	@touch $@

build/.static: build/.assets $(STATIC_SOURCES)
	@$(TOOL) collectstatic --noinput --verbosity 0 --skip-checks
	@touch $@

# --- What people do ---------------------------------------------------------------------------------------------------------
run: setup
	@exec env DEMO=1 $(BIN)/python manage.py run

test: setup
	@$(BIN)/python -m pytest $(SPREAD) $(ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	VAR_DIR=build/var $(BIN)/mypy buendnisse meetings notifications
	find templates -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --check --target-version 5.2
	$(TOOL) makemigrations --check --dry-run --skip-checks

bench: setup
	@$(BIN)/python -m bench $(ARGS)

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	find templates -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2
