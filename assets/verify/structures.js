// The ASN.1 of RFC 3161, RFC 5652 (CMS), RFC 5035 (ESS) and RFC 5280, as types to read with.
import { ANY, BITS, BOOLEAN, INTEGER, NULL, OCTETS, OID, UTF8, either, explicit, implicit, listOf, optional, sequence, setOf } from "./der.js";

export const DIGEST_ALGORITHM = sequence({ oid: OID, parameters: optional(NULL) });
const IMPRINT = sequence({ algorithm: DIGEST_ALGORITHM, digest: OCTETS });
const EXTENSION = sequence({ oid: OID, critical: optional(BOOLEAN), value: OCTETS });

export const CONTENT_INFO = sequence({ contentType: OID, content: explicit(0, ANY) });
const STATUS_INFO = sequence({ status: INTEGER, text: optional(listOf(UTF8)), failure: optional(BITS) });
export const RESPONSE = sequence({ status: STATUS_INFO, token: optional(CONTENT_INFO) });

const ACCURACY = sequence({ seconds: optional(INTEGER), millis: optional(implicit(0, INTEGER)), micros: optional(implicit(1, INTEGER)) });
export const TST_INFO = sequence({
  version: INTEGER, policy: OID, imprint: IMPRINT, serial: INTEGER, genTime: ANY, accuracy: optional(ACCURACY),
  ordering: optional(BOOLEAN), nonce: optional(INTEGER), tsa: optional(implicit(0, listOf(ANY))), extensions: optional(implicit(1, listOf(EXTENSION))),
});

const ISSUER_AND_SERIAL = sequence({ issuer: ANY, serial: INTEGER });
const ATTRIBUTE = sequence({ oid: OID, values: setOf(ANY) });
const SIGNED = implicit(0, listOf(ATTRIBUTE));
/** With the bytes of the attributes, which are what is signed. */
const ATTRIBUTES = { ...SIGNED, read: (element) => ({ list: SIGNED.read(element), bytes: element.contents }) };
const SIGNER_INFO = sequence({
  version: INTEGER, sid: either(ISSUER_AND_SERIAL, implicit(0, OCTETS)), digestAlgorithm: DIGEST_ALGORITHM,
  signedAttributes: optional(ATTRIBUTES), signatureAlgorithm: listOf(ANY), signature: OCTETS, unsignedAttributes: optional(implicit(1, listOf(ANY))),
});
export const SIGNED_DATA = sequence({
  version: INTEGER, digestAlgorithms: ANY, content: sequence({ contentType: OID, content: optional(explicit(0, OCTETS)) }),
  certificates: optional(implicit(0, listOf(ANY))), crls: optional(implicit(1, listOf(ANY))), signers: setOf(SIGNER_INFO),
});

const ISSUER_SERIAL = sequence({ issuer: listOf(ANY), serial: INTEGER });
const named = (reference) => sequence({ certificates: listOf(sequence(reference)), policies: optional(listOf(ANY)) });
export const SIGNING_CERTIFICATE = named({ digest: OCTETS, issuerSerial: optional(ISSUER_SERIAL) });
export const SIGNING_CERTIFICATE_V2 = named({ algorithm: optional(DIGEST_ALGORITHM), digest: OCTETS, issuerSerial: optional(ISSUER_SERIAL) });

export const PSS_PARAMETERS = sequence({
  digest: optional(explicit(0, DIGEST_ALGORITHM)), mask: optional(explicit(1, sequence({ oid: OID, digest: DIGEST_ALGORITHM }))),
  salt: optional(explicit(2, INTEGER)), trailer: optional(explicit(3, INTEGER)),
});

const ALGORITHM = sequence({ oid: OID, parameters: optional(ANY) });
const NAME = listOf(setOf(sequence({ oid: OID, value: ANY })));
/** A name with its own bytes. */
const NAMED = { ...NAME, read: (element) => ({ parts: NAME.read(element), der: element.whole }) };
export const SPKI = sequence({ algorithm: ALGORITHM, key: BITS });
export const DIRECTORY_NAME = sequence({ name: explicit(4, NAME) });
const CERTIFICATE_EXTENSIONS = explicit(3, listOf(sequence({ oid: OID, critical: optional(BOOLEAN), value: OCTETS })));
const TBS = sequence({
  version: optional(explicit(0, INTEGER)), serial: INTEGER, signature: ALGORITHM, issuer: NAMED, validity: sequence({ begin: ANY, end: ANY }),
  subject: NAMED, publicKey: SPKI, issuerId: optional(implicit(1, BITS)), subjectId: optional(implicit(2, BITS)), extensions: optional(CERTIFICATE_EXTENSIONS),
});
export const CERTIFICATE = sequence({
  tbs: { ...TBS, read: (element) => ({ ...TBS.read(element), der: element.whole }) }, algorithm: ALGORITHM, signature: BITS,
});

export const BASIC_CONSTRAINTS = sequence({ ca: optional(BOOLEAN), pathLength: optional(INTEGER) });
export const KEY_USAGE = BITS;
export const EXTENDED_KEY_USAGE = listOf(OID);
export const SUBJECT_KEY_ID = OCTETS;
export const RSA_KEY = sequence({ modulus: INTEGER, exponent: INTEGER });
export const ECDSA_SIGNATURE = sequence({ r: INTEGER, s: INTEGER });
