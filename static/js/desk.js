// The writer's desk: keeps texts by itself, survives a lost network, notices who else writes. Without it the buttons do.
"use strict";

(() => {
  const desk = document.getElementById("schreibtisch");
  if (!desk) return;
  const form = document.getElementById("punkt");
  const place = document.getElementById("meldungen");
  const status = document.getElementById("gespeichert");
  const at = desk.dataset;
  const texts = DeskTexts.store(at.meeting, at.item);
  const FIELDS = { result: "version", text: "draft_version", note: "draft_version" };
  const SOON = 2000, LATEST = 6000, LONGEST_WAIT = 30000, PULSE = 5000, ALIVE = 30000;
  const SAFE = DeskTexts.safe;
  const OFFLINE = `Noch nicht gespeichert – keine Verbindung. ${SAFE}`;

  let mine = windowName();
  let timer = null, firstTyped = 0, wait = SOON, busy = null, isLocked = false, passes = false;
  const known = {}; // what the server has, by field
  const waiting = new Set(); // fields whose two versions stand side by side

  // A button's answer is shown under the button's own address, which cannot be opened anew: reloading leads to the desk.
  if (!at.here.startsWith(location.pathname)) history.replaceState(null, "", at.here);
  DeskTexts.forgetOld();
  nameWindow();
  listenForTwin();
  offerKeys();
  if (form) write();
  else watch();

  // --- This window ---------------------------------------------------------------------------------------------------

  function windowName(fresh = false) {
    try {
      const name = (!fresh && sessionStorage.getItem("fenster")) || newName();
      sessionStorage.setItem("fenster", name);
      return name;
    } catch {
      return newName(); // a browser that keeps nothing: this page is its own window
    }
  }

  function newName() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
  }

  function nameWindow() {
    for (const field of document.querySelectorAll("input[name=window]")) field.value = mine;
  }

  /** A tab that was duplicated begins with the name of its twin: the newcomer takes another. */
  function listenForTwin() {
    if (!("BroadcastChannel" in window)) return;
    const channel = new BroadcastChannel("fenster");
    const born = performance.timeOrigin;
    channel.onmessage = ({ data }) => {
      if (data.name !== mine) return;
      if (data.asks && born <= data.born) channel.postMessage({ name: mine, born });
      else if (!data.asks && data.born < born) {
        mine = windowName(true);
        nameWindow();
        if (form) claim();
      }
    };
    channel.postMessage({ name: mine, born, asks: true });
  }

  // --- Writing -------------------------------------------------------------------------------------------------------

  function write() {
    for (const name of Object.keys(FIELDS)) {
      const field = form.elements[name];
      known[name] = field.value;
      bringBack(name, field);
      field.addEventListener("input", () => typed(name));
    }
    form.addEventListener("submit", submitted);
    window.addEventListener("online", () => saveSoon(0));
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") {
        claim();
        if (isDirty()) saveSoon(0);
      }
    });
    for (const link of desk.querySelectorAll("a[href]")) link.addEventListener("click", keptIn);
    for (const out of document.querySelectorAll("form[data-leaves]")) out.addEventListener("submit", keptFirst);
    if (at.runs) {
      claim();
      setInterval(claim, ALIVE);
    }
  }

  /** What an earlier page of this browser could not save. */
  function bringBack(name, field) {
    const kept = texts.read(name);
    if (!kept) return;
    if (kept.text === field.value) {
      known[name] = kept.was ?? "";
      saveSoon(0);
    } else if (String(kept.base) === form.elements[FIELDS[name]].value && kept.was === field.value) {
      field.value = kept.text;
      field.closest("details")?.setAttribute("open", "");
      say("Ihr nicht gespeicherter Text ist wieder da.");
      saveSoon(0);
    } else {
      compare(name, kept.text, field.value);
    }
  }

  function typed(name) {
    const field = form.elements[name];
    if (field.value === known[name]) texts.forget(name);
    else if (!texts.write(name, field.value, form.elements[FIELDS[name]].value, known[name])) {
      say("Noch nicht gespeichert.");
    }
    if (isDirty()) {
      firstTyped ||= Date.now();
      saveSoon(Date.now() - firstTyped > LATEST ? 0 : SOON);
    }
  }

  function isDirty() {
    return Object.keys(FIELDS).some((name) => !waiting.has(name) && form.elements[name].value !== known[name]);
  }

  function saveSoon(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  /** One save at a time; true once everything typed until then is kept. */
  async function save() {
    if (busy) return busy;
    if (isLocked || !isDirty()) return !isLocked && waiting.size === 0;
    clearTimeout(timer);
    busy = send();
    const done = await busy;
    busy = null;
    if (done && isDirty()) saveSoon(SOON);
    return done;
  }

  async function send() {
    const sent = {};
    for (const name of Object.keys(FIELDS)) sent[name] = waiting.has(name) ? known[name] : form.elements[name].value;
    const versions = { version: form.elements.version.value, draft_version: form.elements.draft_version.value };
    firstTyped = 0;
    let answer, told;
    try {
      answer = await post(at.keep, { ...sent, ...versions });
      if (answer.status >= 500) throw new Error(String(answer.status));
      told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    } catch {
      say(OFFLINE);
      wait = Math.min(wait * 2, LONGEST_WAIT);
      saveSoon(wait);
      return false;
    }
    wait = SOON;
    if (!told) return signedOut();
    if (answer.ok) return kept(sent, told);
    if (answer.status === 409) return outdated(told.stored, sent);
    if (answer.status === 423) return lockOut(told.message);
    say(`${told.message} ${SAFE}`);
    return false;
  }

  function kept(sent, told) {
    form.elements.version.value = told.version;
    form.elements.draft_version.value = told.draft_version;
    for (const name of Object.keys(FIELDS)) {
      if (waiting.has(name)) continue;
      known[name] = sent[name];
      if (form.elements[name].value === sent[name]) texts.forget(name);
      else texts.write(name, form.elements[name].value, form.elements[FIELDS[name]].value, known[name]);
    }
    say(`Gespeichert um ${told.at} Uhr.`);
    return waiting.size === 0;
  }

  /** The server knows something newer: both are shown, and the writer chooses. */
  function outdated(stored, sent) {
    for (const [name, text] of Object.entries(stored)) {
      if (!(name in FIELDS)) form.elements[name].value = text;
    }
    for (const name of Object.keys(FIELDS)) {
      if (!(name in stored)) continue;
      if (sent[name].trim() === stored[name]) known[name] = sent[name];
      else compare(name, form.elements[name].value, stored[name]);
    }
    say(`Jemand anderes hat diesen Punkt geändert. Bitte vergleichen Sie. ${SAFE}`);
    return false;
  }

  function compare(name, own, stored) {
    waiting.add(name);
    known[name] = stored;
    DeskTexts.bothShown(place, name, own, stored, (text) => {
      const field = form.elements[name];
      waiting.delete(name);
      field.value = text;
      field.closest("details")?.setAttribute("open", "");
      field.focus();
      typed(name);
      saveSoon(0);
    });
  }

  function signedOut() {
    say(`Sie sind nicht mehr angemeldet. ${SAFE} Bitte melden Sie sich in einem neuen Fenster an, und laden Sie diese Seite neu.`);
    return false;
  }

  // --- Who writes ----------------------------------------------------------------------------------------------------

  async function claim() {
    if (isLocked || !at.runs) return;
    try {
      const answer = await post(at.claim, { item: at.item });
      if (answer.status === 423) lockOut((await answer.json()).message);
    } catch {
      // No network: the texts say so themselves.
    }
  }

  /** Somebody took over: nothing can be typed here until this window takes over again. */
  function lockOut(message) {
    if (isLocked) return false;
    isLocked = true;
    clearTimeout(timer);
    for (const field of form.elements) {
      if (field.matches("textarea, input:not([type=hidden], [type=radio])")) field.readOnly = true;
      else if (field.matches("button, select, [type=radio]")) field.disabled = true;
    }
    document.getElementById("es-schreibt")?.remove();
    for (const list of document.querySelectorAll(".who--tap")) list.tabIndex = 0; // its buttons take no focus any longer
    const lost = isDirty() ? ` Was Sie zuletzt getippt haben, ist noch nicht gespeichert. ${SAFE}` : "";
    const note = DeskTexts.element("div", "", { class: "note note--soon flow", role: "alert", id: "besetzt" });
    const take = DeskTexts.element("form", "", { method: "post", action: at.takeOver });
    note.append(DeskTexts.element("p", message + lost), take);
    const hidden = { csrfmiddlewaretoken: token(), window: mine, item: at.item };
    for (const [name, value] of Object.entries(hidden)) take.append(DeskTexts.element("input", "", { type: "hidden", name, value }));
    take.append(DeskTexts.element("button", "Übernehmen", { class: "btn" }));
    place.prepend(note);
    say("");
    return false;
  }

  function leave() {
    if (!at.runs || isLocked) return;
    if (isDirty()) {
      // The last words go along; this browser holds them until it sees them stored.
      const said = { version: form.elements.version.value, draft_version: form.elements.draft_version.value };
      for (const name of Object.keys(FIELDS)) said[name] = waiting.has(name) ? known[name] : form.elements[name].value;
      navigator.sendBeacon(at.keep, new URLSearchParams({ ...said, csrfmiddlewaretoken: token(), window: mine }));
    }
    navigator.sendBeacon(at.leave, new URLSearchParams({ csrfmiddlewaretoken: token(), window: mine }));
  }

  /** Whoever only reads along sees the desk as it goes on. */
  function watch() {
    for (const name of Object.keys(FIELDS)) {
      const text = texts.read(name)?.text;
      if (text) DeskTexts.leftover(place, name, text);
    }
    if (!at.runs) return;
    let tag = "";
    setInterval(async () => {
      try {
        const answer = await fetch(at.pulse, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
        if (!answer.ok) return;
        if (tag) location.reload();
        tag = answer.headers.get("ETag");
      } catch {
        // Tried again in a moment.
      }
    }, PULSE);
  }

  // --- Buttons, links, keys ------------------------------------------------------------------------------------------

  /** A button first keeps what is typed: without a network nobody lands on the browser's error page. */
  async function submitted(event) {
    if (passes || (!isDirty() && !busy && waiting.size === 0 && navigator.onLine)) return;
    event.preventDefault();
    const { submitter } = event;
    if (isDirty() ? !(await save()) : !navigator.onLine) {
      if (!isLocked && waiting.size === 0) say(`${OFFLINE} Bitte drücken Sie den Knopf gleich noch einmal.`);
      return;
    }
    if (waiting.size > 0) return;
    passes = true;
    form.requestSubmit(submitter);
    passes = false;
  }

  /** A link, too, keeps first what is typed. */
  async function keptIn(event) {
    const { target, href } = event.currentTarget;
    if (target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (navigator.onLine && !isDirty() && !busy) return;
    event.preventDefault();
    if (isLocked || ((await save()) && navigator.onLine)) location.assign(href);
    else if (waiting.size === 0 && !isLocked) say(OFFLINE);
  }

  /** Signing out clears this browser, so the last words are saved before. */
  async function keptFirst(event) {
    if (isLocked || (!isDirty() && !busy && waiting.size === 0)) return;
    event.preventDefault();
    if (await save()) event.target.submit();
    else if (waiting.size > 0) say("Bitte wählen Sie zuerst, welcher Text gilt. Beim Abmelden geht Ihrer sonst verloren.");
  }

  function offerKeys() {
    const offer = document.getElementById("kuerzel");
    const box = document.getElementById("kuerzel-an");
    if (!offer || !form) return;
    offer.hidden = false;
    try {
      box.checked = localStorage.getItem("kuerzel") === "an";
      box.addEventListener("change", () => localStorage.setItem("kuerzel", box.checked ? "an" : "aus"));
    } catch {
      // They work on this page, and are off on the next.
    }
    const steps = {
      KeyW: () => form.querySelector("[data-key=w]")?.click(),
      KeyS: () => form.querySelector("[data-key=s]")?.click(),
      KeyE: () => goTo("result"),
      KeyB: () => goTo("text"),
      KeyA: () => goTo("task"),
    };
    document.addEventListener("keydown", (event) => {
      const step = box.checked && event.altKey && !event.ctrlKey && !event.metaKey && steps[event.code];
      if (!step) return;
      event.preventDefault();
      step();
    });
  }

  function goTo(name) {
    const field = form.elements[name];
    field?.closest("details")?.setAttribute("open", "");
    field?.focus();
  }

  // --- The wire ------------------------------------------------------------------------------------------------------

  function token() {
    return document.querySelector("input[name=csrfmiddlewaretoken]").value;
  }

  function post(address, said) {
    const body = new URLSearchParams({ ...said, csrfmiddlewaretoken: token(), window: mine });
    return fetch(address, { method: "POST", body });
  }

  function say(words) {
    status.textContent = words;
  }
})();
