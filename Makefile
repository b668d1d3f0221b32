PYTHON ?= python3
PORT ?= 8000
DATA ?= var/demo
WORKERS ?= 3
ARGS ?=
FORMS ?=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo demo-reset test test-published coverage lint format storm scan bench pictures messages reference wheel lock

help:
	@echo "make demo         set up if needed and serve the demo (PORT=$(PORT) DATA=$(DATA))"
	@echo "make demo-reset   the same, with the demo's data made anew"
	@echo "make test         the whole suite (ARGS='-k S1_1' for a part of it, WORKERS=$(WORKERS))"
	@echo "make test-published FORMS=folder   forms that others published, in and out again"
	@echo "make coverage     the suite with branch coverage of core and each plugin"
	@echo "make lint         ruff, mypy, import-linter and djlint"
	@echo "make format       let ruff rewrite what it can"
	@echo "make storm        kills, races, outages and faulty plugins at full strength, a table with its seed"
	@echo "make scan         bandit over the code, wapiti against a demo; what isn't explained fails"
	@echo "make bench        ratios against the floor, in one run"
	@echo "make pictures     each page, desk and phone, both themes, into var/pictures"
	@echo "make messages     new words of pages into the .po files, to be translated"
	@echo "make reference    docs/reference from the source"
	@echo "make wheel        a wheel in dist/, for an environment of its own"
	@echo "make lock         lock the Python and front-end packages anew"
	@echo "make setup        only set up (make setup-test: for the tests too)"

setup:
	@$(PYTHON) -m tools.setup

setup-test:
	@$(PYTHON) -m tools.setup --tests

demo: setup
	@exec $(BIN)/python -m vestibule demo --port "$(PORT)" --data "$(DATA)"

demo-reset: setup
	@exec $(BIN)/python -m vestibule demo --port "$(PORT)" --data "$(DATA)" --reset

test: setup-test
	@$(BIN)/python -m tools.testing -n $(WORKERS) --dist worksteal $(ARGS)

test-published: setup-test
	@$(BIN)/python -m tools.published "$(FORMS)" $(ARGS)

coverage: setup-test
	@$(BIN)/python -m tools.testing -n $(WORKERS) --dist worksteal --cov --cov-report=term:skip-covered $(ARGS)

lint: setup-test
	@$(BIN)/python -m tools.linting

format: setup-test
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

storm: setup-test
	@$(BIN)/python -m tests.storms $(ARGS)

scan: setup
	@$(BIN)/python -m tools.scan $(ARGS)

bench: setup-test
	@$(BIN)/python -m bench $(ARGS)

pictures: setup-test
	@$(BIN)/python -m tests.pictures $(ARGS)

messages: setup-test
	@$(BIN)/python -m tools.messages

reference: setup-test
	@$(BIN)/python -m tools.reference

wheel: setup
	@$(BIN)/python -m tools.wheel

lock:
	@$(PYTHON) -m tools.lock
