# One front door for everybody: learner, teacher, maintainer and CI call these targets and nothing else.
# How .venv is made is in environment.mk, and how the playground is in playground.mk: a student edition has both too.

.DEFAULT_GOAL = help
include environment.mk
include playground/playground.mk

HOST = 127.0.0.1
PORT = 8001
CHAPTER =

BENCH_VENV = benchmarks/relay/.venv
# What grading is compared with: each has an environment of its own.
GRADERS = benchmarks/grading/nbgrader benchmarks/grading/otter

# Only for somebody who looks on: in CI the last line is pytest's.
HOW_TO_GO_ON = [ ! -t 1 ] || printf '%s\n' 'To learn with it: $(VENV)/bin/workbook' \
    'or plain workbook, after this in each new terminal: . $(VENV)/bin/activate'
HOW_TO_LOOK = [ ! -t 1 ] || printf '%s\n' 'To look at it: $(PY) -m http.server -d site' \
    'then open http://127.0.0.1:8000 in a browser. From a file, the search does not work.'

# In how many processes, tests/conftest.py decides. A test that takes two minutes fails, with the stacks of all threads.
IN_PARALLEL = -n auto --timeout 120
# A notebook's outputs depend on no IPython profile of whoever runs it.
NOTEBOOKS = IPYTHONDIR='$(CURDIR)/$(VENV)/ipython'

# pyenv's Pythons, and otherwise the command: those that are not here are passed over.
PYTHONS = $(foreach version,3.12 3.13 3.14,$(firstword $(wildcard $(HOME)/.pyenv/versions/$(version).*/bin/python) python$(version)))
TIMES = 1 2 3 4 5 6 7 8 9 10
# A thousand gradings, which `make test-states` runs.
WITHOUT_STATES = --ignore=tests/mutants/test_task_states.py
# As many of hostile files, which `make test-attacks` runs.
WITHOUT_ATTACKS = --ignore=tests/attacks
# Student editions, autograders and clusters, made and used, which `make test-editions` does.
EDITIONS = tests/services tests/classroom/test_cluster.py tests/workbook/test_release.py tests/workbook/test_release_playground.py tests/workbook/test_container.py tests/workbook/test_the_guide.py
WITHOUT_EDITIONS = $(addprefix --ignore=,$(EDITIONS))

TYPED_TESTS = tests/workbook tests/classroom tests/services tests/grader tests/isolation tests/attacks tests/course tests/authoring tests/mutants

.PHONY: help run test test-failed quick test-more test-states test-attacks test-attacks-all test-editions test-random test-seeds test-kills test-pythons coverage test-pyodide random-schedules mutation lint check-generated chapters recordings notebooks site book test-site test-firefox bench bench-quick bench-load bench-peers pins clean

# Prints a group of targets: its title, and an awk condition on $1, the name.
GROUP = printf '\n%s:\n' $(1); sed -n 's/^\([a-z-]*\):.*\#\# /\1|/p' $(MAKEFILE_LIST) | \
    awk -F'|' '$(2) { printf "  %-16s %s\n", $$1, $$2 }'
TO_LEARN = $$1 ~ /^(run|notebooks|site|book)$$/
TO_TEST = $$1 ~ /^(test.*|quick|coverage|random-schedules)$$/
TO_MEASURE = $$1 ~ /^bench/

help:
	@echo 'Usage: make TARGET [PYTHON=python3.12] [HOST=127.0.0.1] [PORT=8001]'
	@$(call GROUP,'To learn',$(TO_LEARN))
	@$(call GROUP,'To test',$(TO_TEST))
	@$(call GROUP,'To measure',$(TO_MEASURE))
	@$(call GROUP,'To change the workbook',!($(TO_LEARN) || $(TO_TEST) || $(TO_MEASURE)))

run: $(VENV)/.minimal  ## run the finished chat server over TLS, until Ctrl-C
	@trap : INT; $(PY) -m solutions.ch06_relay --host $(HOST) --port $(PORT); status=$$?; $(HOW_TO_GO_ON); exit $$status

test: $(VENV)/.full  ## run every test, and every notebook against its outputs
	@$(NOTEBOOKS) $(PY) -m pytest $(IN_PARALLEL) --junit-xml=junit.xml --nbval $(WITHOUT_STATES) $(WITHOUT_ATTACKS) $(WITHOUT_EDITIONS) tests notebooks
	@$(HOW_TO_GO_ON)

