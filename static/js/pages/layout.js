// Draws the places of a layout's fields on its sample, and waits for its test reading.

import { EDGES, placeBetween, rectangleOf } from "../lib/places.js";

const POLL_MS = 1000;

function start(part) {
  const canvas = part.querySelector("[data-boxes]");
  const sample = part.querySelector("[data-sample]");
  const rows = [...part.querySelectorAll("[data-place]")];
  const sheet = { width: Number(part.dataset.widthMm), height: Number(part.dataset.heightMm) };
  let begun = null;

  const inputsOf = (row) =>
    EDGES.map((edge) => row.querySelector(`[name="${row.dataset.place}-${edge}"]`));
  const chosen = () => rows.find((row) => row.querySelector("[type=radio]").checked);
  const size = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });

  function placeOf(row) {
    const values = inputsOf(row).map((input) => (input.value === "" ? NaN : Number(input.value)));
    return Object.fromEntries(EDGES.map((edge, index) => [edge, values[index]]));
  }

  function draw() {
    const density = window.devicePixelRatio || 1;
    const { width, height } = size();
    canvas.width = width * density;
    canvas.height = height * density;
    const pen = canvas.getContext("2d");
    pen.scale(density, density);
    pen.font = "12px sans-serif";
    for (const row of rows) {
      const box = rectangleOf(placeOf(row), size(), sheet);
      if (!box) continue;
      const isChosen = row === chosen();
      pen.strokeStyle = isChosen ? "#b00020" : "#0b5394";
      pen.fillStyle = pen.strokeStyle;
      pen.lineWidth = isChosen ? 3 : 2;
      pen.strokeRect(box.x, box.y, box.width, box.height);
      pen.fillText(row.querySelector("label").textContent.trim(), box.x + 3, box.y - 4);
    }
  }

  const at = (event) => ({ x: event.offsetX, y: event.offsetY });

  canvas.addEventListener("pointerdown", (event) => {
    begun = at(event);
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    const place = begun && placeBetween(begun, at(event), size(), sheet);
    if (!place) return;
    inputsOf(chosen()).forEach((input, index) => {
      input.value = place[EDGES[index]];
    });
    draw();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      begun = null;
    });
  }
  part.addEventListener("input", draw);
  new ResizeObserver(draw).observe(sample);
  if (sample.complete) draw();
  else sample.addEventListener("load", draw);
}

async function waitFor(told) {
  const answer = await fetch(told.dataset.url, { headers: { Accept: "application/json" } });
  if (answer.ok && !(await answer.json()).awaited) window.location.reload();
  else setTimeout(() => waitFor(told), POLL_MS);
}

document.querySelectorAll("[data-layout]").forEach(start);
document.querySelectorAll("[data-awaited]").forEach((told) => setTimeout(() => waitFor(told), POLL_MS));
