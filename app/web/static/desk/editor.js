// The knowledge editor: the server draws the preview, so that what is seen is what will be published.
//
//   <form data-editor data-preview-url="…" data-draft-url="…">  (drafts.js keeps the draft)
//   [data-preview]              receives the preview 400 ms after the last key
//   [data-md="bold"] …          tools for the textarea named by the toolbar's aria-controls:
//                               title bold italic list steps link quote; Ctrl+B and Ctrl+I too
const form = document.querySelector("[data-editor]");
const preview = document.querySelector("[data-preview]");
const area = document.getElementById(document.querySelector("[role=toolbar]")?.getAttribute("aria-controls"));
const LINES = { title: "## ", list: "- ", steps: "1. ", quote: "> " };
const AROUND = { bold: ["**", "**"], italic: ["*", "*"], link: ["[", "](https://)"] };

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
