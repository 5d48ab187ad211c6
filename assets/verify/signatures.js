// The one place where signatures are verified. Each function returns, or throws a Problem.
import { ed25519 } from "@noble/curves/ed25519";
import { p256, p384, p521 } from "@noble/curves/nist";
import { ml_dsa44 as mldsa44 } from "@noble/post-quantum/ml-dsa.js";
import { hex, joined, same } from "./bytes.js";
import { ECDSA_SIGNATURE } from "./structures.js";
import { decode } from "./der.js";
import { Malformed, Problem, Wrong, noun } from "./errors.js";
import { digestOf } from "./hashes.js";

const CURVES = { "P-256": p256, "P-384": p384, "P-521": p521 };
const number = (bytes) => BigInt(`0x${hex(bytes) || "0"}`);

function requireSize(what, { length }, size) {
  if (length !== size) throw new Malformed("An {what} has {size} bytes, not {length}.", { what: noun(what), size, length });
}
const invalid = (algorithm) => new Wrong("The {algorithm} signature is not valid.", { algorithm });

/** RFC 8032 §5.1.7 with one rule, that of Go and OpenSSL: S below the order, the equation without cofactor, R compared as bytes. */
export function verifyEd25519(key, signature, message) {
  requireSize("Ed25519 public key", key, 32);
  requireSize("Ed25519 signature", signature, 64);
  const { Point } = ed25519, order = Point.Fn.ORDER;
  const s = number(signature.slice(32).reverse());
  let point;
  try { point = Point.fromBytes(key, true); } catch { throw invalid("Ed25519"); }
  if (s >= order) throw invalid("Ed25519");
  const k = number(digestOf("sha512", joined(signature.subarray(0, 32), key, message)).reverse()) % order;
  const r = Point.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(k));
  if (!same(r.toBytes(), signature.subarray(0, 32))) throw invalid("Ed25519");
}

/** ML-DSA-44 (FIPS 204, pure, without context). */
export function verifyMldsa44(key, signature, message) {
  requireSize("ML-DSA-44 public key", key, 1312);
  requireSize("ML-DSA-44 signature", signature, 2420);
  let isValid = false;
  try { isValid = mldsa44.verify(signature, message, key); } catch { /* damaged */ }
  if (!isValid) throw invalid("ML-DSA-44");
}

/** ECDSA with a strictly DER signature (FIPS 186-5); whether it holds. */
export function isEcdsa({ curve, point }, signature, message, hash) {
  try {
    const { r, s } = decode(ECDSA_SIGNATURE, signature, "");
    const { Signature, Point } = CURVES[curve], order = Point.Fn.ORDER;
    if (r <= 0n || s <= 0n || r >= order || s >= order) return false;
    return CURVES[curve].verify(new Signature(r, s).toBytes(), digestOf(hash, message), point, { prehash: false, lowS: false });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return false;
  }
}

/** Whether SEC 1 bytes are a point of the curve. */
export function isPoint(curve, bytes) {
  try { CURVES[curve].Point.fromBytes(bytes); return true; } catch { return false; }
}

// --- RSA (RFC 8017) ---------------------------------------------------------------------------------------------------

function power(base, exponent, modulus) {
  let result = 1n, square = base % modulus;
  for (let rest = exponent; rest; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

export const bitLength = (value) => value.toString(2).length;

/** The signature as the encoded message it stands for; null when it cannot be one. */
function opened({ modulus, exponent }, signature) {
  const size = Math.ceil(bitLength(modulus) / 8);
  const value = number(signature);
  if (signature.length !== size || value >= modulus) return null;
  const text = power(value, exponent, modulus).toString(16).padStart(2 * size, "0");
  return Uint8Array.from(text.match(/../g), (pair) => Number.parseInt(pair, 16));
}

const PREFIXES = {
  md5: "3020300c06082a864886f70d020505000410", sha1: "3021300906052b0e03021a05000414", sha224: "302d300d06096086480165030402040500041c",
  sha256: "3031300d060960864801650304020105000420", sha384: "3041300d060960864801650304020205000430", sha512: "3051300d060960864801650304020305000440",
};

/** RSASSA-PKCS1-v1_5. */
export function isPkcs1(key, signature, message, hash) {
  const found = opened(key, signature);
  if (!found) return false;
  const tail = `00${PREFIXES[hash]}${hex(digestOf(hash, message))}`;
  const padding = 2 * found.length - 4 - tail.length;
  return padding >= 16 && hex(found) === `0001${"f".repeat(padding)}${tail}`;
}

function mask(seed, length, hash) {
  const parts = [];
  for (let n = 0, have = 0; have < length; n += 1) {
    const part = digestOf(hash, joined(seed, [n >>> 24, n >>> 16, n >>> 8, n].map((byte) => byte & 0xff)));
    parts.push(part);
    have += part.length;
  }
  return joined(...parts).subarray(0, length);
}

/** RSASSA-PSS with MGF1 over the same hash. */
export function isPss(key, signature, message, hash, saltLength) {
  const found = opened(key, signature);
  const bits = bitLength(key.modulus) - 1, size = Math.ceil(bits / 8);
  if (!found || (found.length > size && found[0])) return false;
  const encoded = found.subarray(found.length - size), digest = digestOf(hash, message);
  const at = size - digest.length - 1;
  if (at < saltLength + 1 || encoded.at(-1) !== 0xbc) return false;
  const unused = 8 * size - bits;
  if (encoded[0] >> (8 - unused)) return false;
  const seed = encoded.subarray(at, size - 1), data = encoded.slice(0, at);
  mask(seed, at, hash).forEach((byte, n) => { data[n] ^= byte; });
  data[0] &= 0xff >> unused;
  const saltAt = at - saltLength;
  if (data.subarray(0, saltAt - 1).some(Boolean) || data[saltAt - 1] !== 1) return false;
  return same(digestOf(hash, joined(new Uint8Array(8), digest, data.subarray(saltAt))), seed);
}

/** Whether the Ed25519 signature holds. */
export function isEd25519(key, signature, message) {
  try { verifyEd25519(key, signature, message); return true; } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return false;
  }
}
