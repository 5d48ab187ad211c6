// C2SP notes, keys, checkpoints, cosignatures and proofs, as zonary.proof.tlog reads them.
import { hex, joined, same, textOf, unhex, utf8 } from "./bytes.js";
import { Malformed, Problem, Unsupported, Untrusted, Wrong, noun } from "./errors.js";
import { MAX_NAME_BYTES, MAX_UINT63, decodeBase64, decodeDecimal, decodeText, isKeyName, lengthOf } from "./grammar.js";
import { EMPTY_ROOT, digestOf } from "./hashes.js";
import { verifyEd25519, verifyMldsa44 } from "./signatures.js";
import { sm2Key, verifySm2 } from "./sm2.js";

export const ED25519 = 1, ED25519_COSIGNATURE = 4, MLDSA44_COSIGNATURE = 6, SM2 = 255;
/** What tells a key of kind 255 to be one of SM2 with SM3: the DER object identifier 1.2.156.10197.1.501, before the point. */
const SM2_IDENTIFIER = unhex("06082a811ccf55018375"), SM2_POINT_SIZE = 65;
const KEY_SIZES = { [ED25519]: 32, [ED25519_COSIGNATURE]: 32, [MLDSA44_COSIGNATURE]: 1312, [SM2]: SM2_IDENTIFIER.length + SM2_POINT_SIZE };
const LOG_KINDS = new Set([ED25519, MLDSA44_COSIGNATURE, SM2]);
const MAX_KEY_CHARACTERS = 4096, MAX_NOTE_BYTES = 1024 * 1024, MAX_SIGNATURES = 100, MAX_EXTENSIONS = 64, MAX_PROOF_HASHES = 63;
const MAX_EXTRA_BYTES = 64 * 1024, MAX_HEADER_BYTES = 2 * MAX_EXTRA_BYTES, MAX_ENDORSEMENT_BYTES = 16 * 1024;

const VERIFIER_KEY = noun("verifier key"), SIGNED_NOTE = noun("signed note"), CHECKPOINT = noun("checkpoint");

// --- keys -------------------------------------------------------------------------------------------------------------

/** `{name, id, kind, key, text}`; two keys are the same when their `text` is. */
export function parseKey(text) {
  const count = Array.from(text).length;
  if (count > MAX_KEY_CHARACTERS) throw new Malformed("The {what} is longer than {limit} characters.", { what: VERIFIER_KEY, limit: MAX_KEY_CHARACTERS });
  const first = text.indexOf("+"), second = first < 0 ? -1 : text.indexOf("+", first + 1);
  if (second < 0 || Array.from(text.slice(first + 1, second)).length !== 8) throw new Malformed("The {what} is not of the form name+id+base64.", { what: VERIFIER_KEY });
  const name = text.slice(0, first), id = text.slice(first + 1, second);
  const material = decodeBase64(text.slice(second + 1), VERIFIER_KEY);
  const key = keyOf(name, material[0], material.subarray(1));
  if (key.id !== id) throw new Malformed("The key {name} does not have the id written in it.", { name });
  return { ...key, text };
}

function keyOf(name, kind, key) {
  if (!isKeyName(name) || lengthOf(name) > MAX_NAME_BYTES) throw new Malformed("A key name has 1 to {limit} bytes, without spaces, plus signs or control characters.", { limit: MAX_NAME_BYTES });
  const size = KEY_SIZES[kind];
  const isOfSm2 = same(key.subarray(0, SM2_IDENTIFIER.length), SM2_IDENTIFIER);
  if (!size || (kind === SM2 && !isOfSm2)) throw new Unsupported("The key {name} is of a kind not known here: {kind}.", { name, kind });
  if (key.length !== size) throw new Malformed("The public key of {name} has {length} bytes where its kind has {size}.", { name, length: key.length, size });
  const id = hex(digestOf("sha256", joined(utf8(`${name}\n`), [kind], key)).subarray(0, 4));
  return { name, id, kind, key };
}

// --- notes ------------------------------------------------------------------------------------------------------------

