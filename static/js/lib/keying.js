// What a key does to the text of a field: overtyping in place, and cycling through candidates.
// No page is needed for it.

const DIGITS = "0123456789";
const isDigit = (character) => character !== undefined && DIGITS.includes(character);

/** Where the digit at a cursor stands: there, or after it past points and dashes; -1 at the end. */
export function digitAt(text, cursor) {
  for (let place = cursor; place < text.length; place += 1) if (isDigit(text[place])) return place;
  return -1;
}

/** Put a digit over the one at the cursor, or behind the last, and go on to the next. */
export function overtype(text, cursor, digit) {
  const place = digitAt(text, cursor);
  if (place < 0) return { text: text + digit, cursor: text.length + 1 };
  return { text: text.slice(0, place) + digit + text.slice(place + 1), cursor: place + 1 };
}

/**
 * Change the digit at the cursor for its next (step 1) or previous (step -1) candidate.
 *
 * `candidates` has the likely digits of each digit in the text, likeliest first, like ["17", "38"];
 * the other digits follow after them, so that every one can be reached.
 */
export function cycle(text, cursor, candidates, step) {
  let place = digitAt(text, cursor);
  if (place < 0) place = digitAt(text, Math.max(text.length - 1, 0));
  if (place < 0) return { text, cursor };
  const likely = candidates[[...text.slice(0, place)].filter(isDigit).length] ?? "";
  const order = [...new Set(likely + DIGITS)];
  const next = order[(order.indexOf(text[place]) + step + order.length) % order.length];
  return { text: text.slice(0, place) + next + text.slice(place + 1), cursor: place };
}
