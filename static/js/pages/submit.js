// Files by button, drop, paste and camera: looked at here first, then sent one by one to the API.

import { addressOf, ApiError, eachInTurn, patiently, postForm } from "../lib/api.js";
import { examine, hasPreview, sizeInWords } from "../lib/files.js";

const AT_ONCE = 3; // uploads side by side: more would only share the same line

const form = document.getElementById("submit-form");
const list = form.querySelector("[data-files]");
const zone = form.querySelector("[data-drop-zone]");
const chooser = form.elements.images;
const camera = form.querySelector("[data-camera]");
const announcement = form.querySelector("[data-announcement]");
const send = form.querySelector("[data-send]");
const template = document.getElementById("file-template");
const texts = JSON.parse(document.getElementById("texts").textContent);
const maxBytes = Number(form.dataset.maxBytes);
const language = document.documentElement.lang;

const waiting = new Map(); // list item → file that can be sent

const fill = (text, values) => text.replace(/%\((\w+)\)s|%s/g, (_, name) => values[name ?? 0]);

async function add(files) {
  for (const file of files) await addOne(file);
  update();
}

async function addOne(file) {
  const item = template.content.firstElementChild.cloneNode(true);
  item.querySelector("[data-name]").textContent = file.name;
  item.querySelector("[data-size]").textContent = sizeInWords(file.size, language);
  item.querySelector("[data-remove]").addEventListener("click", () => remove(item));
  list.append(item);
  const { type, refusal } = await examine(file, { maxBytes });
  if (refusal) {
    refuse(item, texts[refusal]);
    return;
  }
  preview(item, file, type);
  state(item, badge(texts.ready));
  waiting.set(item, file);
}

function preview(item, file, type) {
  const frame = item.querySelector("[data-preview]");
  if (!hasPreview(type)) {
    frame.textContent = type === "application/pdf" ? "PDF" : "TIFF";
    return;
  }
  const image = new Image();
  image.alt = "";
  image.src = URL.createObjectURL(file);
  const release = () => URL.revokeObjectURL(image.src);
  image.addEventListener("load", release);
  image.addEventListener("error", release);
  frame.replaceChildren(image);
}

function remove(item) {
  const next = item.nextElementSibling ?? item.previousElementSibling;
  waiting.delete(item);
  item.remove();
  (next?.querySelector("[data-remove]") ?? form.querySelector("[data-choose]")).focus();
  update();
}

function badge(text, look = "") {
  return Object.assign(document.createElement("span"), {
    className: `badge ${look}`,
    textContent: text,
  });
}

function state(item, ...parts) {
  item.querySelector("[data-state]").replaceChildren(...parts);
}

function refuse(item, sentence) {
  item.classList.add("file-refused");
  state(item, badge(`⚠ ${texts.refused}`, "badge-bad"), ` ${sentence}`);
}

function update() {
  send.disabled = waiting.size === 0;
}

async function sendOne(item, file) {
  const bar = item.querySelector("[data-progress]");
  bar.hidden = false;
  item.querySelector("[data-remove]").hidden = true;
  state(item, badge(texts.sending));
  const body = new FormData();
  body.append("kind", new FormData(form).get("kind"));
  body.append("source", "upload");
  body.append("file", file, file.name);
  try {
    const csrfToken = form.elements.csrfmiddlewaretoken.value;
    const onProgress = (share) => {
      bar.value = share;
      state(item, badge(share === 1 ? texts.stored : texts.sending));
    };
    const pause = (seconds) => {
      state(item, badge(texts.waiting));
      return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    };
    const post = () => postForm(form.dataset.url, body, { csrfToken, onProgress });
    const reply = await patiently(post, pause);
    waiting.delete(item);
    show(item, reply.outcomes);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // What never reached the server can be sent again with the same button.
    if (error.code !== "unreachable") waiting.delete(item);
    refuse(item, error.message || texts.unreachable);
    item.querySelector("[data-remove]").hidden = false;
  } finally {
    bar.hidden = true;
  }
}

/** Say what became of a file: a line a page, since a document may hold several. */
function show(item, outcomes) {
  const lines = outcomes.map((outcome) => {
    const line = document.createElement("li");
    if (outcomes.length > 1) line.append(`${fill(texts.page, [outcome.page])}: `);
    if (outcome.error) {
      item.classList.add("file-refused");
      line.append(badge(`⚠ ${texts.refused}`, "badge-bad"), ` ${outcome.error.message}`);
      return line;
    }
    const isNew = outcome.status === "accepted";
    line.append(
      isNew ? badge(`✓ ${texts.accepted}`, "badge-good") : badge(texts.duplicate),
      " ",
      Object.assign(document.createElement("a"), {
        href: addressOf(form.dataset.pageUrl, outcome.submission.id),
        textContent: isNew ? texts.see_reading : texts.see_first,
      }),
    );
    return line;
  });
  const whole = document.createElement("ul");
  whole.append(...lines);
  state(item, whole);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const batch = [...waiting];
  if (batch.length === 0) {
    announcement.textContent = texts.nothing_chosen;
    return;
  }
  send.disabled = true;
  let done = 0;
  const tell = () => {
    announcement.textContent = fill(texts.progress, { done, all: batch.length });
  };
  tell();
  await eachInTurn(batch, AT_ONCE, async ([item, file]) => {
    item.classList.remove("file-refused");
    await sendOne(item, file);
    done += 1;
    tell();
  });
  form.querySelector("[data-done]").hidden = false;
  update();
});

chooser.addEventListener("change", () => {
  add([...chooser.files]);
  chooser.value = "";
});
camera.addEventListener("change", () => {
  add([...camera.files]);
  camera.value = "";
});
form.querySelector("[data-choose]").addEventListener("click", () => chooser.click());
form.querySelector("[data-photograph]").addEventListener("click", () => camera.click());

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length === 0) return;
  event.preventDefault();
  add(files);
});
// Anywhere on the page: a file dropped beside the zone must not replace the page.
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  zone.classList.add("is-over");
});
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) zone.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  zone.classList.remove("is-over");
  add([...(event.dataTransfer?.files ?? [])]);
});

// The plain field stays for those without JavaScript; here the zone speaks for it.
chooser.closest(".field").hidden = true;
chooser.required = false;
zone.hidden = false;
form.querySelector("[data-photograph]").hidden = !window.matchMedia("(pointer: coarse)").matches;
update();
