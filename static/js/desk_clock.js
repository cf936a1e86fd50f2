// "Noch 12 Min." goes on while the writer stays on the page. Counted from what the server said: its clock is the one that counts.
"use strict";

(() => {
  const clock = document.querySelector("[data-seconds]");
  if (!clock) return;
  const { seconds, most } = clock.dataset;
  const loaded = Date.now();

  setInterval(() => {
    const left = Math.min(Math.round((Number(seconds) - (Date.now() - loaded) / 1000) / 60), Number(most));
    clock.textContent = left >= 0 ? `${left} Min.` : "vorbei";
  }, 15000);
})();
