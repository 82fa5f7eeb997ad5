// A secret for a drawing: made or typed in this browser, which sends only its hash; put back when it is revealed.
"use strict";
{
  const FITS = /^[^\s\p{Cc}\p{Cs}]+( [^\s\p{Cc}\p{Cs}]+)*$/u;
  const named = (drawing) => `draw-secret-${document.body.dataset.user}-${drawing}`;
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const hash = async (secret) => {
    const text = new TextEncoder().encode(`kaohe/secret/v1\n${secret}\n`);
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
  };

  const maker = document.querySelector("[data-secret-maker]");
  if (maker && !globalThis.crypto?.subtle) document.querySelector("[data-secret-unable]").hidden = false;
  else if (maker) {
    const secret = maker.querySelector("[data-secret-text]");
    const said = maker.querySelector("[data-secret-said]");
    const digest = document.querySelector("[data-secret-hash]");
    const logged = digest.form;
    let whole = "";
    const show = async () => {
      whole = secret.value.trim().normalize("NFC");
      const length = [...whole].length;
      const fits = length >= 16 && length <= 128 && FITS.test(whole);
      said.textContent = fits ? said.dataset.done : said.dataset.short;
      digest.value = fits ? await hash(whole) : "";
      if (!fits) whole = "";
    };
    secret.addEventListener("input", show);
    maker.querySelector("[data-secret-random]").addEventListener("click", () => {
      secret.value = hex(crypto.getRandomValues(new Uint8Array(16)));
      show();
    });
    logged.addEventListener("submit", () => {
      if (whole) localStorage.setItem(named(maker.dataset.secretMaker), whole);
    });
    maker.hidden = false;
  }

  for (const form of document.querySelectorAll("form[data-secret]")) {
    const field = form.querySelector("[data-secret-kept]");
    field.value ||= localStorage.getItem(named(form.dataset.secret)) || "";
  }
}
