# Two commands on a fresh machine with Python >= 3.11 and make: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test slow check bench bench-context coverage-of-intervals endurance forgeries engine wheel clean

help:
	@echo "make demo    play, prove and draw a whole game (no ROM, no key)"
	@echo "make test    run the tests that take seconds"
	@echo "make slow    run the long tests: every preset over 20 worlds, fuzzing"
	@echo "make check   lint, types, layers, and that generated files are up to date"
	@echo "make bench   measure against raw PyBoy in the same run"
	@echo "make bench-context  dollars of a context that grows beside a sliding window"
	@echo "make coverage-of-intervals  how often shown intervals hold the truth, simulated"
	@echo "make endurance  kill runs 200 times an adapter; play 10,000 turns with a model"
	@echo "make forgeries  hand in a thousand forged submissions and see that none is entered"
	@echo "make engine  rebuild the Tallgrass engine (needs Debian's sdcc)"
	@echo "make wheel   build the wheel and check what is in it"
	@echo "make clean   remove what make made"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("pokebench needs Python 3.11 or newer: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/.runtime

demo: $(VENV)/.runtime
	$(BIN)/pokebench demo

test: $(VENV)/.dev
	$(BIN)/pytest -n auto

slow: $(VENV)/.dev
	$(BIN)/pytest -n auto -m slow

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tallgrass/draw.py --check

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.bench

bench-context: $(VENV)/.dev
	$(BIN)/python benchmarks/context_cost.py

coverage-of-intervals: $(VENV)/.dev
	$(BIN)/python -m benchmarks.coverage

endurance: $(VENV)/.dev
	for adapter in anthropic openai openai_background openai_compatible; do \
		$(BIN)/python -m tests.endurance.kill_loop --kills 200 --adapter $$adapter --faults || exit 1; \
	done
	$(BIN)/python -m benchmarks.endurance

forgeries: $(VENV)/.dev
	$(BIN)/python -m benchmarks.forgeries

engine: $(VENV)/.dev
	$(BIN)/python tallgrass/build.py

wheel: $(VENV)/.dev
	rm -rf dist
	$(BIN)/python -m build --wheel --outdir dist
	$(BIN)/check-wheel-contents dist

clean:
	rm -rf $(VENV) dist build runs score .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
