// A report in words: the same as the command prints, in the same order.
import { sentence } from "./errors.js";
import { say, words } from "./language.js";
import { shown } from "./bytes.js";
import { wholeSecond } from "./times.js";

export const MARKS = { verified: "✓", failed: "✗", "origin-not-established": "?", "not-checked": "–" };

const LAYER_NAMES = {
  files: "files ↔ manifest", manifest: "manifest ↔ statement", inclusion: "statement ↔ log", checkpoint: "checkpoint signature", timestamp: "timestamp", "second-tree": "second tree (SM3, SM2)",
  "certificate-signature": "certificate signature", "certificate-content": "certificate ↔ package",
};
const STATUS_NAMES = {
  verified: "verified", failed: "NOT VERIFIED", "origin-not-established": "consistent, origin not established", "not-checked": "not checked",
};

export const layerName = (layer, into) => (Object.hasOwn(LAYER_NAMES, layer) ? words(LAYER_NAMES[layer], into) : shown(layer));

const has = (layers, wanted) => layers.some(({ status }) => status === wanted);
const ofLayer = (layers, wanted) => layers.find(({ layer }) => layer === wanted).status;

function conclusion({ layers, outcome }, into) {
  if (outcome === "not-verified") {
    const wrong = layers.filter(({ status }) => status === "failed").map(({ layer }) => layerName(layer, into));
    return words("Result: NOT VERIFIED ({layers})", into, { layers: wrong.join("; ") });
  }
  if (outcome === "not-checked") {
    if (has(layers, "origin-not-established")) return words("Result: consistent, origin not established", into);
    return words("Result: could not be checked", into);
  }
  if (ofLayer(layers, "files") === "not-checked") return words("Result: VERIFIED (the package; no file was compared)", into);
  return words("Result: VERIFIED", into);
}

function proves({ layers, facts, outcome }) {
  if (outcome !== "verified") return [];
  const proven = [];
  if (ofLayer(layers, "files") === "verified") proven.push(sentence("The files compared are, bit for bit, those that were sealed."));
  const latest = (token) => token.time + token.accuracy;
  const [first] = facts.tokens.filter(({ isTrusted }) => isTrusted).sort((one, other) => (latest(one) < latest(other) ? -1 : 1));
  if (first) proven.push(sentence("What was sealed existed no later than {time} UTC, by the clock of {authority}.", { time: wholeSecond(latest(first)), authority: first.authority }));
  const { index, origin } = facts;
  proven.push(sentence("The seal stands at index {index} of the log “{origin}”; anyone who kept a later checkpoint of that log would see it taken out.", { index, origin }));
  return proven;
}

const LIMITS = [
  sentence("Who made the files, or whose they are."),
  sentence("That what stands in them is true."),
  sentence("That nobody else had them earlier. A seal is not a patent application."),
];

const text = (said, into) => (typeof said === "string" ? said : say(said, into));

/** What the statement says of the origin: a title for each who says it, and what. */
function origin({ said }, into) {
  return said.map(({ title, facts }) => ({
    title: text(title, into),
    lines: facts.map(({ label, texts }) => `${text(label, into)}: ${texts.map((each) => text(each, into)).join("; ")}`),
  }));
}

const layersInWords = (layers, into) => layers.map(({ layer, status, sentence: said, details }) => ({
  layer, name: layerName(layer, into), status, statusName: words(STATUS_NAMES[status], into), text: say(said, into), details: details.map((each) => say(each, into)),
}));

/** What is concluded of a certificate and the package inside. */
function ofCertificate({ layers: inside, certificate: { layers, outcome } }, into) {
  if (outcome === "verified") return words("Result: VERIFIED (the certificate and the package inside)", into);
  if (outcome === "not-checked") return words("Result: consistent, origin not established", into);
  const { sentence: reason } = [...layers, ...inside].find(({ status }) => status === "failed");
  return words("Result: NOT VERIFIED: {reason}", into, { reason: say(reason, into) });
}

/** The report as texts of one language: what the page shows, and what is compared with the command. */
export function inWords(report, into) {
  if (report.refused) return { conclusion: words("Result: NOT VERIFIED", into), outcome: "not-verified", reason: say(report.refused, into), layers: [], origin: [], proves: [], doesNotProve: [] };
  const { certificate } = report, outcome = certificate?.outcome ?? report.outcome;
  const isOpen = Boolean(certificate) || has(report.layers, "origin-not-established");
  return {
    conclusion: certificate ? ofCertificate(report, into) : conclusion(report, into),
    outcome: outcome === "not-checked" && isOpen ? "origin-not-established" : outcome,
    ...(certificate && { certificate: { number: certificate.number, holder: certificate.holder, layers: layersInWords(certificate.layers, into) } }),
    layers: layersInWords(report.layers, into),
    origin: origin(report.facts, into),
    proves: proves(report).map((each) => say(each, into)),
    doesNotProve: LIMITS.map((each) => say(each, into)),
  };
}
