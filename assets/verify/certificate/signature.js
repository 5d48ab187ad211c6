// Who signed a certificate, whether it is as it was signed, and whether that can still be checked (PAdES B-LTA): the same
// verdicts as zonary.proof.certificate.signature, and in nothing more lenient.
import { hex, joined, printable, rawOf, same } from "../bytes.js";
import { Certificate } from "../certificates.js";
import { findChain } from "../chain.js";
import { ANY, OID, decode, elementAt, sequence, setOf } from "../der.js";
import { Problem, Untrusted, Wrong, sentence } from "../errors.js";
import { digestOf } from "../hashes.js";
import { attributeText } from "../names.js";
import { CONTENT_INFO, SIGNED_DATA } from "../structures.js";
import { SIGNED_DATA as SIGNED_DATA_OID } from "../algorithms.js";
import { checkSignature, findSigner, judgeToken, readable, signedType } from "../timestamp.js";
import { second } from "../times.js";
import { parseToken } from "../token.js";
import { readLists, revocationOf } from "./revocation.js";
import { SIGNATURE, STAMP } from "./revisions.js";

export const LAYER = "certificate-signature";
const DATA = "1.2.840.113549.1.7.1", STAMP_ATTRIBUTE = "1.2.840.113549.1.9.16.2.14";
const COMMON_NAME = "2.5.4.3", ORGANIZATION = "2.5.4.10", UNIT = "2.5.4.11";
const DEVELOPMENT = "DEVELOPMENT SIGNER - NOT FROM A LICENSED CA";
const ATTRIBUTE = sequence({ oid: OID, values: setOf(ANY) });

const cannotBeJudged = () => new Wrong("The signature or a timestamp of the PDF is not made as those of certificates are, and cannot be judged.");
const wasChanged = () => new Wrong("The PDF was changed after it was signed: it is not the certificate that was issued.");

/** What `step` finds; whatever it stumbles over is one sentence. */
function judging(step) {
  try { return step(); } catch (error) {
    if (error instanceof Problem) throw cannotBeJudged();
    throw error;
  }
}

/** The verdict on the one signature and the timestamp over the whole. */
export function judgeSignature(document, { certificateRoots, certificateSigners, roots }) {
  const [signed, ...others] = document.signatures.filter(({ kind }) => kind === SIGNATURE), stamps = document.signatures.filter(({ kind }) => kind === STAMP);
  if (!signed || others.length || !stamps.length) throw new Wrong("The PDF does not carry one signature and a timestamp over it: it is not a certificate as one was issued.");
  const last = stamps.at(-1);
  if (!document.isCovered(signed, last)) throw new Wrong("Something was added to the PDF, or replaced in it, after it was signed.");
  const stamp = stampIn(document, last), signature = signatureIn(document, signed), name = judging(() => nameOf(signature.certificate));
  if (!certificateRoots.length || !certificateSigners.length || !roots.length) {
    throw new Untrusted("The PDF is as it was signed, but you have not said that you trust its signer ({name}). Ask the operator for a trust file and name it with --trust, or add it with “zonary trust add”.", { name });
  }
  const inner = innerStamp(signature), brought = document.stored("Certs"), lists = readLists(document.stored("CRLs"));
  const judge = new Judge({ roots, brought, lists });
  judge.signer(signature, certificateRoots, certificateSigners, inner.time, name);
  if (!judge.believes(inner, digestOf(inner.algorithm, signature.signer.signature))) throw new Wrong("The timestamp in the signature is not by the authority you trust, or its certificate did not hold.");
  if (!judge.believes(stamp.token, stamp.digest)) throw new Wrong("The timestamp over the certificate is not by the authority you trust, or its certificate did not hold, or the revocation list that says so is missing.");
  const details = [sentence("Signed {time}, by the timestamp inside.", { time: `${second(inner.time)} UTC` })];
  if (name.includes(DEVELOPMENT)) details.push(sentence("The signer is a development signer: its signature is only as good as this operator's word."));
  return ["verified", sentence("The PDF is as it was signed by {name}, whom you trust; certificates and revocation lists are inside.", { name }), details];
}

/** The one element at the beginning; behind it the place is filled with zeros. */
function elementIn(contents) {
  try {
    const { whole, end } = elementAt(contents, 0);
    if (contents.subarray(end).some(Boolean)) throw cannotBeJudged();
    return whole;
  } catch { throw cannotBeJudged(); }
}

