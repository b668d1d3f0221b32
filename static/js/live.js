// Pages that hear by themselves: a socket brings the names of what changed, and the parts that show it are asked for anew.
"use strict";

const home = document.body.dataset.liveSocket;
const background = { "Vestibule-Background": "1" };
const everything = "*";
const revoked = 4003;
const restarting = 1012;
const firstPause = 1000;
const longestPause = 60_000;
const pollEvery = 30_000;
const restBetween = 400;

const changed = new Set();
let isEnded = false;
let isAsking = false;
let askedAt = 0;
let timer = 0;
let refused = 0;
let pause = firstPause;
let polling = 0;
let hasOpened = false;

// ---- what changed, and the parts of this page that show it ----

function hear(topics) {
  for (const topic of topics) changed.add(topic);
  // Whoever doesn't look needs nothing yet; all of it is asked for when they come back.
  if (!isEnded && document.visibilityState === "visible") askSoon(restBetween - (Date.now() - askedAt));
}

function askSoon(wait) {
  clearTimeout(timer);
  timer = setTimeout(ask, Math.max(0, wait));
}

function shows(part, topics) {
  return part.dataset.live.split(" ").some((topic) => topic === "any" || topics.has(topic)) || topics.has(everything);
}

async function ask() {
  if (isAsking || isEnded || !changed.size) return;
  isAsking = true;
  askedAt = Date.now();
  const topics = new Set(changed);
  changed.clear();
  const parts = [...document.querySelectorAll("[data-live]")].filter((part) => shows(part, topics));
  // The menu last: a message that the open thread has just shown is no longer new.
  await Promise.all(parts.filter((part) => part.id !== "menu").map(refresh));
  await Promise.all(parts.filter((part) => part.id === "menu").map(refresh));
  isAsking = false;
  if (changed.size) hear([]);
}

async function refresh(part) {
  try {
    await htmx.ajax("GET", part.dataset.liveHref, {
      source: part,
      target: part,
      swap: "become",
      headers: background,
    });
  } catch {
    // Nobody answered: when the socket is back, everything is asked for.
  }
}

// What has the focus when the answer comes keeps it, and stays where it is on the screen, whatever grew above it.
function holdPlace() {
  const held = document.activeElement;
  if (!held || held === document.body) return () => {};
  const before = held.getBoundingClientRect().top;
  return () => {
    if (!held.isConnected) {
      document.getElementById("main").focus({ preventScroll: true });
      return;
    }
    if (document.activeElement !== held) held.focus({ preventScroll: true });
    window.scrollBy({ top: held.getBoundingClientRect().top - before, behavior: "instant" });
  };
}

// ---- a part changes in place: rows keep their nodes by id, and with them what is selected, held and unfolded ----

htmx.defineExtension("become", {
  isInlineSwap: (style) => style === "become",
  handleSwap: (style, part, answer) => {
    if (style !== "become") return false;
    const fresh = answer.firstElementChild;
    if (fresh?.id === part.id) {
      const keepPlace = holdPlace();
      become(part, fresh);
      keepPlace();
    }
    return [part];
  },
});

function become(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  let at = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const kept = child.id ? [...old.children].find((own) => own.id === child.id) : sameKind(at, child);
    if (kept && kept.nodeName === child.nodeName) {
      if (kept === at) at = at.nextSibling;
      else old.insertBefore(kept, at);
      become(kept, child);
    } else {
      old.insertBefore(child, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function sameKind(at, child) {
  return at && !at.id && at.nodeName === child.nodeName ? at : null;
}

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401 && event.detail.elt.matches("[data-live]")) end();
});

// ---- the socket, and what is done where there is none ----

function connect() {
  if (isEnded) return;
  const address = new URL(home, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  // Only the first socket of a page knows what the page was drawn from.
  if (hasOpened) address.search = "";
  const socket = new WebSocket(address);
  let openedAt = 0;
  socket.addEventListener("open", () => {
    openedAt = Date.now();
    hasOpened = true;
    refused = 0;
    clearInterval(polling);
    polling = 0;
  });
  socket.addEventListener("message", (event) => {
    const topics = event.data.split(" ");
    const isAnswer = Date.now() - openedAt < 2000;
    // When all pages are told at once they don't all ask at once.
    if (topics.includes(everything) && !isAnswer) setTimeout(hear, Math.random() * 3000, topics);
    else hear(topics);
  });
  socket.addEventListener("close", (event) => closed(event.code, openedAt && Date.now() - openedAt));
}

function closed(code, wasOpenFor) {
  if (code === revoked) return end();
  if (!wasOpenFor) refused += 1;
  if (wasOpenFor > 5000) pause = firstPause;
  if (code === restarting) pause = Math.max(pause, 3000);
  if (refused >= 2) askWhy();
  setTimeout(connect, pause * (0.5 + Math.random()));
  pause = Math.min(pause * 2, longestPause);
}

// A refused handshake tells a page nothing, so the same address says whether sockets are the trouble.
async function askWhy() {
  try {
    const answer = await fetch(home, { headers: background, redirect: "manual" });
    if (answer.status === 401 || answer.status === 404) end();
    else if (answer.ok && !polling && !isEnded) polling = setInterval(hear, pollEvery, [everything]);
  } catch {
    // Nobody there: the next try finds out.
  }
}

// ---- the end: whoever may no longer see this page doesn't go on looking at it ----

async function end() {
  if (isEnded) return;
  isEnded = true;
  clearInterval(polling);
  const isTyping = [...document.querySelectorAll("textarea, input:not([type=hidden])")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );
  if (isTyping) return tellOfEnd();
  // Logged in still, but not for this page: the front door knows where to.
  const answer = await fetch(home, { headers: background, redirect: "manual" }).catch(() => null);
  if (answer?.status === 404) location.replace("/");
  else location.reload();
}

function tellOfEnd() {
  const place = document.getElementById("live");
  place.firstElementChild.textContent = place.dataset.ended;
  place.className = "notice tone-waits";
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && changed.size) hear([]);
});

connect();
