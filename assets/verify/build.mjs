// Makes the verifying page: one file that holds everything, the same bytes from the same sources.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import * as esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const place = path.join(here, "../../src/zonary/common/verify_page/verify.html");

/** Modules that are no files: the table of sentences, given on standard input by build.py, and the worker as text. */
function modules(words, worker) {
  const contents = {
    "zonary:words": Object.entries(words).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`).join("\n"),
    "zonary:worker": `export default ${JSON.stringify(worker)};`,
  };
  return {
    name: "zonary",
    setup(build) {
      build.onResolve({ filter: /^zonary:/ }, ({ path: name }) => ({ path: name, namespace: "zonary" }));
      build.onLoad({ filter: /./, namespace: "zonary" }, ({ path: name }) => ({ contents: contents[name] }));
    },
  };
}

async function bundled(name, words, worker = "", more = {}) {
  const made = await esbuild.build({
    absWorkingDir: path.join(here, ".."),
    entryPoints: [`verify/${name}`],
    outdir: "out",
    bundle: true,
    minify: true,
    format: "iife",
    charset: "utf8",
    target: ["chrome111", "firefox113", "safari16.2"],
    legalComments: "none",
    plugins: [modules(words, worker)],
    write: false,
    logLevel: "warning",
    ...more,
  });
  return made.outputFiles[0].text.trim();
}

const digest = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** @param words: what words.py gives, from standard input. */
export async function buildVerifyPage(target = place) {
  const words = JSON.parse(readFileSync(0, "utf8"));
  const worker = await bundled("worker.js", words);
  // A script ends at the first of these, wherever it stands.
  const script = (await bundled("page.js", words, worker)).replaceAll("</script", "<\\/script");
  const style = await bundled("page.css", words);
  const policy = [
    "default-src 'none'", `script-src ${digest(script)} 'wasm-unsafe-eval'`, "worker-src blob:", `style-src ${digest(style)}`,
    "connect-src 'none'", "base-uri 'none'", "form-action 'none'",
  ].join("; ");
  const page = await readFile(path.join(here, "page.html"), "utf8");
  const filled = page.replace(/\{\{(\w+)\}\}/g, (_, name) => ({ policy, style, script })[name]);
  await writeFile(`${target}.new`, filled);
  await rename(`${target}.new`, target);
}

/** The parts by themselves, for Node (parts.js). */
async function buildParts(target) {
  const made = await bundled("parts.js", JSON.parse(readFileSync(0, "utf8")), "", { format: "esm", external: ["node:readline"], target: "node20", minify: false });
  await writeFile(target, made);
}

// By itself, for tests: the page into the file named, to compare with the one that was built; or its parts.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [target] = process.argv.slice(2);
  await (target.endsWith(".mjs") ? buildParts(target) : buildVerifyPage(target));
}
