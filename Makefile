# Everything a fresh machine needs is python3 (3.11 or newer) with venv, make and git.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# What is imported stays compiled: tests start many processes.
export PYTHONDONTWRITEBYTECODE =
DEV := $(VENV)/.ready-dev

.PHONY: help demo test check bench clean
help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

demo: $(READY) ## Play the small company with every built-in agent and show what was found
	@$(BIN)/python examples/demo.py

# Three workers on two cores: some tests wait for servers, and for processes they have stopped.
test: $(DEV) ## Run the whole suite
	$(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

check: $(DEV) ## Linters and the type checker
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(DEV) ## Measure the bars (not part of the suite)
	$(BIN)/python -m pytest tests/benchmarks --benchmark-only -s $(ARGS)

clean: ## Forget the environment and what was stored
	rm -rf $(VENV) runs.db* .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@echo "Making the environment in $(VENV): half a minute, once."
	@$(PYTHON) -m venv $(VENV)

$(READY): $(VENV)/bin/python pyproject.toml constraints.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(DEV): $(READY)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
