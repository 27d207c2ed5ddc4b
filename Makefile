# make demo: set up and run the demonstration experiment. make test: set up and run everything that guards the project.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test clean

demo: .venv/package
	$(BIN)/framing run configs/nato_expansion.yaml

test: .venv/development
	@echo "== ruff";          $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "== mypy";          $(BIN)/mypy
	@echo "== import-linter"; $(BIN)/lint-imports
	@echo "== pytest";        $(BIN)/pytest -n 2

.venv/python:
	@echo "== making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "framing needs Python 3.11 or newer: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/package: .venv/python pyproject.toml constraints.txt
	@echo "== installing framing into .venv"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/development: .venv/package
	@echo "== installing the development extras into .venv"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
