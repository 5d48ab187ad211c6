// The timestamp layer: two tokens, one over the package's manifest, one over plain data anybody can hash.
import { base64, printable, raw, same, unbase64, unhex, utf8 } from "./bytes.js";
import { Malformed, Problem, Unsupported, Untrusted, Wrong, noun, sentence } from "./errors.js";
import { digestOf } from "./hashes.js";
import { ASIC_MANIFEST as TEMPLATE } from "zonary:words";
import { rfc3339 } from "./times.js";
import { verifyToken } from "./timestamp.js";
import { parseToken } from "./token.js";

const MAX_CERTIFICATES = 8, MAX_FURTHER = 16;
const FURTHER = /^timestamps\/([a-z0-9-]{1,40})\.(?:tst|pem)$/;
export const ASIC_MANIFEST = "META-INF/ASiCManifest.xml", PACKAGE_TOKEN = "META-INF/timestamp.tst", AUTHORITY_CHAIN = "timestamp/ca.pem";

/** The plain-data tokens: `timestamp/*.tsr`. */
export const tokenMembers = (box) => box.names.filter((name) => name.startsWith("timestamp/") && name.endsWith(".tsr"));

/** Tokens of further authorities, `timestamps/NAME.tst`, and the certificates beside them. */
export const furtherMembers = (box) => box.names.filter((name) => FURTHER.test(name));
export const furtherNames = (box) => [...new Set(furtherMembers(box).map((name) => FURTHER.exec(name)[1]))].sort();

const asicManifest = (statement) => utf8(TEMPLATE.replace("{digest}", () => base64(digestOf("sha256", statement))));