/** `{text, signatures: [{name, id, signature}]}`; the text as bytes. */
export function parseNote(data) {
  if (data.length > MAX_NOTE_BYTES) throw new Malformed("A signed note has at most {limit} bytes.", { limit: MAX_NOTE_BYTES });
  const whole = decodeText(data, SIGNED_NOTE), at = whole.lastIndexOf("\n\n");
  const lines = whole.slice(at + 2).split("\n");
  if (at < 0 || lines.length < 2 || lines.pop()) throw new Malformed("A signed note is text, an empty line, and signature lines.");
  if (lines.length > MAX_SIGNATURES) throw new Malformed("A signed note has at most {limit} signatures.", { limit: MAX_SIGNATURES });
  return { text: utf8(whole.slice(0, at + 1)), signatures: lines.map(parseSignature) };
}

function parseSignature(line) {
  const [dash, name] = line.split(" ", 2);
  if (dash !== "—" || !isKeyName(name ?? "")) throw new Malformed("A signature line is an em dash, a key name and base64, with one space between.");
  const data = decodeBase64(line.slice(dash.length + name.length + 2), noun("signature"));
  if (data.length <= 4) throw new Malformed("The signature by {name} is too short.", { name });
  return { name, id: hex(data.subarray(0, 4)), signature: data.subarray(4) };
}

/** Those of `keys` that signed the note, each once. */
export function openNote(data, keys) {
  const note = parseNote(data);
  const known = new Map(keys.map((key) => [`${key.name}+${key.id}`, key]));
  const verified = new Map();
  for (const { name, id, signature } of note.signatures) {
    const key = known.get(`${name}+${id}`);
    if (!key) continue;
    verifyLine(key, note.text, signature);
    verified.set(key.text, key);
  }
  if (!verified.size) throw new Untrusted("No trusted key has signed this note.");
  return [...verified.values()];
}

function verifyLine(key, text, signature) {
  try {
    if (key.kind === SM2) verifySm2(sm2Key(key.key.subarray(SM2_IDENTIFIER.length)), signature, text);
    else if (key.kind === ED25519) verifyEd25519(key.key, signature, text);
    else verifyCosignature(key, text, signature);
  } catch (error) {
    if (!(error instanceof Problem) || error instanceof Unsupported) throw error;
    throw new Wrong("The signature by {name} on this note is not valid.", { name: key.name });
  }
}

const big = (number) => { const bytes = new Uint8Array(8); new DataView(bytes.buffer).setBigUint64(0, number); return bytes; };
const opaque = (text) => { const bytes = utf8(text); return joined([bytes.length], bytes); };

function verifyCosignature(key, text, signature) {
  const size = key.kind === ED25519_COSIGNATURE ? 64 : 2420;
  const time = signature.length >= 8 ? new DataView(signature.buffer, signature.byteOffset).getBigUint64(0) : 0n;
  if (signature.length !== 8 + size || time > MAX_UINT63) throw new Malformed("The cosignature by {name} has a wrong length or time.", { name: key.name });
  const said = parseCheckpoint(text), made = signature.subarray(8);
  if (key.kind === ED25519_COSIGNATURE) return verifyEd25519(key.key, made, joined(utf8(`cosignature/v1\ntime ${time}\n`), text));
  return verifyMldsa44(key.key, made, joined(utf8("subtree/v1\n\0"), opaque(key.name), big(time), opaque(said.origin), big(0n), big(said.size), said.root));
}

// --- checkpoints ------------------------------------------------------------------------------------------------------

/** `{origin, size, root, extensions}` of the note text; the size is a BigInt. */
export function parseCheckpoint(text) {
  const lines = decodeText(text, CHECKPOINT).split("\n");
  if (lines.length < 4 || lines.pop()) throw new Malformed("A checkpoint has at least three lines, each ending in a newline.");
  const [origin, sizeText, rootText, ...extensions] = lines;
  const size = decodeDecimal(sizeText, noun("checkpoint's size")), root = decodeBase64(rootText, noun("checkpoint's root"));
  if (![origin, ...extensions].every(Boolean)) throw new Malformed("The lines of a checkpoint are not empty and have no control characters.");
  if (lengthOf(origin) > MAX_NAME_BYTES) throw new Malformed("The origin of a checkpoint has at most {limit} bytes.", { limit: MAX_NAME_BYTES });
  if (extensions.length > MAX_EXTENSIONS) throw new Malformed("A checkpoint has at most {limit} extension lines.", { limit: MAX_EXTENSIONS });
  if (root.length !== 32) throw new Malformed("A checkpoint has a size below 2^63 and a root of 32 bytes.");
  if (size === 0n && !same(root, EMPTY_ROOT)) throw new Malformed("The checkpoint of size 0 does not have the root of the empty tree.");
  return { origin, size, root, extensions };
}

