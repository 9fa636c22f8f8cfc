// Calls of our own API from our own pages: session cookie, CSRF token, one error shape.

/** A refusal or failure, with the server's stable code and its sentence for a person. */
export class ApiError extends Error {
  constructor(status, { code, message } = {}, retryAfter = null) {
    super(message ?? "");
    this.name = "ApiError";
    this.status = status;
    this.code = code ?? "unreachable";
    this.retryAfter = Number(retryAfter); // seconds; 0: the server doesn't say
  }
}

/** The body of an API answer; a failure (status 0: no answer at all) becomes an ApiError. */
export function unwrap(status, text, retryAfter = null) {
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Not JSON: a proxy's error page, or nothing.
  }
  if (status >= 200 && status < 300 && body !== null) return body;
  throw new ApiError(status, body?.error, retryAfter);
}

/**
 * POST a form and report how much of it has been sent, from 0 to 1.
 *
 * XMLHttpRequest, since fetch can't tell the progress of an upload.
 */
export function postForm(url, form, { csrfToken, headers = {}, onProgress = () => {} }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("loadend", () => {
      try {
        const retryAfter = request.getResponseHeader("Retry-After");
        resolve(unwrap(request.status, request.responseText, retryAfter));
      } catch (error) {
        reject(error);
      }
    });
    request.send(form);
  });
}

// Stands in an address that the server wrote for the id that only its answer tells.
const ANY_ID = "00000000-0000-0000-0000-000000000000";

/** The address of one object, from an address of its kind. */
export function addressOf(pattern, id) {
  return pattern.replace(ANY_ID, encodeURIComponent(id));
}

/** Do work, and do it again after the pause that the server asks for when it has too much to do. */
export async function patiently(work, pause) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error.code !== "throttled" || !error.retryAfter) throw error;
      await pause(error.retryAfter);
    }
  }
}

/** Do work for every item, at most `limit` at a time, in order. */
export async function eachInTurn(items, limit, work) {
  const queue = [...items];
  const hand = async () => {
    while (queue.length > 0) await work(queue.shift());
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, hand));
}
