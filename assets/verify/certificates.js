// X.509 certificates of timestamp authorities: reading them, and what one certificate alone must say.
import { hex, replaced, same } from "./bytes.js";
import {
  CURVES, ECDSA_WITH, EC_PUBLIC_KEY, ED25519, RSA_ENCRYPTION, RSA_PSS, RSA_WITH, OTHER_CURVES, OTHER_KEYS, SIGNATURE_HASHES, SM2_CURVE, SM2_WITH_SM3, WEAK_ECDSA_WITH, WEAK_RSA_WITH,
} from "./algorithms.js";
import { OID, decode } from "./der.js";
import { Malformed, Unsupported, Wrong } from "./errors.js";
import { textOfName, unitsOf } from "./names.js";
import { pssOf } from "./pss.js";
import { isSm2, sm2Key } from "./sm2.js";
import { bitLength, isEcdsa, isEd25519, isPkcs1, isPoint, isPss } from "./signatures.js";
import { BASIC_CONSTRAINTS, CERTIFICATE, EXTENDED_KEY_USAGE, KEY_USAGE, RSA_KEY, SUBJECT_KEY_ID } from "./structures.js";
import { certificateTime, iso } from "./times.js";

const MAX_BYTES = 16384, MIN_RSA_BITS = 2048, MAX_RSA_BITS = 16384;
const DEVELOPMENT = "DEVELOPMENT AUTHORITY - NOT A TRUSTED TIMESTAMP AUTHORITY";
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8", ANY_PURPOSE = "2.5.29.37.0", NAME_CONSTRAINTS = "2.5.29.30";
const SKI = "2.5.29.14", USAGE = "2.5.29.15", CONSTRAINTS = "2.5.29.19", PURPOSES = "2.5.29.37";
/** And subject alternative names, and policies, of which any is acceptable. */
const UNDERSTOOD = new Set([CONSTRAINTS, USAGE, PURPOSES, "2.5.29.17", "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54"]);
const READ = { [SKI]: SUBJECT_KEY_ID, [USAGE]: KEY_USAGE, [CONSTRAINTS]: BASIC_CONSTRAINTS, [PURPOSES]: EXTENDED_KEY_USAGE };

const unreadable = () => new Malformed("A certificate cannot be read.");

/** What `read` gives; whatever it stumbles over is a certificate that cannot be read. */
function attempt(read) {
  try { return read(); } catch (error) {
    if (error instanceof Malformed) throw unreadable();
    throw error;
  }
}

/** Parameters must be of the kind that their algorithm has; of algorithms that are not known they may be anything. */
function checkParameters({ oid, parameters }) {
  const isNull = !parameters || (parameters.tag === 0x05 && !parameters.contents.length);
  if (oid === EC_PUBLIC_KEY) {
    if (![0x05, 0x06, 0x30].includes(parameters?.tag)) throw unreadable();
    if (parameters.tag === 0x06) attempt(() => decode(OID, parameters.whole, ""));
  } else if (oid === ED25519) {
    if (parameters) throw unreadable();
  } else if (oid === RSA_ENCRYPTION || RSA_WITH[oid] || ECDSA_WITH[oid] || WEAK_RSA_WITH[oid] || WEAK_ECDSA_WITH[oid]) {
    if (!isNull) throw unreadable();
  }
}

const bit = (bits, n) => Boolean(bits[n >> 3] & (0x80 >> (n & 7)));

export class Certificate {
  #extensions = null;

  constructor(der) {
    if (der.length > MAX_BYTES) throw new Malformed("A certificate may have at most {limit} bytes; this one has {size}.", { limit: MAX_BYTES, size: der.length });
    const { tbs, algorithm, signature } = attempt(() => decode(CERTIFICATE, der, ""));
    if (tbs.version !== null && tbs.version !== 2n) throw unreadable();
    for (const each of [tbs.signature, tbs.publicKey.algorithm, algorithm]) checkParameters(each);
    Object.assign(this, { der, tbs, algorithm, signature });
    this.id = hex(der);
    this.serial = tbs.serial;
    this.issuer = tbs.issuer.der;
    this.subject = tbs.subject.der;
    this.begin = certificateTime(tbs.validity.begin);
    this.end = certificateTime(tbs.validity.end);
    if (this.begin === null || this.end === null) throw unreadable();
  }

