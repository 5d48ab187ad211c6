# The index of everything one can do here. Plain `make` prints it.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
LOCK := requirements/dev.txt
# To look at it, no tests need to be installed: where only `make run` was ever said, what it needs and no more.
ifeq ($(MAKECMDGOALS)$(wildcard $(STAMP)),run)
STAMP := $(VENV)/.stamp-run
LOCK := requirements/run.txt
endif
# What the browser is given, built from assets/ by the Node in the lock.
ASSETS := src/zonary/portal/static/portal/manifest.json
ARGS ?=
# Tests at one time; each has servers of its own.
JOBS ?= 2
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

# A virtual environment holds absolute paths: in a tree that was moved or copied it is made again.
ifneq ($(shell cat $(STAMP) 2>/dev/null),$(CURDIR))
$(STAMP): anew
endif

.PHONY: anew help programs spark-programs setup run test check audit format bench bundle crash spark fsck docs openapi migration lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  Arguments go through ARGS, another Python through PYTHON:"
	@echo "    make run ARGS='--port 8080'      make setup PYTHON=python3.12"

setup: $(STAMP) $(ASSETS) ## install everything into .venv (again only when the locks or assets change)
	@case "$(MAKECMDGOALS)" in *setup*) echo "Ready. Next: make run, or make test" ;; esac

$(STAMP): pyproject.toml $(LOCK)
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "Zonary needs Python 3.11 or later, and '$(PYTHON)' was not found. Install it, or name another: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Zonary needs Python 3.11 or later; '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1). Name a newer one: make setup PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@cat $(VENV)/.stamp* 2>/dev/null | grep -qxF "$(CURDIR)" && $(BIN)/python -m pip --version >/dev/null 2>&1 || { \
	  echo "Making $(VENV) ..."; rm -rf $(VENV); "$(PYTHON)" -m venv $(VENV); }
	@echo "Installing the locked dependencies ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@printf '%s\n' "$(CURDIR)" > $(STAMP)

# The page that verifies in a browser takes its sentences from the Python sources.
VERIFY_PAGE := src/zonary/common/verify_page/verify.html
SAID := $(wildcard src/zonary/common/language/zh_*.py src/zonary/proof/package/readme.py src/zonary/proof/package/asic.py)

ifeq ($(wildcard $(VERIFY_PAGE)),)
$(ASSETS): anew
endif

