// The manifest of a folder and the statement over it, as specs/manifest.md and specs/statement.md have them.
import { hex } from "./digests.js";
import { canonical } from "./origin.js";

const MAX_DEPTH = 22;
const MIN_DEPTH = 8;
const SALT_SIZE = 16;
const MAX_LINE = 32 * 1024;
const MAX_NAME = 4096;
const text = new TextEncoder();

/** Most files and empty folders of one record. */
export const MOST_LEAVES = 2 ** MAX_DEPTH;

/** Whether a file may be called so: relative, in Unicode, and without a part that climbs or is empty. */
export function isName(name) {
  const bytes = text.encode(name);
  if (!name || name.includes("\0") || bytes.length > MAX_NAME) return false;
  if (new TextDecoder().decode(bytes) !== name) return false; // half a character, as old disks have them
  return !name.split("/").some((part) => part === "" || part === "." || part === "..");
}

function randomBytes(count) {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  return bytes;
}

/** A uniformly random permutation of 0 … count - 1. */
function randomOrder(count) {
  const order = Uint32Array.from({ length: count }, (_, n) => n);
  let drawn = new Uint32Array(0), at = 0;
  const below = (limit) => {
    const fair = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      if (at === drawn.length) { drawn = new Uint32Array(randomBytes(65536).buffer); at = 0; }
      const number = drawn[at++];
      if (number < fair) return number % limit;
    }
  };
  for (let last = count - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** The canonical line of one leaf; `leaf` is nothing for padding. Of text, RFC 8785 writes what JSON.stringify does. */
function lineOf(leaf, salt) {
  if (!leaf) return `{"kind":"padding","salt":"${salt}"}`;
  const name = JSON.stringify(leaf.path);
  if (leaf.folder) return `{"kind":"directory","name":${name},"salt":"${salt}"}`;
  return `{"kind":"file","name":${name},"salt":"${salt}","sha256":"${leaf.sha256}","size":${leaf.size},"sm3":"${leaf.sm3}"}`;
}

/** Goes up from the hashes of a full tree's leaves (RFC 6962 §2.1), in place; gives both roots in hexadecimal. */
function rootsOf(levels, count, hashes) {
  const node = new Uint8Array(65);
  node[0] = 1;
  for (let left = count; left > 1; left /= 2) {
    for (let n = 0; n < left / 2; n += 1) {
      levels.forEach((level, which) => {
        node.set(level.subarray(64 * n, 64 * n + 64), 1);
        level.set(hashes.one(which, node), 32 * n);
      });
    }
  }
  return levels.map((level) => hex(level.subarray(0, 32)));
}

/** Manifest and statement over `leaves`: `{path, size, sha256, sm3}` or `{path, folder: true}`.
 * `hashes.one(which, bytes)` is SHA-256 for 0 and SM3 for 1; `declared` is what the statement declares. */
export function sealOf(leaves, hashes, declared = {}) {
  const depth = Math.max(MIN_DEPTH, Math.ceil(Math.log2(leaves.length)));
  const count = 2 ** depth;
  const salts = randomBytes(SALT_SIZE * (count + 1));
  const salt = (n) => hex(salts.subarray(SALT_SIZE * n, SALT_SIZE * (n + 1)));
  const levels = [new Uint8Array(32 * count), new Uint8Array(32 * count)];
  const hashed = new Uint8Array(MAX_LINE + 1);
  const pieces = [];
  let lines = [];
  randomOrder(count).forEach((which, place) => {
    const line = lineOf(leaves[which], salt(place));
    const { read, written } = text.encodeInto(line, hashed.subarray(1));
    if (read < line.length) throw new RangeError(leaves[which].path);
    levels.forEach((level, n) => level.set(hashes.one(n, hashed.subarray(0, written + 1)), 32 * place));
    lines.push(line, "\n");
    if (lines.length > 4096) { pieces.push(lines.join("")); lines = []; }
  });
  pieces.push(lines.join(""));
  const [sha256, sm3] = rootsOf(levels, count, hashes);
  const statement = `{"class":"evidence","declared":${canonical(declared)},"manifest":{"sha256":"${sha256}","sm3":"${sm3}",`
    + `"version":"zonary-manifest/1"},"observed":{},"salt":"${salt(count)}","version":"zonary-statement/1"}`;
  const bytes = text.encode(statement);
  return { statement, manifest: new Blob(pieces), sha256: hex(hashes.one(0, bytes)), sm3: hex(hashes.one(1, bytes)) };
}
