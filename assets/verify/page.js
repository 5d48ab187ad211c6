// The page: asks for the package, the files and the trust file, has the worker judge, and shows what it found.
import { chosen as listed, dropped, inEntry } from "../sealing/listing.js";
import { number, size } from "../sealing/panel.js";
import { say, words } from "./language.js";
import { shown } from "./bytes.js";
import { showReport } from "./result.js";
import { inWords } from "./verdicts.js";
import WORKER from "zonary:worker";

const find = (id) => document.getElementById(id);
const given = { package: null, files: [], trust: [] };
let language = "zh", worker = null, last = null, work = null;

// --- the worker -------------------------------------------------------------------------------------------------------

function newWorker() {
  const address = URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" }));
  const made = new Worker(address);
  URL.revokeObjectURL(address);
  return made;
}

/** The report on `{package, trusts, files}`, the package bare or in its certificate: Blobs or bytes, as the worker has them. `heard` is told of progress. */
function examine({ package: bytes, trusts, files }, heard = () => {}) {
  worker ??= newWorker();
  const mine = worker;
  const blob = (what) => (what instanceof Blob ? what : new Blob([what]));
  return new Promise((resolve, reject) => {
    mine.onmessage = ({ data }) => {
      if (data.told === "report") resolve(data);
      else if (data.told === "failed") reject(Object.assign(new Error(data.error), data));
      else heard(data);
    };
    mine.onerror = (event) => { stop(); reject(new Error(event.message)); };
    mine.postMessage({ package: blob(bytes), trusts, files: files?.map((file) => ({ ...file, blob: file.blob && blob(file.blob) })) ?? null });
  });
}

function stop() { worker?.terminate(); worker = null; }

/** For whoever drives this page by a program: the report in both languages. */
async function verify(what) {
  const { report, milliseconds } = await examine(what);
  return { zh: inWords(report, "zh"), en: inWords(report, "en"), milliseconds };
}

// --- what was given ---------------------------------------------------------------------------------------------------

const alone = (file) => ({ blob: file, name: file.name, path: `/${file.name}`, byItself: true });

function take(kind, files) {
  if (kind === "package") given.package = files[0] ?? null;
  else given[kind] = files;
  tellChosen();
}

function tellChosen() {
  const { package: file, files, trust } = given;
  find("package-chosen").textContent = file ? `${shown(file.name)} (${size(file.size)})` : "";
  const total = files.reduce((sum, { blob }) => sum + (blob?.size ?? 0), 0);
  const names = files.length <= 3 ? files.map(({ path }) => shown(path.slice(1))).join(", ") : "";
  find("files-chosen").textContent = files.length ? [words("{count} files, {size}", language, { count: number(files.length), size: size(total) }), names].filter(Boolean).join(": ") : "";
  find("trust-chosen").textContent = trust.map(({ name }) => shown(name)).join(", ");
}

/** In a folder that holds the package itself, that is no file to be compared. */
const isPackage = (file) => file && given.package && file.name === given.package.name && file.size === given.package.size && file.lastModified === given.package.lastModified;

async function takeFolder(files) {
  const found = [];
  for await (const batch of listed(files, false)) {
    for (const { path, file } of batch) if (!isPackage(file)) found.push({ blob: file, path: `/${path}`, name: path.slice(path.indexOf("/") + 1) });
  }
  take("files", found);
}

async function takeDropped(transfer, place) {
  const items = dropped(transfer), found = [];
  const isOne = items.length === 1 || place !== "files";
  const isAlone = items.length === 1 && place !== "files"; // among others a PDF is one of the files to be compared
  for (const { entry, file } of items) {
    if (!entry?.isDirectory) {
      if (!file) continue;
      if (place === "trust") given.trust.push(file);
      else if (isOne && (/\.zonary$/i.test(file.name) || (isAlone && /\.pdf$/i.test(file.name)))) given.package = file;
      else found.push(alone(file));
      continue;
    }
    const top = entry.name;
    for await (const batch of inEntry(entry, "", new Map())) {
      for (const { path, file: inside, folder } of batch) {
        if (!folder && !inside) throw new Error("unreadable");
        if (!isPackage(inside)) found.push({ ...(folder ? { kind: "directory" } : { blob: inside }), name: path, path: `/${top}/${path}` });
      }
    }
  }
  if (found.length) given.files = found;
  tellChosen();
}

