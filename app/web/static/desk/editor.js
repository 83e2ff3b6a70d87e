// The knowledge editor: the server draws the preview, so that what is seen is what will be published.
//
//   <form data-editor data-preview-url="…" data-draft-url="…">  (drafts.js keeps the draft)
//   [data-preview]              receives the preview 400 ms after the last key
//   [data-md="bold"] …          tools for the textarea named by the toolbar's aria-controls:
//                               title bold italic list steps link quote table fold film; Ctrl+B and Ctrl+I too
//   [data-fact]                 puts the variable chosen into the text
//   [data-picture-url]          takes pictures and films pasted, dropped or picked ([data-pick-picture], [data-picture]);
//                               #picture-state says how it went
const form = document.querySelector("[data-editor]");
const preview = document.querySelector("[data-preview]");
const area = document.getElementById(document.querySelector("[role=toolbar]")?.getAttribute("aria-controls"));
const LINES = { title: "## ", list: "- ", steps: "1. ", quote: "> " };
const french = document.documentElement.lang === "fr";
const HEAD = french ? "| Quand | Combien |" : "| When | How much |";
const AROUND = {
  bold: ["**", "**"], italic: ["*", "*"], link: ["[", "](https://)"], film: ["![", "](https://)"],
  table: [`\n\n${HEAD}\n|---|---:|\n| `, " | |\n\n"], fold: ["\n\n> **+ ", "**\n> \n\n"],
};

function write(tool) {
  const [from, to] = [area.selectionStart, area.selectionEnd];
  const chosen = area.value.slice(from, to);
  if (LINES[tool]) {
    const start = area.value.lastIndexOf("\n", from - 1) + 1;
    const lines = area.value.slice(start, to).split("\n");
    const marked = lines.every((line) => line.startsWith(LINES[tool]));
    const done = lines.map((line) => (marked ? line.slice(LINES[tool].length) : LINES[tool] + line)).join("\n");
    area.setRangeText(done, start, to, "end");
  } else {
    const [before, after] = AROUND[tool];
    area.setRangeText(before + chosen + after, from, to, "end");
    if (!chosen) area.selectionStart = area.selectionEnd = from + before.length;
  }
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

for (const button of document.querySelectorAll("[data-md]")) button.addEventListener("click", () => write(button.dataset.md));
area?.addEventListener("keydown", (event) => {
  const tool = (event.ctrlKey || event.metaKey) && !event.altKey && { b: "bold", i: "italic" }[event.key.toLowerCase()];
  if (!tool) return;
  write(tool);
  event.preventDefault();
});

function insert(before, after) {
  const from = area.selectionStart;
  area.setRangeText(before + after, from, area.selectionEnd, "end");
  area.selectionStart = area.selectionEnd = from + before.length;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}
document.querySelector("[data-fact]")?.addEventListener("change", (event) => {
  if (event.target.value) insert(event.target.value, "");
  event.target.value = "";
});

const picked = document.querySelector("[data-picture]");
const told = document.getElementById("picture-state");
async function add(files) {
  for (const file of files) {
    told.textContent = told.dataset.adding;
    const body = new FormData();
    body.append("file", file);
    const token = form.querySelector("input[name=csrf_token]")?.value ?? "";
    const answer = await fetch(form.dataset.pictureUrl, { method: "POST", body, headers: { "HX-Request": "true", "X-CSRFToken": token } })
      .catch(() => null);
    // Whatever is no plain sentence – a page to sign in again, say – is not shown as one.
    const text = answer?.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "";
    if (answer?.ok && text) insert("![", `](${text})`);
    told.textContent = answer?.ok && text ? told.dataset.added : text || told.dataset.failed;
  }
}
document.querySelector("[data-pick-picture]")?.addEventListener("click", () => picked.click());
picked?.addEventListener("change", () => { add([...picked.files]); picked.value = ""; });
area?.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  // Word processors put a picture of the words beside the words: then the words are meant.
  if (!files.length || event.clipboardData.getData("text/plain")) return;
  event.preventDefault();
  add(files);
});
area?.addEventListener("dragover", (event) => { if ([...event.dataTransfer.types].includes("Files")) event.preventDefault(); });
area?.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  add([...event.dataTransfer.files]);
});

let timer = 0;
let latest = 0;
async function draw() {
  const mine = ++latest;
  preview.setAttribute("aria-busy", "true");
  const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } })
    .catch(() => null);
  if (mine !== latest) return;
  preview.removeAttribute("aria-busy");
  if (answer?.ok) preview.innerHTML = await answer.text();
}
if (form && preview) {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, 400);
  });
}
