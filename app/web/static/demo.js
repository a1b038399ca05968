// The demo's inbox without page loads: forms are sent in place, and what happened is looked for every second.
// Everything here also works without script, only slower.
"use strict";

const POLL_MS = 1000;
const frame = () => document.querySelector(".mail iframe");
const shown = new Map(); // part -> its HTML as the server wrote it

function inLocalTime(root) {
  const written = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
  const today = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    const isToday = at.toDateString() === new Date().toDateString() && at <= new Date();
    time.textContent = (isToday ? today : written).format(at);
  }
}

function fitFrame() {
  const page = frame()?.contentDocument;
  if (page?.body) frame().style.height = `${Math.max(320, Math.ceil(page.body.getBoundingClientRect().height) + 2)}px`;
}

function watchFrame() {
  const mail = frame();
  if (!mail) return;
  mail.addEventListener("load", () => {
    fitFrame();
    const page = mail.contentDocument;
    document.getElementById("back").hidden = page?.location.pathname === new URL(mail.src).pathname;
    if (page) new ResizeObserver(fitFrame).observe(page.body);
  });
  fitFrame();
}

function openAgain() {
  const mail = frame();
  if (!mail) return;
  mail.contentWindow.location.replace(mail.getAttribute("src"));
  if (innerWidth < 900) document.getElementById("mail").scrollIntoView();
}

// New events come in among those that are there: nothing that was read jumps, and only news is read out.
function takeEvents(held, fresh) {
  const rows = new Map([...held.children].map((row) => [row.dataset.event, row]));
  for (const row of [...fresh.children].reverse()) {
    const kept = rows.get(row.dataset.event) ?? row;
    rows.delete(row.dataset.event);
    if (held.firstElementChild !== kept) held.prepend(kept);
  }
  for (const gone of rows.values()) gone.remove();
}

function replacePart(held, part) {
  const [before, after] = [held, part].map((one) => one.querySelector("ol.events"));
  if (before && after) return takeEvents(before, after);
  const focused = held.contains(document.activeElement) ? document.activeElement : null;
  held.replaceChildren(...part.childNodes);
  if (!focused) return;
  // What was pressed may be gone, for it did what it says: the reader goes on at the part's heading.
  const heading = held.querySelector("h2");
  heading.tabIndex = -1;
  (document.getElementById(focused.id) ?? heading).focus({ preventScroll: true });
}

// Takes the parts of a page that are not as they were; where the reader is typing nothing moves.
function take(html, { all }) {
  const page = new DOMParser().parseFromString(html, "text/html");
  // Another message is open than before: the first has arrived, or the demo was started over elsewhere.
  if (page.querySelector(".mail iframe")?.getAttribute("src") !== frame()?.getAttribute("src")) return location.reload();
  for (const part of page.querySelectorAll("[data-part]")) {
    const name = part.dataset.part;
    const held = document.querySelector(`[data-part="${name}"]`);
    const isBusy = "still" in part.dataset || held?.contains(document.activeElement);
    if (!held || shown.get(name) === part.innerHTML || (isBusy && !all)) continue;
    shown.set(name, part.innerHTML);
    inLocalTime(part);
    replacePart(held, part);
  }
}

function tell(words) {
  const notice = document.getElementById("notice");
  notice.textContent = words;
  notice.hidden = !words;
}

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  form.setAttribute("aria-busy", "true");
  tell("");
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return tell((await answer.json()).detail);
    take(await answer.text(), { all: true });
    if (answer.ok && "open" in form.dataset) openAgain();
  } catch {
    tell("The server does not answer, so nothing was changed. Try again in a moment.");
  } finally {
    form.removeAttribute("aria-busy");
  }
}

async function poll() {
  try {
    if (!document.hidden && !document.querySelector("[aria-busy]")) {
      const answer = await fetch(location.href);
      if (answer.ok) take(await answer.text(), { all: false });
      document.body.classList.toggle("away", !answer.ok);
    }
  } catch {
    document.body.classList.add("away"); // the server is away: what is shown stays, dimmed
  }
  setTimeout(poll, POLL_MS);
}

document.getElementById("back")?.addEventListener("click", openAgain);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) return event.preventDefault();
  if (!("live" in form.dataset)) return;
  event.preventDefault();
  send(form, event.submitter);
});

for (const part of document.querySelectorAll("[data-part]")) shown.set(part.dataset.part, part.innerHTML);
inLocalTime(document);
watchFrame();
setTimeout(poll, POLL_MS);
