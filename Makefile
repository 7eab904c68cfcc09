# One target per chore. `make help` lists them; nothing here needs root.

PYTHON ?= python3
VENV ?= .venv
OUTSIDE ?= .venv-outside
PORT ?= 8000
DEMO_SERVE ?= 1

BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Settings of the checks: a throw-away data folder, and no database but its own.
CHECKS := $(VENV)/checks
CHECKED := DJANGO_SETTINGS_MODULE=dermref.config.settings DERMREF_DATA_DIR=$(CHECKS)/data DATABASE_URL=

# A worker for each core; whoever is done takes over tests of another.
ON_ALL_CORES := --numprocesses auto --dist worksteal

# Runs a command that has much to say, and lets it speak only when it fails.
quietly = mkdir -p $(CHECKS) && { $(1) > $(CHECKS)/said.txt 2>&1 || { cat $(CHECKS)/said.txt; exit 1; }; }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
.PHONY: help setup outside demo serve test check fix docs bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP) ## create or renew .venv with exactly the locked packages

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("dermref needs Python 3.11 or newer; say which with PYTHON=…" if sys.version_info < (3, 11) else 0)'
	@echo "Preparing $(VENV) (a minute or two the first time) …"
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

outside: ## create or renew .venv-outside: the programs that read back what we write
	@$(PYTHON) tools/outside.py $(OUTSIDE)

# The demo keeps to its own data folder and, unless DATABASE_URL is exported, to its own database.
demo: export DERMREF_DATA_DIR := $(or $(DERMREF_DATA_DIR),data/demo)
demo: export DATABASE_URL := $(DATABASE_URL)
demo: setup ## ingest the bundled real images, audit them, and serve the site (PORT=8000; DEMO_SERVE=0 only ingests)
	@echo "Data folder: $(DERMREF_DATA_DIR)"
	@$(BIN)/dermref ingest isic-archive --from demo/isic-archive
	@$(BIN)/dermref ingest manifest --source pad-ufes-20 --from demo/pad-ufes-20/manifest.csv
	@$(BIN)/dermref links import each demo/links.csv --by "The dermref developers"
	@$(BIN)/dermref collections show nevi > /dev/null 2>&1 || { \
	  $(BIN)/dermref collections create nevi --title "Nevi for teaching" --condition nevus --share everybody \
	    --description "Nevi of the demo, clinical and under the dermoscope." --by "The dermref developers" \
	  && $(BIN)/dermref collections freeze nevi --by "The dermref developers"; }
	@$(BIN)/dermref audit
	@if [ "$(DEMO_SERVE)" = 0 ]; then \
	  echo "Ready; “make demo” without DEMO_SERVE=0 serves it on http://127.0.0.1:$(PORT)"; \
	else \
	  echo "Open http://127.0.0.1:$(PORT) (Ctrl-C stops)"; \
	  exec $(BIN)/dermref serve --port $(PORT); \
	fi

serve: setup ## serve the site over your own data folder (DERMREF_DATA_DIR, default data)
	@echo "Open http://127.0.0.1:$(PORT) (Ctrl-C stops)"
	@exec $(BIN)/dermref serve --port $(PORT)

test: check outside ## everything that guards a change: check, the catalogue on PostgreSQL, all tests
	@echo "— the catalogue on PostgreSQL"
	@$(BIN)/python tools/with_postgres.py $(BIN)/python -m pytest --quiet $(ON_ALL_CORES) \
	  tests/catalog tests/architecture/test_triggers.py tests/api tests/services/test_ingest.py tests/services/test_following.py \
	  tests/services/test_likeness.py tests/services/test_laundering.py tests/services/test_reviewing.py \
	  tests/services/test_past_runs.py tests/services/test_rechecking.py tests/services/test_doors.py \
	  tests/services/test_purging.py tests/services/test_linking.py tests/services/test_institutions.py tests/services/test_collecting.py tests/services/test_freezing.py
	@echo "— the rights engine, every branch"
	@$(call quietly,COVERAGE_FILE=$(CHECKS)/coverage $(BIN)/coverage run -m pytest --quiet tests/rights)
	@$(call quietly,COVERAGE_FILE=$(CHECKS)/coverage $(BIN)/coverage report --fail-under=100)
	@echo "— all tests"
	@$(BIN)/python -m pytest --quiet $(ON_ALL_CORES)

check: setup ## lint, format, types, layers, docs drift, registry faults, missing migrations
	@echo "— lint and format" && $(BIN)/ruff check --quiet --output-format concise && $(BIN)/ruff format --check --quiet
	@echo "— types" && $(CHECKED) $(BIN)/mypy --no-error-summary
	@echo "— layers" && $(call quietly,$(BIN)/lint-imports --no-logo)
	@echo "— generated pages" && $(BIN)/python tools/docs_cli.py --check && $(BIN)/python tools/docs_rights.py --check
	@$(call quietly,$(BIN)/dermref sources build --out $(CHECKS)/registry.json --docs $(CHECKS)/sources.md)
	@{ git diff --no-index --quiet seeds/sources_registry.json $(CHECKS)/registry.json \
	  && git diff --no-index --quiet docs/sources.md $(CHECKS)/sources.md; } \
	  || { echo "seeds/sources_registry.json or docs/sources.md is out of date; run “make docs”."; exit 1; }
	@echo "— registry" && $(call quietly,$(BIN)/dermref sources check)
	@echo "— migrations" && $(call quietly,$(CHECKED) $(BIN)/django-admin makemigrations --check --dry-run)

fix: setup ## repair what the linter can repair, and format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

docs: setup ## regenerate the generated pages and files
	@$(BIN)/python tools/docs_cli.py
	@$(BIN)/python tools/docs_rights.py
	@$(BIN)/dermref sources build --docs docs/sources.md

bench: setup ## run the benchmarks in bench/
	@set -e; for file in bench/bench_*.py; do echo "— $$file"; $(BIN)/python "$$file"; done

lock: ## resolve the dependencies again into requirements.lock (needs uv)
	@command -v uv > /dev/null || { echo "“make lock” needs uv on the PATH."; exit 1; }
	@uv pip compile pyproject.toml --group dev --extra postgres --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --quiet --output-file requirements.lock

clean: ## remove both environments and every cache; your data folder stays
	@rm -rf $(VENV) $(OUTSIDE) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	@find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