/** It is printed in commands that people type. */
function isSafeStem(stem) {
  const size = utf8(stem).length;
  return size > 0 && size <= 120 && !/[\u0000-\u001f\u007f/\\:*?"<>|$`']|^[-.]/u.test(stem);
}

/** `[status, sentence, details]` and what the tokens say.
 * @param alone: the only leaf of the manifest, if it has only one: then the plain-data token must cover that file.
 * @param required: how many operators of the roots have to stand behind the tokens. */
export function checkTokens(box, alone, { roots, required, operatorsOf }) {
  const statement = box.read("statement.json"), listed = box.read(ASIC_MANIFEST);
  if (!same(listed, asicManifest(statement))) throw new Wrong("META-INF/ASiCManifest.xml does not list this statement by its SHA-256.");
  const plain = tokenMembers(box);
  if (plain.length !== 1) throw new Malformed("The package must hold exactly one timestamp/*.tsr; it holds {count}.", { count: plain.length });
  const stem = plain[0].slice("timestamp/".length, -".tsr".length);
  if (!isSafeStem(stem)) throw new Malformed("The name of the plain-data token could be more than a name in a shell: “{name}”.", { name: stem });
  const brought = readChain(box.read(AUTHORITY_CHAIN));
  const outer = parseToken(box.read(PACKAGE_TOKEN)), inner = parseToken(box.read(plain[0]));
  const [covers, digest] = coveredBy(inner, alone, statement);
  const first = [
    check(outer, { member: PACKAGE_TOKEN, covers: ASIC_MANIFEST }, digestOf(outer.algorithm, listed), { roots, brought }),
    check(inner, { member: plain[0], covers }, digest, { roots, brought }),
  ];
  const { further, aside } = checkFurther(box, statement, roots);
  const facts = [...first, ...further];
  return { verdict: verdict(facts, aside, required, operatorsOf(facts.map(({ root }) => root))), facts };
}

/** Each token of a further authority: its member's name but for the suffix, the token, and the certificates beside it. */
export function readFurther(box) {
  const names = furtherNames(box);
  if (names.length > MAX_FURTHER) throw new Malformed("The package holds the tokens of {count} further authorities; at most {limit} are read.", { count: names.length, limit: MAX_FURTHER });
  return names.map((name) => [`timestamps/${name}`, box.read(`timestamps/${name}.tst`), box.read(`timestamps/${name}.pem`)]);
}

/** Those of further authorities that were read, and a sentence about each that counts for nothing. One that is wrong
 * makes the layer wrong; one that cannot be judged takes nothing from the others. */
function checkFurther(box, statement, roots) {
  const further = [], aside = [];
  for (const [stem, der, pem] of readFurther(box)) {
    const member = `${stem}.tst`;
    try {
      const brought = readChain(pem, `${stem}.pem`), token = parseToken(der);
      const fact = check(token, { member, covers: "statement.json" }, digestOf(token.algorithm, statement), { roots, brought });
      further.push(fact);
      if (!fact.isTrusted) aside.push(sentence("{member} is consistent, but counts for nothing here: you have not said that you trust its authority ({authority}).", { member, authority: fact.authority }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const reason = sentence(error.msgid, error.params);
      if (!(error instanceof Unsupported)) throw new Wrong("{member}, the token of a further authority, is wrong: {reason}", { member, reason });
      aside.push(sentence("{member} counts for nothing here: {reason}", { member, reason }));
    }
  }
  return { further, aside };
}

function coveredBy(token, alone, statement) {
  if (alone?.kind !== "file" && alone?.kind !== "digest") return ["statement.json", digestOf(token.algorithm, statement)];
  const { algorithm } = token;
  if (algorithm !== "sha256" && algorithm !== "sm3") throw new Unsupported("A timestamp token uses the hash “{name}”, unknown here.", { name: algorithm });
  return [alone.kind === "file" ? printable(alone.name) : noun("the file"), unhex(alone[algorithm])];
}

function check(token, what, digest, { roots, brought }) {
  try {
    const verified = verifyToken(token, { digest, roots, certificates: brought });
    return { ...what, ...verified, isTrusted: true };
  } catch (error) {
    if (!(error instanceof Untrusted)) throw error;
    // Consistent with the chain it brought? Then say so; anything worse is thrown from here.
    return { ...what, ...verifyToken(token, { digest, roots: brought, certificates: brought }), isTrusted: false, root: "" };
  }
}

/** The certificates of a PEM file, in DER; anything between them is passed over. */
export function readChain(pem, member = AUTHORITY_CHAIN) {
  const blocks = [...raw(pem).matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\t-\r ]+)-----END CERTIFICATE-----/g)];
  if (blocks.length < 1 || blocks.length > MAX_CERTIFICATES) throw new Malformed("{member} must hold between 1 and {limit} certificates.", { member, limit: MAX_CERTIFICATES });
  return blocks.map(([, block]) => {
    const der = unbase64(block.replace(/[\t-\r ]+/g, ""));
    if (!der) throw new Malformed("A certificate in {member} is not base64.", { member });
    return der;
  });
}

function verdict(facts, aside, required, found) {
  const [{ authority }] = facts;
  const details = [...facts.map((fact) => detail(fact, authority)), ...aside];
  if (facts.some(({ development }) => development)) {
    details.push(sentence("The authority is a development authority: its time is only as good as this operator's word, until a real authority is configured."));
  }
  const isTrusted = facts.slice(0, 2).every((fact) => fact.isTrusted);
  if (isTrusted && found < required) return ["origin-not-established", sentence("Your trust file asks for the timestamps of {required} operators of authorities that you trust; this package has those of {found}. If its log gets more of them later, “zonary refresh” fetches them.", { required, found }), details];
  if (isTrusted) return ["verified", sentence("Both timestamps are right; the authority you trust is {authority}.", { authority }), details];
  return ["origin-not-established", sentence("The timestamps are consistent, but you have not said that you trust their authority ({authority}). Ask the operator for a trust file and name it with --trust, or add it with “zonary trust add”.", { authority }), details];
}

function detail({ time: at, covers, member, authority }, first) {
  const time = rfc3339(at);
  if (authority === first) return sentence("{time}: {covers} ({member})", { time, covers, member });
  return sentence("{time}: {covers} ({member}), by {authority}", { time, covers, member, authority });
}
