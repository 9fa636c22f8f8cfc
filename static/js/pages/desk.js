// One item after the other without waiting: the next one is taken and its images are fetched while
// the shown one is looked at, and an answer is saved while the next one is on the screen already.

import { unwrap } from "../lib/api.js";
import { cycle, digitAt, overtype } from "../lib/keying.js";

const RENEW_MS = 60_000; // of the three minutes that an item is held

const desk = document.querySelector("[data-desk]");
const keys = document.querySelector("[data-keys]");
const announcement = document.querySelector("[data-announcement]");
let shown = desk.querySelector("[data-item]");
let next = null; // a promise of the next item, null in it where there is none
let saving = Promise.resolve(true); // whether the last answer was saved

async function post(url, data) {
  data.set("csrfmiddlewaretoken", shown.querySelector("[name=csrfmiddlewaretoken]").value);
  return fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" } });
}

async function takeNext() {
  const data = new FormData();
  data.set("fragment", "1");
  data.append("without", shown.dataset.item);
  const response = await post(desk.dataset.nextUrl, data);
  if (response.status !== 200) return null;
  const fragment = new DOMParser().parseFromString(await response.text(), "text/html");
  // Made a part of this document, though not yet of the page, its images are loaded now.
  return document.importNode(fragment.querySelector("[data-item]"), true);
}

function prefetch() {
  next = takeNext().catch(() => null);
}

function show(item) {
  shown.replaceWith(item);
  shown = item;
  ready();
  window.history.replaceState(null, "", item.dataset.url);
  window.scrollTo(0, 0);
  announcement.textContent = `${desk.dataset.nextText}: ${item.querySelector("h1").textContent}`;
}

function ready() {
  const fields = [...shown.querySelectorAll("[data-field]")];
  const doubtful = fields.filter((field) => "doubtful" in field.dataset);
  // Tab goes to doubtful fields alone; Alt and arrows reach the others.
  if (doubtful.length > 0) for (const field of fields) if (!doubtful.includes(field)) field.tabIndex = -1;
  shown.querySelector("[data-show-keys]").hidden = false;
  const invalid = shown.querySelector("[aria-invalid]");
  const first = invalid ?? shown.querySelector("[data-worst]") ?? shown.querySelector("[data-accept]");
  first.focus();
  first.setSelectionRange?.(0, 0);
}

function complain(item, text) {
  const alert = item.querySelector("[data-alert]");
  alert.replaceChildren(text);
  alert.hidden = false;
}

/** Whether what the verdict needs is there; the browser says what is missing. */
function isComplete(form, verdict) {
  const needs = { reject: "return_code", return: "comment", accept: "courtesy_amount" }[verdict];
  const field = form.elements.namedItem(needs);
  if (!field) return true;
  field.required = true;
  const isThere = field.reportValidity();
  field.required = false;
  return isThere;
}

async function save(form, data) {
  try {
    const response = await post(form.action, data);
    unwrap(response.status, await response.text());
    return null;
  } catch (error) {
    return error.message || desk.dataset.lostText;
  }
}

async function decide(form, verdict) {
  if (!isComplete(form, verdict)) return;
  const left = shown;
  if (!(await saving) || shown !== left) return; // the one before was brought back
  const data = new FormData(form);
  data.set("verdict", verdict);
  const following = await next;
  const saved = save(form, data);
  saving = saved.then((failure) => failure === null);
  if (following) show(following);
  const failure = await saved;
  if (failure !== null) {
    if (following) show(left);
    next = Promise.resolve(following);
    saving = Promise.resolve(true);
    complain(left, `${desk.dataset.failedText} ${failure}`);
    return;
  }
  prefetch();
  if (following) return;
  const late = await next; // something may have arrived since
  if (late) {
    show(late);
    prefetch();
  } else {
    window.location.assign(desk.dataset.queueUrl);
  }
}

async function renew() {
  for (const item of [shown, await next]) {
    if (!item) continue;
    const response = await post(item.dataset.renewUrl, new FormData()).catch(() => null);
    if (response?.status !== 409) continue;
    if (item === shown) complain(item, (await response.json()).error.message);
    else prefetch();
  }
}

function moveTo(field, step) {
  const fields = [...shown.querySelectorAll("[data-field]")];
  fields[(fields.indexOf(field) + step + fields.length) % fields.length].focus();
}

function edit(field, { text, cursor }, length) {
  field.value = text;
  field.setSelectionRange(cursor, cursor + length);
}

function keyInField(event, field) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && event.altKey) {
    moveTo(field, step);
    return true;
  }
  if (!("overtype" in field.dataset) || event.altKey) return false;
  const { value, selectionStart: start, selectionEnd: end } = field;
  if (step) {
    const candidates = field.dataset.candidates.split(" ");
    edit(field, cycle(value, start, candidates, step), 1);
    return true;
  }
  // A selection of several characters is replaced as anywhere else, and so is what is at the end.
  if (!/^[0-9]$/.test(event.key) || end - start > 1 || digitAt(value, start) < 0) return false;
  edit(field, overtype(value, start, event.key), 0);
  return true;
}

function onKey(event) {
  const target = event.target;
  if (keys.open || event.ctrlKey || event.metaKey || event.isComposing) return false;
  if (target.matches("textarea")) return false;
  if (target.matches("[data-return-code]")) {
    if (event.key === "Enter") shown.querySelector("[data-reject]").click();
    else if (event.key === "Escape") shown.querySelector("[data-worst]")?.focus();
    else return false;
    return true;
  }
  const isField = target.matches("[data-field]");
  if (isField && keyInField(event, target)) return true;
  if (event.altKey) return false;
  if (event.key === "?") keys.showModal();
  else if (event.key.toLowerCase() === "r") shown.querySelector("[data-return-code]").focus();
  else if (event.key === "Enter" && !target.matches("a, button, summary"))
    shown.querySelector("[data-accept]").click();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (onKey(event)) event.preventDefault();
});

desk.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-key-form]")) return;
  event.preventDefault();
  decide(event.target, event.submitter?.value ?? "accept");
});

desk.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) keys.showModal();
});

ready();
prefetch();
setInterval(renew, RENEW_MS);
