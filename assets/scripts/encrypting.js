// Fetched only where somebody has a copy encrypted: keys are made, and files encrypted, in this browser (age).
import * as age from "age-encryption";

/** A new key, and what one encrypts to for it. */
export async function newKey() {
  const identity = await age.generateX25519Identity();
  return { identity, recipient: await age.identityToRecipient(identity) };
}

/** The age file of `file`, as a stream, that only the keys of `recipients` open; and how many bytes it has. */
export async function encrypted(file, recipients) {
  const encrypter = new age.Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const stream = await encrypter.encrypt(file.stream());
  return { stream, size: stream.size(file.size) };
}
