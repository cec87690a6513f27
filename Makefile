# `make run` starts TopoDash, `make test` checks it; both build what they need first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# On Linux a plain `pip install torch` may bring gigabytes of GPU libraries; point TORCH_INDEX at
# another package index (for example PyTorch's own CPU index) to choose the build.
TORCH_INDEX ?=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test lint browser clean

run: $(VENV)/.run
	$(BIN)/python app.py

test: $(VENV)/.dev browser lint
	$(BIN)/python -m pytest -n 2 -m "not browser"
	$(BIN)/python -m pytest -n 2 -m browser || $(BIN)/python -m pytest -m browser --last-failed

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

browser: ; @sh tests/browser/install_chromium.sh

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $$(grep '^torch==' requirements.txt)
	$(PIP) -r requirements.txt
	$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(PIP) -r requirements-dev.txt
	@touch $@

clean: ; rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
