// One request: reply and note in two tabs with their own drafts, who else is here, what changed meanwhile.
//
//   <div class="composer" data-composer> composer_tabs() <form id="reply" …> <form id="note" …> </div>
//        each form its own textarea and draft; data-first on the one to begin with; without scripts
//        both are simply shown
//   <div role="status" data-presence-url="…?seen=17"></div>   told every 20 s that somebody looks; the answer (who else
//        is here, what was written since) is shown, an empty one hides it
const composer = document.querySelector("[data-composer]");
const tabs = [...(composer?.querySelectorAll("[role=tab]") ?? [])];
const panel = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

function open(tab, focus) {
  for (const other of tabs) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    panel(other).hidden = !chosen;
  }
  composer.classList.toggle("note", panel(tab).id === "note-panel");
  if (focus) panel(tab).querySelector("textarea").focus();
}

for (const tab of tabs) {
  // A form may not be a tab panel itself: a box around it is.
  const form = panel(tab);
  const box = document.createElement("div");
  Object.assign(box, { id: `${form.id}-panel`, className: form.matches("[data-first]") ? "first" : "" });
  box.setAttribute("role", "tabpanel");
  box.setAttribute("aria-labelledby", tab.id);
  form.replaceWith(box);
  box.append(form);
  tab.setAttribute("aria-controls", box.id);
  tab.addEventListener("click", () => open(tab, true));
  tab.addEventListener("keydown", (event) => {
    if (!/^Arrow(Left|Right)$/.test(event.key)) return;
    const next = tabs[(tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
    open(next, false);
    next.focus();
    event.preventDefault();
  });
}
if (tabs.length) open(tabs.find((tab) => panel(tab).matches(".first")) ?? tabs[0], false);

const thread = document.querySelector("[data-thread]");
if (thread && !location.hash) thread.scrollTop = thread.scrollHeight;

const presence = document.querySelector("[data-presence-url]");
async function greet() {
  if (document.hidden) return;
  const token = document.querySelector("input[name=csrf_token]")?.value ?? "";
  const answer = await fetch(presence.dataset.presenceUrl, { method: "POST", headers: { "HX-Request": "true", "X-CSRFToken": token } })
    .catch(() => null);
  if (!answer?.ok) return;
  const html = (await answer.text()).trim();
  if (presence.dataset.shown !== html) presence.innerHTML = html;
  presence.dataset.shown = html;
  presence.hidden = !html;
}
if (presence) {
  greet();
  setInterval(greet, 20000);
}
