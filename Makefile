# One front door for everybody: learner, teacher, maintainer and CI call these targets and nothing else.
#
# Two environments share .venv, and each has a stamp in it. `make run` needs only the package and what
# it runs on (.minimal); tests, notebooks and the site need all of requirements.txt (.full).
# .unfinished marks an install that is under way: found at the next start, it means that the last one was
# interrupted, and .venv is made anew. Works with GNU make 3.81 (macOS) and with -j.

PYTHON = python3
HOST = 127.0.0.1
PORT = 8001
CHAPTER =

VENV = .venv
PY = $(VENV)/bin/python
BENCH_VENV = benchmarks/relay/.venv

# Only for somebody who looks on: in CI the last line is pytest's.
HOW_TO_GO_ON = [ ! -t 1 ] || printf '%s\n' 'To learn with it: $(VENV)/bin/workbook' \
    'or plain workbook, after this in each new terminal: . $(VENV)/bin/activate'

# In how many processes, tests/conftest.py decides. A test that takes two minutes fails, with the stacks of all threads.
IN_PARALLEL = -n auto --timeout 120
# A notebook's outputs depend on no IPython profile of whoever runs it.
NOTEBOOKS = IPYTHONDIR='$(CURDIR)/$(VENV)/ipython'

# pyenv's Pythons, and otherwise the command: those that are not here are passed over.
PYTHONS = $(foreach version,3.12 3.13 3.14,$(firstword $(wildcard $(HOME)/.pyenv/versions/$(version).*/bin/python) python$(version)))
TIMES = 1 2 3 4 5 6 7 8 9 10
# A thousand gradings, which `make test-states` runs.
WITHOUT_STATES = --ignore=tests/mutants/test_task_states.py

TYPED_TESTS = tests/workbook tests/grader tests/course tests/authoring tests/mutants

.PHONY: help run test test-failed quick test-more test-states test-random test-seeds test-pythons coverage test-pyodide random-schedules mutation lint check-generated chapters notebooks site test-site bench bench-quick bench-load bench-peers pins clean

help:  ## list what can be made
	@echo 'Usage: make TARGET [PYTHON=python3.12] [HOST=127.0.0.1] [PORT=8001]'
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  %-16s %s\n", $$1, $$2 }'

run: $(VENV)/.minimal  ## run the finished chat server with TLS, on HOST and PORT, until Ctrl-C
	@trap : INT; $(PY) -m solutions.ch06_relay --host $(HOST) --port $(PORT); status=$$?; $(HOW_TO_GO_ON); exit $$status

test: $(VENV)/.full  ## run every test, and every notebook against its recorded output
	@$(NOTEBOOKS) $(PY) -m pytest $(IN_PARALLEL) --junit-xml=junit.xml --nbval $(WITHOUT_STATES) tests notebooks
	@$(HOW_TO_GO_ON)

# For CI: what failed while both processors were busy is tried once more, alone.
test-failed: $(VENV)/.full  ## run once more, one after the other, the tests that failed last
	@$(NOTEBOOKS) $(PY) -m pytest --last-failed --last-failed-no-failures none --nbval tests notebooks

quick: $(VENV)/.full  ## run in half a minute what fails most: the framework, the simulation, a chapter, the import rules
	@$(PY) -m pytest $(IN_PARALLEL) tests/simnet tests/bfnet tests/chapters/test_ch03_on_connection.py \
	    tests/test_import_rules.py -k 'not sockets and not tls'

test-more: test-states test-random test-seeds mutation test-pythons  ## run the tests that take longer: the five below

test-states: $(VENV)/.full  ## hold each task's verdict in every state of the other tasks
	@$(PY) -m pytest $(IN_PARALLEL) -q tests/mutants/test_task_states.py

test-random: $(VENV)/.full  ## run the tests of the packages in ten random orders
	@for time in $(TIMES); do $(PY) -m pytest $(IN_PARALLEL) -q --random-order \
	    tests/bfnet tests/simnet tests/course tests/grader || exit 1; done
	@$(PY) -m pytest $(IN_PARALLEL) -q --random-order tests --ignore tests/mutants --ignore tests/chapters

test-seeds: $(VENV)/.full  ## try the wrong and the right solutions with as many seeds as a learner's file
	@$(PY) -m pytest $(IN_PARALLEL) --seeds 50 $(WITHOUT_STATES) tests/mutants

test-pythons:  ## run `make test` on each other Python that is here
	@for python in $(PYTHONS); do \
	    name=$$("$$python" -c 'import sys; print("python{}.{}".format(*sys.version_info))' 2>/dev/null) || continue; \
	    echo "== $$name"; \
	    $(MAKE) --no-print-directory test PYTHON="$$python" VENV="$(VENV)-$$name" || exit 1; \
	done

