// The sheet that is drawn on, or a picture laid over it: its events, and the way to the answer.

import { addressOf, ApiError, postForm } from "../lib/api.js";
import { drawStroke, Sheet } from "../lib/sheet.js";

// Sheet units: a sheet is this high whatever the screen, so a line is as wide as the network knows.
const SHEET_HEIGHT = 320;
const LINE_WIDTHS = { digit: 18, number: 11 };
const WAIT_SECONDS = 5;

const form = document.getElementById("draw-form");
const canvas = form.querySelector("[data-canvas]");
const answer = document.querySelector("[data-answer]");
const texts = JSON.parse(document.getElementById("texts").textContent);
const context = canvas.getContext("2d");
const buttons = Object.fromEntries(
  ["read", "undo", "clear"].map((name) => [name, form.querySelector(`[data-${name}]`)]),
);

const chooser = form.querySelector("[data-picture]");

let sheet = null;
let picture = null; // a file that was chosen, pasted or dropped, and how it looks
let pointer = null;
let unitsPerPixel = 1;

const kind = () => new FormData(form).get("kind");

function newSheet() {
  picture = null;
  form.classList.toggle("is-digit", kind() === "digit");
  sheet = new Sheet({ width: 0, height: SHEET_HEIGHT, lineWidth: LINE_WIDTHS[kind()] });
  fit();
}

/**
 * Take the canvas's size on this screen, in the screen's own pixels, and draw everything again.
 *
 * A screen that has been turned may be too narrow for what is drawn: then all of it shrinks.
 */
function fit() {
  const { width, height } = canvas.getBoundingClientRect();
  if (height === 0) return;
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  unitsPerPixel = Math.max(SHEET_HEIGHT / height, sheet.inkWidth / width);
  sheet.width = Math.round(width * unitsPerPixel);
  sheet.height = Math.round(height * unitsPerPixel);
  redraw();
}

function redraw() {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const scale = canvas.height / sheet.height;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  sheet.drawInto(context);
  buttons.undo.disabled = sheet.isBlank;
  buttons.clear.disabled = sheet.isBlank && picture === null;
  if (picture?.look) layOver(picture.look);
}

/** Show all of a picture in the middle of the sheet. */
function layOver(look) {
  const scale = Math.min(sheet.width / look.width, sheet.height / look.height);
  const [width, height] = [look.width * scale, look.height * scale];
  context.drawImage(look, (sheet.width - width) / 2, (sheet.height - height) / 2, width, height);
}

function pointOf(event, frame) {
  return {
    x: (event.clientX - frame.left) * unitsPerPixel,
    y: (event.clientY - frame.top) * unitsPerPixel,
    // Only a pen knows how hard it presses; mice and fingers report constants.
    pressure: event.pointerType === "pen" ? event.pressure : undefined,
  };
}

canvas.addEventListener("pointerdown", (event) => {
  if (pointer !== null || event.button !== 0) return;
  event.preventDefault();
  pointer = event.pointerId;
  if (picture !== null) ask();
  picture = null;
  canvas.setPointerCapture(pointer);
  sheet.begin(pointOf(event, canvas.getBoundingClientRect()));
  redraw();
});

canvas.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  // All the places the pen was at since the last frame, not only the newest one.
  const events = event.getCoalescedEvents?.() ?? [];
  const frame = canvas.getBoundingClientRect();
  const stroke = sheet.strokes.at(-1);
  const from = stroke.length;
  sheet.extend((events.length > 0 ? events : [event]).map((one) => pointOf(one, frame)));
  drawStroke(context, stroke, sheet.lineWidth, from);
});

function finish(event, isKept) {
  if (event.pointerId !== pointer) return;
  pointer = null;
  if (isKept) sheet.end();
  else sheet.cancel();
  redraw();
}
canvas.addEventListener("pointerup", (event) => finish(event, true));
canvas.addEventListener("pointercancel", (event) => finish(event, false));

buttons.undo.addEventListener("click", () => {
  sheet.undo();
  redraw();
});
buttons.clear.addEventListener("click", () => {
  sheet.clear();
  picture = null;
  fit();
  ask();
});
document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement && event.target.type !== "radio";
  if (isTyping || event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  sheet.undo();
  redraw();
});
form.addEventListener("change", (event) => {
  if (event.target.name !== "kind") return;
  const file = picture?.file;
  newSheet();
  if (file) take(file);
  else ask();
});

/** The drawing as a PNG of one pixel a sheet unit, black ink on white paper. */
function toPng() {
  const paper = document.createElement("canvas");
  [paper.width, paper.height] = [sheet.width, sheet.height];
  const ink = paper.getContext("2d");
  ink.fillStyle = "#ffffff";
  ink.fillRect(0, 0, paper.width, paper.height);
  ink.fillStyle = ink.strokeStyle = "#000000";
  sheet.drawInto(ink);
  return new Promise((resolve) => paper.toBlob(resolve, "image/png"));
}

function say(text, look) {
  const line = document.createElement("p");
  line.className = look;
  line.append(Object.assign(document.createElement("span"), { textContent: text }));
  answer.replaceChildren(line);
}

/** Say again what to do: an answer must not stand beside a sheet that it does not belong to. */
function ask() {
  say(texts.ask, "empty muted");
}

async function read() {
  const body = new FormData();
  body.append("kind", kind());
  body.append("source", picture ? "upload" : "drawing");
  if (picture) body.append("file", picture.file, picture.file.name);
  else body.append("file", await toPng(), `${kind()}.png`);
  const csrfToken = form.elements.csrfmiddlewaretoken.value;
  const headers = { Prefer: `wait=${WAIT_SECONDS}` };
  const reply = await postForm(form.dataset.url, body, { csrfToken, headers });
  return reply.outcomes[0].submission.id;
}

async function answerTo() {
  buttons.read.disabled = true;
  say(texts.reading, "empty muted");
  try {
    const id = await read();
    await window.htmx.ajax("GET", addressOf(answer.dataset.url, id), {
      target: answer,
      swap: "innerHTML",
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    say(error.message || texts.unreachable, "alert alert-error");
  } finally {
    buttons.read.disabled = false;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (sheet.isBlank && picture === null) say(texts.blank, "alert alert-warning");
  else await answerTo();
});

/** Read a picture of what was written on paper, and show it where drawings are. */
async function take(file) {
  if (!file || buttons.read.disabled) return;
  sheet.clear();
  picture = { file, look: null };
  fit();
  const taken = picture;
  // What no browser can show (TIFF) can still be read, and what is no picture is refused there.
  const shown = createImageBitmap(file).then(
    (look) => {
      taken.look = look;
      redraw();
    },
    () => {},
  );
  await Promise.all([shown, answerTo()]);
}

form.querySelector("[data-choose]").addEventListener("click", () => chooser.click());
chooser.addEventListener("change", async () => {
  const [file] = chooser.files;
  chooser.value = ""; // so that the same one can be chosen again
  await take(file);
});
document.addEventListener("paste", async (event) => {
  const [file] = event.clipboardData?.files ?? [];
  if (file) event.preventDefault();
  await take(file);
});
// Anywhere on the page: a picture dropped beside the sheet must not replace the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}
document.addEventListener("drop", (event) => take(event.dataTransfer?.files[0]));

new ResizeObserver(fit).observe(canvas);
newSheet();
