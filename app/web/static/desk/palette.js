// The palette: a dialog with a field and a list; words narrow it, arrows move, Enter takes the line.
//
// Made by the macro `palette`. A line (role=option) says what it does:
//   data-href="…"            goes there
//   data-value="…"           fills the field data-name of the form data-form named on the dialog, and sends it
//   data-insert="text"       puts the text into the composer
//   data-insert-url="…"      fetches {"text", "then"?, "canned"?, "name"?} and puts it into the composer: "then" chooses
//                            what follows, "canned" fills the hidden field of that name, "name" shows in [data-canned]
// A dialog whose field has data-search-url asks the server for its lines (?q=…), and Enter before they have come goes to
// its data-all-url (?q=…); others are narrowed here. One with
// data-lines-url fetches its lines when it first opens; one with a <template> makes a line like it of each choice of the
// field it fills, whenever it opens.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const options = (dialog) => [...dialog.querySelectorAll("[role=option]")].filter((option) => !option.hidden);

function mark(dialog, option) {
  for (const other of dialog.querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === option));
  const field = dialog.querySelector("[role=combobox]");
  if (!option) { field.removeAttribute("aria-activedescendant"); return; }
  option.id ||= `${dialog.id}-${[...dialog.querySelectorAll("[role=option]")].indexOf(option)}`;
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function refresh(dialog) {
  const left = options(dialog);
  mark(dialog, left[0]);
  dialog.querySelector("[data-none]").hidden = left.length > 0;
}

function narrow(dialog, words) {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  for (const option of dialog.querySelectorAll("[role=option]")) {
    const text = plain(`${option.textContent} ${option.dataset.words ?? ""}`);
    option.hidden = !wanted.every((word) => text.includes(word));
  }
  refresh(dialog);
}

function choices(dialog, mould) {
  const field = document.getElementById(dialog.dataset.form).elements[dialog.dataset.name];
  // What empties the field comes last: Enter alone must never mean it.
  const ordered = [...field.options].sort((one, other) => (one.value === "") - (other.value === ""));
  const lines = ordered.map((choice) => {
    const line = mould.content.firstElementChild.cloneNode(true);
    line.dataset.value = choice.value;
    line.querySelector("b").textContent = choice.text;
    return line;
  });
  mould.parentElement.replaceChildren(mould, ...lines);
}

// In the place of the lines: what did not reach us, and a button that tries again.
function failed(dialog, again) {
  const list = dialog.querySelector("[role=listbox]");
  list.removeAttribute("data-taken");
  dialog.querySelector("[data-none]").hidden = true;
  list.replaceChildren(document.getElementById("failed").content.cloneNode(true));
  list.querySelector("[data-retry]").addEventListener("click", again);
}

// Enter was faster than the lines: the first of them is what it meant.
function takeIfMeant(dialog) {
  const list = dialog.querySelector("[role=listbox]");
  const [first] = options(dialog);
  if (list.hasAttribute("data-taken") && first) take(dialog, first);
  list.removeAttribute("data-taken");
}