# For CI: what failed while both processors were busy is tried once more, alone.
test-failed: $(VENV)/.full  ## run the tests that failed last again, one after the other
	@$(NOTEBOOKS) $(PY) -m pytest --last-failed --last-failed-no-failures none --nbval tests notebooks

quick: $(VENV)/.full  ## run what fails most, in half a minute
	@$(PY) -m pytest $(IN_PARALLEL) tests/simnet tests/bfnet tests/chapters/test_ch03_on_connection.py \
	    tests/test_import_rules.py -k 'not sockets and not tls'

test-more: test-states test-attacks-all test-editions test-random test-seeds test-kills mutation test-pythons  ## run the tests that take longer: these eight

test-states: $(VENV)/.full  ## check each task's verdict in every state of the others
	@$(PY) -m pytest $(IN_PARALLEL) -q tests/mutants/test_task_states.py

test-attacks: $(VENV)/.full  ## grade hostile files and honest oddities in a sandbox
	@$(PY) -m pytest $(IN_PARALLEL) -q tests/attacks -k 'not separate-user'

test-attacks-all: $(VENV)/.full  ## the same at every level that this machine offers
	@$(PY) -m pytest $(IN_PARALLEL) -q tests/attacks

test-editions: $(VENV)/.full  ## make student editions, autograders and clusters, and use them
	@$(PY) -m pytest $(IN_PARALLEL) -q $(EDITIONS)

test-random: $(VENV)/.full  ## run the tests of the packages in ten random orders
	@for time in $(TIMES); do $(PY) -m pytest $(IN_PARALLEL) -q --random-order \
	    tests/bfnet tests/simnet tests/course tests/grader || exit 1; done
	@$(PY) -m pytest $(IN_PARALLEL) -q --random-order tests --ignore tests/mutants --ignore tests/attacks --ignore tests/chapters

test-seeds: $(VENV)/.full  ## run wrong and right solutions with a learner's many seeds
	@$(PY) -m pytest $(IN_PARALLEL) --seeds 50 $(WITHOUT_STATES) tests/mutants

test-kills: $(VENV)/.full  ## kill a class's grading at fifty moments
	@KILLS=50 $(PY) -m pytest -q tests/classroom/test_kill.py

test-pythons:  ## run `make test` on every other Python found here
	@for python in $(PYTHONS); do \
	    name=$$("$$python" -c 'import sys; print("python{}.{}".format(*sys.version_info))' 2>/dev/null) || continue; \
	    echo "== $$name"; \
	    $(MAKE) --no-print-directory test PYTHON="$$python" VENV="$(VENV)-$$name" || exit 1; \
	done

