// A new password, told in words while it is typed. Nothing leaves the page, and nothing is refused here: the server decides
// when the form is sent, as it does without this script.
const PAUSE = 400;

/** Which sentence fits: a name of data-… of the words. */
function judge(text, least, own) {
  const characters = [...text];
  if (!characters.length) return "";
  if (characters.length < least) return "short";
  if (/^[0-9]+$/.test(text)) return "digits";
  if (new Set(characters).size < 5) return "same";
  if (own.some((part) => text.toLowerCase().includes(part))) return "own";
  return characters.length < 14 ? "enough" : "good";
}

/** What people know of who types, in pieces long enough to be recognised. */
function ownParts(form) {
  const named = [...form.querySelectorAll("[name=name], [name=email], [autocomplete=username]")];
  return named.flatMap((input) => input.value.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((part) => part.length > 3);
}

for (const words of document.querySelectorAll("[data-strength]")) {
  const input = document.querySelector("input[name=password1]");
  if (!input) continue;
  const told = document.createElement("p");
  told.id = `${input.id}_strength`;
  told.className = "strength";
  told.setAttribute("aria-live", "polite");
  input.after(told);
  input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), told.id].filter(Boolean).join(" "));
  const least = Number(words.dataset.least);
  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const verdict = judge(input.value, least, ownParts(input.form));
      const sentence = verdict ? words.dataset[verdict] : "";
      told.textContent = sentence.replace("#", least - [...input.value].length);
      told.dataset.verdict = verdict;
    }, PAUSE);
  });
}
