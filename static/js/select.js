// Many at once: one box ticks all rows of a form[data-select], and the number ticked is said as it changes.
"use strict";
for (const form of document.querySelectorAll("form[data-select]")) {
  const all = form.querySelector("[data-select-all]");
  const count = form.querySelector("[data-select-count]") || document.querySelector(`[data-select-count][form="${form.id}"]`);
  const boxes = () => [...form.elements].filter((one) => one.type === "checkbox" && one.name && !one.disabled);
  const show = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    if (count) count.textContent = count.dataset.text.replace("{n}", ticked);
    if (!all) return;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && ticked < boxes().length;
  };
  all?.addEventListener("change", () => boxes().forEach((box) => { box.checked = all.checked; }));
  form.addEventListener("change", show);
  addEventListener("pageshow", show);
}
