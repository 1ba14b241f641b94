# Every target sets up what it needs in .venv. `make demo` and `make test` are all a newcomer has to know.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help demo demo-evidence test lint check fix snap docs bench bench-portfolio clean

help: ## Show this list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F '\t' '{printf "%-14s %s\n", $$1, $$2}'

demo: $(VENV)/.installed ## Set up, and score a real project.
	$(BIN)/mlscore assess examples/predictive-maintenance.yaml

demo-evidence: $(VENV)/.evidence ## Set up, run the tools of examples/evidence, and hold its claims against them.
	cd examples/evidence && ../../$(BIN)/python -m pytest -q --junitxml=reports/junit.xml --mlscore-json=reports/mlscore.json || true
	cd examples/evidence && ../../$(BIN)/python validate.py 2>/dev/null
	$(BIN)/mlscore assess examples/evidence/project.yaml

test: $(VENV)/.developed ## Set up, and run every test.
	$(BIN)/pytest -n auto

lint: $(VENV)/.developed ## Lint and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint ## Lint, types, tests with branch coverage.
	$(BIN)/pytest -n auto --cov --cov-report=term

fix: $(VENV)/.developed ## Mend what a tool can mend.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

snap: $(VENV)/.developed ## Rewrite the snapshots in the tests; read the difference before you commit it.
	-$(BIN)/pytest -n 0 --inline-snapshot=fix,create
	$(BIN)/ruff format -q tests
	git diff --stat tests

docs: $(VENV)/.developed ## Rewrite what is made in README and docs: outputs of commands, the rubric format.
	$(BIN)/python tests/test_readme.py
	$(BIN)/python tests/test_rubric_format.py

bench: $(VENV)/.installed ## Measure start-up against `python -c pass`.
	$(BIN)/python bench/startup.py

bench-portfolio: $(VENV)/.installed ## Measure a portfolio of thousands of files.
	$(BIN)/python bench/portfolio.py

clean: ## Remove what the other targets made.
	rm -rf $(VENV) build dist .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis .validators .browser

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'mlscore needs Python 3.11 or later; name one: make $(MAKECMDGOALS) PYTHON=python3.12' >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade 'pip>=25.1'

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/.evidence: $(VENV)/.installed
	$(BIN)/pip install --quiet pytest 'great_expectations>=1.5,<2'
	@touch $@

$(VENV)/.developed: $(VENV)/.installed pyproject.toml
	$(BIN)/pip install --quiet --editable . --group dev
	@touch $@
