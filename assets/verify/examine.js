// Checking a package, layer by layer, as zonary.proof.package.verify does: a second implementation, with the same sentences.
import { base64, same, textOf, utf8, words } from "./bytes.js";
import { Container } from "./container.js";
import { Malformed, Problem, Unsupported, Untrusted, Wrong, sentence } from "./errors.js";
import { compareFiles } from "./files.js";
import { leafHash, rootsOf, verifyInclusion } from "./hashes.js";
import { SM2, openCheckpoint, parseCheckpoint, parseKey, parseNote, parseProof } from "./log.js";
import { parseDisclosure, parseManifest, verifyDisclosed } from "./manifest.js";
import { originOf } from "./origin.js";
import { EVIDENCE, decodeStatement, leavesOf } from "./statement.js";
import { ASIC_MANIFEST, AUTHORITY_CHAIN, PACKAGE_TOKEN, checkTokens, furtherMembers, furtherNames, tokenMembers } from "./tokens.js";
import { select } from "./trust.js";
import { FURTHER, README as TEXT } from "zonary:words";

const STATEMENT = "statement.json", MANIFEST = "manifest.jsonl", DISCLOSURE = "disclosure.json", README = "README.txt";
const LOG_PROOF = "log/statement.tlog-proof", LOG_KEYS = "log/log.vkey";
const SM3_PROOF = "log-sm3/statement.sm3-proof", SM3_KEYS = "log-sm3/log.vkey", SECOND = "/sm3";
const FIXED = new Set(["mimetype", STATEMENT, MANIFEST, DISCLOSURE, ASIC_MANIFEST, PACKAGE_TOKEN, LOG_PROOF, LOG_KEYS, AUTHORITY_CHAIN, README, SM3_PROOF, SM3_KEYS]);
const MAX_PACKAGE_KEYS = 16;
export const LAYERS = ["files", "manifest", "inclusion", "checkpoint", "timestamp", "second-tree"];

const plain = (error) => sentence(error.msgid, error.params);
export const statusOf = (error) => (error instanceof Untrusted ? "origin-not-established" : error instanceof Unsupported ? "not-checked" : "failed");

/** The package in `source` with its layers judged but for the files; or `{refused: sentence}` when it is none. */
export function open(source, trusts) {
  try { return new Examination(new Container(source), trusts); } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { refused: plain(error) };
  }
}

class Examination {
  leaves = null; alone = null; verdicts = {};
  facts = { leafClass: null, origin: null, index: null, size: null, root: null, names: 0, isPartial: false, tokens: [], said: [] };

  constructor(box, trusts) {
    this.box = box;
    this.trusts = trusts;
    this.judge("manifest", () => this.manifest());
    this.judge("inclusion", () => this.inclusion());
    this.judge("checkpoint", () => this.checkpoint());
    if (box.has(SM3_PROOF) || box.has(SM3_KEYS)) this.judge("second-tree", () => this.secondTree());
    this.judge("timestamp", () => this.timestamp());
  }

  /** Whether files can be held against the manifest at all. */
  get takesFiles() { return Boolean(this.leaves) && this.verdicts.manifest.status === "verified"; }

  /** One verdict a layer, and what follows from them. @param observed: the files to compare, or null where none were given. */
  report(observed) {
    this.set("files", this.files(observed));
    const layers = [...LAYERS.flatMap((layer) => this.verdicts[layer] ?? []), ...this.beside()];
    return { layers, facts: this.facts, outcome: outcomeOf(layers) };
  }

  set(layer, [status, said, details = []]) { this.verdicts[layer] = { layer, status, sentence: said, details }; }

