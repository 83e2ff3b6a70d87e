// The script of every page of the portal: it polishes pages that work without it. Attributes are listed in web/portal.html.
const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const on = (kind, selector, act) => document.addEventListener(kind, (event) => {
  const found = event.target.closest?.(selector);
  if (found) act(found, event);
});
const say = (words) => { byId("polite").textContent = words; };

// Theme: kept in a cookie, so that the server paints the next page right at once.
on("click", "[data-theme-toggle]", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme:dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  const safe = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax${safe}`;
});

on("click", "[data-print]", () => print());

// The burger closes on Escape and on a press elsewhere.
const burger = document.querySelector(".burger");
if (burger) {
  document.addEventListener("click", (event) => { if (!event.target.closest(".top")) burger.open = false; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && burger.open) { burger.open = false; burger.firstElementChild.focus(); }
  });
}

// Fragments: a field asks, its answer fills the element named by data-into; a late answer never replaces a newer one.
const asked = new WeakMap();
const personal = (field) => field.form?.method === "post";
async function fill(field, url, query) {
  const into = byId(field.dataset.into);
  const options = { headers: { "HX-Request": "true" }, credentials: "same-origin" };
  if (query) {
    url += (url.includes("?") ? "&" : "?") + new URLSearchParams(query);
  } else {
    options.method = "POST";
    options.body = new FormData(field.form);
    for (const [name, value] of [...options.body]) if (value instanceof File) options.body.delete(name);
  }
  asked.get(into)?.abort();
  const mine = new AbortController();
  asked.set(into, mine);
  into.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { ...options, signal: mine.signal });
    if (!answer.ok) return;
    show(into, await answer.text());
  } catch { /* the page works without the answer */ } finally {
    if (asked.get(into) === mine) into.removeAttribute("aria-busy");
  }
}
function show(into, html) {
  const kept = new Map();
  for (const old of into.querySelectorAll("input:not([type=radio],[type=checkbox],[type=hidden],[type=file]),textarea,select")) {
    kept.set(old.name, old.value);
  }
  into.innerHTML = html;
  for (const [name, value] of kept) {
    const same = into.querySelector(`[name="${CSS.escape(name)}"]`);
    if (same && !same.value && value) same.value = value;
  }
  into.hidden = !html.trim();
  say(into.querySelector("[data-announce]")?.dataset.announce ?? "");
}

// Answers while typing: 150 ms after the last key for a search, 800 ms and twelve characters for a message.
let timer;
on("input", "[data-suggest-url]", (field) => {
  const long = field.tagName === "TEXTAREA";
  const { suggestUrl, wait = long ? 800 : 150, min = long ? 12 : 3 } = field.dataset;
  const text = field.value.trim();
  clearTimeout(timer);
  if (text.length < min) { asked.get(byId(field.dataset.into))?.abort(); show(byId(field.dataset.into), ""); return; }
  timer = setTimeout(() => fill(field, suggestUrl, personal(field) ? null : { [field.name]: text }), wait);
});
on("keydown", "[data-suggest-url]", (field, event) => {
  if (event.key === "Escape" && field.tagName !== "TEXTAREA") byId(field.dataset.into).hidden = true;
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".find")) for (const list of document.querySelectorAll(".found")) list.hidden = true;
});

// Another reason, other fields; an order left, its ticket.
on("change", "[data-swap]", (group, { target }) => fill(group, group.dataset.swap, { [target.name]: target.value }));
on("change", "[data-lookup]", (field) => fill(field, field.dataset.lookup));

// Characters left, and the files that were chosen.
const figure = new Intl.NumberFormat(root.lang);
on("input", "[data-limit]", (field) => {
  const line = byId(field.dataset.counter);
  const left = field.dataset.limit - [...field.value].length;
  line.textContent = line.dataset[left < 0 ? "over" : "left"].replace("{n}", figure.format(Math.abs(left)));
  line.classList.toggle("is-bad", left < 0);
});
on("change", "[data-files]", (field) => {
  const list = byId(field.dataset.files);
  const [kilo, mega] = root.lang === "fr" ? ["ko", "Mo"] : ["kB", "MB"];
  list.replaceChildren(...[...field.files].map((file) => {
    const item = document.createElement("li");
    const big = file.size >= 1048576;
    const size = figure.format(big ? Math.round(file.size / 104857.6) / 10 : Math.ceil(file.size / 1024));
    item.textContent = `${file.name} · ${size}\u00a0${big ? mega : kilo}`;
    return item;
  }));
  list.hidden = !field.files.length;
});

// Pressed once: a second press changes nothing while the first is on its way. data-again leaves a form out.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method !== "post" || form.matches("[data-again],[hx-post]")) return;
  form.dataset.sent = "1";
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  const label = button.querySelector("span") ?? button;
  if (button.dataset.busy) [button.dataset.label, label.textContent] = [label.textContent, button.dataset.busy];
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
    if (button.dataset.label) (button.querySelector("span") ?? button).textContent = button.dataset.label;
  }
});
