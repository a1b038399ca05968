# Mailtide on one machine. Needs Python 3.11 or newer and make; everything else comes by the lock.
#
#   make run       install what is missing, then start Valkey, SQLite, the recorder and the web server;
#                  EXTRAS=fonts also installs faces for Chinese, Japanese, Korean and other scripts
#   make test      every test; the browser tests need Chromium and say so where it is missing
#   make check     lint, format, types, import arrows: what CI asks before the tests
#   make bench     speed and memory, into build/bench.json; ONLY=render measures one part
#   make fmt       format and sort what `make check` would complain about
#   make lock      newest versions that pyproject.toml allows, with the hashes of every platform
#
# PYTHON=python3.12 make run uses another Python. `rm -r .venv` starts afresh; var/ holds the data.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
LOCKED := $(PIP) --require-hashes --requirement
WITH_EXTRAS := $(if $(filter fonts,$(EXTRAS)),$(VENV)/installed-fonts)

.PHONY: run test check bench fmt lock
.DEFAULT_GOAL := run

# `exec` leaves no shell between make and the supervisor: Ctrl-C reaches it once, it stops its
# children and leaves with 0, and make waits for that without a word of its own.
run: $(VENV)/installed $(WITH_EXTRAS)
	@exec $(BIN)/mailtide run

test: $(VENV)/installed-dev $(WITH_EXTRAS)
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

bench: $(VENV)/installed-dev
	@$(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY))

fmt: $(VENV)/installed-dev
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

# The stamps make a second `make run` start at once. setuptools is in the lock, so installing the
# project itself downloads nothing and builds nothing but its entry point.
$(VENV)/installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Mailtide into $(VENV) ..."
	@$(LOCKED) requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@echo "Installing the tools of the tests into $(VENV) ..."
	@$(LOCKED) requirements-dev.lock
	@touch $@

$(VENV)/installed-fonts: requirements-fonts.lock $(VENV)/installed
	@echo "Installing more fonts into $(VENV) ..."
	@$(LOCKED) requirements-fonts.lock
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Mailtide needs Python 3.11 or newer as $(PYTHON): say PYTHON=python3.12 make run"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	    { rm -rf $(VENV); echo "$(PYTHON) has no venv: on Debian and Ubuntu, apt install python3-venv"; exit 1; }

# The locks hold names, versions and hashes, and no address: they install from whatever index or
# mirror a machine is set up with, and the hashes refuse anything else than the published files.
# uv is asked for by `make lock` alone, so nobody else has to install it.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links --upgrade
# The fonts alone: what else is installed stays as the other locks have it.
FONTS = $(BIN)/python -c "import tomllib as t, pathlib as p; \
    print(*t.loads(p.Path('pyproject.toml').read_text())['project']['optional-dependencies']['fonts'], sep='\n')"
lock: | $(BIN)/python
	@$(PIP) "uv>=0.9"
	$(LOCK) pyproject.toml --extra build --output-file requirements.lock
	$(LOCK) pyproject.toml --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	@$(FONTS) | $(LOCK) - --constraint requirements.lock --output-file requirements-fonts.lock
