// Time-stamp responses and tokens, read but not believed: RFC 3161 §2.4.2, RFC 5652.
import { shown, words } from "./bytes.js";
import { DIGEST_NAMES, DIGEST_SIZES, GM_DATA, GM_SIGNED_DATA, SIGNED_DATA as SIGNED_DATA_OID, TST_INFO as TST_INFO_OID, WEAK_DIGEST_OIDS } from "./algorithms.js";
import { ANY, decode } from "./der.js";
import { Malformed, Unsupported, Wrong } from "./errors.js";
import { CONTENT_INFO, RESPONSE, SIGNED_DATA, TST_INFO } from "./structures.js";
import { moment } from "./times.js";

const MAX_BYTES = 65536, MAX_CERTIFICATES = 32, MAX_ATTRIBUTES = 64, MAX_SERIAL_BYTES = 64, MAX_NONCE_BYTES = 64, MAX_WORDS = 200;
const MAX_ACCURACY_SECONDS = 366n * 24n * 3600n;
const STATUSES = { 2: "rejection", 3: "waiting", 4: "revocation warning", 5: "revocation notification" };
const FAILURES = {
  0: "badAlg", 2: "badRequest", 5: "badDataFormat", 14: "timeNotAvailable", 15: "unacceptedPolicy", 16: "unacceptedExtension",
  17: "addInfoNotAvailable", 25: "systemFailure",
};

/** Kinds of signed data, and what timestamp information may be called inside. */
const CONTENT_TYPES = { [SIGNED_DATA_OID]: [TST_INFO_OID], [GM_SIGNED_DATA]: [TST_INFO_OID, GM_DATA] };

/** A token (ContentInfo) or a whole TimeStampResp. */
export function parseToken(data) {
  if (data.length > MAX_BYTES) throw new Malformed("A timestamp token may have at most {limit} bytes; this one has {size}.", { limit: MAX_BYTES, size: data.length });
  const { contentType: oid, content } = contentInfo(data);
  if (!Object.hasOwn(CONTENT_TYPES, oid)) throw new Malformed("A timestamp token must be CMS signed data; this is content of type {oid}.", { oid });
  return read(decode(SIGNED_DATA, content.whole, "SignedData"), CONTENT_TYPES[oid]);
}

function contentInfo(data) {
  const outer = decode(ANY, data, "TimeStampResp");
  if (outer.contents[0] === 0x06) return decode(CONTENT_INFO, data, "ContentInfo");
  const { status, token } = decode(RESPONSE, data, "TimeStampResp");
  if (status.status !== 0n && status.status !== 1n) throw refusal(status);
  if (!token) throw new Malformed("The timestamp response says that it was granted, but holds no token.");
  return token;
}

function refusal({ status: code, text, failure }) {
  const bits = failure ?? new Uint8Array();
  const failures = Object.entries(FAILURES).filter(([n]) => bits[n >> 3] & (0x80 >> (n & 7))).map(([, name]) => name);
  const status = [STATUSES[code] ?? "unknown status", ...failures].join(", ");
  const said = words(Array.from((text ?? []).join(" "), (c) => (shown(c) === c ? c : " ")).join("")).join(" ");
  if (!said) return new Wrong("The timestamp authority refused ({status}).", { status });
  return new Wrong("The timestamp authority refused ({status}): {words}", { status, words: Array.from(said).slice(0, MAX_WORDS).join("") });
}

/** Bytes of the contents of a DER INTEGER. */
const integerSize = (value) => Math.floor((value >= 0n ? value : ~value).toString(2).replace(/^0$/, "").length / 8) + 1;

function read(signed, types) {
  const { content, contentType, signer, certificates } = readSigned(signed, types);
  const info = decode(TST_INFO, content, "TSTInfo");
  if (info.version !== 1n) throw new Unsupported("Only timestamp tokens of version 1 are understood.");
  if (integerSize(info.serial) > MAX_SERIAL_BYTES) throw new Malformed("The token's serial number is longer than {limit} bytes.", { limit: MAX_SERIAL_BYTES });
  if (info.nonce !== null && integerSize(info.nonce) > MAX_NONCE_BYTES) throw new Malformed("The nonce is longer than {limit} bytes.", { limit: MAX_NONCE_BYTES });
  if (info.tsa && info.tsa.length !== 1) throw new Malformed("The token names its authority with {count} names instead of one.", { count: info.tsa.length });
  const algorithm = readImprint(info.imprint);
  return {
    algorithm, imprint: info.imprint.digest, time: readTime(info.genTime), accuracy: info.accuracy ? readAccuracy(info.accuracy) : 0n,
    tsa: info.tsa ? info.tsa[0].whole : null, criticalExtensions: (info.extensions ?? []).filter(({ critical }) => critical).map(({ oid }) => oid),
    certificates, content, contentType, signer,
  };
}

function readSigned(signed, types) {
  if (signed.version < 1n || signed.version > 5n) throw new Unsupported("The token's CMS signed data has a version that is not understood.");
  const { contentType, content } = signed.content;
  if (!types.includes(contentType) || !content) throw new Malformed("The signed data does not contain timestamp information (TSTInfo).");
  const [signer, ...more] = signed.signers;
  if (!signer || more.length) throw new Malformed("A timestamp token has one signature; this one has {count}.", { count: signed.signers.length });
  if ((signer.signedAttributes?.list.length ?? 0) > MAX_ATTRIBUTES) throw new Malformed("The token has more than {limit} signed attributes.", { limit: MAX_ATTRIBUTES });
  const certificates = signed.certificates ?? [];
  if (certificates.length > MAX_CERTIFICATES) throw new Malformed("The token carries more than {limit} certificates.", { limit: MAX_CERTIFICATES });
  return { content, contentType, signer, certificates: certificates.filter(({ tag }) => tag === 0x30).map(({ whole }) => whole) };
}

function readImprint({ algorithm: { oid }, digest }) {
  if (!Object.hasOwn(DIGEST_NAMES, oid)) {
    if (WEAK_DIGEST_OIDS.has(oid)) throw new Unsupported("The imprint uses a digest algorithm ({oid}) for which collisions are known; use SHA-256, SHA-512 or SM3.", { oid });
    throw new Unsupported("The imprint uses the digest algorithm {oid}, which this version does not know.", { oid });
  }
  const algorithm = DIGEST_NAMES[oid];
  if (digest.length !== DIGEST_SIZES[algorithm]) throw new Malformed("{size} bytes are not a digest of the algorithm {algorithm}.", { size: digest.length, algorithm });
  return algorithm;
}

function readTime({ tag, contents }) {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,12}))?Z$/.exec(String.fromCharCode(...contents));
  if (tag !== 0x18 || !match) throw new Malformed("The token's time is not a UTC time of the form YYYYMMDDhhmmss.sssZ.");
  const time = moment(...match.slice(1, 7).map(Number), Number((match[7] ?? "0").padEnd(6, "0").slice(0, 6)));
  if (time === null) throw new Malformed("The token's time is not a date that exists.");
  return time;
}

function readAccuracy(accuracy) {
  const seconds = accuracy.seconds ?? 0n, millis = accuracy.millis ?? 0n, micros = accuracy.micros ?? 0n;
  const isIn = (value, most) => value >= 0n && value <= most;
  if (!isIn(seconds, MAX_ACCURACY_SECONDS) || !isIn(millis, 999n) || !isIn(micros, 999n)) throw new Malformed("The token's accuracy is out of range.");
  return seconds * 1000000n + millis * 1000n + micros;
}
