// Whom the reader trusts: trust files (specs/trust.md), C2SP policies with our lines in comments.
import { hex, same, textOf, unbase64, words as split } from "./bytes.js";
import { Malformed, Problem } from "./errors.js";
import { MAX_NAME_BYTES, isKeyName, lengthOf } from "./grammar.js";
import { ED25519_COSIGNATURE, MLDSA44_COSIGNATURE, checkEndorsement, parseKey } from "./log.js";

const MAX_BYTES = 1024 * 1024, MAX_NAMES = 256;
const DIRECTIVE = "#zonary", NONE = "none";

class Builder {
  logs = []; roots = []; operators = []; certificateRoots = []; certificateSigners = []; endorsements = []; witnesses = []; groups = []; quorum = null; required = null;
  names = new Set(); keys = new Set();

  line(number, words) {
    const readers = { log: this.log, witness: this.witness, group: this.group, quorum: this.setQuorum, [DIRECTIVE]: this.directive };
    let understood = false;
    try {
      understood = Object.hasOwn(readers, words[0]) ? readers[words[0]].call(this, words.slice(1)) : this.log(words);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
    const named = this.logs.length + this.names.size + this.roots.length + this.certificateRoots.length + this.certificateSigners.length + this.endorsements.length;
    if (!understood || named > MAX_NAMES) throw new Malformed("Line {number} of the trust file is not understood, or names something twice.", { number });
  }

  fresh(set, value) { const is = !set.has(value); set.add(value); return is; }

  log(words) {
    const key = parseKey(words[0] ?? "");
    this.logs.push({ ...key, url: words[1] ?? null });
    return this.fresh(this.keys, hex(key.key)) && words.length <= 2;
  }

  witness([name, text, ...more]) {
    const key = parseKey(text ?? "");
    this.witnesses.push({ name, key });
    const isOne = key.kind === ED25519_COSIGNATURE || key.kind === MLDSA44_COSIGNATURE;
    return isOne && this.fresh(this.keys, hex(key.key)) && more.length <= 1 && this.claim(name);
  }

  group([name, count, ...members]) {
    const threshold = { all: members.length, any: 1 }[count] || (/^[+]?[0-9]+$/.test(count ?? "") ? Number(count) : NaN);
    const isKnown = members.every((member) => this.names.has(member)) && new Set(members).size === members.length;
    this.groups.push({ name, threshold, members });
    return isKnown && threshold >= 1 && threshold <= members.length && this.claim(name);
  }

  setQuorum(words) {
    const isFirst = this.quorum === null;
    this.quorum = words[0];
    return isFirst && words.length === 1 && (words[0] === NONE || this.names.has(words[0]));
  }

  directive(words) {
    if (words[0] === "timestamps-required") return this.timestampsRequired(words.slice(1));
    if (words[0] === "timestamp-root" && words.length === 3) return this.directive(words.slice(0, 2)) && this.operator(words[2]);
    const bytes = words.length === 2 ? unbase64(words[1]) : null;
    if (!bytes) return false;
    if (words[0] === "timestamp-root") return this.root(this.roots, bytes);
    if (words[0] === "certificate-root") return this.root(this.certificateRoots, bytes);
    if (words[0] === "certificate-signer") return this.root(this.certificateSigners, bytes);
    if (words[0] !== "endorsement") return false;
    const isNew = !this.endorsements.some((each) => same(each, bytes));
    this.endorsements.push(bytes);
    return checkEndorsement(bytes) && isNew;
  }

  /** Who stands behind the root that was read last. */
  operator(name) {
    this.operators.push([hex(this.roots.at(-1)), name]);
    return isKeyName(name) && lengthOf(name) <= MAX_NAME_BYTES;
  }

  timestampsRequired([count, ...more]) {
    const isFirst = this.required === null;
    this.required = Number(count);
    return isFirst && !more.length && /^(?:[1-9]|1[0-6])$/.test(count ?? "");
  }

  root(roots, bytes) {
    const isNew = !roots.some((each) => same(each, bytes));
    roots.push(bytes);
    return bytes[0] === 0x30 && isNew;
  }

  claim(name) { return name !== NONE && this.fresh(this.names, name); }
}

export function parseTrust(data) {
  if (data.length > MAX_BYTES) throw new Malformed("The trust file has {size} bytes; at most {limit} are read.", { size: data.length, limit: MAX_BYTES });
  const text = textOf(data);
  if (text === null) throw new Malformed("The trust file is not UTF-8 text.");
  const builder = new Builder();
  text.split("\n").forEach((line, n) => {
    const words = split(line);
    if (words.length && (!words[0].startsWith("#") || words[0] === DIRECTIVE)) builder.line(n + 1, words);
  });
  const { logs, roots, operators, certificateRoots, certificateSigners, witnesses, groups, quorum, required } = builder;
  return { logs, roots, operators, certificateRoots, certificateSigners, witnesses, groups, quorum: quorum ?? NONE, required: required ?? 1 };
}

function isReached({ witnesses, groups, quorum }, cosigned) {
  const reached = new Map(witnesses.map(({ name, key }) => [name, cosigned.has(key.text)]));
  for (const { name, threshold, members } of groups) reached.set(name, members.filter((member) => reached.get(member)).length >= threshold);
  return quorum === NONE || reached.get(quorum);
}

/** How many operators the roots `found` have. All roots of one operator are one, also those two files name apart. */
function countOperators(roots, operators, found) {
  let groups = [];
  for (const root of roots) {
    const one = [`root ${root}`, ...operators.filter(([of]) => of === root).map(([, name]) => `name ${name}`)];
    const touches = (group) => one.some((each) => group.has(each));
    groups = [...groups.filter((group) => !touches(group)), new Set([...one, ...groups.filter(touches).flatMap((group) => [...group])])];
  }
  return groups.filter((group) => found.some((root) => group.has(`root ${root}`))).length;
}

/** What all trust files together say about the log called `origin`. */
export function select(trusts, origin) {
  const concerned = trusts.filter(({ logs }) => logs.some(({ name }) => name === origin));
  const general = trusts.filter(({ logs }) => !logs.length);
  const rootsOf = (which) => [...new Map([...concerned, ...general].flatMap((trust) => trust[which].map((root) => [hex(root), root]))).values()];
  const once = (keys) => [...new Map(keys.map((key) => [key.text, key])).values()];
  const operators = [...concerned, ...general].flatMap((trust) => trust.operators);
  return {
    logKeys: once(concerned.flatMap(({ logs }) => logs.filter(({ name }) => name === origin))),
    witnessKeys: once(concerned.flatMap(({ witnesses }) => witnesses.map(({ key }) => key))),
    roots: rootsOf("roots"),
    operatorsOf: (found) => countOperators(rootsOf("roots").map(hex), operators, found),
    certificateRoots: rootsOf("certificateRoots"),
    certificateSigners: rootsOf("certificateSigners"),
    required: Math.max(1, ...[...concerned, ...general].map(({ required }) => required)),
    isQuorumReached: (keys) => concerned.every((trust) => isReached(trust, new Set(keys.map(({ text }) => text)))),
  };
}
