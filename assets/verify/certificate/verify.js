// Checking an evidence certificate: its signature, what it says beside the package inside, and that package, as
// zonary.proof.certificate.verify does.
import { printable, rawOf, same } from "../bytes.js";
import { Malformed, Problem, Wrong, sentence } from "../errors.js";
import { open, statusOf } from "../examine.js";
import { select } from "../trust.js";
import { NAME as FACTS_NAME, differences, factsOf, opened, parseFacts } from "./facts.js";
import { Document } from "./reading.js";
import { LAYER as SIGNATURE, judgeSignature } from "./signature.js";
import { NAME as STEPS_NAME, scriptOf } from "./steps.js";

const PACKAGE_NAME = "evidence.zonary", CONTENT = "certificate-content";
const plain = (error) => sentence(error.msgid, error.params);

/** The certificate in `source` with its layers judged but for the files; or `{refused: sentence}` when it is none. */
export function openCertificate(source, trusts) {
  try { return new CertificateExamination(source, trusts); } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { refused: plain(error) };
  }
}

class CertificateExamination {
  constructor(source, trusts) {
    const document = new Document(source), attached = document.attachments();
    const missing = [PACKAGE_NAME, FACTS_NAME, STEPS_NAME].find((name) => !attached.has(name));
    if (missing) throw new Malformed("This PDF is not an evidence certificate: “{name}” is not attached to it.", { name: missing });
    this.stated = parseFacts(attached.get(FACTS_NAME));
    const data = attached.get(PACKAGE_NAME), box = opened(data);
    this.inside = open({ size: data.length, read: (from, to) => data.subarray(from, Math.max(from, to)) }, trusts);
    const { facts } = this.inside;
    this.layers = [
      judged(SIGNATURE, () => judgeSignature(document, select(trusts, facts.origin ?? ""))),
      judged(CONTENT, () => judgeContent({ document, stated: this.stated, found: factsOf(data, box, facts), commands: attached.get(STEPS_NAME), trusts })),
    ];
  }

  get takesFiles() { return this.inside.takesFiles; }

  /** The report on the package inside, with what is said of the certificate around it. */
  report(observed) {
    const report = this.inside.report(observed), { layers, stated } = this;
    return { ...report, certificate: { layers, number: stated.number, holder: stated.subject.name, outcome: outcomeOf(layers, report.outcome) } };
  }
}

function judged(layer, judge) {
  try {
    const [status, said, details = []] = judge();
    return { layer, status, sentence: said, details };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { layer, status: statusOf(error), sentence: plain(error), details: [] };
  }
}

function judgeContent({ document, stated, found, commands, trusts }) {
  const differing = differences(stated.package, found);
  if (differing.length) throw new Wrong("The certificate was made about another package than the one attached to it: its {fields} are others.", { fields: differing.join(", ") });
  const { number, operator: { url } } = stated, address = `${url}/certificates/${number}`, links = document.links();
  if (stated.address !== address || links.size !== 1 || !links.has(address)) {
    const [elsewhere = ""] = [...new Set([...links, stated.address])].filter((each) => each !== address).sort((one, other) => (rawOf(one) < rawOf(other) ? -1 : 1));
    throw new Wrong("The QR code or a link of the certificate leads elsewhere: to “{found}” instead of “{address}”.", { found: elsewhere, address });
  }
  if (!same(commands, scriptOf(stated.package))) throw new Wrong("The commands attached to the certificate are not those that this format has.");
  const known = trusts.flatMap(({ logs }) => logs).filter((log) => log.url && log.name === stated.package.origin);
  const hasMoved = known.length > 0 && !known.some((log) => log.url.startsWith(`${url}/`));
  // Servers move, and what they signed before stays genuine: it is said, and no more.
  const details = hasMoved ? [sentence("Its QR code leads to {address}; your trust file has this log elsewhere.", { address: printable(rawOf(address)) })] : [];
  return ["verified", sentence("Number {number}: digests, log, times and list of files stated on its pages are those of the package inside.", { number: printable(rawOf(number)) }), details];
}

/** The worst of all. */
function outcomeOf(layers, inside) {
  if (inside === "not-verified" || layers.some(({ status }) => status === "failed")) return "not-verified";
  return inside === "verified" && layers.every(({ status }) => status === "verified") ? "verified" : "not-checked";
}
