// Revocation lists (RFC 5280 §5), as far as certificates need them: complete ones, by whom issued what they list.
import { hex, same } from "../bytes.js";
import { Certificate } from "../certificates.js";
import { ANY, BITS, BOOLEAN, INTEGER, OCTETS, OID, decode, explicit, implicit, listOf, optional, sequence } from "../der.js";
import { Problem } from "../errors.js";
import { certificateTime } from "../times.js";

const TOLERANCE = 1000000n; // one second, as pyHanko has it
const POINTS = "2.5.29.31", SCOPE = "2.5.29.28", REASON = "2.5.29.21";

const ALGORITHM = sequence({ oid: OID, parameters: optional(ANY) });
const EXTENSIONS = listOf(sequence({ oid: OID, critical: optional(BOOLEAN), value: OCTETS }));
const TIME = { fits: (tag) => tag === 0x17 || tag === 0x18, read: (element) => element };
const ENTRY = sequence({ serial: INTEGER, time: TIME, extensions: optional(EXTENSIONS) });
const TBS = sequence({
  version: INTEGER, signature: ALGORITHM, issuer: ANY, begin: TIME, end: TIME, revoked: optional(listOf(ENTRY)), extensions: optional(explicit(0, EXTENSIONS)),
});
const LIST = sequence({ tbs: { ...TBS, read: (element) => ({ ...TBS.read(element), der: element.whole }) }, algorithm: ALGORITHM, signature: BITS });
const FULL_NAME = implicit(0, listOf(ANY));
const PLACE = explicit(0, FULL_NAME);
const POINT = sequence({ place: optional(PLACE), reasons: optional(implicit(1, BITS)), issuer: optional(implicit(2, listOf(ANY))) });
const SCOPE_OF = sequence({ place: optional(PLACE), ofUsers: optional(implicit(1, BOOLEAN)), ofAuthorities: optional(implicit(2, BOOLEAN)) });

/** Those of `lists` (DER) that can be read. */
export const readLists = (lists) => lists.flatMap((der) => {
  try { return [decode(LIST, der, "CertificateList")]; } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [];
  }
});

/** Whether `certificate`, which `issuer` issued, was revoked at `at`: "no", "yes", or "unknown" where no list says it. */
export function revocationOf(certificate, issuer, lists, at) {
  const said = lists.map((list) => saidBy(list, certificate, issuer, at));
  return ["yes", "no"].find((each) => said.includes(each)) ?? "unknown";
}

function saidBy({ tbs, algorithm, signature }, certificate, issuer, at) {
  const begin = certificateTime(tbs.begin), end = certificateTime(tbs.end);
  if (!same(tbs.issuer.whole, certificate.issuer) || begin === null || end === null || at + TOLERANCE < begin || at - TOLERANCE > end) return "unknown";
  if (tbs.version !== 1n || !issuer.maySignLists || !isInScope(tbs.extensions ?? [], certificate)) return "unknown";
  // A list is signed as a certificate is: the same two places for the algorithm, the same bytes.
  if (!issuer.hasSigned({ algorithm, signature, tbs, signatureHash: Certificate.hashOf(algorithm) }) || !Certificate.isStrong(algorithm)) return "unknown";
  const entry = (tbs.revoked ?? []).find(({ serial }) => serial === certificate.serial);
  if (!entry) return "no";
  const time = certificateTime(entry.time), isKnown = (entry.extensions ?? []).every(({ oid, critical }) => !critical || oid === REASON);
  if (time === null || !isKnown) return "unknown";
  return time < at ? "yes" : "no";
}

/** Whether the list is about this certificate: about all of its issuer's, or those of the place that it names too. */
function isInScope(extensions, certificate) {
  if (new Set(extensions.map(({ oid }) => oid)).size !== extensions.length || extensions.some(({ oid, critical }) => critical && oid !== SCOPE)) return false;
  const scope = extensions.find(({ oid }) => oid === SCOPE);
  if (!scope) return true;
  try {
    const { place, ofUsers, ofAuthorities } = decode(SCOPE_OF, scope.value, "IssuingDistributionPoint"), isAuthority = Boolean(certificate.constraints?.ca);
    if ((ofUsers && isAuthority) || (ofAuthorities && !isAuthority)) return false;
    const names = new Set(placesOf(certificate));
    return !place || place.some(({ whole }) => names.has(hex(whole)));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return false;
  }
}

/** Where the certificate says that its list is. */
function placesOf(certificate) {
  const points = certificate.extensions.find(({ oid }) => oid === POINTS);
  if (!points) return [];
  return decode(listOf(POINT), points.value, "CRLDistributionPoints").flatMap(({ place, reasons, issuer }) => (reasons || issuer ? [] : place ?? [])).map(({ whole }) => hex(whole));
}