  /** The subject, fit to be shown. */
  get name() { return replaced(textOfName(this.tbs.subject.parts)); }

  get isSelfIssued() { return same(this.issuer, this.subject); }

  get isDevelopment() { return [this.tbs.subject, this.tbs.issuer].flatMap(({ parts }) => unitsOf(parts)).includes(DEVELOPMENT); }

  publicKey() {
    const { algorithm, key } = this.tbs.publicKey;
    if (algorithm.oid === RSA_ENCRYPTION || algorithm.oid === RSA_PSS) return this.#rsa(key);
    if (algorithm.oid === ED25519 && key.length === 32 && !algorithm.parameters) return { kind: "Ed25519", bytes: key };
    const oid = this.#curve(), curve = CURVES[oid];
    if (oid === SM2_CURVE && key.length === 65) return sm2Key(key);
    if (!curve && (oid ? !OTHER_CURVES.has(oid) : !OTHER_KEYS.has(algorithm.oid))) throw new Unsupported("A certificate uses an algorithm that this version cannot verify.");
    if (!curve) throw new Unsupported("The key of {name} is of a kind that this version cannot verify.", { name: this.name });
    if (!isPoint(curve, key)) throw unreadable();
    return { kind: "EC", curve, point: key };
  }

  /** The curve's object identifier; "" where it is no such key. */
  #curve() {
    const { algorithm: { oid, parameters } } = this.tbs.publicKey;
    return oid === EC_PUBLIC_KEY && parameters ? attempt(() => decode(OID, parameters.whole, "")) : "";
  }

  #rsa(der) {
    const { modulus, exponent } = attempt(() => decode(RSA_KEY, der, ""));
    if (modulus <= 0n || exponent < 3n || !(exponent & 1n) || exponent >= modulus) throw unreadable();
    const bits = bitLength(modulus);
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) throw new Wrong("The RSA key of {name} has {bits} bits; at least {limit} are needed.", { name: this.name, bits, limit: MIN_RSA_BITS });
    return { kind: "RSA", modulus, exponent };
  }

  /** `{oid, critical, value}` of each, those that are known read. */
  get extensions() {
    if (this.#extensions) return this.#extensions;
    const found = this.tbs.extensions ?? [];
    if (new Set(found.map(({ oid }) => oid)).size !== found.length || found.some(({ critical }) => critical === false)) throw unreadable();
    this.#extensions = found.map(({ oid, critical, value }) => ({ oid, critical: Boolean(critical), value: READ[oid] ? attempt(() => decode(READ[oid], value, "")) : value }));
    return this.#extensions;
  }

  #extension(oid) { return this.extensions.find((each) => each.oid === oid) ?? null; }

  get keyId() { return this.#extension(SKI)?.value ?? null; }
  /** `{ca, pathLength}`, or null. */
  get constraints() { return this.#extension(CONSTRAINTS)?.value ?? null; }
  /** Whether its key may sign certificates, as far as its usage says. */
  get mayCertify() { const usage = this.#extension(USAGE); return !usage || bit(usage.value, 5); }
  /** Whether its key may sign revocation lists. */
  get maySignLists() { const usage = this.#extension(USAGE); return !usage || bit(usage.value, 6); }
  /** Whether its key is for signatures that bind (non-repudiation). */
  get commits() { const usage = this.#extension(USAGE); return Boolean(usage) && bit(usage.value, 1); }
  /** Whether it may issue for timestamping. */
  get mayIssueForTimestamping() { const purposes = this.#extension(PURPOSES); return !purposes || purposes.value.some((oid) => oid === TIME_STAMPING || oid === ANY_PURPOSE); }

  checkTime(at) {
    if (at < this.begin) throw new Wrong("The certificate of {name} was not valid yet at {at}: it begins at {begin}.", { name: this.name, at: iso(at), begin: iso(this.begin) });
    if (at > this.end) throw new Wrong("The certificate of {name} was no longer valid at {at}: it expired at {end}.", { name: this.name, at: iso(at), end: iso(this.end) });
  }

  checkExtensions() {
    const odd = this.extensions.find(({ oid, critical }) => oid === NAME_CONSTRAINTS || (critical && !UNDERSTOOD.has(oid)));
    if (odd) throw new Wrong("The certificate of {name} has the extension {oid}, which this version does not understand.", { name: this.name, oid: odd.oid });
  }

  /** RFC 3161 §2.3: critical, and for timestamping alone. */
  checkTimestamping() {
    const { name } = this, purposes = this.#extension(PURPOSES), usage = this.#extension(USAGE);
    if (!purposes || purposes.value.length !== 1 || purposes.value[0] !== TIME_STAMPING) throw new Wrong("The certificate of {name} is not one for timestamping only.", { name });
    if (!purposes.critical) throw new Wrong("The certificate of {name} does not mark its timestamping purpose as critical.", { name });
    const signsDataOnly = usage && (bit(usage.value, 0) || bit(usage.value, 1)) && ![2, 3, 4, 5, 6].some((n) => bit(usage.value, n));
    if (usage && !signsDataOnly) throw new Wrong("The key of {name} is not one for signing data only.", { name });
  }

  get signatureHash() { return Certificate.hashOf(this.algorithm); }

  /** The hash a signature is over; "" where the algorithm has its own, null where it is not known. */
  static hashOf({ oid, parameters }) {
    if (oid === ED25519) return "";
    if (oid === RSA_PSS) { try { return pssOf(parameters).hash; } catch { return null; } }
    return RSA_WITH[oid] ?? ECDSA_WITH[oid] ?? WEAK_RSA_WITH[oid] ?? WEAK_ECDSA_WITH[oid] ?? null;
  }

  get isStronglySigned() { return Certificate.isStrong(this.algorithm); }

  static isStrong(algorithm) {
    const hash = Certificate.hashOf(algorithm);
    return algorithm.oid === SM2_WITH_SM3 || hash === "" || SIGNATURE_HASHES.has(hash);
  }

  /** Whether this one's key made the signature of `child`. */
  hasSigned(child) {
    const inner = child.tbs.signature, outer = child.algorithm;
    if (inner.oid !== outer.oid || (inner.parameters === null) !== (outer.parameters === null)) return false;
    if (inner.parameters && !same(inner.parameters.whole, outer.parameters.whole)) return false;
    let key;
    try { key = this.#anyKey(); } catch { return false; }
    if (outer.oid === SM2_WITH_SM3) {
      const hasNoParameters = !outer.parameters || (outer.parameters.tag === 0x05 && !outer.parameters.contents.length);
      return key.kind === "SM2" && hasNoParameters && isSm2(key, child.signature, child.tbs.der);
    }
    if (key.kind === "SM2") return false;
    const { tbs: { der: said }, signature: made, signatureHash: hash } = child, { oid } = outer;
    if (key.kind === "Ed25519") return oid === ED25519 && isEd25519(key.bytes, made, said);
    if (!hash) return false;
    if (key.kind === "EC") return Boolean(ECDSA_WITH[oid] ?? WEAK_ECDSA_WITH[oid]) && isEcdsa(key, made, said, hash);
    if (oid === RSA_PSS) return isPss(key, made, said, hash, pssOf(outer.parameters).saltLength);
    return Boolean(RSA_WITH[oid] ?? WEAK_RSA_WITH[oid]) && isPkcs1(key, made, said, hash);
  }

  /** The key, though it may be too short to be believed: whether it signed is another question. */
  #anyKey() {
    const { algorithm, key } = this.tbs.publicKey;
    if (algorithm.oid !== RSA_ENCRYPTION && algorithm.oid !== RSA_PSS) return this.publicKey();
    const { modulus, exponent } = decode(RSA_KEY, key, "");
    if (modulus <= 0n || exponent <= 0n || bitLength(modulus) > MAX_RSA_BITS) throw unreadable();
    return { kind: "RSA", modulus, exponent };
  }
}
