// A division of an amount: what is left, live, and the rest put somewhere by one press. The server does the same.
const { lang } = document.documentElement;
const centsOf = (text) => {
  const flat = text.replace(/€|eur(os?)?/gi, "").replace(/[\s']/g, "");
  if (!flat) return 0;
  if (!/^(\d+|\d{1,3}(\.\d{3})+(?=,)|\d{1,3}(,\d{3})+(?=\.))([.,]\d{1,2})?$/.test(flat)) return NaN;
  const [, tail = ""] = flat.match(/[.,](\d{1,2})$/) ?? [];
  const units = (tail ? flat.slice(0, -tail.length) : flat).replace(/\D/g, "");
  return Number(units) * 100 + Number(tail.padEnd(2, "0"));
};
const placed = (form) => [...form.querySelectorAll("[data-part]")].map((field) => centsOf(field.value));
function divide(form) {
  const parts = placed(form), sum = parts.reduce((all, part) => all + part, 0), whole = Number(form.dataset.divide);
  const worth = new Intl.NumberFormat(lang === "fr" ? "fr-FR" : "en-GB", { style: "currency", currency: form.dataset.currency });
  const left = form.querySelector("[data-left]"), total = form.querySelector("[data-sum]");
  const { left: some, over, odd } = left.dataset;
  const words = Number.isNaN(sum) ? odd : sum > whole ? over : some;
  left.lastElementChild.textContent = words.replace("{n}", worth.format(Math.abs(whole - sum) / 100));
  left.className = `chip ${sum === whole ? "ok" : "warn"}`;
  if (Number.isNaN(sum)) return;
  total.textContent = total.dataset.sum.replace("{n}", worth.format(sum / 100));
  let x = 0;
  [...form.querySelectorAll("[data-bar] rect")].forEach((bar, place) => {
    bar.setAttribute("x", x);
    bar.setAttribute("width", parts[place]);
    x += parts[place];
  });
}
document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-divide] [data-part]")) divide(target.form);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-divide] [data-rest]");
  if (!button) return;
  const form = button.form, field = form.elements[button.value];
  const others = placed(form).reduce((all, part) => all + part, 0) - centsOf(field.value);
  if (Number.isNaN(others)) return;
  event.preventDefault();
  const part = Math.max(0, Math.min(Number(field.dataset.part), Number(form.dataset.divide) - others));
  field.value = part ? (part / 100).toFixed(2).replace(".", lang === "fr" ? "," : ".") : "";
  divide(form);
  field.focus();
});
