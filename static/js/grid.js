// A dense table by keyboard: arrows and Enter move between the inputs of table[data-grid], whose content is selected on entry.
"use strict";
for (const table of document.querySelectorAll("table[data-grid]")) {
  const inputs = (row) => [...row.querySelectorAll("input:not([type=hidden]):not([disabled]), select")];
  table.addEventListener("focusin", (event) => event.target.select?.());
  table.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (!step || event.isComposing || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => inputs(row).length);
    const row = event.target.closest("tr");
    const place = inputs(row).indexOf(event.target);
    const next = rows[rows.indexOf(row) + step];
    if (next) inputs(next)[Math.min(place, inputs(next).length - 1)].focus();
  });
}
