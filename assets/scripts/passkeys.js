// Passkeys (WebAuthn): a form with data-passkey asks the browser for a credential and sends it. Without this script the
// button stays hidden, and the sentence beside it says what is missing.

const encode = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const decode = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

/** What the server asks for, with bytes where it wrote base64url. */
function asked({ publicKey }) {
  const named = (list) => (list ?? []).map((each) => ({ ...each, id: decode(each.id) }));
  const options = { ...publicKey, challenge: decode(publicKey.challenge) };
  if (publicKey.user) options.user = { ...publicKey.user, id: decode(publicKey.user.id) };
  if (publicKey.excludeCredentials) options.excludeCredentials = named(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) options.allowCredentials = named(publicKey.allowCredentials);
  return { publicKey: options };
}

/** The credential as the server reads it. */
function answer(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const filled = parts.filter((name) => response[name]).map((name) => [name, encode(response[name])]);
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(filled),
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function options(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

async function ask(form) {
  const given = await options(form);
  if (form.dataset.passkey === "get") return navigator.credentials.get(asked(given.request_options));
  const wanted = asked(given.creation_options);
  const alone = form.querySelector("[name=passwordless]")?.checked ?? false;
  wanted.publicKey.authenticatorSelection = {
    ...wanted.publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  };
  return navigator.credentials.create(wanted);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  const trouble = form.querySelector("[data-trouble]");
  if (!window.PublicKeyCredential) continue;
  for (const hidden of form.querySelectorAll("[data-needs-script]")) hidden.hidden = true;
  button.hidden = false;
  button.addEventListener("click", async () => {
    trouble.hidden = true;
    try {
      form.querySelector("[name=credential]").value = answer(await ask(form));
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  });
}
