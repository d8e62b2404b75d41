# The commands of development; `make` lists them.
#
# Each one first makes .venv from constraints.txt when it is missing or stale (tools/bootstrap.py), so that a fresh clone needs
# only python3 and make. To use another interpreter: make test PYTHON=python3.12

PYTHON ?= python3
RUN := .venv/bin/python
NODE := tests/peers/node tests/documents/node
NPM := $(shell command -v npm 2>/dev/null)
# One process more than there are processors: some tests wait for servers that they do not steer.
PYTEST_PARALLEL := --numprocesses $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)") --dist worksteal
# What the base install holds: the mock, the schemas, and what they share.
BASE_TESTS := tests/kit tests/mock_server tests/schemas
SOURCES := conformance examples load mock_server schemas tests tools

# Settings of the caller's shell that would bring other versions of the packages in front of ours.
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH

.NOTPARALLEL:
.PHONY: help demo test unit check contract matrix baseline format env peers constraints dist clean

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 18

demo: env ## Hear the mock speak five Arabic sentences, and have it judged
	@$(RUN) examples/demo.py

test: env peers ## Run every test, the coverage gate of the core, and the quick tests at the lowest dependencies
	@$(RUN) -m tools.lowest
	$(RUN) -m pytest $(PYTEST_PARALLEL)
	$(RUN) -m tests.tools.core_coverage
	$(RUN) -m tools.lowest $(PYTEST_PARALLEL) -m "not slow" $(BASE_TESTS)

unit: env ## Run the quick tests only
	$(RUN) -m pytest $(PYTEST_PARALLEL) -m "not slow"

check: env ## Check format, lint and types; all four tools run even if one complains
	@failed=""; \
	for tool in "ruff format --check ." "ruff check ." "mypy" "pyright --pythonpath $(RUN)"; do \
		echo "== $$tool"; \
		$(RUN) -m $$tool || failed="$$failed [$$tool]"; \
	done; \
	test -z "$$failed" || { echo "make check failed:$$failed" >&2; exit 1; }

contract: env ## Compare the REST routes with their OpenAPI document, by schemathesis
	$(RUN) -m tools.contract

matrix: env ## Try every conformance case at every mutant of the mock, and write the table; half an hour
	@$(RUN) -m tests.conformance.mutants.matrix

baseline: env ## Judge the mock by every conformance case, and write the report that is shipped
	@$(RUN) -m tools.baseline

format: env ## Format the code and repair what the linter can
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

env: ## Make .venv when it is missing or stale
	@$(PYTHON) -m tools.bootstrap

ifdef NPM
peers: $(NODE:%=%/node_modules/.stamp) ## Install what the tests run in Node
else
peers:
	@echo "left out: the tests that need Node; install npm (Debian, Ubuntu: apt install nodejs npm)"
endif

# The stamp is the last thing written, and npm says itself what went wrong. The tests then say what they leave out.
%/node_modules/.stamp: %/package.json
	@cd $* && npm install --no-audit --no-fund --loglevel=error && touch node_modules/.stamp \
		|| echo "left out: the tests that need Node; npm could not install $<"

constraints: ## Resolve all versions anew into constraints.txt
	$(PYTHON) -m tools.constraints

dist: env ## Build the wheel and the source distribution into dist/
	$(RUN) -m hatchling build

clean: ## Remove what make made
	rm -rf .venv .venv-lowest .venv-contract $(NODE:%=%/node_modules) dist demo-output
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache tests/conformance/mutants/kept
	find $(SOURCES) -type d -name __pycache__ -prune -exec rm -rf {} +
