import assert from "node:assert/strict";
import test from "node:test";

import { cycle, digitAt, overtype } from "../../static/js/lib/keying.js";

test("a digit is written over the one at the cursor, past points and slashes", () => {
  assert.deepEqual(overtype("125000.50", 0, "9"), { text: "925000.50", cursor: 1 });
  assert.deepEqual(overtype("31/01/2026", 2, "1"), { text: "31/11/2026", cursor: 4 });
});

test("at the end a digit is added", () => {
  assert.deepEqual(overtype("12", 2, "3"), { text: "123", cursor: 3 });
  assert.equal(digitAt("12.", 2), -1);
});

test("candidates come in their order, then every other digit, and round again", () => {
  const candidates = ["17", "38"];
  assert.deepEqual(cycle("13", 0, candidates, 1), { text: "73", cursor: 0 });
  assert.deepEqual(cycle("73", 0, candidates, 1), { text: "03", cursor: 0 });
  assert.deepEqual(cycle("13", 0, candidates, -1), { text: "93", cursor: 0 });
  assert.deepEqual(cycle("1.3", 1, candidates, 1), { text: "1.8", cursor: 2 });
});

test("without candidates all ten follow each other, and no digit is no change", () => {
  assert.deepEqual(cycle("5", 1, [""], 1), { text: "6", cursor: 0 });
  assert.deepEqual(cycle("⑆", 0, [], 1), { text: "⑆", cursor: 0 });
});