  judge(layer, check) {
    try { this.set(layer, check()); } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.set(layer, [statusOf(error), plain(error)]);
    }
  }

  statement() { return this.box.read(STATEMENT); }

  manifest() {
    const isWhole = this.box.has(MANIFEST), isPartial = this.box.has(DISCLOSURE);
    if (isWhole === isPartial) throw new Malformed("The package must hold either manifest.jsonl or disclosure.json, and not both.");
    if (isPartial) return this.disclosure();
    const { lines, leaves } = parseManifest(this.box.read(MANIFEST));
    this.remember(leaves, false);
    this.alone = leaves.length === 1 ? leaves[0] : null;
    const { roots: wanted } = decodeStatement(this.statement());
    if (rootsOf(lines).join() !== wanted.join()) throw new Wrong("The manifest is not the one the statement names: a line was changed, or swapped.");
    return ["verified", sentence("The manifest ({count} entries) is the one the statement names, by SHA-256 and by SM3.", { count: this.facts.names })];
  }

  disclosure() {
    const disclosed = parseDisclosure(this.box.read(DISCLOSURE));
    this.remember(disclosed.map(({ leaf }) => leaf), true);
    const { roots: wanted } = decodeStatement(this.statement());
    if (!disclosed[0].paths[0].length) this.alone = disclosed[0].leaf;
    for (const item of disclosed) verifyDisclosed(item, wanted);
    return ["verified", sentence("The disclosed leaves stand in the manifest that the statement names; nothing else of it is shown.")];
  }

  remember(leaves, isPartial) {
    this.leaves = leaves;
    Object.assign(this.facts, { names: leaves.filter(({ kind }) => kind !== "padding").length, isPartial });
  }

  proof() { return parseProof(this.box.read(LOG_PROOF)); }

  inclusion() {
    const proof = this.proof(), { origin, size, root } = parseCheckpoint(parseNote(proof.checkpoint).text);
    Object.assign(this.facts, { origin, index: proof.index, size, root: base64(root) });
    const statement = this.statement();
    const found = classIncluded(statement, proof, { size, root });
    this.facts.leafClass = found;
    const { declared, observed } = decodeStatement(statement);
    this.facts.said = originOf(declared, observed);
    if (found !== EVIDENCE) throw new Wrong("The log holds this as a leaf of class “{found}”, not of class “evidence”.", { found });
    return ["verified", sentence("The statement stands at index {index} of the log “{origin}” (leaf class “evidence”, {size} entries).", { index: proof.index, origin, size })];
  }

  checkpoint() {
    const { checkpoint: note } = this.proof(), { origin } = parseCheckpoint(parseNote(note).text);
    const trust = select(this.trusts, origin);
    if (!trust.logKeys.length) {
      openCheckpoint(note, this.packageKeys(), origin);
      throw new Untrusted("The checkpoint is signed by the key the package brings along for “{origin}”, which you have not said you trust. Ask the operator for a trust file and name it with --trust, or add it with “zonary trust add”.", { origin });
    }
    return judgeCheckpoint(note, origin, trust);
  }

  packageKeys(name = LOG_KEYS) {
    const text = textOf(this.box.read(name));
    if (text === null) throw new Malformed("{name} is not UTF-8 text.", { name });
    const lines = words(text);
    if (lines.length > MAX_PACKAGE_KEYS) throw new Malformed("{name} holds more than {limit} keys.", { name, limit: MAX_PACKAGE_KEYS });
    return lines.map(parseKey);
  }

  /** The same leaf at the same index, under a root in SM3 signed with SM2 (specs/second-tree.md). */
  secondTree() {
    const statement = this.statement(), first = this.proof(), firstOrigin = parseCheckpoint(parseNote(first.checkpoint).text).origin;
    const proof = parseProof(this.box.read(SM3_PROOF), "sm3"), { index, hashes } = proof;
    const { origin: found, size, root } = parseCheckpoint(parseNote(proof.checkpoint).text), origin = `${firstOrigin}${SECOND}`;
    if (found !== origin || index !== first.index) throw new Wrong("The proof of the second tree is of index {index} of “{found}”, not of index {expected} of “{origin}”.", { index, found, expected: first.index, origin });
    const [[, leaf]] = leavesOf(statement);
    verifyInclusion({ index, size, leaf: leafHash(leaf, "sm3"), proof: hashes, root, name: "sm3" });
    const ofSm2 = (keys) => keys.filter(({ kind }) => kind === SM2), trusted = ofSm2(select(this.trusts, origin).logKeys);
    if (!trusted.length) {
      openCheckpoint(proof.checkpoint, ofSm2(this.packageKeys(SM3_KEYS)), origin);
      throw new Untrusted("The root of the second tree is signed by the SM2 key the package brings along for “{origin}”, which you have not said you trust. The first tree says the same; a newer trust file of the operator names this key.", { origin });
    }
    try { openCheckpoint(proof.checkpoint, trusted, origin); } catch (error) {
      if (!(error instanceof Untrusted)) throw error;
      throw new Wrong("The root of the second tree carries no signature by the SM2 key you trust for “{origin}”.", { origin });
    }
    return ["verified", sentence("The statement stands at index {index} of the second tree too, over the same leaves in SM3 ({size} entries); its root is signed with SM2 by a key you trust for “{origin}”.", { index, size, origin })];
  }

  timestamp() {
    const { verdict, facts } = checkTokens(this.box, this.alone, select(this.trusts, this.facts.origin ?? ""));
    this.facts.tokens = facts;
    return verdict;
  }

  files(observed) {
    if (!observed) return ["not-checked", sentence("No file was given, so none was compared. Name the sealed files to compare them.")];
    if (!this.takesFiles) {
      // Held against a manifest that is not the sealed one, an honest file would be called changed.
      return ["not-checked", sentence("The files were not compared, because the manifest is not known to be the sealed one.")];
    }
    return compareFiles(this.leaves, observed, this.facts.isPartial);
  }

  /** What does not count, for or against: a README of somebody else's, and members this release does not know. */
  beside() {
    const tokens = tokenMembers(this.box);
    const known = new Set([...FIXED, ...tokens, ...furtherMembers(this.box)]);
    const unknown = this.box.names.filter((name) => !known.has(name));
    const notChecked = (layer, said) => ({ layer, status: "not-checked", sentence: said, details: [] });
    return [
      ...(this.isOurReadme(tokens) ? [] : [notChecked(README, sentence("README.txt is not the one Zonary writes. Do not follow what it says."))]),
      ...unknown.map((name) => notChecked(name, sentence("This release does not know “{name}”.", { name }))),
    ];
  }

  isOurReadme([token]) {
    const stem = token ? token.slice("timestamp/".length, -".tsr".length) : "";
    const lines = furtherNames(this.box).map((name) => `     openssl ts -verify -data ${STATEMENT} -in timestamps/${name}.tst -token_in -CAfile timestamps/${name}.pem\n`);
    const further = lines.length ? FURTHER + lines.join("") : "";
    const places = { origin: this.facts.origin ?? "", token: stem, covered: stem === STATEMENT ? stem : "FILE", further };
    const text = TEXT.replace(/\$(\$|[a-z]+)/g, (all, name) => (name === "$" ? "$" : places[name] ?? all));
    try { return same(this.box.read(README), utf8(text)); } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return false;
    }
  }
}

