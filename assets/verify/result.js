// The report as a reader sees it: first one sentence, then the layers, then what was proved and what was not.
import { words } from "./language.js";
import { shown } from "./bytes.js";
import { MARKS } from "./verdicts.js";

function element(name, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter(Boolean));
  return made;
}

const list = (texts, kind) => element("ul", { class: kind }, ...texts.map((text) => element("li", { text })));

/** The conclusion in a sentence anybody understands, beside the one the command prints. */
const PLAIN = {
  verified: "Every check passed.",
  "certificate-verified": "The certificate and the package inside passed every check.",
  "certificate-without-files": "The certificate and the package inside passed every check; no file was compared with it.",
  "files-not-compared": "The package passed every check; no file was compared with it.",
  "not-verified": "At least one check failed. Do not rely on this evidence before you know why.",
  "origin-not-established": "Nothing contradicts itself, but whether it comes from whom it names is not established: for that a trust file is needed.",
  "not-checked": "Something here is not known to this page, so no conclusion is drawn.",
};

/** Whether all is well with the package, and no file was held against it. */
const isBare = ({ outcome, layers: all }) => outcome === "verified" && all.some(({ layer, status }) => layer === "files" && status === "not-checked");

function plainly(said) {
  if (said.outcome !== "verified") return said.outcome;
  if (said.certificate) return isBare(said) ? "certificate-without-files" : "certificate-verified";
  return isBare(said) ? "files-not-compared" : "verified";
}

export function showReport(place, said, { name, language, report }) {
  const of = (msgid) => words(msgid, language);
  const mark = { verified: MARKS.verified, "not-verified": MARKS.failed, "origin-not-established": MARKS["origin-not-established"], "not-checked": MARKS["not-checked"] }[said.outcome];
  const sections = [
    element("div", { class: `verdict ${said.outcome}` },
      element("span", { class: "mark", "aria-hidden": "true", text: mark }),
      element("div", {},
        element("h2", { id: "conclusion", text: said.conclusion }),
        element("p", { text: said.reason ?? of(PLAIN[plainly(said)]) }),
        element("p", { class: "of", text: said.certificate ? words("Evidence certificate {name}, number {number}", language, { name, number: said.certificate.number }) : words("Package {name}", language, { name }) }),
        said.certificate?.holder ? element("p", { class: "of", text: words("Holder, as the certificate states: {holder}", language, { holder: said.certificate.holder }) }) : null)),
  ];
  if (said.certificate) sections.push(element("h3", { text: of("The certificate, layer by layer") }), layers(said.certificate));
  if (said.layers.length) sections.push(element("h3", { text: said.certificate ? of("The package inside") : of("What was checked, layer by layer") }), layers(said));
  for (const { title, lines } of said.origin) sections.push(element("h3", { text: title }), list(lines, "limits"));
  if (said.proves.length) sections.push(element("h3", { text: said.certificate ? of("What the package inside proves") : of("What this proves") }), list(said.proves, "proves"));
  if (said.doesNotProve.length) sections.push(element("h3", { text: of("What this does not prove") }), list(said.doesNotProve, "limits"));
  const beside = besides(said, report, language);
  if (beside.length) sections.push(element("h3", { text: of("What was not checked") }), list(beside, "limits"));
  sections.push(element("p", { class: "made", text: words("Checked on this device at {time}, by this device's clock.", language, { time: new Date().toISOString().replace(/\.\d+Z$/, "Z") }) }));
  const print = element("button", { type: "button", class: "plain screen", text: of("Print this result") });
  print.addEventListener("click", () => globalThis.print());
  sections.push(element("p", { class: "acts" }, print));
  place.replaceChildren(...sections);
}

function layers({ layers: all }) {
  return element("ol", { class: "layers" }, ...all.map(({ name, status, statusName, text, details }) => element("li", { class: status },
    element("span", { class: "mark", "aria-hidden": "true", text: MARKS[status] }),
    element("div", {},
      element("p", { class: "layer" }, element("strong", { text: name }), " ", element("span", { class: "status", text: statusName })),
      element("p", { text }),
      details.length ? list(details, "details") : null))));
}

function besides({ layers: all }, report, language) {
  const skipped = all.filter(({ status }) => status === "not-checked").map(({ name, text }) => `${shown(name)}: ${text}`);
  if (report.refused) return skipped;
  const isCertificate = Boolean(report.certificate);
  return [
    ...skipped,
    ...(isCertificate ? [words("Whether the text on the pages says what the facts in the certificate say: the signature covers both.", language)] : []),
    words("Whether a certificate of the timestamp authority was revoked: that takes a network.", language),
    words("Symbolic links, and empty folders of a folder that was chosen: a browser does not show them to a page. A seal that holds them is compared in full by the command zonary verify.", language),
  ];
}