# What is measured runs slower, so a test of a deadline may fail here; `make test` has the say on that.
coverage: $(VENV)/.full  ## measure how much of each package the tests run, in child processes too
	@rm -rf .coverage && mkdir .coverage
	-@$(NOTEBOOKS) $(PY) -m coverage run -m pytest $(IN_PARALLEL) -q --nbval $(WITHOUT_STATES) tests notebooks
	@$(PY) -m coverage combine --quiet
	@for package in src/* authoring; do \
	    [ -f $$package/__init__.py ] || continue; \
	    printf '%-14s %s %%\n' $$package "$$($(PY) -m coverage report --format total --include "$$package/*")"; \
	done

test-pyodide: $(VENV)/.full  ## run simnet's conversation on Python 3.14, as Pyodide under Node
	@npm ci --silent --no-audit --no-fund --prefix tests/simnet/pyodide
	@node tests/simnet/pyodide/run.js "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

random-schedules: $(VENV)/.full  ## for a minute, hold random conversations in the simulation and on sockets, and compare
	@$(PY) -m tests.simnet.random_schedules --seconds 60

mutation: $(VENV)/.full  ## change our solutions with mutmut, grade each, and write docs/mutation.md
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement tests/mutants/requirements.txt
	@$(PY) tests/mutants/mutation.py

lint: $(VENV)/.full  ## ruff and mypy
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@for tests in $(TYPED_TESTS); do MYPYPATH=$$tests $(PY) -m mypy --config-file tests/mypy.ini $$tests/*.py || exit 1; done

check-generated: $(VENV)/.full  ## fail when a starter, notebook or page is not what its source makes
	@$(PY) -m authoring check

chapters: $(VENV)/.full  ## make starters, notebooks and what pages show (of all chapters, or CHAPTER=ch01_echo_server)
	@$(PY) -m authoring passages
	@$(PY) -m authoring starters $(CHAPTER)
	@$(PY) -m authoring notebooks $(CHAPTER)
	@$(PY) -m authoring picture
	@$(PY) -m authoring caught

notebooks: $(VENV)/.full  ## open the notebooks in JupyterLab
	@$(PY) -m jupyterlab notebooks

site: $(VENV)/.full  ## build the site into site/
	@NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(PY) -m mkdocs build --strict

test-site: site  ## try the site in a browser, which has to be installed: chromium or Chrome
	@$(PY) -m pytest -p no:randomly -o python_files='browse_*.py' tests/site

bench: $(VENV)/.minimal  ## measure the relay beside others, and what a connection, a conversation and a room cost
	@$(PY) -m benchmarks.relay all
	@for benchmark in benchmarks/*.py; do echo "== $$benchmark"; $(PY) $$benchmark || exit 1; done

bench-quick: $(VENV)/.minimal  ## look whether the relay's benchmark works, in about a minute
	@$(PY) -m benchmarks.relay quick

bench-load:  ## build the load generator of the relay's benchmark, which is written in C
	@$(MAKE) --no-print-directory -C benchmarks/relay build/load

# butterflynet asks for msgpack-python, which has been called msgpack since 2018, so it comes without what it asks for.
bench-peers: $(VENV)/.minimal  ## install the Python servers that the relay is compared with, and what draws the plots
	@$(PY) -m venv --clear $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/relay/requirements.txt
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps ButterflyNet==1.1.0

PIN = $(PY) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --custom-compile-command 'make pins'

pins: $(VENV)/.full  ## raise every pin in requirements.txt, and then those of mutmut and of the benchmark's peers
	@$(PY) -m pip install --quiet uv
	@$(PIN) --extra notebooks --extra site --extra browser --extra uvloop --extra quality \
	    pyproject.toml --output-file requirements.txt
	@$(PIN) --extra mutation --constraint requirements.txt pyproject.toml --output-file tests/mutants/requirements.txt
	@$(PIN) --extra bench --constraint requirements.txt pyproject.toml --output-file benchmarks/relay/requirements.txt

clean:  ## remove the environment, the site and every cache
	@rm -rf $(VENV) $(VENV)-* $(BENCH_VENV) benchmarks/relay/build site build src/*.egg-info junit.xml .coverage \
	    .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment whose Python has gone (an upgrade, a removed pyenv version) is made anew.
ifeq ($(wildcard $(PY)),)
.PHONY: $(VENV)/.minimal
endif

$(VENV)/.minimal: requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
	    echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "$(PYTHON) is $$($(PYTHON) --version 2>&1), and this needs 3.11 or newer. Name one: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make environments. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@if [ -e $(VENV)/.unfinished ] || [ ! -x $(PY) ]; then \
	    echo "Making $(VENV) (once, about half a minute) ..."; \
	    rm -rf $(VENV) && mkdir $(VENV) && touch $(VENV)/.unfinished && $(PYTHON) -m venv $(VENV); \
	fi
	@touch $(VENV)/.unfinished
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint requirements.txt --editable .
	@rm $(VENV)/.unfinished && touch $@

$(VENV)/.full: $(VENV)/.minimal
	@echo "Installing what tests, notebooks and site need (once, about a minute) ..."
	@rm -f $(VENV)/.minimal && touch $(VENV)/.unfinished
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@rm $(VENV)/.unfinished && touch $(VENV)/.minimal && touch $@
