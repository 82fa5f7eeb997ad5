// The original beside its scheme: what lies at both ends of a link is marked while it is pointed at or has the focus.
"use strict";
for (const page of document.querySelectorAll(".reading")) {
  const mark = (link, on) => {
    const ends = [document.getElementById(link.hash.slice(1)), link.closest("[id]")];
    ends.forEach((end) => end?.classList.toggle("twin", on));
  };
  const listen = (kind, on) => page.addEventListener(kind, (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) mark(link, on);
  });
  listen("pointerover", true);
  listen("focusin", true);
  listen("pointerout", false);
  listen("focusout", false);
}