$(ASSETS): assets/build.py assets/words.py assets/build.mjs assets/package-lock.json assets/.npmrc $(wildcard assets/styles/* assets/scripts/* assets/workers/* assets/sealing/* assets/images/* assets/verify/*) $(SAID) | $(STAMP)
	@echo "Building style sheets and scripts ..."
	@$(BIN)/python assets/build.py

anew:

# What the tests and `make bench` use and only the system's package manager has. Not needed to run Zonary.
PROGRAMS := strace wrk chromium age softhsm2-util systemd-analyze pdfsig xxd unzip

programs:
	@missing=; for program in $(PROGRAMS); do command -v $$program >/dev/null 2>&1 || missing="$$missing $$program"; done; \
	case "$$missing" in *chromium*) missing="$$missing fonts-noto-cjk" ;; esac; \
	missing=$$(printf '%s' "$$missing" | sed 's/softhsm2-util/softhsm2/; s/systemd-analyze/systemd/; s/pdfsig/poppler-utils/'); \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Installing$$missing ..."; \
	  { apt-get install -qq -y --no-install-recommends $$missing || \
	    { apt-get update -qq && apt-get install -qq -y --no-install-recommends $$missing; }; } >/dev/null 2>&1 || \
	    echo "Could not install$$missing; what needs it is left out and says so." >&2; \
	else echo "Not installed:$$missing; what needs it is left out. On Debian and Ubuntu: sudo apt install$$missing" >&2; fi
	@# The same browser without its windows, for a third of the work. Where there is none the whole one is used.
	@if ! command -v chromium-headless-shell >/dev/null 2>&1 && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  { apt-get install -qq -y --no-install-recommends chromium-headless-shell || \
	    { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium-headless-shell; }; } >/dev/null 2>&1 || :; fi

run: setup ## a demonstration of your own on http://127.0.0.1:8000, data in ./var
	@$(BIN)/zonary serve --demo $(ARGS)

# In CI nothing is skipped: rules in SQL are asked of a real Spark, too.
test: check programs $(if $(CI),spark-programs) ## every check and every test
	@$(BIN)/python -m compileall -q src tests
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup ## formatting, lint, types and the floor plan
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/bandit --quiet --recursive src --configfile pyproject.toml
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: setup ## ask for known weaknesses in the locked packages, Python's and npm's
	@$(BIN)/python requirements/audit.py

format: setup ## put the code into the form that check wants
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup programs ## measure what we claim about speed, beside the peers we claim it against
	@$(BIN)/python -m bench $(ARGS)

bundle: setup ## make one signed archive in ./dist that installs on a machine without a network
	@$(BIN)/python deploy/bundle/build.py $(ARGS)

crash: setup programs ## every fault we claim to survive, on every database and store; some half an hour
	@$(BIN)/python -m tests.crash $(ARGS)

spark: spark-programs ## rules in SQL, on a real Spark that is fetched for it (Java 17 or later is needed)
	@$(BIN)/python -m pytest tests/engines/clauses/sql/test_sql_spark.py $(ARGS)

# Half a gigabyte, which `make test` does not ask of anybody who only wants to run the tests.
spark-programs: setup programs
	@command -v java >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && echo "Installing Java ..." && \
	  { apt-get install -qq -y --no-install-recommends default-jre-headless || \
	    { apt-get update -qq && apt-get install -qq -y --no-install-recommends default-jre-headless; }; } >/dev/null 2>&1; } || \
	  echo "Spark needs Java 17 or later, and 'java' was not found. On Debian and Ubuntu: sudo apt install default-jre-headless" >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt

fsck: setup ## re-derive every tile, root and signature of the log in ./var
	@$(BIN)/zonary fsck $(ARGS)

docs: setup ## check the documents: links, examples, both languages, README against --help
	@$(BIN)/python -m pytest -q tests/architecture -k "docs or readme or specs"

openapi: setup ## write docs/openapi.json anew from the code
	@$(BIN)/python -c 'import os, json, django; os.environ["DJANGO_SETTINGS_MODULE"] = "zonary.config.settings"; django.setup(); from zonary.config.api import api; print(json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False))' > docs/openapi.json.new
	@mv docs/openapi.json.new docs/openapi.json

migration: setup ## write the migrations of models that changed (ARGS="--name what_changed")
	@DJANGO_SETTINGS_MODULE=zonary.config.settings $(BIN)/python -W ignore -m django makemigrations $(ARGS)
	@$(BIN)/ruff format --quiet src/zonary

lock: setup ## renew the hashed locks in requirements/ from pyproject.toml (ARGS=--upgrade for newer versions)
	$(COMPILE) $(ARGS) -o requirements/base.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra engines --extra web -c requirements/base.txt -o requirements/web.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra engines --extra web --extra capture --extra pkcs11 -c requirements/web.txt -o requirements/dev.txt pyproject.toml requirements/dev.in
	$(COMPILE) $(ARGS) --extra engines --extra web --extra capture --extra pkcs11 -c requirements/dev.txt -o requirements/bundle.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra engines --extra web -c requirements/dev.txt -o requirements/run.txt pyproject.toml requirements/run.in
	$(COMPILE) $(ARGS) -c requirements/dev.txt -o requirements/spark.txt requirements/spark.in

clean: ## remove what was built; sealed packages and the data in ./var stay
	rm -rf $(VENV) assets/node_modules src/zonary/portal/static $(VERIFY_PAGE) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