async function fetchLines(dialog) {
  const list = dialog.querySelector("[role=listbox]");
  dialog.querySelector("[data-none]").hidden = true;
  list.replaceChildren();
  list.removeAttribute("data-taken");
  list.setAttribute("aria-busy", "true");
  const answer = await fetch(dialog.dataset.linesUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
  list.removeAttribute("aria-busy");
  if (answer?.ok) {
    list.innerHTML = await answer.text();
    narrow(dialog, dialog.querySelector("[role=combobox]").value);
    takeIfMeant(dialog);
    return;
  }
  failed(dialog, () => fetchLines(dialog));
}

let timer = 0;
let asked = 0;
function ask(dialog, field) {
  clearTimeout(timer);
  const mine = ++asked;
  const list = dialog.querySelector("[role=listbox]");
  list.setAttribute("aria-busy", "true");
  list.removeAttribute("data-taken");
  mark(dialog, null); // these lines are no longer what was typed: Enter alone takes none of them
  timer = setTimeout(async () => {
    const url = new URL(field.dataset.searchUrl, location.href);
    url.searchParams.set("q", field.value);
    const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
    const html = answer?.ok && !answer.redirected ? await answer.text() : null;
    if (mine !== asked) return; // more was typed meanwhile
    list.removeAttribute("aria-busy");
    if (html === null) {
      failed(dialog, () => { field.focus(); ask(dialog, field); });
      return;
    }
    list.innerHTML = html;
    refresh(dialog);
    const count = options(dialog).length;
    const told = dialog.querySelector("[data-told]");
    told.textContent = count === 1 ? told.dataset.one : count ? told.dataset.many.replace("{n}", count) : "";
    takeIfMeant(dialog);
  }, 150);
}

const composer = () => [...document.querySelectorAll("[data-composer] form")].find((form) => form.getClientRects().length);
let inserted = "";
const gap = (area) => (/(^|\n)$/.test(area.value.slice(0, area.selectionStart)) ? "" : "\n\n");

// A whole answer takes the place of the one inserted before it, untouched; anything else joins what is there.
function insert(text, whole = false) {
  const area = composer()?.querySelector("textarea");
  if (!area) return;
  if (!area.value.trim() || (whole && area.value === inserted)) area.value = text;
  else area.setRangeText(gap(area) + text, area.selectionStart, area.selectionEnd, "end");
  if (whole) inserted = area.value;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

async function insertFrom(dialog, url) {
  if (dialog.hasAttribute("data-inserting")) return; // Enter pressed twice
  dialog.setAttribute("data-inserting", "");
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  dialog.removeAttribute("data-inserting");
  if (!dialog.open) return; // closed meanwhile: nothing is wanted any more
  if (!answer?.ok || answer.redirected) {
    failed(dialog, () => insertFrom(dialog, url));
    return;
  }
  const given = await answer.json();
  dialog.close();
  fill(given);
}

function fill({ text, then, canned, name }) {
  const form = composer();
  insert(text, Boolean(canned));
  if (then && form.elements.then) form.elements.then.value = then;
  if (canned && form.elements.canned) form.elements.canned.value = canned;
  const chip = form.querySelector("[data-canned]");
  if (!chip || !name) return;
  chip.hidden = false;
  chip.querySelector("[data-canned-name]").textContent = name;
}

function take(dialog, option) {
  const { href, value, insert: text, insertUrl } = option.dataset;
  if (insertUrl) {
    insertFrom(dialog, insertUrl);
    return;
  }
  dialog.close();
  if (href) location.assign(href);
  else if (text) insert(text);
  else if (value !== undefined) {
    const form = document.getElementById(dialog.dataset.form);
    form.elements[dialog.dataset.name].value = value;
    form.requestSubmit();
  }
}

for (const dialog of document.querySelectorAll("[data-palette]")) {
  const field = dialog.querySelector("[role=combobox]");
  field.addEventListener("input", () => (field.dataset.searchUrl ? ask(dialog, field) : narrow(dialog, field.value)));
  dialog.addEventListener("keydown", (event) => {
    const left = options(dialog);
    const place = left.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + 8, PageUp: place - 8 }[event.key];
    if (next !== undefined) mark(dialog, left[Math.min(Math.max(next, 0), left.length - 1)]);
    else if (event.key === "Enter" && !event.isComposing) {
      const { allUrl } = dialog.dataset;
      const awaited = dialog.querySelector("[role=listbox][aria-busy]");
      if (left[place]) take(dialog, left[place]);
      else if (awaited && allUrl && field.value.trim()) location.assign(`${allUrl}?q=${encodeURIComponent(field.value)}`);
      else awaited?.setAttribute("data-taken", "");
    }
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(dialog, option);
  });
  new MutationObserver(() => {
    if (!dialog.open) return;
    field.value = "";
    field.focus();
    const mould = dialog.querySelector("template");
    if (mould) choices(dialog, mould);
    if (dialog.dataset.linesUrl && !options(dialog).length) {
      fetchLines(dialog);
      return;
    }
    if (field.dataset.searchUrl) ask(dialog, field);
    else narrow(dialog, "");
  }).observe(dialog, { attributeFilter: ["open"] });
}

document.addEventListener("click", (event) => {
  const drop = event.target.closest("[data-canned-drop]");
  if (!drop) return;
  const form = drop.closest("form");
  const area = form.querySelector("textarea");
  if (area.value === inserted) area.value = "";
  if (form.elements.canned) form.elements.canned.value = "";
  form.querySelector("[data-canned]").hidden = true;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
});

// What is suggested beside the request is put into the reply in one press; without scripts its address is followed.
for (const link of document.querySelectorAll("[data-insert-here]")) {
  link.addEventListener("click", async (event) => {
    if (!document.getElementById("reply")) return;
    event.preventDefault();
    if (composer()?.id !== "reply") document.getElementById("tab-reply").click();
    const answer = await fetch(link.dataset.insertHere, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok && !answer.redirected) fill(await answer.json());
    else window.open(link.href, "_blank", "noopener");
  });
}
