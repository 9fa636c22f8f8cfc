// What can be told about a file before it is sent, from its first bytes and not from its name.

const ASCII = (text) => [...text].map((letter) => letter.charCodeAt(0));
const ANY = null;

// First bytes of the accepted formats: PNG (ISO/IEC 15948 § 5.2), JPEG (SOI marker), WebP (RIFF
// container), TIFF 6.0 § 2 in both byte orders, PDF (ISO 32000 § 7.5.2).
const SIGNATURES = [
  ["image/png", [0x89, ...ASCII("PNG\r\n"), 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/webp", [...ASCII("RIFF"), ANY, ANY, ANY, ANY, ...ASCII("WEBP")]],
  ["image/tiff", [...ASCII("II"), 0x2a, 0x00]],
  ["image/tiff", [...ASCII("MM"), 0x00, 0x2a]],
  ["application/pdf", ASCII("%PDF-")],
];
const SIGNATURE_BYTES = 12;

/** The media type of a file that starts with these bytes, or null for one we don't accept. */
export function sniffType(head) {
  const starts = (signature) => signature.every((byte, i) => byte === ANY || byte === head[i]);
  const found = SIGNATURES.find(([, signature]) => starts(signature));
  return found ? found[0] : null;
}

/**
 * Look at a file (or Blob) as the server will, as far as a browser can.
 *
 * @returns {Promise<{type: string|null, refusal: "empty_file"|"file_too_large"|"unsupported_type"|null}>}
 */
export async function examine(file, { maxBytes }) {
  if (file.size === 0) return { type: null, refusal: "empty_file" };
  if (file.size > maxBytes) return { type: null, refusal: "file_too_large" };
  const head = new Uint8Array(await file.slice(0, SIGNATURE_BYTES).arrayBuffer());
  const type = sniffType(head);
  return { type, refusal: type ? null : "unsupported_type" };
}

/** Browsers draw these themselves; TIFF and PDF get a plain sign instead of a preview. */
export function hasPreview(type) {
  return type === "image/png" || type === "image/jpeg" || type === "image/webp";
}

/** "640 KB": a size for people, in units of 1000 as file managers show them. */
export function sizeInWords(bytes, language) {
  const [value, unit] =
    bytes < 1e3 ? [bytes, "byte"] : bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : [bytes / 1e6, "megabyte"];
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
