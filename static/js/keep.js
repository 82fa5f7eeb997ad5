// Never lose a word: what is typed into a form[data-keep] stays in this browser until the server has it.
// Names and phones of people (form[data-keep-for=session]) stay only as long as this tab is open.
"use strict";
(() => {
  const texts = document.getElementById("texts").dataset;
  const prefix = `kaohe:${document.body.dataset.user || "-"}:`;
  const age = 14 * 24 * 3600 * 1000;
  const leftOut = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);
  const forms = new Map();
  let leaving = false;

  const none = { getItem: () => null, setItem() {}, removeItem() {} };
  const opened = (name) => {
    try { return window[name] || none; } catch { return none; /* a browser that forbids it: the page still works */ }
  };
  const lasting = opened("localStorage");
  const passing = opened("sessionStorage");
  const storeOf = (form) => (form.dataset.keepFor === "session" ? passing : lasting);
  const read = (store, key) => {
    try { return JSON.parse(store.getItem(key)); } catch { return null; }
  };
  const write = (store, key, value) => {
    try { store.setItem(key, JSON.stringify(value)); } catch { /* a full store: the page still works */ }
  };
  const fields = (form, name) => [...form.elements].filter((one) => one.name && !leftOut.has(one.type) && (!name || one.name === name));
  const valueOf = (form, name) => JSON.stringify(fields(form, name).flatMap((one) => {
    if (one.type === "checkbox" || one.type === "radio") return one.checked ? [one.value] : [];
    return one.multiple ? [...one.selectedOptions].map((option) => option.value) : [one.value];
  }));
  const names = (form) => new Set(fields(form).map((one) => one.name));
  const version = (form) => form.elements.version?.value ?? null;

  const changed = (form) => {
    const base = forms.get(form);
    return Object.fromEntries([...names(form)].map((name) => [name, valueOf(form, name)]).filter(([name, value]) => base.get(name) !== value));
  };
  const keep = (form, submitted = false) => {
    const values = changed(form);
    const [store, key] = [storeOf(form), prefix + form.dataset.keep];
    if (!Object.keys(values).length) return store.removeItem(key);
    const at = new Date();
    write(store, key, { values, submitted, version: version(form), time: at.getTime(), at: at.toTimeString().slice(0, 5) });
  };
  const fill = (form, name, value, quietly = false) => {
    const wanted = JSON.parse(value);
    fields(form, name).forEach((one, place) => {
      if (one.type === "checkbox" || one.type === "radio") one.checked = wanted.includes(one.value);
      else if (one.multiple) for (const option of one.options) option.selected = wanted.includes(option.value);
      else one.value = wanted[place] ?? one.value;
      if (!quietly) one.dispatchEvent(new Event("input", { bubbles: true }));
    });
  };

  const tell = (form, kept, before) => {
    const note = document.createElement("div");
    note.className = "hint info";
    note.setAttribute("role", "status");
    note.append(Object.assign(document.createElement("span"), { textContent: texts.restored.replace("{at}", kept.at) }));
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet", textContent: texts.discard });
    button.addEventListener("click", () => {
      for (const [name, value] of before) fill(form, name, value);
      keep(form);
      note.remove();
    });
    note.append(button);
    (form.offsetParent ? form : document.getElementById("main")).prepend(note);
  };
  // A form[data-keep-rows] shows a page of many rows: what was typed in the others waits until they are shown again.
  const ofThisPage = (form, kept) => {
    if (!("keepRows" in form.dataset)) return kept;
    const [store, key, known] = [storeOf(form), `${prefix + form.dataset.keep}:rows`, names(form)];
    const waiting = read(store, key);
    const all = Object.entries({ ...waiting?.values, ...kept?.values });
    const part = (here) => Object.fromEntries(all.filter(([name]) => known.has(name) === here));
    store.removeItem(key);
    if (Object.keys(part(false)).length) write(store, key, { ...(kept || waiting), values: part(false), submitted: false });
    return Object.keys(part(true)).length ? { ...(kept || waiting), values: part(true) } : null;
  };
  const restore = (form) => {
    const [store, key] = [storeOf(form), prefix + form.dataset.keep];
    const left = read(store, key);
    const arrived = left?.submitted && (document.querySelector("[data-confirmed]") || (left.version !== null && left.version !== version(form)));
    const kept = ofThisPage(form, arrived || Date.now() - left?.time > age ? null : left);
    if (!kept) return store.removeItem(key);
    const known = names(form);
    const different = Object.entries(kept.values).filter(([name, value]) => known.has(name) && valueOf(form, name) !== value);
    if (!different.length) {
      const refused = kept.submitted && form.querySelector("[aria-invalid=true], .error, .hint.bad");
      if (!refused) return store.removeItem(key);
      // The server shows what it did not take: it stays unsaved, although the page came with it.
      for (const name of Object.keys(kept.values)) if (known.has(name)) forms.get(form).set(name, null);
      return keep(form);
    }
    const before = different.map(([name]) => [name, valueOf(form, name)]);
    // form[data-keep-unsaved]: what was typed on an older page is shown, and saved by whoever has looked at it.
    const older = "keepUnsaved" in form.dataset && kept.version !== version(form);
    for (const [name, value] of different) fill(form, name, value, older);
    keep(form);
    tell(form, kept, before);
  };

  for (const form of document.querySelectorAll("form[data-keep]")) {
    forms.set(form, new Map([...names(form)].map((name) => [name, valueOf(form, name)])));
    addEventListener("load", () => restore(form));  // after the other scripts: autosave hears what is put back
    form.addEventListener("submit", () => { leaving = true; keep(form, true); });
    form.addEventListener("kaohe:saved", (event) => {
      for (const [name, value] of Object.entries(event.detail)) forms.get(form).set(name, value);
      keep(form);
    });
  }
  for (const type of ["input", "change"]) {
    document.addEventListener(type, (event) => { if (forms.has(event.target.form)) keep(event.target.form); });
  }
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && [...forms.keys()].some((form) => Object.keys(changed(form)).length)) event.preventDefault();
  });
  const forget = (store, which) => {
    Object.keys(store).filter((key) => key.startsWith("kaohe:") && which(key)).forEach((key) => store.removeItem(key));
  };
  const mine = (key) => key.startsWith(prefix);
  // Whoever signs out leaves nothing on a shared computer, in no other tab either.
  document.querySelectorAll("[data-forget]").forEach((button) => button.form.addEventListener("submit", () => {
    [lasting, passing].forEach((store) => forget(store, mine));
    write(lasting, "kaohe:signed-out", { prefix, time: Date.now() });
  }));
  addEventListener("storage", (event) => {
    if (event.key === "kaohe:signed-out" && read(lasting, event.key)?.prefix === prefix) forget(passing, mine);
  });
  // A success without the form settles what was submitted; what is too old goes, whoever it was.
  for (const store of [lasting, passing]) {
    if (document.querySelector("[data-confirmed]")) forget(store, (key) => mine(key) && read(store, key)?.submitted);
    forget(store, (key) => !(Date.now() - read(store, key)?.time < age));
  }
  // Somebody else has signed in on this tab: people's names are not for them, not even in the browser's tools.
  if (document.body.dataset.user) forget(passing, (key) => !mine(key) && !key.startsWith("kaohe:-:"));
  for (const form of forms.keys()) if (storeOf(form) === passing) lasting.removeItem(prefix + form.dataset.keep);
  window.kaohe = { fields, valueOf, fill };
})();
