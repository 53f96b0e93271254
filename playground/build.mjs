// Bundles the page and its worker, and puts Pyodide and the archives of Python files beside them.
//
//     node build.mjs ARCHIVES    (a folder with workbook.zip and graders.zip, made by `authoring.archives`)
//
// Everything goes to dist/, which the site's hook takes as it is. Nothing in it is committed.

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { loadPyodide } from "pyodide";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const archives = process.argv[2];
if (archives === undefined) {
  console.error("usage: node build.mjs FOLDER_OF_ARCHIVES");
  process.exit(2);
}

const PYODIDE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"];
// Each archive, and the folder that the worker unpacks it into.
const ARCHIVES = { "workbook.zip": "/workbook", "graders.zip": "/workbook/src/graders" };

const python = await loadPyodide({ env: { HOME: "/tmp", PYTHONHASHSEED: "0" } });

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "pyodide"), { recursive: true });
for (const file of PYODIDE) cpSync(join(here, "node_modules", "pyodide", file), join(dist, "pyodide", file));
for (const [file, folder] of Object.entries(ARCHIVES)) await compiled(file, folder);

const weighed = [...PYODIDE.map((file) => `pyodide/${file}`), ...Object.keys(ARCHIVES)];
const weights = Object.fromEntries(weighed.map((file) => [file, statSync(join(dist, file)).size]));

// Pyodide asks for its list of packages, of which we use none: it gets the head of the list alone.
const { info } = JSON.parse(readFileSync(join(here, "node_modules", "pyodide", "pyodide-lock.json"), "utf8"));

await build({
  absWorkingDir: here,
  entryPoints: ["src/page.ts", "src/worker.ts", "src/playground.css"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  define: { WEIGHTS: JSON.stringify(weights), LOCK_INFO: JSON.stringify(info) },
  logLevel: "warning",
});

// The service worker keeps all of it, and has to be at the root of the site: the hook puts it there.
const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
const precached = files.map((file) => {
  const path = join(file.parentPath, file.name);
  const revision = createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
  return { url: `playground/${relative(dist, path)}`, revision };
});
await build({
  absWorkingDir: here,
  entryPoints: ["src/sw.ts"],
  outdir: "dist",
  bundle: true,
  format: "iife",
  target: "es2022",
  minify: true,
  define: { PRECACHED: JSON.stringify(precached), "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});

process.exit(0); // Pyodide would keep Node waiting

// Adds the bytecode of each module to an archive, made by the Python that will run it: the reader's
// browser would spend seconds on that. Of what is not ours, the source is left out.
async function compiled(file, folder) {
  python.FS.writeFile("/archive.zip", readFileSync(join(archives, file)));
  python.globals.set("folder", folder);
  python.runPython(`
import py_compile, shutil
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

shutil.unpack_archive("/archive.zip", folder)
MODE = py_compile.PycInvalidationMode.UNCHECKED_HASH
for source in sorted(Path(folder).rglob("*.py")):
    if folder == "/workbook/src/graders":
        py_compile.compile(str(source), str(source) + "c", doraise=True, invalidation_mode=MODE)
        source.unlink()
    elif "tests" not in source.parts:
        py_compile.compile(str(source), doraise=True, invalidation_mode=MODE)
with ZipFile("/archive.zip", "w", ZIP_DEFLATED) as archive:
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            archive.writestr(ZipInfo(str(path.relative_to(folder))), path.read_bytes(), ZIP_DEFLATED)
`);
  writeFileSync(join(dist, file), python.FS.readFile("/archive.zip"));
}
