// The projector follows the desk: a short question every few seconds, and the page anew when something changed.
"use strict";

(() => {
  const EVERY = 3000;
  const { pulse, stamp } = document.body.dataset;
  let tag = `"${stamp}"`;

  async function look() {
    const answer = await fetch(pulse, { cache: "no-store", headers: { "If-None-Match": tag } });
    if (!answer.ok) return;
    const page = await fetch(location.href, { cache: "no-store" });
    if (!page.ok || page.redirected) return;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    tag = `"${fresh.body.dataset.stamp}"`;
    document.title = fresh.title;
    document.body.replaceChildren(...fresh.body.children);
  }

  // Without a network the wall keeps what it shows, and asks again.
  setInterval(() => look().catch(() => {}), EVERY);
})();
