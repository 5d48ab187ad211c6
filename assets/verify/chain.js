// From an authority's certificate to a trusted root: the part of RFC 5280 §6 that timestamps need.
import { same } from "./bytes.js";
import { Problem, Untrusted, Wrong } from "./errors.js";

const MAX_DEPTH = 8, MAX_CHECKS = 64;

/** The certificates from `signer`, which was checked before, up to one of `roots`, all valid at `at`. */
export function findChain(signer, { others, roots, at, isForTimestamps = true }) {
  const trusted = new Set(roots.map(({ id }) => id));
  if (trusted.has(signer.id)) return [signer];
  const more = new Map(others.filter(({ id }) => !trusted.has(id)).map((each) => [each.id, each]));
  const search = { candidates: [...roots, ...more.values()], trusted, at, isForTimestamps, reasons: [], checks: 0 };
  const chain = extend(search, [signer]);
  if (chain) return chain;
  if (search.reasons.length) throw search.reasons[0];
  throw new Untrusted("The timestamp is consistent, but no trusted root has issued the certificate of {name}.", { name: signer.name });
}

function extend(search, path) {
  if (path.length >= MAX_DEPTH) {
    search.reasons.push(new Wrong("The certificate chain is longer than {limit}.", { limit: MAX_DEPTH }));
    return null;
  }
  const child = path.at(-1);
  for (const issuer of search.candidates) {
    if (!same(issuer.subject, child.issuer) || path.some(({ id }) => id === issuer.id)) continue;
    search.checks += 1;
    if (search.checks > MAX_CHECKS) throw new Wrong("Too many certificates bear the same name to find the right chain.");
    if (!issuer.hasSigned(child)) continue;
    try { checkIssuer(issuer, path, search); } catch (error) {
      if (!(error instanceof Problem)) throw error;
      search.reasons.push(error);
      continue;
    }
    const found = search.trusted.has(issuer.id) ? [...path, issuer] : extend(search, [...path, issuer]);
    if (found) return found;
  }
  return null;
}

function checkIssuer(issuer, path, { at, isForTimestamps }) {
  const child = path.at(-1);
  issuer.publicKey();
  if (!child.isStronglySigned) throw new Wrong("The certificate of {name} is signed with a digest that is no longer safe.", { name: child.name });
  issuer.checkTime(at);
  issuer.checkExtensions();
  const { name, constraints } = issuer;
  if (!constraints?.ca) throw new Wrong("The certificate of {name} is not one of an authority (CA).", { name });
  const count = path.slice(1).filter((each) => !each.isSelfIssued).length, { pathLength } = constraints;
  if (pathLength !== null && BigInt(count) > pathLength) throw new Wrong("The certificate of {name} allows a chain of {limit} authorities below it; there are {count}.", { name, limit: pathLength, count });
  if (!issuer.mayCertify) throw new Wrong("The key of {name} may not sign certificates.", { name });
  if (isForTimestamps && !issuer.mayIssueForTimestamping) throw new Wrong("The authority {name} may not issue for timestamping.", { name });
}
