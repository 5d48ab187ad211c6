// Fills in both digests of a chosen file. The file is read here and sent nowhere.
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";
import { sm3 } from "sm-crypto-v2";

const MOST = 128 * 1024 * 1024; // held in memory whole, since the library hashes SM3 in one go

const box = document.querySelector("[data-digests]");
if (box) {
  const input = box.querySelector("input");
  const tooLarge = box.querySelector("[data-too-large]");
  const form = box.closest("form");
  let latest = 0;
  box.hidden = false;
  input.addEventListener("change", async () => {
    const [file] = input.files;
    const mine = ++latest; // a file chosen while another is read takes its place
    tooLarge.hidden = !file || file.size <= MOST;
    if (!file || file.size > MOST) return;
    box.setAttribute("aria-busy", "true");
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (mine !== latest) return;
    form.elements.sha256.value = bytesToHex(sha256(bytes));
    form.elements.sm3.value = sm3(bytes);
    if (!form.elements.title.value) form.elements.title.value = file.name.slice(0, 120);
    box.removeAttribute("aria-busy");
  });
}
