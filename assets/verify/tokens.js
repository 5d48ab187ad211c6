// The timestamp layer: two tokens, one over the package's manifest, one over plain data anybody can hash.
import { base64, printable, raw, same, unbase64, unhex, utf8 } from "./bytes.js";
import { Malformed, Unsupported, Untrusted, Wrong, noun, sentence } from "./errors.js";
import { digestOf } from "./hashes.js";
import { ASIC_MANIFEST as TEMPLATE } from "zonary:words";
import { rfc3339 } from "./times.js";
import { verifyToken } from "./timestamp.js";
import { parseToken } from "./token.js";

const MAX_CERTIFICATES = 8;
export const ASIC_MANIFEST = "META-INF/ASiCManifest.xml", PACKAGE_TOKEN = "META-INF/timestamp.tst", AUTHORITY_CHAIN = "timestamp/ca.pem";

/** The plain-data tokens: `timestamp/*.tsr`. */
export const tokenMembers = (box) => box.names.filter((name) => name.startsWith("timestamp/") && name.endsWith(".tsr"));

const asicManifest = (statement) => utf8(TEMPLATE.replace("{digest}", () => base64(digestOf("sha256", statement))));

/** `[status, sentence, details]` and what the tokens say.
 * @param alone: the only leaf of the manifest, if it has only one: then the plain-data token must cover that file. */
export function checkTokens(box, alone, roots) {
  const statement = box.read("statement.json"), listed = box.read(ASIC_MANIFEST);
  if (!same(listed, asicManifest(statement))) throw new Wrong("META-INF/ASiCManifest.xml does not list this statement by its SHA-256.");
  const plain = tokenMembers(box);
  if (plain.length !== 1) throw new Malformed("The package must hold exactly one timestamp/*.tsr; it holds {count}.", { count: plain.length });
  const brought = readChain(box.read(AUTHORITY_CHAIN));
  const outer = parseToken(box.read(PACKAGE_TOKEN)), inner = parseToken(box.read(plain[0]));
  const [covers, digest] = coveredBy(inner, alone, statement);
  const facts = [
    check(outer, { member: PACKAGE_TOKEN, covers: ASIC_MANIFEST }, digestOf(outer.algorithm, listed), { roots, brought }),
    check(inner, { member: plain[0], covers }, digest, { roots, brought }),
  ];
  return { verdict: verdict(facts), facts };
}

function coveredBy(token, alone, statement) {
  if (alone?.kind !== "file" && alone?.kind !== "digest") return ["statement.json", digestOf(token.algorithm, statement)];
  const { algorithm } = token;
  if (algorithm !== "sha256" && algorithm !== "sm3") throw new Unsupported("A timestamp token uses the hash “{name}”, unknown here.", { name: algorithm });
  return [alone.kind === "file" ? printable(alone.name) : noun("the file"), unhex(alone[algorithm])];
}

function check(token, what, digest, { roots, brought }) {
  try {
    return { ...what, ...verifyToken(token, { digest, roots, certificates: brought }), isTrusted: true };
  } catch (error) {
    if (!(error instanceof Untrusted)) throw error;
    // Consistent with the chain it brought? Then say so; anything worse is thrown from here.
    return { ...what, ...verifyToken(token, { digest, roots: brought, certificates: brought }), isTrusted: false };
  }
}

/** The certificates of a PEM file, in DER; anything between them is passed over. */
function readChain(pem) {
  const blocks = [...raw(pem).matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\t-\r ]+)-----END CERTIFICATE-----/g)];
  if (blocks.length < 1 || blocks.length > MAX_CERTIFICATES) throw new Malformed("timestamp/ca.pem must hold between 1 and {limit} certificates.", { limit: MAX_CERTIFICATES });
  return blocks.map(([, block]) => {
    const der = unbase64(block.replace(/[\t-\r ]+/g, ""));
    if (!der) throw new Malformed("A certificate in timestamp/ca.pem is not base64.");
    return der;
  });
}

function verdict(facts) {
  const details = facts.map(({ time, covers, member }) => sentence("{time}: {covers} ({member})", { time: rfc3339(time), covers, member }));
  const [{ authority }] = facts;
  if (facts.some(({ development }) => development)) {
    details.push(sentence("The authority is a development authority: its time is only as good as this operator's word, until a real authority is configured."));
  }
  if (facts.every(({ isTrusted }) => isTrusted)) return ["verified", sentence("Both timestamps are right; the authority you trust is {authority}.", { authority }), details];
  return ["origin-not-established", sentence("The timestamps are consistent, but you have not said that you trust their authority ({authority}). Ask the operator for a trust file and name it with --trust, or add it with “zonary trust add”.", { authority }), details];
}
