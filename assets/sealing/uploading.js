// A file on its way to the documents of its holder, in pieces that go on after a break (tus 1.0.0).
import { Refused, between, problemIn } from "./server.js";

const UPLOADS = "/api/v1/uploads";
const TUS = { "Tus-Resumable": "1.0.0" };
const PIECE = 4 * 1024 * 1024;
const SECONDS = 120;
const GONE = new Set([404, 410]);
const ELSEWHERE = new Set([409, 423]);

const inBase64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const said = (metadata) => Object.entries(metadata).filter(([, value]) => value)
  .map(([key, value]) => `${key} ${inBase64(value)}`).join(",");

/** Where an upload stands, and once it is whole what it became. */
const standing = (answer) => ({
  offset: Number(answer.headers.get("Upload-Offset")),
  document: answer.headers.get("Zonary-Document"),
  version: Number(answer.headers.get("Zonary-Version")),
});

/** A file, which can be read from anywhere in it. Its bytes are read here: that it cannot be read is no broken line. */
export const ofFile = (file) => ({ size: file.size, isAnywhere: true, from: (offset) => file.slice(offset, offset + PIECE).arrayBuffer() });

/** A stream of `size` bytes, which can only be read on. */
export function ofStream(stream, size) {
  const reader = stream.getReader();
  let start = 0, parts = new Blob();
  return {
    size,
    isAnywhere: false,
    async from(offset) {
      if (offset < start) throw new Error("a stream is not read again");
      parts = parts.slice(offset - start);
      start = offset;
      while (parts.size < PIECE && start + parts.size < size) {
        const { value, done } = await reader.read();
        if (done) break;
        parts = new Blob([parts, value]);
      }
      return parts.slice(0, PIECE);
    },
  };
}

/** Sends what `open()` gives, from its beginning or from where `place`, an earlier upload of it, stands.
 *
 * @param kept: told the address of the upload, by which it is found after a reload.
 * @param told: told how many bytes have arrived.
 * @returns the document and the version it became. :throws Refused: with what the server said. */
export async function upload(server, open, { metadata, place, kept, told }) {
  const ask = (method, path, more = {}) => server.exchange(method, path, { seconds: SECONDS, ...more, headers: { ...TUS, ...more.headers } });
  let at = place ? await ask("HEAD", place) : null;
  at = at?.ok ? standing(at) : null;
  if (at?.document) return at;
  let source = await open();
  if (at && !source.isAnywhere) { // another ciphertext each time: what is there is the beginning of something else
    await ask("DELETE", place);
    at = null;
  }
  for (let tries = 0; ; tries += 1) {
    if (!at) {
      const begun = await ask("POST", UPLOADS, { headers: { "Upload-Length": String(source.size), "Upload-Metadata": said(metadata) } });
      if (!begun.ok) throw new Refused((await problemIn(begun)).detail ?? String(begun.status));
      place = begun.headers.get("Location");
      await kept(place);
      at = { offset: 0 };
    }
    told(at.offset);
    if (at.document) return at;
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at.offset) };
    const answer = await ask("PATCH", place, { headers, body: await source.from(at.offset) });
    if (answer.ok) {
      at = standing(answer);
      tries = -1;
    } else if (ELSEWHERE.has(answer.status)) { // an answer was lost, or the piece before it is still being taken
      if (tries) await between(answer, tries);
      const now = await ask("HEAD", place);
      at = now.ok ? standing(now) : null;
    } else if (GONE.has(answer.status)) { // it expired meanwhile
      if (tries) await between(answer, tries);
      at = null;
    } else {
      throw new Refused((await problemIn(answer)).detail ?? String(answer.status));
    }
    if (!at && !source.isAnywhere) source = await open();
  }
}
