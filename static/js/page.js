// Small comforts for signed-in pages: fresh counts, copying, printing, drafts, double clicks, the zone offer. Every page works without them.
"use strict";

// ---- counts: whoever comes back to the page sees what is new ----

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") {
    document.body.dispatchEvent(new CustomEvent("pagefocus"));
  }
});

// A page that the browser kept alive for the way back may be out of date, or belong to a login that has ended.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// ---- copying and printing: the buttons appear only where they can do something ----

function prepare(root) {
  for (const button of root.querySelectorAll("[data-copy-button]")) {
    button.hidden = !navigator.clipboard;
  }
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
  }
  for (const offer of root.querySelectorAll("[data-zone]")) {
    offerZone(offer);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("print" in button.dataset) window.print();
  if ("copyButton" in button.dataset) {
    const box = button.closest("[data-copy]");
    const text = box.querySelector("input, textarea");
    const status = box.querySelector("[data-copy-status]");
    try {
      await navigator.clipboard.writeText(text.value);
      status.textContent = status.dataset.copied;
    } catch {
      text.select();
    }
  }
});

// ---- the zone: offered when the device's differs, never set by itself ----

function offerZone(offer) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || zone === offer.dataset.zone) return;
  offer.querySelector("[name=zone]").value = zone;
  offer.querySelector("[data-zone-name]").textContent = zone.split("/").pop().replaceAll("_", " ");
  offer.hidden = false;
}

// ---- drafts: what is typed is kept at the server, under the account, two seconds after the last key ----

const drafts = new WeakMap();

function draftOf(form) {
  if (!drafts.has(form)) drafts.set(form, { timer: 0, isDirty: false, sending: null });
  return drafts.get(form);
}

function keepLater(form, pause) {
  const draft = draftOf(form);
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => keep(form), pause);
}

// A file is sent once, with the form.
function withoutFiles(data) {
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

async function keep(form) {
  const draft = draftOf(form);
  if (!draft.isDirty || draft.sending || !form.isConnected) return;
  const status = form.querySelector("[data-draft-status]");
  draft.isDirty = false;
  draft.sending = new AbortController();
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: withoutFiles(new FormData(form)),
      headers: { "X-Requested-With": "fetch" },
      redirect: "error",
      signal: draft.sending.signal,
      keepalive: document.visibilityState === "hidden",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const words = await answer.text();
    if (status) status.textContent = words.trim();
    if (draft.isDirty) keepLater(form, 2000);
  } catch (fault) {
    if (fault.name === "AbortError") return;
    draft.isDirty = true;
    if (status) status.textContent = status.dataset.failed;
    keepLater(form, 8000);
  } finally {
    draft.sending = null;
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  draftOf(form).isDirty = true;
  keepLater(form, 2000);
});

// What is sent is no longer a draft.
document.addEventListener("submit", (event) => {
  const draft = drafts.get(event.target);
  if (!draft) return;
  clearTimeout(draft.timer);
  draft.sending?.abort();
  draft.isDirty = false;
});

// ---- double clicks: the second click would ask for what the first has done already ----

const doubleClick = 1000;
const sentAt = new WeakMap();

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.timeStamp - (sentAt.get(event.target) ?? -doubleClick) < doubleClick) event.preventDefault();
  else sentAt.set(event.target, event.timeStamp);
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
});

document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
prepare(document);
