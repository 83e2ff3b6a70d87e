// Drafts keep themselves: two seconds after the last key, and at once when the page is left or put away.
//
//   <form data-draft-url="…">  posted whole, without files; the sentence that comes back ("Draft saved at 12:42") is shown
//   in its [data-draft-state data-failed="Draft not saved: check your connection"]. Sending the form ends its draft.
const WAIT = 2000;

function body(form) {
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  return fields;
}

for (const form of document.querySelectorAll("form[data-draft-url]")) {
  const state = form.querySelector("[data-draft-state]");
  let timer = 0;
  let sending = null;
  // Counts of what was typed, of what the house said it keeps, and of what was sent off on leaving.
  let typed = 0, kept = 0, left = 0;
  const save = async () => {
    const mine = typed;
    const call = sending = new AbortController();
    const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: body(form), headers: { "HX-Request": "true" }, signal: call.signal })
      .catch(() => null);
    if (call.signal.aborted) return;
    if (answer?.ok) kept = Math.max(kept, mine);
    if (state) state.textContent = answer?.ok ? await answer.text() : state.dataset.failed;
  };
  // A page that goes away takes its requests along, answered or not: only a beacon outlives it.
  const leave = () => {
    if (typed > kept && typed > left && navigator.sendBeacon(form.dataset.draftUrl, body(form))) left = typed;
  };
  form.addEventListener("input", () => {
    typed += 1;
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  form.addEventListener("submit", () => {
    kept = typed;
    clearTimeout(timer);
    sending?.abort();
  });
  addEventListener("pagehide", leave);
  // Telephones often end a page without a word once it was put away.
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });
}
