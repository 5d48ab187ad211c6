// SM2 signatures (GM/T 0003.2, GB/T 32918.2), with the identifier of GM/T 0009 and SM3: the curve by noble, the rest is short.
import { weierstrassN } from "@noble/curves/abstract/weierstrass";
import { hex, joined, unhex, utf8 } from "./bytes.js";
import { decode } from "./der.js";
import { Malformed, Problem, Wrong } from "./errors.js";
import { digestOf } from "./hashes.js";
import { ECDSA_SIGNATURE } from "./structures.js";

const PRIME = "fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff";
const A = "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc";
const B = "28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93";
const ORDER = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
const GX = "32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7";
const GY = "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0";
const number = (text) => BigInt(`0x${text}`);
const Point = weierstrassN({ p: number(PRIME), n: number(ORDER), h: 1n, a: number(A), b: number(B), Gx: number(GX), Gy: number(GY) });
const order = number(ORDER);

const IDENTIFIER = utf8("1234567812345678");
const CURVE = unhex(A + B + GX + GY);
const POINT_BYTES = 65, MAX_SIGNATURE_BYTES = 72;

/** The key whose point has these 65 bytes. */
export function sm2Key(bytes) {
  if (bytes.length !== POINT_BYTES || bytes[0] !== 4) throw new Malformed("An SM2 public key is an uncompressed point of {size} bytes.", { size: POINT_BYTES });
  let point;
  try { point = Point.fromBytes(bytes); } catch { throw new Malformed("This is not an SM2 key that can be read."); }
  const z = digestOf("sm3", joined([0, 8 * IDENTIFIER.length], IDENTIFIER, CURVE, bytes.subarray(1)));
  return { kind: "SM2", point, z };
}

export function verifySm2({ point, z }, signature, message) {
  if (!holds(point, signature, digestOf("sm3", joined(z, message)))) throw new Wrong("The SM2 signature is not valid.");
}

/** Whether it holds; `signature` strictly in DER. */
export function isSm2(key, signature, message) {
  try { verifySm2(key, signature, message); return true; } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return false;
  }
}

function holds(point, signature, digest) {
  if (signature.length > MAX_SIGNATURE_BYTES) return false;
  let r, s;
  try { ({ r, s } = decode(ECDSA_SIGNATURE, signature, "")); } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return false;
  }
  if (r <= 0n || s <= 0n || r >= order || s >= order) return false;
  const t = (r + s) % order;
  if (!t) return false;
  const sum = Point.BASE.multiplyUnsafe(s).add(point.multiplyUnsafe(t));
  return !sum.is0() && (number(hex(digest)) + sum.toAffine().x) % order === r;
}
