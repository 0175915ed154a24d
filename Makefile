# The commands of this project; `make help` lists them.
# Needs Python 3.11 or newer with its venv module, git and make (GNU make 3.81 or newer).

PORT ?= 5000
VENV ?= .venv
# More arguments for pytest, for example: make test PYTEST_ARGS="-k spans"
PYTEST_ARGS ?=

BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check
PYTEST  := $(BIN)/python -m pytest
FAST    := not browser and not slow
# What PostgreSQL could do otherwise: what is stored, asked and locked. What is made of rows after they were read is not
# among it, nor how a proof notices a fault (`once`). `make soak` has all that touches a database there.
DATABASE := $(filter-out $(addprefix tests/services/test_,agreement_links.py first_pass.py fitted_model.py \
  release_package.py release_people.py release_text.py reveals.py tools_round_trip.py), \
  $(wildcard tests/services/test_*.py)) \
  $(addprefix tests/,seeds cli/test_backups.py test_busy.py test_db.py test_migrations.py \
  test_migrations_data.py test_unavailable.py test_writers_queue.py) \
  $(filter-out $(addprefix tests/proofs/test_,blind_pages.py blind_rounds.py counterparts.py hidden_names.py import_memory.py \
  large_annotations.py large_layers.py statement_counts.py), \
  $(wildcard tests/proofs/test_*.py))
# What is played once: a browser, a wheel, servers, which wait for each other. Not all tests are read for that.
HEAVY = tests/browser $(shell grep -rl --include='test_*.py' 'pytest\.mark\.slow' tests)
# What needs none and is stated of texts and records in general: `make soak` looks for examples against it.
NO_DATABASE := $(addprefix tests/,agreement domain formats matching)
# The links that `annotator demo` prints must lead to the port that is served.
ADDRESS := http://127.0.0.1:$(PORT)

export PYTHONUNBUFFERED := 1
# What Python compiled is kept, whatever the shell says: the tests start the program again and again.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test soak lint bench lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.base ## set everything up and serve the demo project on 127.0.0.1 (PORT=5000)
	@$(BIN)/annotator init
	@ANNOTATOR_BASE_URL="$${ANNOTATOR_BASE_URL:-$(ADDRESS)}" $(BIN)/annotator demo
	@echo "Serving on $(ADDRESS) (Ctrl+C ends it)"
	@exec $(BIN)/annotator serve --host 127.0.0.1 --port $(PORT)

test: $(VENV)/.browser ## all tests: on SQLite, on PostgreSQL, then with a real browser
	$(PYTEST) -n 2 -m "$(FAST)" $(PYTEST_ARGS)
	$(PYTEST) -n 2 -m "$(FAST) and not once" --database postgresql $(PYTEST_ARGS) $(DATABASE)
	$(PYTEST) -n 3 -m "not ($(FAST))" $(PYTEST_ARGS) $(HEAVY)

soak: $(VENV)/.browser ## everything on PostgreSQL, and the long proofs at their full counts on both databases
	@$(BIN)/python -m tests.install_browser --whole
	$(PYTEST) -n 2 -m "$(FAST)" --database postgresql $(addprefix --ignore=,$(NO_DATABASE)) $(PYTEST_ARGS)
	$(PYTEST) -n 2 --hypothesis-profile searching $(PYTEST_ARGS) $(NO_DATABASE)
	$(PYTEST) -m soak --full $(PYTEST_ARGS)
	$(PYTEST) -m "soak and not browser" --full --database postgresql $(PYTEST_ARGS)

lint: $(VENV)/.dev ## formatter, linter, type checkers of Python and of the browser code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --num-workers 2
	$(BIN)/python requirements/js/check.py

bench: $(VENV)/.dev ## this project's own benchmarks, as a table
	@$(BIN)/python -m benchmarks

# The packages are resolved for every platform and for Python 3.11 and newer; no address of an index is written down.
COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --custom-compile-command "make lock" --group build

lock: $(VENV)/.dev ## resolve the dependencies anew and lock them with their hashes
	$(BIN)/$(COMPILE) --upgrade -o requirements/base.txt
	$(BIN)/$(COMPILE) --upgrade --constraint requirements/base.txt \
	  --extra all --group test --group lint --group lock -o requirements/dev.txt
	$(BIN)/python requirements/js/check.py --lock

clean: ## remove what was built; the data in instance/ and the environment in .venv/ stay
	rm -rf build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache .coverage htmlcov requirements/js/node_modules
	find annotator tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The system's own Python comes before others on the path: distributions compile it along the profile of a run, which whoever
# compiles one by hand often leaves out, and the program then takes half as long again. An environment made before is kept.
$(VENV)/bin/python:
	@for python in $(PYTHON) /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version)"; \
	    $$python -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; \
	    exit 0; \
	  fi; \
	done; \
	echo "Python 3.11 or newer with its venv module was not found. On Debian and Ubuntu: apt-get install python3-venv." >&2; \
	echo "Or say where it is: make PYTHON=/path/to/python3" >&2; exit 1

# The build backend comes from the lock as well: nothing is installed that has no hash. The lock names every package, so
# pip need not resolve anything; older ones, asked to, look for the newest release of what is wanted with an extra.
define install
	$(PIP) install --quiet $(2) --require-hashes --no-deps --requirement $(1)
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@lacking=$$($(PIP) check) || { echo "$(1): $$lacking" >&2; exit 1; }
endef

$(VENV)/.base: requirements/base.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing requirements/base.txt"
	@$(call install,requirements/base.txt)
	@touch $@

# Of two hundred packages for developers a quarter is ever imported: Python compiles it then.
$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing requirements/dev.txt"
	@$(call install,requirements/dev.txt,--no-compile)
	@touch $@ $(VENV)/.base

$(VENV)/.browser: $(VENV)/.dev tests/install_browser.py
	@$(BIN)/python -m tests.install_browser
	@touch $@
