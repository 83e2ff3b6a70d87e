// The dashboard: choosing a period or a team shows it at once; wide drawings start at their end, where today is.
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", () => form.requestSubmit());
  for (const button of form.querySelectorAll("[data-apply]")) button.hidden = true;
}
for (const plot of document.querySelectorAll(".plot")) plot.scrollLeft = plot.scrollWidth;