function classIncluded(statement, proof, { size, root }) {
  for (const [name, leaf] of leavesOf(statement)) {
    try {
      verifyInclusion({ index: proof.index, size, leaf: leafHash(leaf), proof: proof.hashes, root });
      return name;
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
    }
  }
  throw new Wrong("The log proof does not belong to this statement: the statement was changed, or the proof is another's.");
}

function judgeCheckpoint(note, origin, { logKeys, witnessKeys, isQuorumReached }) {
  let verified;
  try { verified = openCheckpoint(note, [...logKeys, ...witnessKeys], origin); } catch (error) {
    if (!(error instanceof Untrusted)) throw error;
    throw new Wrong("The checkpoint names the log “{origin}”, but carries no signature by the key you trust for that log.", { origin });
  }
  const cosigned = verified.filter(({ text }) => witnessKeys.some((key) => key.text === text));
  if (!isQuorumReached(cosigned)) throw new Untrusted("The log's signature is right, but too few of the witnesses your trust file asks for have cosigned.");
  return ["verified", sentence("The checkpoint is signed by a key you trust for the log “{origin}” ({count} witnesses cosigned).", { origin, count: cosigned.length })];
}

/** Failed beats not established beats verified; files count only when some were given. */
function outcomeOf(layers) {
  const known = layers.filter(({ layer }) => LAYERS.includes(layer));
  if (known.some(({ status }) => status === "failed")) return "not-verified";
  return known.every(({ layer, status }) => layer === "files" || layer === "second-tree" || status === "verified") ? "verified" : "not-checked";
}
