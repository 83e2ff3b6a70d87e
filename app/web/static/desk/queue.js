// The list of requests: J and K move, X chooses, Shift+X chooses a stretch, Enter opens; rows never move by themselves.
//
//   <table class="queue" data-queue>  rows <tr data-row="418207"> with a.subj and input.check[name=ids][form=bulk];
//                                     input[data-all] in the head chooses every row of the page; rows without a box are
//                                     only moved through
//   <form class="bulk" id="bulk" method="post" data-bulk> with [data-count data-one="1 request chosen"
//                                     data-many="{n} requests chosen"] and [data-none] to choose none; hidden when empty
//   <div class="fresh" id="fresh" role="status" data-fresh-url="…" hidden>   asked every 20 s while the page is looked at;
//                                     an empty answer hides it
// A key of a bulk button (A, M, E…) pressed on a row that is not chosen chooses that row first.
const table = document.querySelector("[data-queue]");
const bulk = document.querySelector("[data-bulk]");
const rows = () => [...table.tBodies[0].querySelectorAll("tr[data-row]")];
const boxOf = (row) => row.querySelector("input.check");
const current = () => document.activeElement.closest?.("tr[data-row]");
let anchor = null;

function move(step) {
  const list = rows();
  const place = list.indexOf(current());
  const next = list[Math.min(Math.max(place + step, 0), list.length - 1)];
  next?.querySelector(".subj").focus();
  next?.scrollIntoView({ block: "nearest" });
}

function choose(row, whether = !boxOf(row)?.checked) {
  if (!boxOf(row)) return;
  boxOf(row).checked = whether;
  row.classList.toggle("sel", whether);
  if (whether) anchor = row;
}

function chooseTo(row) {
  const list = rows();
  const [from, to] = [list.indexOf(anchor ?? row), list.indexOf(row)].sort((one, other) => one - other);
  for (const between of list.slice(Math.max(from, 0), to + 1)) choose(between, true);
}

function count() {
  const chosen = rows().filter((row) => boxOf(row)?.checked).length;
  const all = table.querySelector("[data-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === rows().length;
    all.indeterminate = chosen > 0 && !all.checked;
  }
  if (!bulk) return;
  const words = bulk.querySelector("[data-count]");
  bulk.hidden = !chosen;
  words.textContent = chosen === 1 ? words.dataset.one : words.dataset.many.replace("{n}", chosen);
}

if (table) {
  let shift = false;
  table.addEventListener("click", (event) => { shift = event.shiftKey; }, true);
  table.addEventListener("change", ({ target }) => {
    if (target.matches("[data-all]")) for (const row of rows()) choose(row, target.checked);
    const row = target.closest("tr[data-row]");
    if (row && shift && target.checked) chooseTo(row);
    else if (row) choose(row, target.checked);
    count();
  });
  bulk?.querySelector("[data-none]")?.addEventListener("click", () => {
    for (const row of rows()) choose(row, false);
    count();
    rows()[0]?.querySelector(".subj").focus();
  });
  document.addEventListener("desk:key", (event) => {
    const { name } = event.detail;
    const row = current();
    if (name === "J" || name === "K") { move(name === "J" ? 1 : -1); event.preventDefault(); return; }
    if (!row) return;
    if (name === "Enter") {
      if (document.activeElement.matches(".check")) { row.querySelector(".subj").click(); event.preventDefault(); }
    } else if (name === "X" || name === "Shift+X") {
      if (name === "X") choose(row); else chooseTo(row);
      count();
      event.preventDefault();
    } else if (bulk && !rows().some((other) => boxOf(other)?.checked) && belongs(name)) {
      choose(row, true);
      count();
    }
  });
  count();
}

function belongs(name) {
  return [...bulk.querySelectorAll("[aria-keyshortcuts]")].some((one) => one.getAttribute("aria-keyshortcuts").split(" ").includes(name));
}

const fresh = document.querySelector("[data-fresh-url]");
if (fresh) {
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(fresh.dataset.freshUrl, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return;
    const html = (await answer.text()).trim();
    if (fresh.innerHTML !== html) fresh.innerHTML = html;
    fresh.hidden = !html;
  }, 20000);
}
