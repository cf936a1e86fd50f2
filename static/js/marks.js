// Buttons above fields that take marks (**fett**, # Überschrift, - Liste, [Text](https://…)). Without this script the
// marks can be typed; the field's hint names them. Every change goes through the field's own undo where the browser can.
(() => {
  "use strict";

  const replace = (field, start, end, text, select) => {
    field.focus();
    field.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) {
      field.setRangeText(text, start, end, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.setSelectionRange(start + select[0], start + select[1]);
  };

  const around = (mark, word) => (field) => {
    const { selectionStart: start, selectionEnd: end, value } = field;
    const inside = value.slice(start, end) || word;
    replace(field, start, end, mark + inside + mark, [mark.length, mark.length + inside.length]);
  };

  const before = (mark) => (field) => {
    const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    const end = Math.max(field.selectionEnd, start);
    const lines = field.value.slice(start, end).split("\n");
    const text = lines.map((line) => (line.startsWith(mark) ? line.slice(mark.length) : mark + line)).join("\n");
    replace(field, start, end, text, [text.length, text.length]);
  };

  const link = (field) => {
    const { selectionStart: start, selectionEnd: end, value } = field;
    const inside = value.slice(start, end) || "Text";
    const address = "https://";
    const from = inside.length + 3;
    replace(field, start, end, `[${inside}](${address})`, [from, from + address.length]);
  };

  const acts = [
    ["Fett", around("**", "wichtig")],
    ["Überschrift", before("# ")],
    ["Liste", before("- ")],
    ["Link", link],
  ];

  const equip = (field) => {
    if (field.dataset.equipped) return;
    field.dataset.equipped = "yes";
    const bar = document.createElement("div");
    bar.className = "btns marks";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", `Auszeichnen: ${field.labels?.[0]?.textContent.trim() ?? "Text"}`);
    for (const [name, act] of acts) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn--small btn--quiet";
      button.textContent = name;
      button.addEventListener("click", () => act(field));
      bar.append(button);
    }
    field.before(bar);
  };

  const equipAll = (root) => root.querySelectorAll("textarea[data-marks]").forEach(equip);
  equipAll(document);
  document.addEventListener("htmx:load", (event) => equipAll(event.target));
})();
