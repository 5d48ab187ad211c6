// Whether a file is registered: it is read here, and only its digest is asked for. Without this script it is typed.
import { Panel, size } from "../sealing/panel.js";

for (const root of document.querySelectorAll("[data-find]")) {
  const panel = new Panel(root);
  const form = document.getElementById("digest").form;
  const id = "find";
  let worker = null;

  const told = {
    progress({ bytes, listedBytes }) {
      const bar = panel.find("bar");
      if (listedBytes) { bar.max = listedBytes; bar.value = bytes; }
      panel.say("count", { read: size(bytes), size: size(listedBytes) });
    },
    problem() { panel.tell("state", "unreadable"); },
    failed() { panel.tell("state", "unreadable"); },
    hashed({ files }) {
      if (!files.length) return;
      document.getElementById("digest").value = files[0].sha256;
      worker.postMessage({ do: "forget", id });
    },
    forgotten() { form.requestSubmit(); },
  };

  const look = (file) => {
    if (!file) return;
    worker ??= new Worker(root.dataset.worker, { type: "module" });
    worker.onmessage = ({ data }) => told[data.told]?.(data);
    worker.onerror = told.failed;
    panel.tell("state", "reading");
    panel.show("reading-bar");
    worker.postMessage({ do: "begin", work: { id, holder: "", kind: "files", name: file.name, key: "", digests: 1 } });
    worker.postMessage({ do: "add", entries: [{ path: file.name, file }] });
    worker.postMessage({ do: "listed" });
  };

  root.hidden = false;
  panel.find("choose").addEventListener("click", () => panel.find("file").click());
  panel.find("file").addEventListener("change", (event) => look(event.target.files[0]));
  for (const kind of ["dragenter", "dragover"]) {
    addEventListener(kind, (event) => { event.preventDefault(); root.classList.add("drop-over"); });
  }
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) root.classList.remove("drop-over"); });
  addEventListener("drop", (event) => {
    event.preventDefault();
    root.classList.remove("drop-over");
    const [item] = event.dataTransfer.items;
    if (item?.webkitGetAsEntry?.()?.isDirectory || event.dataTransfer.files.length !== 1) panel.tell("state", "one-file");
    else look(event.dataTransfer.files[0]);
  });
}
