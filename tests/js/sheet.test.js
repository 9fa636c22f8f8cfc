import assert from "node:assert/strict";
import { test } from "node:test";

import { drawStroke, Sheet, widthAt } from "../../static/js/lib/sheet.js";

const sheet = () => new Sheet({ width: 320, height: 320, lineWidth: 18 });
const at = (x, y, pressure) => ({ x, y, pressure });

/** A canvas context that writes down what it is told. */
function recorder() {
  const calls = [];
  const note = (name) => (...numbers) => calls.push([name, ...numbers]);
  const names = ["beginPath", "moveTo", "lineTo", "quadraticCurveTo", "arc", "fill", "stroke"];
  return { calls, ...Object.fromEntries(names.map((name) => [name, note(name)])) };
}

test("a new sheet is blank, and blank again when everything is undone", () => {
  const paper = sheet();
  assert.ok(paper.isBlank);
  paper.begin(at(1, 1));
  paper.extend([at(2, 2), at(3, 3)]);
  paper.end();
  assert.ok(!paper.isBlank);
  paper.undo();
  assert.ok(paper.isBlank);
  paper.undo();
  assert.ok(paper.isBlank);
});

test("undo takes the last stroke, clear takes all", () => {
  const paper = sheet();
  for (const x of [1, 2, 3]) {
    paper.begin(at(x, 0));
    paper.end();
  }
  paper.undo();
  assert.deepEqual(paper.strokes.map(([point]) => point.x), [1, 2]);
  paper.clear();
  assert.ok(paper.isBlank);
});

test("a sheet knows how wide its ink is", () => {
  const paper = sheet();
  assert.equal(paper.inkWidth, 0);
  paper.begin(at(10, 5));
  paper.extend([at(200, 5), at(40, 5)]);
  assert.equal(paper.inkWidth, 218);
});

test("points that come after the stroke has ended are not drawn", () => {
  const paper = sheet();
  paper.extend([at(5, 5)]);
  paper.begin(at(1, 1));
  paper.end();
  paper.extend([at(9, 9)]);
  assert.deepEqual(paper.strokes, [[at(1, 1)]]);
});

test("a stroke that the system cancels leaves nothing", () => {
  const paper = sheet();
  paper.begin(at(1, 1));
  paper.cancel();
  assert.ok(paper.isBlank);
  paper.begin(at(1, 1));
  paper.end();
  paper.cancel();
  assert.equal(paper.strokes.length, 1);
});

test("a pen's pressure changes the width within limits, a mouse has none", () => {
  assert.equal(widthAt(at(0, 0), 18), 18);
  assert.equal(widthAt(at(0, 0, 0.5), 18), 18);
  assert.equal(widthAt(at(0, 0, 0), 18), 9);
  assert.equal(widthAt(at(0, 0, 1), 18), 27);
});

test("a tap leaves a dot", () => {
  const context = recorder();
  drawStroke(context, [at(4, 5)], 18);
  assert.deepEqual(context.calls, [["beginPath"], ["arc", 4, 5, 9, 0, 2 * Math.PI], ["fill"]]);
});

test("drawing what was added continues where the line ended", () => {
  const stroke = [at(0, 0), at(10, 0), at(20, 0), at(30, 0)];
  const context = recorder();
  drawStroke(context, stroke, 18, 3);
  assert.deepEqual(context.calls, [
    ["beginPath"],
    ["moveTo", 15, 0],
    ["quadraticCurveTo", 20, 0, 25, 0],
    ["lineTo", 30, 0],
    ["stroke"],
  ]);
});

test("the whole sheet draws every stroke", () => {
  const paper = sheet();
  for (const x of [1, 2]) {
    paper.begin(at(x, 0));
    paper.extend([at(x, 9)]);
    paper.end();
  }
  const context = recorder();
  paper.drawInto(context);
  assert.equal(context.calls.filter(([name]) => name === "stroke").length, 2);
});
