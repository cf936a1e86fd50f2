// A mail's frame is as high as the mail, so that its buttons are in sight; a long one, or any without script, scrolls inside.
"use strict";

for (const frame of document.querySelectorAll(".letter-frame")) {
  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (page?.offsetHeight) frame.style.height = `${page.offsetHeight + frame.offsetHeight - frame.clientHeight}px`;
  };
  frame.addEventListener("load", fit);
  new ResizeObserver(fit).observe(frame); // in a narrower one the lines break sooner
  fit();
}
