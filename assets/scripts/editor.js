// The editor of rules. Without it all works as well: the nearest sentence is a link that fills the form anew.

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-take]");
  const sentence = document.querySelector("form [name=sentence]");
  if (!link || !sentence) return;
  event.preventDefault();
  sentence.value = link.dataset.take;
  sentence.dispatchEvent(new Event("input", { bubbles: true }));
  sentence.focus();
});