// --- doing it ---------------------------------------------------------------------------------------------------------

function complain(msgid, params = {}) {
  const place = find("problem");
  place.hidden = !msgid;
  place.textContent = msgid ? words(msgid, language, params) : "";
}

function busy(is) {
  find("work").hidden = !is;
  find("cancel").hidden = !is;
  find("start").disabled = is;
  find("main").setAttribute("aria-busy", String(is));
}

function hear({ told, report, done, total, count, of }) {
  if (told === "layers") return;
  const bar = find("bar");
  bar.value = total ? done / total : 0;
  find("work-says").textContent = words("Reading file {count} of {of}: {done} of {size}", language, { count: number(Math.min(count + 1, of)), of: number(of), done: size(done), size: size(total) });
}

async function begin() {
  complain("");
  if (!given.package) { complain("Choose the evidence package first: the file that ends in .zonary, or the certificate (PDF) that has it inside."); find("package").focus(); return; }
  last = null;
  show();
  busy(true);
  find("bar").removeAttribute("value");
  find("work-says").textContent = words("Checking …", language);
  const mine = {}, chosen = given.package; // whatever is chosen meanwhile, this is what was checked
  work = mine;
  try {
    const trusts = await Promise.all(given.trust.map(async (file) => new Uint8Array(await file.arrayBuffer())));
    const { report } = await examine({ package: chosen, trusts, files: given.files.length ? given.files : null }, hear);
    if (work !== mine) return;
    last = { report, name: chosen.name, trusted: given.trust.length };
    busy(false);
    show();
    find("result").focus();
  } catch (error) {
    if (work !== mine) return;
    busy(false);
    if (error.sentence) complain("The trust file cannot be used: {reason}", { reason: error.sentence });
    else if (error.unreadable) complain("“{name}” cannot be read. If it was changed or moved since it was chosen, choose it again.", { name: error.unreadable.slice(1) });
    else complain("This browser could not do it: {reason}", { reason: error.message });
  }
}

function cancel() {
  work = null;
  stop();
  busy(false);
  complain("Cancelled. Nothing was found out about the files.");
}

function show() {
  const place = find("result");
  place.hidden = !last;
  if (last) showReport(place, inWords(last.report, language), { ...last, language });
}

function speak(into) {
  language = into;
  document.documentElement.lang = into === "zh" ? "zh-Hans" : "en";
  for (const place of document.querySelectorAll("[data-say]")) place.textContent = say({ msgid: place.dataset.say, params: {} }, into);
  document.title = words("Verify an evidence package or certificate", into);
  const button = find("language");
  button.textContent = into === "zh" ? "English" : "中文";
  button.lang = into === "zh" ? "en" : "zh-Hans";
  complain("");
  tellChosen();
  show();
}

find("language").addEventListener("click", () => speak(language === "zh" ? "en" : "zh"));
find("package").addEventListener("change", (event) => take("package", [...event.target.files]));
find("files").addEventListener("change", (event) => take("files", [...event.target.files].map(alone)));
find("folder").addEventListener("change", (event) => { takeFolder(event.target.files); });
find("trust").addEventListener("change", (event) => take("trust", [...event.target.files]));
find("cancel").addEventListener("click", cancel);
find("form").addEventListener("submit", (event) => { event.preventDefault(); begin(); });
find("form").addEventListener("reset", () => { if (work) { work = null; stop(); busy(false); } Object.assign(given, { package: null, files: [], trust: [] }); last = null; complain(""); tellChosen(); show(); });
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  const place = event.target.closest?.("[data-drop]")?.dataset.drop ?? "";
  takeDropped(event.dataTransfer, place).catch(() => complain("This browser does not hand a dropped folder to a page opened from disk. Use “Choose a folder”."));
});
speak("zh");
globalThis.zonary = { verify };
