# The environment in .venv: which Python makes it, and what is installed. Included by the Makefile, and by that of a
# student edition.
#
# Two environments share .venv, and each has a stamp in it. `make run` needs only the package and what
# it runs on (.minimal); tests, notebooks and the site need all of requirements.txt (.full).
# .unfinished marks an install that is under way: found at the next start, it means that the last one was
# interrupted, and .venv is made anew. Works with GNU make 3.81 (macOS) and with -j.

PYTHON = python3
VENV = .venv
PY = $(VENV)/bin/python

# An environment is made again when its Python is gone (an upgrade, a removed pyenv version), and when this folder
# was renamed or copied since: the commands in it hold the folder's old path.
MADE_AS = $(shell sed -n 's/^command = .* -m venv //p' $(VENV)/pyvenv.cfg 2>/dev/null)
ifeq ($(wildcard $(PY)),)
IS_GONE = yes
else ifneq ($(MADE_AS),)
ifneq ($(MADE_AS),$(CURDIR)/$(VENV))
IS_GONE = yes
endif
endif
ifdef IS_GONE
.PHONY: $(VENV)/.minimal
endif

# Python reads a .pth file in the locale's encoding. A relative path has no letter that this could get wrong.
FIND_SRC = for link in $(VENV)/lib/python*/site-packages/__editable__.*.pth; do \
    [ ! -e "$$link" ] || echo ../../../../src >"$$link"; done

$(VENV)/.minimal: requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
	    echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "$(PYTHON) is $$($(PYTHON) --version 2>&1), and this needs 3.11 or newer. Name one: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) cannot make environments. On Debian and Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@if [ -e $(VENV)/.unfinished ] || [ -n "$(IS_GONE)" ]; then \
	    echo "Making $(VENV) (once, about half a minute) ..."; \
	    rm -rf $(VENV) && mkdir $(VENV) && touch $(VENV)/.unfinished && $(PYTHON) -m venv $(VENV); \
	fi
	@touch $(VENV)/.unfinished
	@$(PY) -m pip install --quiet --disable-pip-version-check --constraint requirements.txt --editable .
	@$(FIND_SRC)
	@rm $(VENV)/.unfinished && touch $@

$(VENV)/.full: $(VENV)/.minimal
	@echo "Installing what tests, notebooks and site need (once, about a minute) ..."
	@rm -f $(VENV)/.minimal && touch $(VENV)/.unfinished
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@rm $(VENV)/.unfinished && touch $(VENV)/.minimal && touch $@
