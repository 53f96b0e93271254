# How the playground is built: what runs in the browser, from playground/dist/. Included by the Makefile, and by that of a
# student edition. It is bundled from Pyodide and the editor, by package-lock.json, and pytest, by wheels.txt, each with
# its hash. Without npm, the site is complete, and nothing on it runs.

PLAYGROUND = playground/build
WITH_NPM = $(if $(shell command -v npm),playground)

.PHONY: playground
playground: $(VENV)/.full  ## build what runs in the browser into playground/dist/
	@command -v npm >/dev/null || { echo "There is no npm here, and the playground needs it. Install Node 20 or newer." >&2; exit 1; }
	@npm ci --silent --no-audit --no-fund --prefix playground || { \
	    echo "npm could not fetch what the playground needs. To build the site without it: make site WITH_NPM=" >&2; exit 1; }
	@npm run --silent types --prefix playground
	@$(PY) -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
	    --requirement playground/wheels.txt --dest $(PLAYGROUND)/wheels
	@$(PY) -m authoring.archives $(PLAYGROUND)/wheels $(PLAYGROUND)
	@node playground/build.mjs $(PLAYGROUND)

# For the target `site`: says what is missing.
SAYS_WITHOUT_NPM = $(if $(WITH_NPM),,echo 'Without npm, this site has no playground: nothing on it runs.')
