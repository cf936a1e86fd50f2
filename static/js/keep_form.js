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
  forgetOld();
  // A page that came back with a mistake shows what was typed; what it was typed on is what was kept before.
  const served = form.dataset.typed ? { ...words(), ...read()?.was } : words();
  let isUnsaved = Boolean(form.dataset.typed), isSafe = true;

  if (new URLSearchParams(location.search).has("gespeichert")) {
    forget();
    history.replaceState(null, "", location.pathname);
  } else if (!form.dataset.typed) bringBack();
  form.addEventListener("input", keep);
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    const where = isSafe ? "Ihr Text ist in diesem Browser sicher." : "Ihr Text steht nur auf dieser Seite. Bitte lassen Sie sie offen.";
    say(`Keine Verbindung. ${where} Bitte speichern Sie, sobald Sie wieder im Netz sind.`);
  });
  for (const out of document.querySelectorAll("form[data-leaves]")) {
    out.addEventListener("submit", (event) => {
      if (isUnsaved && !confirm("Ihr Text ist noch nicht gespeichert. Beim Abmelden geht er verloren. Trotzdem abmelden?")) event.preventDefault();
    });
  }

  function words() {
    return Object.fromEntries(typed.map((name) => [name, form.elements[name].value]));
  }

  function keep() {
    isUnsaved = true;
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), was: served, now: words() }));
      isSafe = true;
    } catch {
      isSafe = false; // a full or closed store: the page works as it would without this
    }
  }

  function forget(name = key) {
    try {
      localStorage.removeItem(name);
    } catch {
      // Nothing was kept.
    }
  }

  /** Texts nobody came back for within a week leave this browser, whichever meeting they are about. */
  function forgetOld() {
    try {
      for (const name of Object.keys(localStorage).filter((one) => one.startsWith("formular/"))) if (!read(name)) forget(name);
    } catch {
      // Nothing was kept.
    }
  }

  function read(name = key) {
    try {
      const kept = JSON.parse(localStorage.getItem(name));
      return kept && Date.now() - kept.at < WEEK ? kept : null;
    } catch {
      return null;
    }
  }

  /** Only on top of what it was typed on; where the server knows something newer, one's own text is shown beneath it. */
  function bringBack() {
    const kept = read();
    if (!kept) return;
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
    isUnsaved = isBack;
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
