// Digests and the Merkle tree of RFC 6962. WebAssembly where it can be had: a manifest may have a million lines.
import { md5, sha1 } from "@noble/hashes/legacy";
import { sha224, sha256 as plainSha256, sha384, sha512 } from "@noble/hashes/sha2";
import { createSHA256, createSM3 } from "hash-wasm";
import { sm3 as plainSm3 } from "sm-crypto-v2";
import { hex, joined, same, unhex } from "./bytes.js";
import { Malformed, Wrong } from "./errors.js";

const known = {
  md5, sha1, sha224, sha384, sha512, sha256: plainSha256,
  sm3: (bytes) => unhex(plainSm3(bytes)),
};

/** Takes up WebAssembly; without it everything is only slower. */
export async function quicken() {
  try {
    const [sha256, sm3] = [await createSHA256(), await createSM3()];
    known.sha256 = (bytes) => sha256.init().update(bytes).digest("binary");
    known.sm3 = (bytes) => sm3.init().update(bytes).digest("binary");
  } catch { /* this browser has none */ }
}

export const digestOf = (name, bytes) => known[name](bytes);
export const BOTH = ["sha256", "sm3"];

export const MAX_TREE_SIZE = 2n ** 63n - 1n;
export const EMPTY_ROOT = plainSha256(new Uint8Array());

export function digestFromHex(text, name) {
  if (typeof text !== "string" || !/^[0-9a-f]{64}$/.test(text)) throw new Malformed("A {name} digest must be 64 lower-case hexadecimal digits.", { name });
  return unhex(text);
}

export const leafHash = (bytes, name = "sha256") => known[name](joined([0], bytes));
const nodeHash = (left, right, name) => known[name](joined([1], left, right));

/** The root over the hashes of leaves, level by level, an odd last node unchanged. */
export function rootOf(hashes, name) {
  let level = hashes;
  const node = new Uint8Array(65);
  node[0] = 1;
  while (level.length > 1) {
    const above = [];
    for (let n = 0; n + 1 < level.length; n += 2) {
      node.set(level[n], 1);
      node.set(level[n + 1], 33);
      above.push(known[name](node));
    }
    if (level.length % 2) above.push(level.at(-1));
    level = above;
  }
  return level[0];
}

/** Both roots over lines of a manifest, in hexadecimal. */
export const rootsOf = (lines) => BOTH.map((name) => hex(rootOf(lines.map((line) => leafHash(line, name)), name)));

const notIncluded = (index, size) => new Wrong("The inclusion proof does not lead from leaf {index} to the root of the tree of {size} leaves.", { index, size });

/** RFC 9162 §2.1.3.2; numbers are BigInt. */
export function verifyInclusion({ index, size, leaf, proof, root, name = "sha256" }) {
  if (index >= size) throw new Wrong("A tree of {size} leaves has no leaf {index}.", { size, index });
  for (const { length } of [leaf, ...proof]) if (length !== 32) throw new Wrong("A hash in a Merkle proof must be 32 bytes, not {length}.", { length });
  let fn = index, sn = size - 1n, computed = leaf;
  for (const sibling of proof) {
    if (sn === 0n) throw notIncluded(index, size);
    if (fn & 1n || fn === sn) {
      computed = nodeHash(sibling, computed, name);
      while (!(fn & 1n) && fn) { fn >>= 1n; sn >>= 1n; }
    } else {
      computed = nodeHash(computed, sibling, name);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn || !same(computed, root)) throw notIncluded(index, size);
}
