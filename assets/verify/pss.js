// Parameters of RSASSA-PSS as RFC 4056 has it: one strong digest for both the message and MGF1.
import { DIGEST_NAMES, MGF1, SIGNATURE_HASHES, WEAK_DIGEST_OIDS } from "./algorithms.js";
import { decode } from "./der.js";
import { Unsupported, Wrong } from "./errors.js";
import { PSS_PARAMETERS } from "./structures.js";

export function digestName({ oid }) {
  if (WEAK_DIGEST_OIDS.has(oid)) throw new Wrong("The signature uses a digest ({oid}) that is no longer safe.", { oid });
  if (!Object.hasOwn(DIGEST_NAMES, oid)) throw new Unsupported("The signature uses the digest {oid}, which is not known here.", { oid });
  return DIGEST_NAMES[oid];
}

/** `{hash, saltLength}` of the element `parameters`, if there is one. */
export function pssOf(parameters) {
  if (!parameters) throw new Unsupported("RSA-PSS without parameters means SHA-1, which is no longer safe.");
  const { digest, mask, salt, trailer } = decode(PSS_PARAMETERS, parameters.whole, "PssParameters");
  if (!digest || !mask) throw new Unsupported("RSA-PSS without a digest algorithm means SHA-1, which is no longer safe.");
  const hash = digestName(digest), saltLength = salt ?? 20n;
  const isKnown = SIGNATURE_HASHES.has(hash) && mask.oid === MGF1 && digestName(mask.digest) === hash && saltLength >= 0n && saltLength <= 64n && (trailer === null || trailer === 1n);
  if (!isKnown) throw new Unsupported("The token uses RSA-PSS with parameters that are not understood.");
  return { hash, saltLength: Number(saltLength) };
}
