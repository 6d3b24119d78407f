// Keeps a page about something under way up to date; without it there is the link to reload.
"use strict";
const EVERY = 2000;
const live = document.getElementById("live");
async function refresh() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok) return setTimeout(refresh, EVERY);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("live");
    if (now && now.innerHTML !== live.innerHTML) live.innerHTML = now.innerHTML;
    if (now && now.dataset.refresh === "yes") setTimeout(refresh, EVERY);
  } catch {
    setTimeout(refresh, EVERY);
  }
}
setTimeout(refresh, EVERY);
