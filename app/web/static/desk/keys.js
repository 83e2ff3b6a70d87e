// Keys of the desk, its menus, dialogs and messages. Loaded on every staff page.
//
// Whatever carries aria-keyshortcuts="A" (several: "/ Control+K") and can be seen is pressed by that key, or focused when
// it is a field. Letters are off while typing, in dialogs, and everywhere when <body data-shortcuts="off">. G then F, P
// or B follows data-go-f, data-go-p, data-go-b of <body>. Before acting, "desk:key" is sent with detail.name; a module
// that does the work itself calls preventDefault().
//   data-open="id"       shows the dialog of that id
//   data-undo="20"       on the button of an undo bar: the offer ends after so many seconds
//   data-announce="…"    in a fragment htmx brings: read out politely;  data-focus: takes the focus a swap has lost
// A request that fails shows the server's own words, or those of <template id="failed">, above what it was to change.
const body = document.body;
const FIELDS = "input:not([type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[contenteditable]";
const seen = (element) => element.getClientRects().length > 0 && element.getAttribute("aria-disabled") !== "true";

function nameOf(event) {
  const sign = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  // AltGr types brackets on many keyboards and counts as Ctrl on some: it is never a chord.
  const chord = (event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph");
  const shifted = event.shiftKey && (chord || /^[A-Z]$/.test(sign));
  return (chord ? "Control+" : "") + (shifted ? "Shift+" : "") + sign;
}

function press(name) {
  const target = [...document.querySelectorAll("[aria-keyshortcuts]")]
    .find((element) => element.getAttribute("aria-keyshortcuts").split(" ").includes(name) && seen(element));
  if (!target) return false;
  if (target.matches("input,textarea,select")) {
    target.focus();
    target.select?.();
  } else {
    target.click();
  }
  return true;
}

let going = 0;
function follow(name) {
  const waiting = Date.now() - going < 1500;
  going = 0;
  if (name === "G") { going = Date.now(); return true; }
  const address = waiting && /^[A-Z]$/.test(name) ? body.dataset[`go${name}`] : "";
  if (address) location.assign(address);
  return Boolean(address);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || (event.altKey && !event.getModifierState("AltGraph"))) return;
  const typing = event.target.closest?.(FIELDS);
  const name = nameOf(event);
  if (name === "Escape") { if (!document.querySelector("dialog[open]")) leave(typing); return; }
  const letter = !name.startsWith("Control+");
  if (letter && (typing || event.repeat && name.length > 1 || body.dataset.shortcuts === "off")) return;
  if (document.querySelector("dialog[open]")) return;
  if (letter && event.target.closest?.("[role=tab],summary") && (name === "Enter" || name === " ")) return;
  const told = new CustomEvent("desk:key", { detail: { name }, cancelable: true });
  if (!document.dispatchEvent(told) || (letter && follow(name)) || press(name)) event.preventDefault();
});

function leave(field) {
  for (const menu of document.querySelectorAll(".menu[open]")) { menu.open = false; menu.firstElementChild.focus(); }
  field?.blur();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (event.target.matches("dialog[open]")) event.target.close();
});

for (const button of document.querySelectorAll("[data-undo]")) {
  setTimeout(() => button.form?.remove(), Number(button.dataset.undo) * 1000);
}

body.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.headers["X-CSRFToken"] ??= document.querySelector("input[name=csrf_token]")?.value ?? "";
});

body.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  const arrived = detail.elt ?? target;
  const spoken = arrived.matches?.("[data-announce]") ? arrived : arrived.querySelector?.("[data-announce]");
  if (spoken) document.getElementById("polite").textContent = spoken.dataset.announce;
  if (document.activeElement === body) (arrived.matches?.("[data-focus]") ? arrived : arrived.querySelector?.("[data-focus]"))?.focus();
});

function failed({ detail }) {
  document.querySelector("[data-failed]")?.remove();
  const notice = document.createElement("div");
  notice.dataset.failed = "";
  const words = detail.xhr?.responseText ?? "";
  if (words.includes('class="alert')) notice.innerHTML = words;
  else notice.append(document.getElementById("failed").content.cloneNode(true));
  detail.target.before(notice);
  notice.querySelector("[data-retry]")?.addEventListener("click", () => {
    notice.remove();
    globalThis.htmx.trigger(detail.elt, detail.requestConfig?.triggeringEvent?.type ?? "click");
  });
}
body.addEventListener("htmx:responseError", failed);
body.addEventListener("htmx:sendError", failed);
