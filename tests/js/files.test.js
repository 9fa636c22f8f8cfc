import assert from "node:assert/strict";
import { File } from "node:buffer";
import { test } from "node:test";

import { examine, hasPreview, sizeInWords, sniffType } from "../../static/js/lib/files.js";

const bytes = (...parts) =>
  Uint8Array.from(parts.flatMap((p) => (typeof p === "string" ? [...Buffer.from(p, "latin1")] : [p])));

const LIMITS = { maxBytes: 1000 };

test("formats are told by their first bytes", () => {
  assert.equal(sniffType(bytes("\x89PNG\r\n\x1a\n", "rest")), "image/png");
  assert.equal(sniffType(bytes(0xff, 0xd8, 0xff, 0xe0)), "image/jpeg");
  assert.equal(sniffType(bytes("RIFF\x01\x02\x03\x04WEBP")), "image/webp");
  assert.equal(sniffType(bytes("II*\0")), "image/tiff");
  assert.equal(sniffType(bytes("MM\0*")), "image/tiff");
  assert.equal(sniffType(bytes("%PDF-1.7")), "application/pdf");
});

test("other formats are not told apart, they are not accepted", () => {
  for (const head of ["GIF89a", "<svg xmlns", "PK\x03\x04", "RIFF\0\0\0\0WAVE", "BM", "II+\0", "", "\x89PN"]) {
    assert.equal(sniffType(bytes(head)), null, head);
  }
});

test("a file that can't be read is refused before it is sent", async () => {
  const refusal = async (content) => (await examine(new Blob([content]), LIMITS)).refusal;
  assert.equal(await refusal(""), "empty_file");
  assert.equal(await refusal("x".repeat(1001)), "file_too_large");
  assert.equal(await refusal("GIF89a"), "unsupported_type");
  assert.equal(await refusal("%PDF-1.4"), null);
});

test("the name of a file is not believed", async () => {
  const file = new File(["<html>"], "cheque.png", { type: "image/png" });
  assert.deepEqual(await examine(file, LIMITS), { type: null, refusal: "unsupported_type" });
});

test("only what a browser can draw gets a preview", () => {
  assert.ok(hasPreview("image/webp"));
  assert.ok(!hasPreview("image/tiff"));
  assert.ok(!hasPreview("application/pdf"));
});

test("sizes are said in words", () => {
  assert.equal(sizeInWords(12, "en"), "12 byte");
  assert.equal(sizeInWords(1500, "en"), "1.5 kB");
  assert.equal(sizeInWords(20_971_520, "en"), "21 MB");
});
