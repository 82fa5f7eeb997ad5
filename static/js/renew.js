// Figures that renew themselves: [data-renew] is filled anew every other second until what came says it is finished.
"use strict";
(() => {
  const place = document.querySelector("[data-renew]");
  if (!place || place.hasAttribute("data-renew-finished")) return;
  const EVERY = 2000;
  const figuresIn = (text) => new DOMParser().parseFromString(text, "text/html").body.childNodes;
  const renew = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { headers: { "X-Requested-With": "progress" } });
        if (answer.redirected || answer.status === 403) return;
        if (answer.ok) place.replaceChildren(...figuresIn(await answer.text()));
      } catch {
        // No connection: the figures stand as they are until the next time.
      }
    }
    if (!place.querySelector("[data-renew-finished]")) setTimeout(renew, EVERY);
  };
  setTimeout(renew, EVERY);
})();
