# Two commands matter: `make demo` and `make test`. Everything they make lies in .venv/ and var/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test unit fix cov up down lint audit bench soak lock compose-secrets union-keys clean

VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
SHARED := --dist loadfile --no-loadscope-reorder
T ?= tests/unit
UV_VERSION := 0.13.9
# Nothing of the caller's environment may decide where uv installs; what pip is configured with decides from where.
UV := VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/python scripts/uv_like_pip.py
export PYTHONPATH := $(CURDIR)/include
# Compiled once and kept, whatever the caller's environment says: else every process of a stack compiles all of Airflow anew,
# seconds each. It lies in .venv/, so that who wants no __pycache__ beside the code has none.
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/bytecode
unexport PYTHONDONTWRITEBYTECODE

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## play a real week of a province through Airflow and show its figures (first run: minutes; ARGS=--year: after sixty sample weeks)
	@$(BIN)/python -m nuanliu demo $(ARGS)

# A worker more than processors: the one that has the whole stacks (tests/workers.py) waits for them most of the time.
# In the order of their names, files end with the many small ones of tests/unit: no worker is left alone with a long one.
test: $(VENV)/.development ## run all tests; ARGS='-k figures' runs what it names once, in one process
ifeq ($(strip $(ARGS)),)
	@echo "… all tests, on $(WORKERS) workers, beside whole stacks on one more (minutes)"
	@$(BIN)/python -m pytest -n $$(($(WORKERS) + 1)) $(SHARED)
else
	@$(BIN)/python -m pytest $(ARGS)
endif

# Workers cost more than they save where only some files run.
unit: $(VENV)/.development ## run the tests that need no server; T=tests/unit/intake/values narrows them to seconds
	@$(BIN)/python -m pytest -q -m "not slow" $(if $(filter-out tests/unit tests/unit/,$(T)),-p no:xdist,-n $(WORKERS) $(SHARED)) $(T) $(ARGS)

fix: $(VENV)/.development ## format the code and repair what ruff can repair
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

cov: $(VENV)/.development ## run all tests but the whole stacks and print the coverage of the package; fails below the floor in pyproject.toml
	@echo "… tests that need no whole stack, on $(WORKERS) workers (minutes)"
	@$(BIN)/python -m pytest -q -n $(WORKERS) $(SHARED) -m "not slow" --cov --cov-report=term:skip-covered $(ARGS)

up: $(VENV)/.runtime ## run Airflow, PostgreSQL and a mail sink here until Ctrl-C
	@exec $(BIN)/python -m nuanliu.running.stack up

down: $(VENV)/.runtime ## end everything that `make up` or a killed run left
	@$(BIN)/python -m nuanliu.running.stack down

lint: $(VENV)/.development ## check style, types, SQL and what we depend on; repairs nothing
	@echo "… ruff check"; $(BIN)/ruff check .
	@echo "… ruff format --check"; $(BIN)/ruff format --check .
	@echo "… mypy --strict (about a minute when cold)"; $(BIN)/mypy
	@echo "… sqlfluff"; $(BIN)/sqlfluff lint --disable-progress-bar include/sql
	@$(MAKE) --no-print-directory audit

audit: $(VENV)/.development ## known vulnerabilities, licences, secrets in files; writes the SBOM; needs no network, then says what it left out
	@echo "… pip-audit"; $(BIN)/python scripts/audit/check_vulnerabilities.py
	@echo "… licences"; $(BIN)/python scripts/audit/check_licences.py
	@echo "… CycloneDX"; $(BIN)/python scripts/audit/write_sbom.py
	@echo "… detect-secrets"; $(BIN)/python scripts/audit/scan_secrets.py

bench: $(VENV)/.development ## measure speed against the targets (half an hour; ARGS=check: that row, ARGS=--full: a million rows, hours)
	@$(BIN)/python -m tests.bench $(ARGS)

soak: $(VENV)/.development ## kill, cut off and crowd the pipeline some hundred times; its records must not show it (ARGS='--kills 200 --seed 7')
	@$(BIN)/python -m tests.soak $(ARGS)
	@echo "… every round of what make test plays some rounds of, and an intake before every statement of a publication"
	@NUANLIU_TEST_ALL_ROUNDS=1 $(BIN)/python -m pytest -q -p no:xdist tests/integration/test_one_moment.py tests/integration/test_arrival_order.py tests/integration/test_access_policies.py tests/integration/test_libreoffice_bulletins.py tests/histories/test_named_histories.py tests/sql/test_tracing.py tests/sql/test_week_sources.py
	@echo "… every property with twice the examples"
	@NUANLIU_TEST_ALL_ROUNDS=1 $(BIN)/python -m pytest -q -p no:xdist -m hypothesis tests/unit tests/model

lock: $(VENV)/.uv ## resolve requirements*.in into requirements*.txt anew
	@echo "… requirements.txt"; $(UV) pip compile -q --python-version 3.11 --no-header --no-annotate requirements.in -o requirements.txt
	@echo "… requirements-server.txt"; $(UV) pip compile -q --python-version 3.11 --no-header --no-annotate requirements-server.in -o requirements-server.txt
	@echo "… requirements-dev.txt"; $(UV) pip compile -q --python-version 3.11 --no-header --no-annotate requirements-dev.in -o requirements-dev.txt

compose-secrets: ## draw the secrets that docker-compose.yaml reads from .env (never over an existing one)
	@scripts/compose_secrets.sh

union-keys: ## draw a key of the shipped object store for every union that has none, into .env.unions
	@scripts/union_keys.sh

clean: ## remove what tests and linters left; .venv/ and var/ stay
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find dags include plugins tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- .venv, in three steps; a stamp each, so that a second run has nothing to do ---------------------------------------

$(VENV)/.uv: scripts/make_venv.sh
	@scripts/make_venv.sh $(VENV) $(UV_VERSION)
	@touch $@

$(VENV)/.runtime: $(VENV)/.uv requirements.txt pyproject.toml
	@echo "… installing $$(wc -l < requirements.txt) packages from requirements.txt (first time: a few minutes)"
	@$(UV) pip install -q -r requirements.txt
	@$(UV) pip install -q --no-deps -e .
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt requirements-server.txt
	@echo "… installing what tests and linters need from requirements-dev.txt, and what a server adds"
	@$(UV) pip install -q -r requirements-dev.txt -r requirements-server.txt
	@touch $@
