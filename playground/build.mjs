// Bundles the page and its worker, and puts Pyodide and the archives of Python files beside them.
//
//     node build.mjs ARCHIVES    (a folder with workbook.zip and graders.zip, made by `authoring playground`)
//
// Everything goes to dist/, which the site's hook takes as it is. Nothing in it is committed.

import { cpSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
const archives = process.argv[2];
if (archives === undefined) {
  console.error("usage: node build.mjs FOLDER_OF_ARCHIVES");
  process.exit(2);
}

const PYODIDE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"];
const ARCHIVES = ["workbook.zip", "graders.zip"];

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "pyodide"), { recursive: true });
for (const file of PYODIDE) cpSync(join(here, "node_modules", "pyodide", file), join(dist, "pyodide", file));
for (const file of ARCHIVES) cpSync(join(archives, file), join(dist, file));

const weighed = [...PYODIDE.map((file) => `pyodide/${file}`), ...ARCHIVES];
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
