// Save as you type: a form[data-autosave] posts its changed fields and says in [data-autosave-status] how it goes.
"use strict";
(() => {
  const texts = document.getElementById("texts").dataset;
  const { fields, valueOf } = window.kaohe;
  const status = document.querySelector("[data-autosave-status]");
  const cookie = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

  const say = (text, link, way) => {
    if (!status) return;
    status.textContent = text;
    if (!link) return;
    status.append(" ", Object.assign(document.createElement("a"), { href: link, target: "_blank", textContent: way }));
  };

  const showError = (form, name, message) => {
    const [field] = fields(form, name);
    if (!field) return;
    const id = `${field.id || name}_error`;
    const described = new Set((field.getAttribute("aria-describedby") || "").split(/\s+/).filter((one) => one && one !== id));
    document.getElementById(id)?.remove();
    if (message) described.add(id);
    for (const [name, value] of [["aria-invalid", message && "true"], ["aria-describedby", [...described].join(" ")]]) {
      if (value) field.setAttribute(name, value);
      else field.removeAttribute(name);
    }
    if (!message) return;
    const error = Object.assign(document.createElement("div"), { id, className: "error", textContent: message });
    (field.closest(".field, .entry") || field.parentNode).append(error);
  };

  const replace = (html = {}) => {
    for (const [selector, markup] of Object.entries(html)) {
      const old = document.querySelector(selector);
      if (old && !old.contains(document.activeElement)) old.outerHTML = markup;
    }
  };

  const watch = (form) => {
    const dirty = new Set();
    let timer, pause = 0, flying = false, landed = null;

    const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
    const failed = (sent, text, link, way) => {
      Object.keys(sent).forEach((name) => dirty.add(name));
      say(text, link, way);
      pause = 15000;
    };
    // Asking again of itself would be in vain: the next word that is typed asks again.
    const refused = (sent, answer) => {
      if (answer.change_password) failed(sent, texts.passwordFirst, texts.ownPassword, texts.changePassword);
      else failed(sent, answer.refused);
      pause = Infinity;
    };
    const body = (sent) => {
      const all = new FormData(form);
      const data = new FormData();
      for (const name of Object.keys(sent)) {
        data.append("changed", name);
        all.getAll(name).filter((value) => typeof value === "string").forEach((value) => data.append(name, value));
      }
      if (form.elements.version) data.append("version", form.elements.version.value);
      return data;
    };
    // Points that follow from a level or a count: never over what is being typed, or was refused.
    const follow = (values = {}, sent) => {
      const followed = {};
      for (const [name, value] of Object.entries(values)) {
        const [field] = fields(form, name);
        if (!field || name in sent || dirty.has(name) || field.getAttribute("aria-invalid")) continue;
        field.value = value;
        followed[name] = valueOf(form, name);
      }
      form.dispatchEvent(new CustomEvent("kaohe:saved", { detail: followed }));
    };
    const settle = (sent, answer) => {
      const errors = answer.errors || {};
      const conflict = answer.conflict || {};
      if (answer.version !== undefined && form.elements.version) form.elements.version.value = answer.version;
      Object.keys(sent).forEach((name) => showError(form, name, errors[name]));
      replace(answer.html);
      follow(answer.values, sent);
      const saved = Object.entries(sent).filter(([name]) => !(name in errors) && (answer.saved_at || !answer.conflict) && !(name in conflict));
      form.dispatchEvent(new CustomEvent("kaohe:saved", { detail: Object.fromEntries(saved) }));
      if (answer.conflict) {
        Object.keys(sent).filter((name) => !(name in conflict) && !answer.saved_at).forEach((name) => dirty.add(name));
        form.dispatchEvent(new CustomEvent("kaohe:conflict", { detail: conflict }));
      }
      say(Object.keys(errors).length || answer.conflict ? texts.failed : texts.saved.replace("{at}", answer.saved_at));
    };
    const send = async () => {
      clearTimeout(timer);
      if (flying || !dirty.size) return;
      flying = true;
      const sent = Object.fromEntries([...dirty].map((name) => [name, valueOf(form, name)]));
      dirty.clear();
      pause = 0;
      say(texts.saving);
      try {
        const headers = { "X-Requested-With": "autosave", "X-CSRFToken": cookie() || form.elements.csrfmiddlewaretoken?.value || "" };
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: body(sent), headers, redirect: "manual", keepalive: document.hidden });
        const json = answer.headers.get("Content-Type")?.includes("json");
        if (json && [200, 400, 409, 422].includes(answer.status)) settle(sent, await answer.json());
        else if (json && answer.status === 403) refused(sent, await answer.json());
        else if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) failed(sent, texts.expired, texts.signIn, texts.again);
        else failed(sent, answer.status === 413 ? texts.tooLarge : answer.status >= 500 ? texts.busy : texts.offline);
      } catch {
        failed(sent, texts.offline);
      }
      flying = false;
      if (landed) return landed();
      if (dirty.size && pause < Infinity) later(pause);
    };
    const note = (event) => {
      if (event.target.form !== form || event.target.dataset.autosave === "no" || !fields(form, event.target.name || " ").length) return;
      dirty.add(event.target.name);
      later(event.type === "change" ? 0 : 800);
    };
    document.addEventListener("input", note);
    document.addEventListener("change", note);
    document.addEventListener("focusout", (event) => { if (event.target.form === form) send(); });
    document.addEventListener("visibilitychange", send);
    ["online", "focus"].forEach((type) => addEventListener(type, send));
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      dirty.clear();
      if (!flying || !form.elements.version) return;
      // What is being saved makes the page's version an old one: the button waits for the new one, but not for ever.
      event.preventDefault();
      const wait = setTimeout(() => { flying = false; landed?.(); }, 5000);
      landed = () => { clearTimeout(wait); landed = null; form.requestSubmit(event.submitter); };
    });
  };
  document.querySelectorAll("form[data-autosave]").forEach(watch);
})();
