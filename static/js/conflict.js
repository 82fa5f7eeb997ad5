// Two people changed one field: both values are shown, the person chooses.
"use strict";
(() => {
  const texts = document.getElementById("texts").dataset;
  const { fields, valueOf, fill } = window.kaohe;
  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn small", textContent: text });
    made.addEventListener("click", act);
    return made;
  };
  const ask = (form, name, { theirs, by, at }) => {
    const [field] = fields(form, name);
    if (!field) return;
    const place = field.closest(".field, .entry") || field.parentNode;
    place.querySelector(".conflict")?.remove();
    const box = Object.assign(document.createElement("div"), { className: "conflict" });
    box.setAttribute("role", "alert");
    const said = Object.assign(document.createElement("span"), { textContent: texts.conflict.replace("{by}", by).replace("{at}", at) });
    const value = Object.assign(document.createElement("b"), { textContent: theirs || "—" });
    const choices = Object.assign(document.createElement("span"), { className: "links" });
    choices.append(
      button(texts.theirs, () => {
        box.remove();
        fill(form, name, JSON.stringify([theirs]));
        form.dispatchEvent(new CustomEvent("kaohe:saved", { detail: { [name]: valueOf(form, name) } }));
      }),
      button(texts.mine, () => {
        box.remove();
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }),
    );
    box.append(said, value, choices);
    place.append(box);
  };
  document.querySelectorAll("form[data-autosave]").forEach((form) => form.addEventListener("kaohe:conflict", (event) => {
    for (const [name, told] of Object.entries(event.detail)) ask(form, name, told);
  }));
})();
