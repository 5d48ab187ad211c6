// The manifest and disclosures of it (specs/manifest.md).
import { base64, printable, raw, rawOf, textOf, unbase64, unhex, unraw } from "./bytes.js";
import { asText, decode, encode, isMap, numberOf } from "./canonical.js";
import { Malformed, Unsupported } from "./errors.js";
import { BOTH, digestFromHex, leafHash, verifyInclusion } from "./hashes.js";

const MAX_DEPTH = 22;
const MAX_LINE_BYTES = 32 * 1024;
const MIN_LINE_BYTES = '{"kind":"padding","salt":""}\n'.length + 32;
const MAX_NAME_BYTES = 4096;
export const MAX_MANIFEST_BYTES = 2 * 1024 ** 3;
const DISCLOSURE = "zonary-disclosure/1";
const MAX_DISCLOSURE_BYTES = 8 * 1024 * 1024;
const MAX_DISCLOSED = 1024;
const SURROGATE = /[\ud800-\udfff]/u;

/** Fields of each kind in the order of their names; those with a question mark may be absent. */
const KINDS = {
  file: ["kind", "name?", "name_base64?", "salt", "sha256", "size", "sm3"],
  symlink: ["kind", "name?", "name_base64?", "salt", "target?", "target_base64?"],
  directory: ["kind", "name?", "name_base64?", "salt"],
  digest: ["kind", "salt", "sha256", "sm3"],
  padding: ["kind", "salt"],
};
const FIELDS = Object.fromEntries(Object.entries(KINDS).map(([kind, fields]) => [kind, fields.map((field) => [field.replace("?", ""), field.endsWith("?")])]));

const notALeaf = () => new Malformed("A line of the manifest is not a leaf this release knows.");
const notCanonical = () => new Malformed("A line of the manifest is not in canonical form (RFC 8785).");

/** One leaf, and whether its line is the canonical one. */
function leafOf(text) {
  let value;
  try { value = JSON.parse(text); } catch { throw notALeaf(); }
  const fields = value !== null && typeof value === "object" && Object.hasOwn(FIELDS, value.kind) ? FIELDS[value.kind] : null;
  if (!fields) throw notALeaf();
  const written = [];
  let count = 0;
  for (const [name, mayLack] of fields) {
    if (!Object.hasOwn(value, name)) {
      if (!mayLack) throw notALeaf();
      continue;
    }
    count += 1;
    written.push(`"${name}":${fieldOf(value, name, text)}`);
  }
  if (Object.keys(value).length !== count) throw notALeaf();
  return [value, `{${written.join(",")}}` === text];
}

function fieldOf(value, name, text) {
  const field = value[name];
  if (typeof field === "string" && !SURROGATE.test(field)) return JSON.stringify(field);
  const written = name === "size" && typeof field === "number" ? /"size"[ \t\r]*:[ \t\r]*(-?[0-9]+)[ \t\r]*[,}]/.exec(text) : null;
  if (!written) throw notALeaf();
  if (Number.isSafeInteger(field)) return String(field);
  value.size = -1; // too large to be written as a number; said once all lines are known to be canonical
  return written[1];
}

/** Lines as bytes, and leaves; names and targets as bytes, one character each. */
export function parseManifest(data) {
  const size = data.length;
  if (size > MAX_MANIFEST_BYTES) throw new Malformed("The manifest has {size} bytes; at most {limit} are read.", { size, limit: MAX_MANIFEST_BYTES });
  const lines = [];
  let count = 0;
  for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, at + 1)) count += 1;
  if (data[size - 1] !== 10 || count & (count - 1) || count > 1 << MAX_DEPTH || size < MIN_LINE_BYTES * count) {
    throw new Malformed("The manifest does not have 2^d lines, d at most {limit}.", { limit: MAX_DEPTH });
  }
  for (let at = 0; at < size;) {
    const end = data.indexOf(10, at);
    lines.push(data.subarray(at, end));
    at = end + 1;
  }
  if (lines.some((line) => line.length > MAX_LINE_BYTES)) throw new Malformed("A line of the manifest is longer than {limit} bytes.", { limit: MAX_LINE_BYTES });
  const leaves = [];
  let isCanonical = true;
  for (const line of lines) {
    const text = textOf(line);
    if (text === null) throw notALeaf();
    if (!/[^ \t\r]/.test(text)) { isCanonical = false; continue; }
    const [leaf, is] = leafOf(text);
    leaves.push(leaf);
    isCanonical &&= is;
  }
  if (!isCanonical) throw notCanonical();
  checkLeaves(leaves);
  return { lines, leaves };
}

export const isNamed = ({ kind }) => kind === "file" || kind === "symlink" || kind === "directory";
const hasDigests = ({ kind }) => kind === "file" || kind === "digest";

