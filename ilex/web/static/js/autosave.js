// Saves a form while the officer types: <form data-autosave="address" data-saved-at="ISO moment of the draft">
// with <p class="saved" role="status" data-saved></p> in it. What the node has not confirmed stays in this browser, and is put back after a
// reload, a broken line or an ended session. Once confirmed, the copy is gone.
"use strict";
(() => {
  const PAUSE = 2000; // after the last key
  const LONGEST = 8000; // while keys go on
  const KEEP = 7 * 24 * 3600 * 1000;
  const DRAFT = "ilex-draft:";
  const PREFIX = `${DRAFT}${document.body.dataset.officer ?? ""}:`;

  const words = document.getElementById("words").dataset;

  // By the node's clock: this computer's may be wrong, and the draft on the node is compared with it.
  const told = document.querySelector("[data-clock] time")?.dateTime;
  const ahead = told ? Date.parse(told) - Date.now() : 0;
  const now = () => Date.now() + ahead;

  const kept = {
    read: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    write: (key, copy) => { try { localStorage.setItem(key, JSON.stringify(copy)); return true; } catch { return false; } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* storage is switched off */ } },
    keys: () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(DRAFT)); } catch { return []; } },
  };

  const written = (form) => [...new FormData(form)]
    .filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");

  const putBack = (form, fields) => {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const control of form.elements) {
      if (!control.name || ["file", "hidden", "submit", "button"].includes(control.type)) continue;
      const mine = values.get(control.name) ?? [];
      if (control.type === "checkbox" || control.type === "radio") control.checked = mine.includes(control.value);
      else if (control.type === "select-multiple") for (const one of control.options) one.selected = mine.includes(one.value);
      else if (mine.length) control.value = mine.shift();
    }
  };

  const hour = (moment) => new Intl.DateTimeFormat("en-GB", {
    timeZone: document.querySelector("[data-clock]")?.dataset.zone, hour: "2-digit", minute: "2-digit",
  }).format(new Date(moment));

  const watch = (form) => {
    const address = form.dataset.autosave;
    const key = PREFIX + address;
    const line = form.querySelector("[data-saved]");
    let changed = 0; // counts changes, so that a late confirmation does not cover a newer key
    let confirmed = 0;
    let busy = false;
    let timer = 0;
    let since = 0; // when the first unsaved change was made
    let wait = PAUSE;

    const tell = (what, time = "") => {
      if (!line) return;
      line.textContent = words[what].replace("{time}", time);
      line.classList.toggle("waiting", what === "waiting" || what === "ended");
    };

    const later = (pause) => { clearTimeout(timer); timer = setTimeout(save, pause); };

    const save = async (leaving = false) => {
      if (busy || changed === confirmed) return;
      busy = true;
      const number = changed;
      try {
        const response = await fetch(address, {
          method: "POST",
          body: new URLSearchParams(written(form)),
          headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
          credentials: "same-origin",
          keepalive: leaving,
        });
        if (response.redirected || response.status === 401 || response.status === 403) { tell("ended"); wait = 30000; return; }
        const { saved_at: moment } = await response.json();
        if (!response.ok || !moment) throw new Error(String(response.status));
        confirmed = number;
        wait = PAUSE;
        if (confirmed === changed) { kept.drop(key); since = 0; tell("done", hour(moment)); }
      } catch {
        wait = Math.min(wait * 2, 60000);
        tell("waiting");
      } finally {
        busy = false;
        if (changed !== confirmed) later(wait);
      }
    };

    const note = () => {
      changed += 1;
      since ||= Date.now();
      kept.write(key, { at: now(), fields: written(form) });
      later(Date.now() - since > LONGEST ? 0 : wait);
    };

    const copy = kept.read(key);
    const newer = copy && copy.at > Date.parse(form.dataset.savedAt || 0);
    const before = JSON.stringify(written(form));
    if (newer) putBack(form, copy.fields);
    if (JSON.stringify(written(form)) === before) {
      kept.drop(key); // the node has it all
    } else {
      tell("back", hour(copy.at));
      changed += 1;
      later(PAUSE);
    }

    form.addEventListener("input", note);
    form.addEventListener("change", note);
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      if (changed !== confirmed) kept.write(key, { at: now(), fields: written(form), sent: true });
      confirmed = changed; // the form itself is on its way; a draft after it would come back from the dead
    });
    addEventListener("online", () => later(0));
    addEventListener("pagehide", () => { if (changed !== confirmed) save(true); });
  };

  const forms = [...document.querySelectorAll("form[data-autosave]")];
  for (const key of kept.keys()) {
    const copy = kept.read(key);
    const here = forms.some((form) => key === PREFIX + form.dataset.autosave);
    if (!here && (!copy || copy.sent || now() - copy.at > KEEP)) kept.drop(key);
  }
  forms.forEach(watch);
})();
