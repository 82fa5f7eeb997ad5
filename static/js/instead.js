// One or the other: a box[data-instead-of=NAME] that is ticked empties the field NAME, and what is typed there unticks it.
"use strict";
for (const box of document.querySelectorAll("[data-instead-of]")) {
  const field = box.form.elements[box.dataset.insteadOf];
  const tell = (one) => one.dispatchEvent(new Event("input", { bubbles: true }));
  box.addEventListener("change", () => {
    if (!box.checked || !field.value) return;
    field.value = "";
    tell(field);
  });
  field.addEventListener("input", () => {
    if (!field.value.trim() || !box.checked) return;
    box.checked = false;
    tell(box);
  });
}