/** Those of `keys` that signed the checkpoint, if one of them is its log's. */
export function openCheckpoint(data, keys, origin) {
  const checkpoint = parseCheckpoint(parseNote(data).text);
  if (checkpoint.origin !== origin) throw new Wrong("The checkpoint is of the log {origin}, not of {expected}.", { origin: checkpoint.origin, expected: origin });
  const verified = openNote(data, keys);
  const own = verified.filter(({ kind, name }) => name === origin && LOG_KINDS.has(kind));
  if (!own.length) throw new Untrusted("No trusted key of the log {origin} has signed its checkpoint.", { origin });
  if (checkpoint.extensions.length && own.every(({ kind }) => kind === MLDSA44_COSIGNATURE)) throw new Wrong("The checkpoint has extension lines that no verified signature of its log covers.");
  return verified;
}

// --- proofs -----------------------------------------------------------------------------------------------------------

/** How the format is called over either tree, and the version that is known. */
const FORMATS = { sha256: ["c2sp.org/tlog-proof@", "c2sp.org/tlog-proof@v1"], sm3: ["zonary-sm3-proof/", "zonary-sm3-proof/1"] };
const tooManyHashes = () => new Malformed("A log proof has at most {limit} hashes of 32 bytes.", { limit: MAX_PROOF_HASHES });

function emptyLineIn(data) {
  for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, at + 1)) if (data[at + 1] === 10) return at;
  return -1;
}

/** `{index, hashes, checkpoint}`; the checkpoint as bytes, not looked at. */
export function parseProof(data, name = "sha256") {
  const [format, known] = FORMATS[name];
  const limit = MAX_HEADER_BYTES + MAX_NOTE_BYTES;
  if (data.length > limit) throw new Malformed("A log proof has at most {limit} bytes.", { limit });
  const at = emptyLineIn(data);
  if (at < 0 || at > MAX_HEADER_BYTES) throw new Malformed("A log proof is a few lines, an empty line and a checkpoint.");
  const [version, ...lines] = decodeText(data.subarray(0, at), noun("log proof")).split("\n");
  if (version !== known) {
    if (version.startsWith(format)) throw new Unsupported("The log proof is of a version not known here: {version}.", { version });
    throw new Malformed("A log proof begins with {version}.", { version: known });
  }
  const extra = lines[0]?.startsWith("extra ") ? decodeBase64(lines.shift().slice(6), noun("extra data")) : null;
  if (!lines[0]?.startsWith("index ")) throw new Malformed("The log proof does not say the index of its entry.");
  const index = decodeDecimal(lines.shift().slice(6), noun("index"));
  if (lines.length > MAX_PROOF_HASHES) throw tooManyHashes();
  const hashes = lines.map((line) => decodeBase64(line, noun("log proof's hash")));
  if (hashes.some(({ length }) => length !== 32)) throw tooManyHashes();
  if (extra && extra.length > MAX_EXTRA_BYTES) throw new Malformed("The extra data of a log proof has 1 to {limit} bytes.", { limit: MAX_EXTRA_BYTES });
  const checkpoint = data.subarray(at + 2);
  if (checkpoint.length > MAX_NOTE_BYTES) throw new Malformed("A signed note has at most {limit} bytes.", { limit: MAX_NOTE_BYTES });
  return { index, hashes, checkpoint };
}

/** Whether `note` is an endorsement as specs/trust.md has it; nobody is trusted for it here. */
export function checkEndorsement(note) {
  const text = note.length <= MAX_ENDORSEMENT_BYTES ? textOf(parseNote(note).text) : "";
  const [header, origin, key, end, ...more] = text.split("\n");
  const isOne = header === "zonary-key-endorsement/1" && end === "" && !more.length;
  const endorsed = isOne ? parseKey(key) : null;
  return Boolean(endorsed) && endorsed.name === origin && LOG_KINDS.has(endorsed.kind);
}
