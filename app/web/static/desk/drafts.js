// Drafts keep themselves: two seconds after the last key, and when the page is left.
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
  let dirty = false;
  const save = async () => {
    dirty = false;
    const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: body(form), headers: { "HX-Request": "true" } })
      .catch(() => null);
    if (!answer?.ok) dirty = true;
    if (state) state.textContent = answer?.ok ? await answer.text() : state.dataset.failed;
  };
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  });
  form.addEventListener("submit", () => { dirty = false; clearTimeout(timer); });
  addEventListener("pagehide", () => { if (dirty) navigator.sendBeacon(form.dataset.draftUrl, body(form)); });
}
