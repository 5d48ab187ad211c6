// What a certificate says for machines: `certificate.json`, and what follows from the package alone, derived anew.
import { printable, rawOf } from "../bytes.js";
import { asText, decode, numberOf } from "../canonical.js";
import { Container } from "../container.js";
import { Malformed, Problem, Unsupported } from "../errors.js";
import { hex } from "../bytes.js";
import { digestOf } from "../hashes.js";
import { SM2_SIGNATURES } from "../algorithms.js";
import { isNamed, parseDisclosure, parseManifest } from "../manifest.js";
import { findSigner, readable, signatureAlgorithm } from "../timestamp.js";
import { rfc3339 } from "../times.js";
import { parseToken } from "../token.js";
import { ASIC_MANIFEST, AUTHORITY_CHAIN, PACKAGE_TOKEN, readChain, readFurther, tokenMembers } from "../tokens.js";
import { FACTS } from "zonary:words";

export const NAME = "certificate.json";
const VERSION = "zonary-certificate/1", MAX_BYTES = 1024 * 1024, MAX_LISTED = 12, MOST_SHOWN = 64;
const STATEMENT = "statement.json", MANIFEST = "manifest.jsonl", DISCLOSURE = "disclosure.json", SM3_PROOF = "log-sm3/statement.sm3-proof";
const SECOND = 1000000n;

/** The facts in `data`, as plain objects; whole numbers are BigInt. */
export function parseFacts(data) {
  const value = decode(data, NAME, MAX_BYTES), version = value instanceof Map && value.has("version") ? value.get("version") : VERSION;
  if (version !== VERSION) throw new Unsupported("The certificate has version “{version}”; this release knows “{known}”.", { version: Array.from(asText(version)).slice(0, MOST_SHOWN).join(""), known: VERSION });
  return fitted(value, "CertificateFacts");
}

const misfit = () => new Malformed("certificate.json is not what a certificate holds.");

/** `value` as what FACTS calls `kind`: one of its maps with their fields, a list `[kind]`, or one of several plain kinds. */
function fitted(value, kind) {
  if (Array.isArray(kind)) return Array.isArray(value) ? value.map((each) => fitted(each, kind[0])) : fail();
  const fields = FACTS[kind];
  if (!fields) return plain(value, kind.split("|"));
  if (!(value instanceof Map) || ![...value.keys()].every((key) => Object.hasOwn(fields, key))) fail();
  return Object.fromEntries(Object.entries(fields).map(([name, [type, isNeeded, otherwise]]) => {
    if (value.has(name)) return [name, fitted(value.get(name), type)];
    return isNeeded ? fail() : [name, otherwise];
  }));
}

function plain(value, kinds) {
  const number = numberOf(value);
  if (number !== undefined) return kinds.includes("int") ? BigInt(number) : fail();
  const kind = { string: "str", boolean: "bool" }[typeof value] ?? (value === null ? "null" : "");
  return kinds.includes(kind) ? value : fail();
}

function fail() { throw misfit(); }

const written = (value) => JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `#${each}` : each));

/** The fields in which a certificate and the package it carries differ. */
export const differences = (stated, found) => Object.keys(FACTS.PackageFacts).filter((name) => written(stated[name]) !== written(found[name]));

/** What the package `data`, opened as `box`, says of itself, once it was examined and gave `facts`. */
export function factsOf(data, box, { origin, index, size, root }) {
  const statement = box.read(STATEMENT), [statementSha256, statementSm3] = ["sha256", "sm3"].map((name) => hex(digestOf(name, statement)));
  const { leaves, isPartial, alone } = leavesIn(box), [plainToken] = tokenMembers(box);
  if (origin === null || index === null || size === null || root === null || !plainToken) throw new Malformed("The package has no proof or no timestamp from which a certificate could be made.");
  const named = leaves.filter(({ kind }) => kind !== "padding");
  const key = ({ name, sha256 }) => [rawOf(name), sha256];
  const listed = named.map(listedAs).sort((one, other) => compared(key(one), key(other))).slice(0, MAX_LISTED);
  return {
    sha256: hex(digestOf("sha256", data)), sm3: hex(digestOf("sm3", data)), size: BigInt(data.length), statement_sha256: statementSha256, statement_sm3: statementSm3,
    origin, index: BigInt(index), tree_size: BigInt(size), root, stamps: stampsOf(box, alone), plain_token: plainToken, count: BigInt(named.length),
    is_disclosure: isPartial, listed, has_second_tree: box.has(SM3_PROOF),
  };
}

/** As bytes are ordered, which is the order of code points. */
const compared = ([one, first], [other, second]) => (one < other ? -1 : one > other ? 1 : first < second ? -1 : first > second ? 1 : 0);

function leavesIn(box) {
  if (box.has(MANIFEST)) {
    const { leaves } = parseManifest(box.read(MANIFEST));
    return { leaves, isPartial: false, alone: leaves.length === 1 ? leaves[0] : null };
  }
  const disclosed = parseDisclosure(box.read(DISCLOSURE));
  return { leaves: disclosed.map(({ leaf }) => leaf), isPartial: true, alone: disclosed[0].paths[0].length ? null : disclosed[0].leaf };
}

/** In the order of FACTS.Listed. */
function listedAs(leaf) {
  const { kind, size, sha256 = "", sm3 = "" } = leaf;
  const name = isNamed(leaf) ? printable(leaf.name) : "";
  return { kind, name, size: typeof size === "number" ? BigInt(size) : size ?? null, sha256, sm3 };
}

/** What the tokens say, read and not judged; one that cannot be read is left out. */
function stampsOf(box, alone) {
  const [plainToken] = tokenMembers(box), chain = box.read(AUTHORITY_CHAIN);
  const covers = alone?.kind === "file" ? printable(alone.name) : alone?.kind === "digest" ? "the file" : STATEMENT;
  const tokens = [[PACKAGE_TOKEN, ASIC_MANIFEST, box.read(PACKAGE_TOKEN), chain], [plainToken, covers, box.read(plainToken), chain]];
  for (const [stem, der, pem] of readFurther(box)) tokens.push([`${stem}.tst`, STATEMENT, der, pem]);
  return tokens.flatMap(([member, covered, der, pem]) => {
    try {
      const token = parseToken(der), signer = findSigner(token.signer, readable(token.certificates.length ? token.certificates : readChain(pem, member)));
      const isSm2 = SM2_SIGNATURES.has(signatureAlgorithm(token.signer)), { time, accuracy } = token;
      return [{ member, covers: covered, time: moment(time), latest: moment(time + accuracy + SECOND - 1n), authority: signer.name, development: signer.isDevelopment, is_sm2: isSm2 }];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return [];
    }
  });
}

/** `2026-11-22T03:40:11Z`, the whole second before. */
const moment = (time) => rfc3339(time - (((time % SECOND) + SECOND) % SECOND));

/** The package as a source to open. */
export const opened = (data) => new Container({ size: data.length, read: (from, to) => data.subarray(from, Math.max(from, to)) });
