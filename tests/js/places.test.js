import assert from "node:assert/strict";
import { test } from "node:test";

import { placeBetween, rectangleOf } from "../../static/js/lib/places.js";

const SHEET = { width: 200, height: 90 };
const PICTURE = { width: 1000, height: 450 };

test("what is drawn in any direction is a place in millimetres", () => {
  const place = { left: 20, top: 10, right: 40, bottom: 20.2 };
  assert.deepEqual(placeBetween({ x: 100, y: 50 }, { x: 200, y: 101 }, PICTURE, SHEET), place);
  assert.deepEqual(placeBetween({ x: 200, y: 101 }, { x: 100, y: 50 }, PICTURE, SHEET), place);
});

test("what leaves the picture ends at its edge, and a click is no place", () => {
  const place = placeBetween({ x: 900, y: 400 }, { x: 2000, y: 900 }, PICTURE, SHEET);
  assert.deepEqual(place, { left: 180, top: 80, right: 200, bottom: 90 });
  assert.equal(placeBetween({ x: 5, y: 5 }, { x: 7, y: 7 }, PICTURE, SHEET), null);
});

test("a place is shown where it was drawn, and not while it can be none", () => {
  const place = { left: 20, top: 10, right: 40, bottom: 20 };
  assert.deepEqual(rectangleOf(place, PICTURE, SHEET), { x: 100, y: 50, width: 100, height: 50 });
  assert.equal(rectangleOf({ ...place, right: NaN }, PICTURE, SHEET), null);
  assert.equal(rectangleOf({ ...place, right: 10 }, PICTURE, SHEET), null);
});