# What is measured runs slower, so a test of a deadline may fail here; `make test` has the say on that.
coverage: $(VENV)/.full  ## measure how much of each package the tests run
	@rm -rf .coverage && mkdir .coverage
	-@$(NOTEBOOKS) $(PY) -m coverage run -m pytest $(IN_PARALLEL) -q --nbval $(WITHOUT_STATES) $(WITHOUT_ATTACKS) $(WITHOUT_EDITIONS) tests notebooks
	@$(PY) -m coverage combine --quiet
	@for package in src/* authoring; do \
	    [ -f $$package/__init__.py ] || continue; \
	    printf '%-14s %s %%\n' $$package "$$($(PY) -m coverage report --format total --include "$$package/*")"; \
	done

test-pyodide: $(VENV)/.full  ## run simnet's conversation in Pyodide, under Node
	@npm ci --silent --no-audit --no-fund --prefix tests/simnet/pyodide
	@node tests/simnet/pyodide/run.js "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

random-schedules: $(VENV)/.full  ## compare random conversations, simulated and on sockets
	@$(PY) -m tests.simnet.random_schedules --seconds 60

mutation: $(VENV)/.full  ## change our solutions with mutmut, and grade each
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement tests/mutants/requirements.txt
	@$(PY) tests/mutants/mutation.py

lint: $(VENV)/.full  ## check style and types with ruff and mypy
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@for tests in $(TYPED_TESTS); do MYPYPATH=$$tests $(PY) -m mypy --config-file tests/mypy.ini $$tests/*.py || exit 1; done

recordings: $(VENV)/.full  ## record the terminals in the README again
	@$(PY) -m authoring recordings

check-generated: $(VENV)/.full  ## fail if a generated file is not up to date
	@$(PY) -m authoring check

chapters: $(VENV)/.full  ## make starters, notebooks, pages (or CHAPTER=ch01_echo_server)
	@$(PY) -m authoring passages
	@$(PY) -m authoring starters $(CHAPTER)
	@$(PY) -m authoring notebooks $(CHAPTER)
	@$(PY) -m authoring picture
	@$(PY) -m authoring readme
	@$(PY) -m authoring caught
	@$(PY) -m authoring timetable
	@$(PY) -m authoring attacks

notebooks: $(VENV)/.full  ## open the notebooks in JupyterLab
	@$(PY) -m jupyterlab notebooks

site: $(VENV)/.full $(WITH_NPM)  ## build the site into site/, and print how to look at it
	@NO_MKDOCS_2_WARNING=1 DISABLE_MKDOCS_2_WARNING=true $(PY) -m mkdocs build --strict
	@$(SAYS_WITHOUT_NPM)
	@$(HOW_TO_LOOK)

book: site  ## pack the site into build/book.zip, to read offline
	@$(PY) -m authoring book site build/book.zip

test-site: site  ## test the site in an installed Chromium or Chrome
	@$(PY) -m pytest -n 2 -o python_files='browse_*.py' tests/site

# Before the site is built, so that nobody waits for nothing.
.PHONY: firefox
firefox:
	@command -v firefox-esr >/dev/null || command -v firefox >/dev/null || { \
	    echo "There is no Firefox here. On Debian: sudo apt install firefox-esr" >&2; exit 1; }

test-firefox: firefox site  ## test the site in an installed Firefox
	@$(PY) -m pytest -n 2 --firefox -o python_files='browse_*.py' tests/site

bench: $(VENV)/.minimal  ## measure the relay and others, grading, and what a room costs
	@$(PY) -m benchmarks.relay all
	@$(PY) -m benchmarks.grading all
	@for benchmark in benchmarks/*.py; do echo "== $$benchmark"; $(PY) $$benchmark || exit 1; done

bench-quick: $(VENV)/.minimal  ## check that the benchmarks work, in about a minute
	@$(PY) -m benchmarks.relay quick
	@$(PY) -m benchmarks.grading quick

bench-load:  ## build the load generator of the relay's benchmark, in C
	@$(MAKE) --no-print-directory -C benchmarks/relay build/load

# butterflynet asks for msgpack-python, which has been called msgpack since 2018, so it comes without what it asks for.
bench-peers: $(VENV)/.minimal  ## install the servers and graders that ours are compared with
	@$(PY) -m venv --clear $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/relay/requirements.txt
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps ButterflyNet==1.1.0
	@for grader in $(GRADERS); do \
	    $(PY) -m venv --clear $$grader/.venv && $$grader/.venv/bin/python -m pip install --quiet \
	        --disable-pip-version-check -r $$grader/requirements.txt || exit 1; \
	done

PIN = $(PY) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --custom-compile-command 'make pins'

# Pyodide stays: another one is another Python. CONTRIBUTING.md says how it is raised.
NEWEST = $$(node -p "Object.keys(require('./playground/package.json').$(1)).filter(name => name !== 'pyodide').map(name => name + '@latest').join(' ')")
RAISE = npm install --silent --no-audit --no-fund --prefix playground --package-lock-only --omit-lockfile-registry-resolved

pins: $(VENV)/.full  ## raise every pin, of packages, tools and the playground
	@$(PY) -m pip install --quiet uv
	@$(PIN) --extra notebooks --extra site --extra browser --extra uvloop --extra cluster --extra quality \
	    pyproject.toml --output-file requirements.txt
	@$(PIN) --extra mutation --constraint requirements.txt pyproject.toml --output-file tests/mutants/requirements.txt
	@$(PIN) --extra bench --constraint requirements.txt pyproject.toml --output-file benchmarks/relay/requirements.txt
	@for grader in $(GRADERS); do \
	    $(PIN) $$grader/requirements.in --output-file $$grader/requirements.txt || exit 1; \
	done
	@echo pytest | $(PY) -m uv pip compile --quiet --upgrade --python-version 3.14 --only-binary :all: --generate-hashes \
	    --no-annotate --custom-compile-command 'make pins' --constraint requirements.txt - --output-file playground/wheels.txt
	@$(RAISE) --save-exact $(call NEWEST,dependencies)
	@$(RAISE) --save-exact --save-dev $(call NEWEST,devDependencies)

clean:  ## remove the environment, the site and every cache
	@rm -rf $(VENV) $(VENV)-* $(BENCH_VENV) $(GRADERS:=/.venv) benchmarks/relay/build site build playground/build \
	    playground/dist playground/node_modules src/*.egg-info junit.xml .coverage \
	    .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
