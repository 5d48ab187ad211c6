// Makes the files of src/zonary/portal/static/portal: each carries a digest of its content in its name, so that browsers
// may keep it for ever; manifest.json says which name is the present one. Run by build.py.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import zlib from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";
import { buildVerifyPage } from "./verify/build.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "../src/zonary/portal/static/portal");

/** Sass as esbuild is to read it; a deprecation is Tabler's to mend. */
const styles = {
  name: "sass",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, (file) => {
      const loadPaths = [path.join(here, "node_modules")];
      const { css } = sass.compile(file.path, { loadPaths, quietDeps: true, logger: sass.Logger.silent });
      return { contents: light(css), loader: "css" };
    });
  },
};

/** CSS with the light half of each light-dark(): our pages are light, and browsers before 2024 do not know the word. */
function light(css) {
  const word = "light-dark(";
  for (let start = css.lastIndexOf(word); start >= 0; start = css.lastIndexOf(word, start - 1)) {
    let depth = 1, comma = 0, end = start + word.length;
    for (; depth; end += 1) {
      if (end >= css.length) throw new Error("a light-dark( without its end");
      if (css[end] === "(") depth += 1;
      if (css[end] === ")") depth -= 1;
      if (css[end] === "," && depth === 1 && !comma) comma = end;
    }
    css = css.slice(0, start) + css.slice(start + word.length, comma) + css.slice(end);
    if (!start) break;
  }
  return css;
}

/** One file for each script in scripts/ and workers/, one style sheet, the images, and htmx as it was published. */
async function build() {
  const scripts = [];
  for (const folder of ["scripts", "workers"]) {
    const names = await readdir(path.join(here, folder));
    scripts.push(...names.filter((name) => name.endsWith(".js")).map((name) => `${folder}/${name}`));
  }
  const made = await esbuild.build({
    absWorkingDir: here,
    entryPoints: ["styles/portal.scss", ...scripts],
    outdir: target,
    entryNames: "[name]",
    bundle: true,
    minify: true,
    format: "esm",
    target: ["chrome111", "firefox113", "safari16.2"],
    legalComments: "none",
    plugins: [styles],
    write: false,
    logLevel: "warning",
  });
  const files = made.outputFiles.map((file) => [path.basename(file.path), Buffer.from(file.contents)]);
  files.push(["htmx.js", await readFile(path.join(here, "node_modules/htmx.org/dist/htmx.min.js"))]);
  for (const name of await readdir(path.join(here, "images"))) {
    files.push([name, await readFile(path.join(here, "images", name))]);
  }
  return files.sort(([one], [other]) => (one < other ? -1 : 1));
}

const files = await build();
await buildVerifyPage();
await mkdir(target, { recursive: true });
const manifest = {};
const written = new Set(["manifest.json"]);
for (const [name, content] of files) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const { name: stem, ext } = path.parse(name);
  const hashed = `${stem}-${digest}${ext}`;
  manifest[name] = hashed;
  for (const [suffix, bytes] of [
    ["", content],
    [".br", zlib.brotliCompressSync(content, { params: { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length } })],
    [".gz", zlib.gzipSync(content, { level: 9 })],
  ]) {
    await writeFile(path.join(target, hashed + suffix), bytes);
    written.add(hashed + suffix);
  }
}
// The manifest last, and at one stroke: whoever starts meanwhile reads the one before it, whose files are still there.
await writeFile(path.join(target, "manifest.json.new"), `${JSON.stringify(manifest, null, 1)}\n`);
await rename(path.join(target, "manifest.json.new"), path.join(target, "manifest.json"));
for (const name of await readdir(target)) {
  if (!written.has(name)) await rm(path.join(target, name));
}
