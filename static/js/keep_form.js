// A long form stays in this browser until the server has it: a lost network, a closed laptop or an expired sign-in takes nothing.
// The forms' keys are kept too, so that what did arrive before the network went is not entered a second time.
"use strict";

(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const key = `formular/${form.dataset.keep}`;
  const WEEK = 7 * 24 * 60 * 60 * 1000;
  const typed = [...new Set([...form.elements].map((field) => field.name))].filter(
    (name) => name && name !== "csrfmiddlewaretoken" && !name.endsWith("version"),
  );
  const served = words();

  if (new URLSearchParams(location.search).has("gespeichert")) {
    localStorage.removeItem(key);
    history.replaceState(null, "", location.pathname);
  } else if (!form.dataset.typed) bringBack();
  form.addEventListener("input", keep);
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    say("Keine Verbindung. Ihr Text ist in diesem Browser sicher. Bitte speichern Sie, sobald Sie wieder im Netz sind.");
  });

  function words() {
    return Object.fromEntries(typed.map((name) => [name, form.elements[name].value]));
  }

  function keep() {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), was: served, now: words() }));
    } catch {
      // A full or closed store: the page works as it would without this.
    }
  }

  function read() {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      return kept && Date.now() - kept.at < WEEK ? kept : null;
    } catch {
      return null;
    }
  }

  /** Only on top of what it was typed on; where the server knows something newer, one's own text is shown beneath it. */
  function bringBack() {
    const kept = read();
    if (!kept) return localStorage.removeItem(key);
    let isBack = false;
    for (const name of typed) {
      const own = kept.now[name], was = kept.was[name], field = form.elements[name];
      if (own === undefined || own === field.value) continue;
      const isKey = name.endsWith("form_key");
      if (!isKey && own === was) continue;
      if (isKey || field.value === was) field.value = own;
      else beneath(field, own);
      if (isKey) continue;
      isBack = true;
      (field instanceof RadioNodeList ? field[0] : field).closest("details")?.setAttribute("open", "");
    }
    if (isBack) say("Ihr nicht gespeicherter Text ist wieder da. Bitte speichern Sie.");
  }

  function beneath(field, own) {
    if (field instanceof RadioNodeList) return;
    const box = document.createElement("div");
    box.className = "note note--soon flow-s";
    for (const line of ["Hier hat inzwischen jemand anderes geschrieben. Ihr Text war:", own]) {
      const row = document.createElement("p");
      row.textContent = line;
      box.append(row);
    }
    field.after(box);
  }

  function say(sentence) {
    document.getElementById("aufbewahrt").textContent = sentence;
  }
})();
