// Keeps what is typed into an item's form as a draft on the server. Nothing stays in the browser, which colleagues share.
"use strict";
(() => {
  const form = document.querySelector("form[data-draft]");
  const status = document.getElementById("draft-status");
  if (!form || !status) return;
  const IDLE = 1500, AGAIN = 4000;
  const by = (kind, name) => document.querySelector(`[data-${kind}="${CSS.escape(name)}"]`);
  const field = (name) => form.elements.namedItem(name);
  let dirty = false, saving = false, paused = false, leaving = false, timer = 0;

  const say = (words) => { if (status.textContent !== words) status.textContent = words; };
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(save, wait); };

  function content() {
    const sent = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
    return sent;
  }

  // Another sign-in, in another window, has made this page's proof that it is ours a stale one.
  async function renew() {
    const answer = await fetch(location.pathname, { redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("input[name=csrf]");
    if (!fresh) return false;
    for (const old of document.querySelectorAll("input[name=csrf]")) old.value = fresh.value;
    return true;
  }

  async function save() {
    timer = 0;
    if (saving || leaving || !dirty || paused) return;
    saving = true;
    dirty = false;
    say("正在保存…");
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRF-Token": field("csrf").value },
        body: content(),
      });
      if (answer.ok) {
        show(await answer.json());
      } else {
        dirty = true;
        const signedOut = answer.status === 401 || answer.status === 403;
        const again = signedOut && (await renew());
        if (signedOut && !again) say("登录已超时，还没有保存。文字都在本页：请在新窗口中登录，登录后会自动保存");
        else if (!signedOut) say("平台没有保存成功，正在重试。文字都在本页，请勿关闭");
        later(again ? 0 : AGAIN);
      }
    } catch {
      dirty = true;
      say("网络已中断，还没有保存。文字都在本页，请勿关闭；恢复后会自动保存");
      later(AGAIN);
    }
    saving = false;
    if (dirty && !paused && !timer) later(IDLE);
  }

  function show(told) {
    field("revision").value = told.revision;
    for (const place of document.querySelectorAll("[data-fault]")) {
      const words = told.faults[place.dataset.fault] || "";
      place.textContent = words;
      place.hidden = !words;
      place.closest(".field").classList.toggle("faulty", Boolean(words));
    }
    for (const place of document.querySelectorAll("[data-beside]")) {
      const name = place.dataset.beside;
      place.hidden = told.stored || !(name in told.beside);
      if (!place.hidden) place.lastElementChild.textContent = told.beside[name] || "（空）";
    }
    const list = document.querySelector("#colleagues ul");
    list.replaceChildren(...told.colleagues.map((one) => {
      const line = document.createElement("li"), link = document.createElement("a");
      link.href = one.address;
      link.target = "_blank";
      link.textContent = `${one.name}的草稿（${one.at}）`;
      line.append(link);
      return line;
    }));
    list.parentElement.hidden = !told.colleagues.length;
    document.getElementById("outdated").hidden = !told.outdated;
    if (!told.stored) {
      paused = dirty = true;
      say(told.gone
        ? "没有保存：这份草稿已在另一个窗口提交或清除。仍要保留本页内容的，请点“保存草稿”"
        : "没有保存：另一个窗口保存过不同的内容，列在各栏下面。合并好以后请点“保存草稿”");
    } else if (told.refused.length) {
      say(`已保存 ${told.at}，但有 ${told.refused.length} 处含有不能写的内容，没有保存，见标红处`);
    } else {
      say(`已保存 ${told.at}`);
    }
  }

  function changed(event) {
    if (event.target.type === "file") return;
    dirty = true;
    if (!paused) later(IDLE);
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    const draft = event.submitter && event.submitter.formAction.endsWith("/draft");
    if (draft || !navigator.onLine) {
      event.preventDefault();
      dirty = true;
      paused = false;
      later(0);
    } else {
      leaving = true;
    }
  });
  window.addEventListener("online", () => later(0));
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => { if ((dirty || saving) && !leaving) event.preventDefault(); });
})();
