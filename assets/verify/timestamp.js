// Whether to believe a timestamp token: RFC 3161 §2.2 and §2.4.2, RFC 5816, RFC 5652 §5.
import { same } from "./bytes.js";
import {
  CONTENT_TYPE, DIGEST_NAMES, ECDSA_WITH, EC_PUBLIC_KEY, ED25519, MESSAGE_DIGEST, RSA_ENCRYPTION, RSA_PSS, RSA_WITH, SHA256_OID, SIGNATURE_HASHES,
  SIGNING_CERTIFICATE as OLD_OID, SIGNING_CERTIFICATE_V2 as NEW_OID, SM2_SIGNATURES, WEAK_SIGNATURE_OIDS,
} from "./algorithms.js";
import { Certificate } from "./certificates.js";
import { findChain } from "./chain.js";
import { NULL, OCTETS, OID, decode, tlv } from "./der.js";
import { Malformed, Unsupported, Wrong } from "./errors.js";
import { digestOf } from "./hashes.js";
import { digestName, pssOf } from "./pss.js";
import { isEcdsa, isPkcs1, isPss, verifyEd25519 } from "./signatures.js";
import { verifySm2 } from "./sm2.js";
import { DIRECTORY_NAME, SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2 } from "./structures.js";

const MAX_REFERENCES = 16, DIRECTORY_NAME_TAG = 0xa4;

/** What a believed token establishes: `{time, accuracy, authority, development}`.
 * @param roots, certificates: in DER; the first are trusted, the others for nothing. */
export function verifyToken(token, given) {
  const { signer, chain } = judgeToken(token, given);
  return { time: token.time, accuracy: token.accuracy, authority: signer.name, root: chain.at(-1).id, development: chain.some((each) => each.isDevelopment) };
}

/** The certificate behind a believed token, and those from it up to a trusted root. */
export function judgeToken(token, { digest, roots, certificates }) {
  if (!same(token.imprint, digest)) throw new Wrong("The timestamp is for other data: its imprint is not the expected digest.");
  const [oid] = token.criticalExtensions;
  if (oid) throw new Unsupported("The timestamp has the critical extension {oid}, which this version does not understand.", { oid });
  const trusted = roots.map((der) => new Certificate(der));
  const carried = readable(token.certificates);
  const others = [...carried, ...certificates.map((der) => new Certificate(der))];
  const signer = checkSigner(token, token.certificates.length ? carried : [...others, ...trusted]);
  signer.checkTime(token.time);
  const chain = findChain(signer, { others, roots: trusted, at: token.time });
  return { signer, chain };
}

/** Those of `certificates` (DER) that can be read. */
export function readable(certificates) {
  return certificates.flatMap((der) => {
    try { return [new Certificate(der)]; } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return [];
    }
  });
}

function checkSigner(token, certificates) {
  signatureAlgorithm(token.signer);
  const signer = findSigner(token.signer, certificates);
  checkSignature(token, signer.publicKey());
  signer.checkExtensions();
  signer.checkTimestamping();
  checkName(signer, token.tsa);
  return signer;
}

// --- which certificate (RFC 5652 §5.3, RFC 5035) ----------------------------------------------------------------------

export function findSigner(signer, certificates) {
  const identified = certificates.filter((each) => isIdentified(signer, each));
  if (!identified.length) throw new Wrong("The token does not carry the certificate it was signed with, and none was given: it cannot be checked.");
  const named = identified.filter((each) => isNamed(signer, each));
  if (!named.length) throw new Wrong("The token's signature names another signing certificate than the one it carries.");
  return named[0];
}

function isIdentified({ sid }, certificate) {
  if (sid.issuer) return sid.serial === certificate.serial && same(sid.issuer.whole, certificate.issuer);
  try { return certificate.keyId !== null && same(certificate.keyId, sid); } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return false;
  }
}

function isNamed(signer, certificate) {
  const old = attribute(signer, OLD_OID), recent = attribute(signer, NEW_OID);
  if (!old && !recent) throw new Wrong("The token's signature does not name the certificate it was made with.");
  return (!old || isNamedBy(decode(SIGNING_CERTIFICATE, old.whole, "SigningCertificate"), certificate, "sha1"))
    && (!recent || isNamedBy(decode(SIGNING_CERTIFICATE_V2, recent.whole, "SigningCertificateV2"), certificate, null));
}

