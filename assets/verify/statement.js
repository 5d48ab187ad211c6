// The statement (specs/statement.md) and the leaf of the log that stands for it (specs/leaf.md).
import { hex, joined, utf8 } from "./bytes.js";
import { asText, decode, isMap } from "./canonical.js";
import { Malformed, Unsupported } from "./errors.js";
import { digestFromHex, digestOf } from "./hashes.js";

const VERSION = "zonary-statement/1";
const MANIFEST = "zonary-manifest/1";
const LIMIT = 64 * 1024;
const FIELDS = ["class", "declared", "manifest", "observed", "salt", "version"];

export const EVIDENCE = "evidence";
const CLASSES = [EVIDENCE, "act"];

const cut = (text) => Array.from(text).slice(0, 64).join("");

/** `{roots, declared, observed}`: both roots of the manifest it names, in hexadecimal, and what else it says. */
export function decodeStatement(data) {
  const value = decode(data, "statement.json", LIMIT);
  if (!(value instanceof Map)) throw new Malformed("statement.json is not a Zonary statement.");
  const version = value.get("version");
  if (version !== VERSION || value.get("class") !== EVIDENCE) {
    if (typeof version === "string" && version.startsWith("zonary-statement/")) {
      throw new Unsupported("The statement is “{version}”, class “{name}”; this release knows “{known}”, class “evidence”.", { version: cut(version), name: cut(asText(value.get("class"))), known: VERSION });
    }
    throw new Malformed("statement.json is not a Zonary statement.");
  }
  if (!isMap(value, FIELDS)) throw new Malformed("The statement does not have exactly the fields {fields}.", { fields: FIELDS.join(", ") });
  return { roots: rootsIn(value), declared: value.get("declared"), observed: value.get("observed") };
}

function rootsIn(value) {
  const manifest = value.get("manifest"), salt = value.get("salt");
  if (!isMap(manifest, ["sha256", "sm3", "version"])) throw new Malformed("The statement does not name a manifest by version, SHA-256 and SM3.");
  const version = manifest.get("version");
  if (version !== MANIFEST) throw new Unsupported("The statement names a manifest of version “{version}”; this release knows “{known}”.", { version: cut(asText(version)), known: MANIFEST });
  if (typeof salt !== "string" || !/^[0-9a-f]{32}$/.test(salt)) throw new Malformed("The statement's salt is not 32 lower-case hexadecimal digits.");
  if (!(value.get("declared") instanceof Map) || !(value.get("observed") instanceof Map)) throw new Malformed("“declared” and “observed” of the statement must be maps.");
  const sha256 = digestFromHex(asText(manifest.get("sha256")), "SHA-256"), sm3 = digestFromHex(asText(manifest.get("sm3")), "SM3");
  return [hex(sha256), hex(sm3)];
}

/** The leaves that may stand for a statement, evidence first: `[class, bytes]`. */
export function leavesOf(statement) {
  const digests = joined(digestOf("sha256", statement), digestOf("sm3", statement));
  return CLASSES.map((name) => [name, joined(utf8(`zonary-leaf/1 ${name}\n`), digests)]);
}
