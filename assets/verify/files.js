// Files in the hand against leaves of the package. Names and paths are bytes, one character each.
import { printable } from "./bytes.js";
import { sentence } from "./errors.js";
import { isNamed } from "./manifest.js";

const MAX_NAMES_SHOWN = 10;

function isSame(leaf, item) {
  if (leaf.kind === "file") return item.kind === "file" && BigInt(leaf.size) === BigInt(item.size) && leaf.sha256 === item.sha256 && leaf.sm3 === item.sm3;
  if (leaf.kind === "directory") return item.kind === "directory";
  return item.kind === "symlink" && leaf.target === item.target;
}

class Comparison {
  byName = new Map(); byDigest = new Map(); matched = new Set(); nameless = new Set(); renamed = []; changed = []; foreign = [];

  constructor(leaves) {
    for (const leaf of leaves) {
      if (leaf.kind === "file" || leaf.kind === "digest") {
        const pair = leaf.sha256 + leaf.sm3;
        if (!this.byDigest.has(pair)) this.byDigest.set(pair, []);
        this.byDigest.get(pair).push(leaf);
      }
      if (isNamed(leaf)) this.byName.set(leaf.name, leaf);
    }
  }

  get compared() { return this.matched.size + this.nameless.size; }

  /** A file given by itself goes by the longest end of its path that was sealed with this content. */
  takeFile(item) {
    const parts = item.path.replace(/^\/+|\/+$/g, "").split("/");
    const candidates = parts.map((_, start) => parts.slice(start).join("/")).filter((name) => this.byName.has(name));
    const found = candidates.find((name) => isSame(this.byName.get(name), item));
    if (found !== undefined) this.matched.add(found);
    else if (!this.takeTwin(item, false)) (candidates.length ? this.changed : this.foreign).push(item.path);
  }

  /** What lies in a folder goes by its name below `prefix` and no other; what is left over. */
  takeFolder(items, prefix) {
    return items.filter((item) => {
      const name = prefix + item.name, leaf = this.byName.get(name);
      if (!leaf) return true;
      if (isSame(leaf, item)) this.matched.add(name);
      else this.changed.push(name);
      return false;
    });
  }

  /** A file that goes by no sealed name is a moved one if its content was sealed by a name that is gone. */
  takeLeft(items) {
    for (const item of items) if (!this.takeTwin(item, true)) this.foreign.push(item.name);
  }

  takeTwin(item, onlyMissing) {
    if (item.kind !== "file") return false;
    for (const leaf of this.byDigest.get(item.sha256 + item.sm3) ?? []) {
      if (leaf.kind === "digest") { this.nameless.add(leaf.salt); return true; }
      const isTaken = this.matched.has(leaf.name) || this.changed.includes(leaf.name);
      if (BigInt(leaf.size) !== BigInt(item.size) || (onlyMissing && isTaken)) continue;
      this.matched.add(leaf.name);
      this.renamed.push([item.name, leaf.name]);
      return true;
    }
    return false;
  }
}

/** The verdict on the files given: `[status, sentence, details]`. */
export function compareFiles(leaves, observed, isPartial) {
  const result = new Comparison(leaves), folders = new Map();
  for (const item of observed) {
    if (item.byItself) { result.takeFile(item); continue; }
    const root = item.path.endsWith(item.name) ? item.path.slice(0, item.path.length - item.name.length) : item.path;
    if (!folders.has(root)) folders.set(root, []);
    folders.get(root).push(item);
  }
  const prefixes = [], left = [];
  for (const [root, items] of folders) {
    prefixes.push(prefixOf(root, items, result.byName));
    left.push(...result.takeFolder(items, prefixes.at(-1)));
  }
  if (!isPartial) result.takeLeft(left);
  const changed = new Set(result.changed);
  const isMissing = (name) => prefixes.some((prefix) => name.startsWith(prefix)) && !result.matched.has(name) && !changed.has(name);
  const missing = isPartial ? [] : [...result.byName.keys()].filter(isMissing).sort();
  const nameless = [...result.byDigest.values()].filter((group) => group.some(({ kind }) => kind === "digest")).length;
  return verdict(result, missing, result.byName.size + nameless);
}

/** Where in the sealed tree the folder at `root` belongs: at its top, unless more names fit further down. */
function prefixOf(root, items, byName) {
  const fitting = (prefix) => items.filter(({ name }) => byName.has(prefix + name)).length;
  let best = "", most = fitting("");
  const parts = root.split("/").filter(Boolean);
  for (let start = parts.length - 1; start >= 0 && most * 2 <= items.length; start -= 1) {
    const prefix = `${parts.slice(start).join("/")}/`, count = fitting(prefix);
    if (count > most) { best = prefix; most = count; }
  }
  return best;
}

function verdict(result, missing, total) {
  const { changed, foreign, compared } = result;
  const differences = [
    ...changed.map((name) => sentence("“{name}” is not what was sealed under that name.", { name: printable(name) })),
    ...missing.map((name) => sentence("“{name}” was sealed, but is not here.", { name: printable(name) })),
    ...foreign.map((name) => sentence("“{name}” is not among the sealed files.", { name: printable(name) })),
  ];
  if (differences.length) {
    const counts = { changed: changed.length, missing: missing.length, foreign: foreign.length };
    return ["failed", sentence("What is here differs from what was sealed: {changed} changed, {missing} missing, {foreign} not sealed.", counts), shortened(differences)];
  }
  if (!compared) return ["failed", sentence("None of the files given is in this package."), []];
  const renamed = result.renamed.map(([name, sealed]) => sentence("“{name}” has the content that was sealed as “{sealed}”.", { name: printable(name), sealed: printable(sealed) }));
  return ["verified", sentence("{compared} of {total} sealed files were compared; each is byte for byte what was sealed.", { compared, total }), shortened(renamed)];
}

function shortened(sentences) {
  const count = sentences.length - MAX_NAMES_SHOWN;
  return count <= 0 ? sentences : [...sentences.slice(0, MAX_NAMES_SHOWN), sentence("… and {count} more.", { count })];
}