/** The token that is a document timestamp, and the digest of what it must cover. */
function stampIn(document, signed) {
  const token = judging(() => parseToken(elementIn(signed.contents))), digest = digestOf(token.algorithm, joined(...document.covered(signed)));
  if (signed.subfilter !== "ETSI.RFC3161") throw cannotBeJudged();
  if (!same(token.imprint, digest)) throw wasChanged();
  return { token, digest };
}

/** The signature in the PDF, which is that of its certificate over the whole of its revision: `{signer, certificate, others}`. */
function signatureIn(document, signed) {
  const { signer, certificate, others, key } = judging(() => {
    const { contentType, content } = decode(CONTENT_INFO, elementIn(signed.contents), "ContentInfo");
    const { content: inner, signers, certificates } = decode(SIGNED_DATA, content.whole, "SignedData"), [first, ...more] = signers;
    const isDetached = contentType === SIGNED_DATA_OID && inner.contentType === DATA && inner.content === null && signed.subfilter === "ETSI.CAdES.detached";
    if (!isDetached || !first || more.length || signedType(first) !== DATA) throw cannotBeJudged();
    const carried = readable((certificates ?? []).filter(({ tag }) => tag === 0x30).map(({ whole }) => whole)), found = findSigner(first, carried);
    return { signer: first, certificate: found, others: carried, key: found.publicKey() };
  });
  try {
    checkSignature({ signer, content: joined(...document.covered(signed)), contentType: DATA }, key);
  } catch (error) {
    if (error instanceof Wrong) throw wasChanged();
    if (error instanceof Problem) throw cannotBeJudged();
    throw error;
  }
  return { signer, certificate, others };
}

/** The signer as its certificate calls it: the common name, with the notice of one for development. */
function nameOf(certificate) {
  const named = [COMMON_NAME, ORGANIZATION, UNIT].map((oid) => attributeText(certificate.tbs.subject.parts, oid)).filter((text) => text !== null);
  return printable(rawOf(named.join(", "))) || "?";
}

/** The timestamp in the signature. */
function innerStamp({ signer: { unsignedAttributes } }) {
  const found = judging(() => (unsignedAttributes ?? []).map(({ whole }) => decode(ATTRIBUTE, whole, "Attribute"))).filter(({ oid }) => oid === STAMP_ATTRIBUTE);
  if (found.length !== 1 || found[0].values.length !== 1) throw new Wrong("The signature of the certificate carries no timestamp.");
  return judging(() => parseToken(found[0].values[0].whole));
}

/** Judges by the roots of the reader; what the PDF brings may build a path and say what was revoked, never what to trust. */
class Judge {
  constructor(known) { Object.assign(this, known); }

  signer({ certificate, others }, roots, signers, at, name) {
    const chain = this.#chain(certificate, others, roots, at), found = chain ? this.#revoked(chain, at) : "unknown";
    if (found === "yes") throw new Wrong("The signer's certificate ({name}) was revoked when this was signed.", { name });
    const isNamed = signers.some((der) => hex(der) === certificate.id);
    if (found !== "no" || !isNamed || !certificate.commits) {
      throw new Wrong("The PDF is signed by {name}, but not by the one your trust file names for this zone, or the revocation list of the signer is missing: anybody can make such a file around a package that is not theirs.", { name });
    }
  }

  #chain(certificate, others, roots, at) {
    try {
      certificate.checkTime(at);
      certificate.checkExtensions();
      return findChain(certificate, { others: [...others, ...readable(this.brought)], roots: roots.map((der) => new Certificate(der)), at, isForTimestamps: false });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return null;
    }
  }

  /** Whether one of the chain was revoked at `at`; the root is trusted as it is. */
  #revoked(chain, at) {
    const found = chain.slice(0, -1).map((each, n) => revocationOf(each, chain[n + 1], this.lists, at));
    return ["yes", "unknown"].find((each) => found.includes(each)) ?? "no";
  }

  /** Whether the token over `digest` is by an authority that is trusted, and was not revoked. */
  believes(token, digest) {
    try {
      const { chain } = judgeToken(token, { digest, roots: this.roots, certificates: this.brought });
      return this.#revoked(chain, token.time) === "no";
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return false;
    }
  }
}
