// What stands half-filled beside the texts (a task, how a decision was taken) stays in this browser until its button has worked.
"use strict";

(() => {
  const desk = document.getElementById("schreibtisch");
  const form = document.getElementById("punkt");
  if (!desk || !form) return;
  const texts = DeskTexts.store(desk.dataset.meeting, desk.dataset.item);
  const GROUPS = {
    auftrag: ["task", "owner", "due_on"],
    stimmen: ["kind", "yes", "no", "abstain", "outcome", "follow_up_on"],
  };

  for (const [group, names] of Object.entries(GROUPS)) {
    const fresh = words(names);
    restore(group, names);
    form.addEventListener("input", ({ target }) => {
      if (!names.includes(target.name)) return;
      const now = words(names);
      if (JSON.stringify(now) === JSON.stringify(fresh)) texts.forget(group);
      else texts.write(group, now, "", "");
    });
  }

  function words(names) {
    return Object.fromEntries(names.map((name) => [name, form.elements[name]?.value ?? ""]));
  }

  function restore(group, names) {
    const kept = texts.read(group)?.text;
    if (!kept) return;
    if (isDone(group, kept)) {
      texts.forget(group);
      return;
    }
    for (const name of names) {
      const field = form.elements[name];
      if (field && typeof kept[name] === "string") field.value = kept[name];
    }
    const first = form.elements[names[0]];
    (first instanceof RadioNodeList ? first[0] : first).closest("details")?.setAttribute("open", "");
  }

  /** The page shows it recorded, or what it belonged to is gone. */
  function isDone(group, kept) {
    if (group === "stimmen") return !form.elements.text.value && !texts.read("text");
    return [...document.querySelectorAll("[data-task]")].some((row) => row.textContent === kept.task?.trim());
  }
})();