function isNamedBy({ certificates: references }, certificate, hash) {
  if (references.length < 1 || references.length > MAX_REFERENCES) throw new Malformed("A signing certificate attribute names no certificate, or too many.");
  const [first] = references, oid = first.algorithm?.oid ?? SHA256_OID;
  if (!hash && !Object.hasOwn(DIGEST_NAMES, oid)) throw new Unsupported("The signing certificate is named by a digest ({oid}) unknown here.", { oid });
  const isIt = same(first.digest, digestOf(hash ?? DIGEST_NAMES[oid], certificate.der));
  const serial = first.issuerSerial;
  if (!isIt || !serial) return isIt;
  return serial.serial === certificate.serial && serial.issuer.length === 1 && same(serial.issuer[0].whole, tlv(DIRECTORY_NAME_TAG, certificate.issuer));
}

/** The name an authority gives itself; only a directory name can be compared. */
function checkName(certificate, tsa) {
  if (!tsa || tsa[0] !== DIRECTORY_NAME_TAG || same(tsa, tlv(DIRECTORY_NAME_TAG, certificate.subject))) return;
  const claimed = decode(DIRECTORY_NAME, tlv(0x30, tsa), "DirectoryName").name;
  if (partsOf(claimed) !== partsOf(certificate.tbs.subject.parts)) throw new Wrong("The token calls its authority by another name than its certificate, {name}.", { name: certificate.name });
}

/** Without string types: the same text may be a PrintableString here and UTF-8 there. */
const partsOf = (parts) => JSON.stringify(parts.map((set) => set.map(({ oid, value }) => `${oid}=${String.fromCharCode(...value.contents)}`).sort()));

// --- the signature (RFC 5652 §5.4, §5.6) ------------------------------------------------------------------------------

function attribute({ signedAttributes }, oid) {
  const found = (signedAttributes?.list ?? []).filter((each) => each.oid === oid);
  if (!found.length) return null;
  if (found.length !== 1 || found[0].values.length !== 1) throw new Malformed("The signed attribute {oid} does not have exactly one value.", { oid });
  return found[0].values[0];
}

/** The content type that the signature names; null where it names none. */
export function signedType(signer) {
  const named = attribute(signer, CONTENT_TYPE);
  return named && oidIn(named);
}

const oidIn = (element) => decode(OID, element.whole, "OBJECT IDENTIFIER");
const isNull = (element) => element.whole.length === 2 && element.tag === NULL.tag;

export function signatureAlgorithm({ signatureAlgorithm: parts }) {
  const unreadable = () => new Malformed("The signature's algorithm identifier cannot be read.");
  if (parts.length < 1 || parts.length > 2) throw unreadable();
  const oid = oidIn(parts[0]);
  if (oid !== RSA_PSS && parts.slice(1).some((each) => !isNull(each))) throw unreadable();
  if (WEAK_SIGNATURE_OIDS.has(oid)) throw new Wrong("The timestamp is signed with an algorithm ({oid}) that is no longer safe.", { oid });
  return oid;
}

export function checkSignature({ signer, content, contentType: wanted }, key) {
  const oid = signatureAlgorithm(signer), hash = digestName(signer.digestAlgorithm);
  if (signedType(signer) !== wanted) throw new Wrong("The signature does not say that it is one over timestamp information.");
  const digest = attribute(signer, MESSAGE_DIGEST);
  if (!digest || !same(decode(OCTETS, digest.whole, "OCTET STRING"), digestOf(hash, content))) throw new Wrong("The digest in the signature is not that of the timestamp information.");
  // What is signed is the attributes as a SET, not under the [0] tag they are sent with.
  if (!isSignedBy(key, oid, signer, hash, tlv(0x31, signer.signedAttributes.bytes))) throw new Wrong("The authority's signature on the timestamp does not verify.");
}

function isSignedBy(key, oid, signer, hash, signed) {
  const { signature } = signer;
  if (key.kind === "RSA" && oid === RSA_PSS) {
    const scheme = pssOf(signer.signatureAlgorithm[1]);
    return isPss(key, signature, signed, scheme.hash, scheme.saltLength);
  }
  if (key.kind === "RSA") {
    const name = RSA_WITH[oid] ?? (oid === RSA_ENCRYPTION ? hash : null);
    if (SIGNATURE_HASHES.has(name)) return isPkcs1(key, signature, signed, name);
  } else if (key.kind === "EC") {
    const name = ECDSA_WITH[oid] ?? (oid === EC_PUBLIC_KEY ? hash : null);
    if (SIGNATURE_HASHES.has(name)) return isEcdsa(key, signature, signed, name);
  } else if (key.kind === "SM2") {
    if (SM2_SIGNATURES.has(oid) && hash === "sm3") { verifySm2(key, signature, signed); return true; }
  } else if (oid === ED25519) {
    verifyEd25519(key.bytes, signature, signed);
    return true;
  }
  throw new Unsupported("The signature algorithm {oid} is not known here, or does not fit the certificate's key.", { oid });
}
