// Object identifiers: the same as in zonary.proof.timestamp.algorithms.
export const DIGEST_NAMES = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "1.2.156.10197.1.401": "sm3",
  "1.2.156.10197.1.401.1": "sm3", // "SM3 without a key" (GM/T 0006), which some write
};
export const SHA256_OID = "2.16.840.1.101.3.4.2.1";
export const DIGEST_SIZES = { sha256: 32, sha384: 48, sha512: 64, sm3: 32 };
/** What RSA and ECDSA signatures of tokens are made over. */
export const SIGNATURE_HASHES = new Set(["sha256", "sha384", "sha512"]);
export const WEAK_DIGEST_OIDS = new Set(["1.3.14.3.2.26", "1.2.840.113549.2.5", "1.2.840.113549.2.4", "1.2.840.113549.2.2"]);

export const SIGNED_DATA = "1.2.840.113549.1.7.2";
export const GM_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2";
/** Plain data of GM/T 0010: it has no type of its own for timestamp information, so that some write this one. */
export const GM_DATA = "1.2.156.10197.6.1.4.2.1";
export const TST_INFO = "1.2.840.113549.1.9.16.1.4";
export const CONTENT_TYPE = "1.2.840.113549.1.9.3";
export const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
export const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
export const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

export const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
export const RSA_PSS = "1.2.840.113549.1.1.10";
export const MGF1 = "1.2.840.113549.1.1.8";
export const ED25519 = "1.3.101.112";
export const EC_PUBLIC_KEY = "1.2.840.10045.2.1";
export const RSA_WITH = { "1.2.840.113549.1.1.11": "sha256", "1.2.840.113549.1.1.12": "sha384", "1.2.840.113549.1.1.13": "sha512" };
export const ECDSA_WITH = { "1.2.840.10045.4.3.2": "sha256", "1.2.840.10045.4.3.3": "sha384", "1.2.840.10045.4.3.4": "sha512" };
/** Weaker ones, checked in certificates only to be able to say that this is what is wrong with them. */
export const WEAK_RSA_WITH = { "1.2.840.113549.1.1.4": "md5", "1.2.840.113549.1.1.5": "sha1", "1.2.840.113549.1.1.14": "sha224" };
export const WEAK_ECDSA_WITH = { "1.2.840.10045.4.1": "sha1", "1.2.840.10045.4.3.1": "sha224" };
export const CURVES = { "1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384", "1.3.132.0.35": "P-521" };
/** Curves and kinds of keys that are known, and not used here. */
export const OTHER_CURVES = new Set(["1.2.840.10045.3.1.1", "1.3.132.0.33", "1.3.132.0.10", "1.3.36.3.3.2.8.1.1.7", "1.3.36.3.3.2.8.1.1.11", "1.3.36.3.3.2.8.1.1.13"]);
export const OTHER_KEYS = new Set(["1.2.840.10040.4.1", "1.2.840.113549.1.3.1", "1.2.840.10046.2.1", "1.3.101.110", "1.3.101.111", "1.3.101.113"]);
export const SM2_CURVE = "1.2.156.10197.1.301";
export const SM2_WITH_SM3 = "1.2.156.10197.1.501";
/** How signers name it: SM2 as a curve, as a signature, and combined with SM3 (GM/T 0006, GM/T 0010). */
export const SM2_SIGNATURES = new Set([SM2_CURVE, "1.2.156.10197.1.301.1", SM2_WITH_SM3]);
export const WEAK_SIGNATURE_OIDS = new Set(["1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1", "1.2.840.10040.4.3"]);
