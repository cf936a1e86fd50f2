// A long list gets a field to search in: rows that do not fit are hidden, and groups with a hit open. Nothing is sent.
"use strict";

(() => {
  const place = document.getElementById("finden");
  const field = document.getElementById("finden-wort");
  if (!place || !field) return;
  place.hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLocaleLowerCase("de");
    for (const group of document.querySelectorAll("main details")) {
      let hits = 0;
      for (const row of group.querySelectorAll("[data-find]")) {
        row.hidden = !row.dataset.find.toLocaleLowerCase("de").includes(wanted);
        hits += row.hidden ? 0 : 1;
      }
      if (wanted && hits) group.open = true;
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // searching saves nothing
  });
})();
