// What can go wrong while evidence is read: an English sentence of zonary.proof, literally, and what fills its places.
export class Problem extends Error {
  constructor(msgid, params = {}) { super(msgid); this.msgid = msgid; this.params = params; }
}
/** The bytes are not what they claim to be, or exceed a limit. */
export class Malformed extends Problem {}
/** The bytes may be right, but name a version or algorithm this release does not know. */
export class Unsupported extends Problem {}
/** The bytes were understood, and what they claim does not hold. */
export class Wrong extends Problem {}
/** Everything is consistent, but no key the verifier trusts establishes where it comes from. */
export class Untrusted extends Wrong {}

/** The name of a thing inside a sentence, translated with it. */
export const noun = (msgid) => ({ msgid, params: {} });
export const sentence = (msgid, params = {}) => ({ msgid, params });