function checkLeaves(leaves) {
  if (!leaves.every(({ salt }) => /^[0-9a-f]{32}$/.test(salt))) throw new Malformed("A salt of the manifest is not 32 lower-case hexadecimal digits.");
  const isDigest = (text) => /^[0-9a-f]{64}$/.test(text);
  if (!leaves.every((leaf) => !hasDigests(leaf) || (isDigest(leaf.sha256) && isDigest(leaf.sm3)))) throw new Malformed("A digest of the manifest is not 64 lower-case hexadecimal digits.");
  if (!leaves.every((leaf) => leaf.kind !== "file" || isSize(leaf.size))) throw new Malformed("A size in the manifest is not a whole number written in its one form.");
  for (const leaf of leaves) {
    if (leaf.kind !== "symlink") continue;
    leaf.target = bytesOf(leaf.target, leaf.target_base64);
    if (!leaf.target || leaf.target.includes("\0")) throw new Malformed("A symbolic link in the manifest points nowhere.");
  }
  checkNames(leaves);
}

function checkNames(leaves) {
  const names = new Set(), twice = new Map();
  let isBad = false;
  for (const kind of ["file", "symlink", "directory"]) {
    for (const leaf of leaves) {
      if (leaf.kind !== kind) continue;
      leaf.name = bytesOf(leaf.name, leaf.name_base64);
      if (!isName(leaf.name)) isBad = true;
      if (names.has(leaf.name)) twice.set(leaf.name, true);
      names.add(leaf.name);
    }
  }
  if (isBad) throw new Malformed("The manifest holds a name that is empty, absolute or climbs out with “..”.");
  if (!twice.size) return;
  const first = [...names].find((name) => twice.has(name));
  throw new Malformed("The manifest names “{name}” twice.", { name: new TextDecoder("utf-8", { ignoreBOM: true }).decode(unraw(first)) });
}

const isName = (name) => name.length > 0 && name.length <= MAX_NAME_BYTES && !name.includes("\0") && name.split("/").every((part) => part !== "" && part !== "." && part !== "..");

const isSize = (size) => (typeof size === "number" ? size >= 0 : /^[1-9][0-9]{0,19}$/.test(size) && BigInt(size) > BigInt(Number.MAX_SAFE_INTEGER));

/** Bytes that are given once: as text, or in base64 when they are no UTF-8. */
function bytesOf(text, encoded) {
  if (encoded === undefined && text !== undefined) return rawOf(text);
  if (encoded !== undefined && text === undefined) {
    const bytes = unbase64(encoded);
    if (bytes && textOf(bytes) === null && base64(bytes) === encoded) return raw(bytes);
  }
  throw new Malformed("A name in the manifest must be given once: as text, or in base64 when it is not UTF-8.");
}

/** Chosen leaves with their paths: `{line, leaf, index, paths: [sha256, sm3]}`. */
export function parseDisclosure(data) {
  const value = decode(data, "disclosure.json", MAX_DISCLOSURE_BYTES);
  if (!isMap(value, ["leaves", "version"])) throw new Malformed("disclosure.json is not a Zonary disclosure.");
  const version = value.get("version"), items = value.get("leaves");
  if (version !== DISCLOSURE) throw new Unsupported("The disclosure has version “{version}”; this release knows “{known}”.", { version: Array.from(asText(version)).slice(0, 64).join(""), known: DISCLOSURE });
  if (!Array.isArray(items) || items.length < 1 || items.length > MAX_DISCLOSED) throw new Malformed("disclosure.json must disclose between 1 and {limit} leaves.", { limit: MAX_DISCLOSED });
  const leaves = items.map(disclosed);
  const isOrdered = leaves.every(({ index }, n) => !n || leaves[n - 1].index < index);
  if (!isOrdered || leaves.some(({ paths }) => paths[0].length !== leaves[0].paths[0].length)) throw new Malformed("The leaves in disclosure.json are not in order, or not of one tree.");
  return leaves;
}

const ITEM = ["index", "leaf", "sha256", "sm3"];

function disclosed(item) {
  if (!isMap(item, ITEM)) throw new Malformed("A leaf in disclosure.json does not have the fields {fields}.", { fields: ITEM.join(", ") });
  const line = encode(item.get("leaf"));
  const paths = BOTH.map((name) => pathOf(item.get(name)));
  const index = numberOf(item.get("index"));
  if (index === undefined || paths[0].length !== paths[1].length) throw new Malformed("A leaf in disclosure.json has no index, or paths of two lengths.");
  if (index < 0 || index >= 2 ** paths[0].length) throw new Malformed("A leaf in disclosure.json has an index outside its tree.");
  const ended = new Uint8Array(line.length + 1);
  ended.set(line);
  ended[line.length] = 10;
  return { line, leaf: parseManifest(ended).leaves[0], index, paths };
}

function pathOf(value) {
  if (!Array.isArray(value) || value.length > MAX_DEPTH) throw new Malformed("A path in disclosure.json is not a list of at most {limit} hashes.", { limit: MAX_DEPTH });
  return value.map((text) => digestFromHex(text, "path"));
}

/** Whether a disclosed leaf stands at its place under both roots (in hexadecimal). */
export function verifyDisclosed({ line, index, paths }, roots) {
  BOTH.forEach((name, n) => verifyInclusion({ index: BigInt(index), size: 1n << BigInt(paths[n].length), leaf: leafHash(line, name), proof: paths[n], root: unhex(roots[n]), name }));
}

/** How a leaf is called, fit to be shown. */
export const nameOf = (leaf) => printable(leaf.name);

