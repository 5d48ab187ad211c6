// On every page. Without it all works as well: menus open by themselves, and a code is copied by hand.

/** Buttons that copy what stands beside them; shown only where the browser lets a page copy. */
function offerCopying(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const label = button.firstChild;
      const before = label.textContent;
      label.textContent = button.dataset.done;
      button.setAttribute("aria-live", "polite");
      setTimeout(() => { label.textContent = before; }, 2000);
    });
  }
}

/** A menu closes on Escape, and when something beside it is touched. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest("details[data-menu][open]");
  closeMenus(null);
  menu?.querySelector("summary").focus();
});
// A form that was refused: what is wrong is read out first.
document.querySelector(".error-summary")?.focus();
// The same form is not sent twice by a second click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
// Back from another page, forms may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
// What HTMX brought in is treated as what came with the page.
document.addEventListener("htmx:load", (event) => offerCopying(event.detail.elt));
offerCopying(document);
