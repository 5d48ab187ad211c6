// Documents: files of any size go up in pieces and go on after a break (tus); what is to be secret is encrypted before it
// leaves this machine (age). Without this script the form sends small files as they are.
import { sha256 } from "@noble/hashes/sha2";
import * as age from "age-encryption";
import * as tus from "tus-js-client";

const identities = new WeakMap();
const PIECE = 4 * 1024 * 1024;
const text = (value) => (value ?? "").trim();

/** Shows one of the sentences that wait in the page, and no other of the same group. */
function tell(root, name, detail = "") {
  for (const each of root.querySelectorAll("[data-tell]")) each.hidden = each.dataset.tell !== name;
  const shown = root.querySelector(`[data-tell="${name}"] [data-detail]`);
  if (shown) shown.textContent = detail;
}

/** What is sent for `file`: its bytes, or those of an age file that only the chosen keys open. */
async function sealed(file, form) {
  const way = form.elements.namedItem("encryption")?.value ?? "";
  if (!way) return { source: file, size: file.size, name: file.name, resumable: true };
  const encrypter = new age.Encrypter();
  if (way === "passphrase") {
    encrypter.setPassphrase(form.elements.namedItem("passphrase").value);
  } else {
    encrypter.addRecipient(await age.identityToRecipient(identities.get(form)));
    if (form.elements.namedItem("escrow")?.checked) encrypter.addRecipient(form.dataset.escrow);
  }
  const stream = await encrypter.encrypt(file.stream());
  return { source: stream.getReader(), size: stream.size(file.size), name: `${file.name}.age`, resumable: false };
}

function announced(form, name) {
  const way = form.elements.namedItem("encryption")?.value ?? "";
  const value = (field) => text(form.elements.namedItem(field)?.value);
  const checked = (field) => (form.elements.namedItem(field)?.checked ? "yes" : "");
  const all = {
    filename: name,
    title: value("title"),
    kind: value("kind"),
    confidential: checked("confidential"),
    retain_until: value("retain_until"),
    document: form.dataset.document,
    encryption: way ? "age" : "",
    escrow: way === "key" ? checked("escrow") : "",
  };
  return Object.fromEntries(Object.entries(all).filter(([, given]) => given));
}

/** What else was filled in and the next page asks for, as the query of its address. */
function carried(form) {
  const names = (form.dataset.carry ?? "").split(" ").filter(Boolean);
  if (!names.length) return "";
  return `?${new URLSearchParams(names.map((name) => [name, text(form.elements.namedItem(name)?.value)]))}`;
}

/** What the server said was wrong, or nothing. */
function reason(error) {
  try {
    return JSON.parse(error.originalResponse.getBody()).detail;
  } catch {
    return "";
  }
}

async function send(form) {
  const file = form.elements.namedItem("file").files[0];
  const progress = form.querySelector("progress");
  const { source, size, name, resumable } = await sealed(file, form);
  let place = "";
  const upload = new tus.Upload(source, {
    endpoint: form.dataset.endpoint,
    headers: { "X-CSRFToken": form.elements.namedItem("csrfmiddlewaretoken").value },
    metadata: announced(form, name),
    uploadSize: size,
    chunkSize: resumable ? Number.POSITIVE_INFINITY : PIECE,
    retryDelays: [0, 1000, 3000, 5000, 10000],
    storeFingerprintForResuming: resumable,
    removeFingerprintOnSuccess: true,
    onAfterResponse: (_request, response) => { place = response.getHeader("Zonary-Document") ?? place; },
    onProgress: (sent) => { progress.max = size; progress.value = sent; },
    onError: (error) => { tell(form, "failed", reason(error)); delete form.dataset.sent; },
    onSuccess: () => { window.location.assign(form.dataset.next.replace("DOCUMENT", place) + carried(form)); },
  });
  if (resumable) {
    const [earlier] = await upload.findPreviousUploads();
    if (earlier) upload.resumeFromPreviousUpload(earlier);
  }
  progress.hidden = false;
  const pause = form.querySelector("[data-pause]");
  pause.hidden = false;
  pause.onclick = () => {
    const paused = pause.getAttribute("aria-pressed") === "true";
    pause.setAttribute("aria-pressed", String(!paused));
    tell(form, paused ? "sending" : "paused");
    if (paused) upload.start(); else upload.abort();
  };
  tell(form, "sending");
  upload.start();
}

/** Makes a key in this browser, and shows it this once. */
async function offerKey(form) {
  const way = form.elements.namedItem("encryption").value;
  form.querySelector("[data-key]").hidden = way !== "key";
  form.querySelector("[data-passphrase]").hidden = way !== "passphrase";
  if (way === "key" && !identities.has(form)) {
    identities.set(form, await age.generateX25519Identity());
    form.querySelector("[data-identity]").textContent = identities.get(form);
  }
}

function isReady(form) {
  const way = form.elements.namedItem("encryption")?.value ?? "";
  if (!form.elements.namedItem("file").files.length) return false;
  if (way === "key" && !form.elements.namedItem("kept").checked) return tell(form, "key-not-kept");
  if (way === "passphrase" && form.elements.namedItem("passphrase").value.length < 12) return tell(form, "too-short");
  return true;
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  for (const each of form.querySelectorAll("[data-with-script]")) each.hidden = false;
  for (const each of form.querySelectorAll("[name=encryption]")) each.addEventListener("change", () => offerKey(form));
  form.addEventListener("submit", (event) => {
    const [file] = form.elements.namedItem("file").files;
    if (!file) return; // the server says so
    if (file.size <= Number(form.dataset.above ?? 0)) return; // small enough to be sent with the form
    event.preventDefault();
    if (isReady(form)) send(form).catch((error) => tell(form, "failed", error.message));
  });
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) form.elements.namedItem("file").files = event.dataTransfer.files;
  });
}

/** Opens it and has it saved; says whether it is what was registered, where the page knows what was. */
async function open(form) {
  const secret = text(form.elements.namedItem("secret").value);
  const decrypter = new age.Decrypter();
  if (secret.startsWith("AGE-SECRET-KEY-")) decrypter.addIdentity(secret); else decrypter.addPassphrase(secret);
  const answer = await fetch(form.dataset.content, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const plain = await new Response(await decrypter.decrypt(answer.body)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(plain);
  link.download = form.dataset.name.replace(/\.age$/, "");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  const registered = form.dataset.sha256;
  if (!registered) return "opened";
  const digest = Array.from(await sha256Of(plain), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digest === registered ? "opened-same" : "opened-other";
}

/** By the browser itself where it lets us, which it does on a safe line alone. */
async function sha256Of(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return crypto.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)) : sha256(bytes);
}

for (const form of document.querySelectorAll("form[data-open]")) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell(form, "opening");
    open(form).then((how) => tell(form, how), () => tell(form, "not-opened")).finally(() => delete form.dataset.sent);
  });
}
