// The rows of an agenda: each step is one small request, and the focus stays on the row that moved.
// Without this script the same form works with a page a step.
"use strict";

(() => {
  const form = document.getElementById("ordnung");
  if (!form) return;
  const say = document.getElementById("ansage");
  const part = () => document.getElementById("tagesordnung");
  document.documentElement.classList.add("has-board");
  let busy = false;
  let next = null;

  // What somebody is typing or standing on at this moment must survive the answer to what they did before.
  const stops = (row) => [...document.getElementById(row).querySelectorAll("a, button, input:not([type=hidden]), summary")];
  const held = () => {
    const field = document.activeElement;
    const row = part().contains(field) && field.closest(".agenda > li");
    if (!row) return null;
    const { value, defaultValue, selectionStart, selectionEnd } = field;
    return { row: row.id, stop: stops(row.id).indexOf(field), value, defaultValue, selectionStart, selectionEnd };
  };

  const show = (html) => {
    const found = new DOMParser().parseFromString(html, "text/html").getElementById("tagesordnung");
    if (!found) return location.reload();
    const before = held();
    part().replaceWith(found);
    say.textContent = found.dataset.said || "";
    const refused = document.getElementById("abgelehnt");
    if (refused) return refused.focus();
    const field = before && document.getElementById(before.row) && stops(before.row)[before.stop];
    if (field && !field.disabled) {
      if (field.type === "text" && before.value !== before.defaultValue) field.value = before.value;
      field.focus({ preventScroll: true });
      if (field.type === "text") field.setSelectionRange(before.selectionStart, before.selectionEnd);
    } else if (found.dataset.moved) {
      document.getElementById(`punkt-${found.dataset.moved}`).focus();
    }
  };

  // What was sent counts as stored until the answer says otherwise.
  const isChanged = () => [...part().querySelectorAll("input")].some((field) => field.value !== field.defaultValue);

  const send = async (button, undo) => {
    if (busy) {
      next = { undo, button: button && `button[name=${button.name}][value="${button.value}"]` };
      return;
    }
    busy = true;
    const data = new FormData(form);
    if (button) data.append(button.name, button.value);
    const before = [...part().querySelectorAll("input")].map((field) => [field, field.defaultValue]);
    for (const [field] of before) field.defaultValue = field.value;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Part": "agenda" } });
      show(await answer.text());
    } catch {
      for (const [field, stored] of before) field.defaultValue = stored; // what did not arrive goes with the next step
      if (undo) undo();
      say.textContent = "Das ist nicht angekommen. Bitte versuchen Sie es noch einmal.";
    }
    busy = false;
    if (next) {
      const again = next.button && part().querySelector(next.button);
      const back = next.undo;
      next = null;
      send(again && !again.disabled ? again : null, back);
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter && event.submitter.name ? event.submitter : null;
    if (button || !busy || isChanged()) send(button); // Enter in a field is a change and a submit: one request
  });
  for (const left of ["change", "focusout"]) form.addEventListener(left, () => isChanged() && send(null));

  form.addEventListener("input", (event) => {
    if (!event.target.name.startsWith("m-")) return;
    const sum = document.getElementById("summe");
    const capacity = Number(sum.dataset.capacity);
    const fields = part().querySelectorAll("input[name^='m-']");
    const minutes = [...fields].reduce((all, field) => all + (Number.parseInt(field.value, 10) || 0), 0);
    sum.querySelector("strong").textContent = `${minutes} von ${capacity} Minuten`;
    sum.querySelector(".muted").textContent =
      minutes > capacity ? `${minutes - capacity} Minuten zu viel` : `${capacity - minutes} Minuten frei`;
  });

  // Keyboard: the arrow keys on the grip press the row's own buttons.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) return drop(false);
    const grip = event.target.closest(".agenda__grip");
    if (!grip || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const way = event.key === "ArrowUp" ? "hoch" : "runter";
    const button = grip.closest("li").querySelector(`[name=${way}]`);
    if (!button.disabled) send(button);
  });

  // Pointer: the row goes where it is held, among the topics; the number it got there is what is sent.
  let drag = null;
  const rows = () => [...part().querySelectorAll(".agenda > li")];
  const drop = (keep) => {
    const { row, home } = drag;
    drag = null;
    row.classList.remove("is-dragged");
    const place = rows().indexOf(row) + 1;
    const field = row.querySelector("[name^='n-']");
    const stood = field.value;
    const back = () => {
      field.value = stood;
      home.before(row);
      home.remove();
    };
    if (!keep || String(place) === stood) return back();
    field.value = String(place);
    send(null, back);
  };
  form.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".agenda__grip");
    if (!grip || event.button || busy) return;
    const row = grip.closest("li");
    const home = document.createComment("");
    row.after(home);
    drag = { row, home };
    row.classList.add("is-dragged");
    grip.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const { row } = drag;
    const topics = rows().filter((one) => !one.classList.contains("is-fixed") && one !== row);
    const after = topics.find((one) => {
      const box = one.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    if (after) after.before(row);
    else if (topics.length) topics.at(-1).after(row);
    if (event.clientY < 60) scrollBy(0, -12);
    else if (event.clientY > innerHeight - 60) scrollBy(0, 12);
  });
  document.addEventListener("pointerup", () => drag && drop(true));
  document.addEventListener("pointercancel", () => drag && drop(false));
})();
