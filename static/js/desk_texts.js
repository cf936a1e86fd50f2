// What somebody types at the desk stays in this browser until the server has it. Nothing here talks to the network.
"use strict";

const DeskTexts = (() => {
  const MONTH = 30 * 24 * 60 * 60 * 1000;
  const NAMES = { result: "Ergebnis", text: "Beschluss", note: "Private Notiz" };
  const safe = keeps() ? "Ihr Text ist in diesem Browser sicher." : "Ihr Text steht nur auf dieser Seite. Bitte lassen Sie sie offen.";

  /** A browser may be told to keep nothing: then even looking at its store fails. */
  function keeps() {
    try {
      localStorage.setItem("sitzung/", "");
      localStorage.removeItem("sitzung/");
      return true;
    } catch {
      return false;
    }
  }

  /** The place of one field of one item; `base` is the version the text was typed on top of. */
  function store(meeting, item) {
    const key = (name) => `sitzung/${meeting}/${item}/${name}`;
    return {
      read(name) {
        try {
          return JSON.parse(localStorage.getItem(key(name)));
        } catch {
          return null;
        }
      },
      write(name, text, base, was) {
        try {
          localStorage.setItem(key(name), JSON.stringify({ text, base, was, at: Date.now() }));
          return true;
        } catch {
          return false;
        }
      },
      forget(name) {
        try {
          localStorage.removeItem(key(name));
        } catch {
          // Nothing was kept.
        }
      },
    };
  }

  /** Texts nobody came back for within a month leave this browser. */
  function forgetOld() {
    try {
      for (const name of Object.keys(localStorage).filter((one) => one.startsWith("sitzung/"))) {
        if (!(Date.now() - written(name) < MONTH)) localStorage.removeItem(name);
      }
    } catch {
      // Nothing was kept.
    }
  }

  function written(name) {
    try {
      return JSON.parse(localStorage.getItem(name)).at;
    } catch {
      return 0;
    }
  }

  function element(tag, words, attributes = {}) {
    const made = document.createElement(tag);
    if (words) made.textContent = words;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function column(title, text) {
    const made = element("div");
    made.append(element("h3", title), element("p", text || "(leer)"));
    return made;
  }

  /** Both texts side by side; `choose(text)` is called with what the writer wants, once. Replaces an older one. */
  function bothShown(place, name, mine, theirs, choose) {
    document.getElementById(`zwei-${name}`)?.remove();
    const box = element("section", "", { class: "note note--soon flow", id: `zwei-${name}`, "aria-label": `Zwei Fassungen: ${NAMES[name]}` });
    box.append(element("p", `Zwei Fassungen: ${NAMES[name]}. Bitte wählen Sie, welche gilt.`));
    const both = element("div", "", { class: "both" });
    both.append(column("Ihr Text", mine), column("Gespeichert ist", theirs));
    const buttons = element("div", "", { class: "btns" });
    const options = [
      ["Meinen Text nehmen", mine],
      ["Gespeicherten nehmen", theirs],
      ["Beide untereinander", `${theirs}\n\n${mine}`.trim()],
    ];
    for (const [words, text] of options) {
      const button = element("button", words, { type: "button", class: "btn btn--small" });
      button.addEventListener("click", () => {
        box.remove();
        choose(text);
      });
      buttons.append(button);
    }
    box.append(both, buttons);
    place.append(box);
  }

  /** A text that cannot be saved here and now, to read and copy. */
  function leftover(place, name, text) {
    const box = element("section", "", { class: "note note--soon flow", "aria-label": `Nicht gespeichert: ${NAMES[name]}` });
    box.append(element("p", `Nicht gespeichert: ${NAMES[name]}. Ihr Text liegt nur in diesem Browser.`), element("p", text));
    place.append(box);
  }

  return { safe, store, forgetOld, bothShown, leftover, element };
})();
