import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, ApiError, eachInTurn, patiently, unwrap } from "../../static/js/lib/api.js";

test("an answer is its JSON", () => {
  assert.deepEqual(unwrap(202, '{"id": 1}'), { id: 1 });
});

test("a refusal carries the server's code and sentence", () => {
  const body = '{"error": {"code": "unsupported_type", "message": "This is no image."}}';
  assert.throws(
    () => unwrap(400, body),
    (error) =>
      error instanceof ApiError && error.code === "unsupported_type" && error.message === "This is no image.",
  );
});

test("no answer, or one that is not ours, is told as unreachable", () => {
  for (const [status, text] of [[0, ""], [502, "<html>Bad gateway"], [200, "<html>"]]) {
    assert.throws(() => unwrap(status, text), { code: "unreachable" });
  }
});

test("work is done in order, never more at a time than allowed", async () => {
  let running = 0;
  let most = 0;
  const order = [];
  await eachInTurn([1, 2, 3, 4, 5], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    order.push(item);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
  });
  assert.deepEqual(order, [1, 2, 3, 4, 5]);
  assert.equal(most, 2);
});

test("an address of a kind becomes the address of one object", () => {
  const pattern = "/items/00000000-0000-0000-0000-000000000000/part/";
  assert.equal(addressOf(pattern, "7b0c"), "/items/7b0c/part/");
  assert.equal(addressOf(pattern, "../x"), "/items/..%2Fx/part/");
});

test("a server with too much to do is given the time it asks for", async () => {
  const pauses = [];
  let calls = 0;
  const work = async () => {
    calls += 1;
    if (calls < 3) unwrap(429, '{"error": {"code": "throttled", "message": "Wait."}}', "7");
    return "done";
  };
  assert.equal(await patiently(work, async (seconds) => pauses.push(seconds)), "done");
  assert.deepEqual(pauses, [7, 7]);
});

test("any other refusal is not tried again", async () => {
  let calls = 0;
  const work = async () => {
    calls += 1;
    return unwrap(400, '{"error": {"code": "empty_file", "message": "Empty."}}');
  };
  await assert.rejects(patiently(work, async () => {}), { code: "empty_file" });
  assert.equal(calls, 1);
});
