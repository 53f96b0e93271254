// Runs on Python 3.14 what tests/simnet proves elsewhere: Pyodide is CPython 3.14 in WebAssembly, and
// simnet has to work in it because the site runs it in the browser.
//
//     npm ci --prefix tests/simnet/pyodide
//     node tests/simnet/pyodide/run.js FOLDER_OF_PYTEST
//
// 1. The conversation of storyline.py gives the trace in storyline.json, byte for byte.
// 2. The tests of the loop and the network pass that need no socket. They run with the pytest of the
//    environment whose folder of packages is given.
//
// It is a command and no test of pytest's, so that it fails where Node or Pyodide is missing.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const { loadPyodide } = await import("pyodide").catch(() => {
  console.error("Pyodide is not installed: run npm ci --prefix tests/simnet/pyodide");
  process.exit(2);
});

const here = dirname(fileURLToPath(import.meta.url));
const tests = join(here, "..");
const source = join(tests, "..", "..", "src");
const packages = process.argv[2];
if (packages === undefined) {
  console.error("usage: node tests/simnet/pyodide/run.js FOLDER_OF_PYTEST (its site-packages)");
  process.exit(2);
}

// No plugins of pytest: what is installed beside it may have parts in C.
const python = await loadPyodide({
  env: { HOME: "/tmp", PYTHONDONTWRITEBYTECODE: "1", PYTEST_DISABLE_PLUGIN_AUTOLOAD: "1" },
});
for (const [at, folder] of [["/source", source], ["/tests", tests], ["/packages", packages]]) {
  python.FS.mkdirTree(at);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, at);
}

// Pyodide says that a loop is running, the one of Node. Ours runs inside of this call, on its own.
const run = (code) => python.runPython(code);
run(`
import asyncio, sys
asyncio._set_running_loop(None)
sys.path[:0] = ["/source", "/tests", "/packages"]
`);

const version = run("sys.version.split()[0]");
run("import storyline");
const trace = run("storyline.trace_as_json()");
if (trace !== readFileSync(join(tests, "storyline.json"), "latin1")) {
  console.error(`Python ${version}: the trace of storyline.py is not storyline.json:\n${trace}`);
  process.exit(1);
}
console.log(`Python ${version}: the trace is the same, ${trace.length} bytes.`);

const failed = run(`
import pytest
int(pytest.main([
    "-q", "-p", "no:cacheprovider", "-W", "error", "-c", "/dev/null",
    "--rootdir", "/tests", "-k", "not on_sockets",
    *(f"/tests/test_{it}.py" for it in ("scenarios", "simulated_loop", "simulated_network", "stall")),
]))
`);
process.exit(failed);
