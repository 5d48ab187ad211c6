// Single parts of the verifier, for vectors made by others: `[part, ...arguments]` a line on standard input, bytes in
// hexadecimal; a line of JSON for each on standard output: true, or the sentence it was refused with. Ships with nothing.
import { createInterface } from "node:readline";
import { hex, unhex } from "./bytes.js";
import { Problem } from "./errors.js";
import { digestOf, leafHash, quicken, rootOf, verifyInclusion } from "./hashes.js";
import { openCheckpoint, parseCheckpoint, parseKey, parseNote } from "./log.js";
import { isEcdsa, verifyEd25519, verifyMldsa44 } from "./signatures.js";
import { verifyToken } from "./timestamp.js";
import { rfc3339 } from "./times.js";
import { parseToken } from "./token.js";

const parts = {
  inclusion: (index, size, leaf, proof, root) => verifyInclusion({ index: BigInt(index), size: BigInt(size), leaf: unhex(leaf), proof: proof.map(unhex), root: unhex(root) }),
  ed25519: (key, signature, message) => verifyEd25519(unhex(key), unhex(signature), unhex(message)),
  ecdsa: (curve, hash, point, signature, message) => isEcdsa({ curve, point: unhex(point) }, unhex(signature), unhex(message), hash),
  mldsa44: (key, signature, message) => verifyMldsa44(unhex(key), unhex(signature), unhex(message)),
  digest: (name, data) => hex(digestOf(name, unhex(data))),
  root: (leaves) => hex(rootOf(leaves.map((leaf) => leafHash(unhex(leaf))), "sha256")),
  checkpoint(note, key) {
    const bytes = unhex(note), { origin, size, root } = parseCheckpoint(parseNote(bytes).text);
    openCheckpoint(bytes, [parseKey(key)], origin);
    return [String(size), hex(root)];
  },
  token(token, message, roots, certificates) {
    const read = parseToken(unhex(token));
    return rfc3339(verifyToken(read, { digest: digestOf(read.algorithm, unhex(message)), roots: roots.map(unhex), certificates: certificates.map(unhex) }).time);
  },
};

await quicken();
for await (const line of createInterface({ input: process.stdin })) {
  const [part, ...given] = JSON.parse(line);
  let answer;
  try { answer = parts[part](...given) ?? true; } catch (error) {
    if (!(error instanceof Problem)) throw error;
    answer = { refused: error.msgid };
  }
  console.log(JSON.stringify(answer));
}
