// A sheet of paper: strokes in sheet units, whatever the size of the screen that shows them.

// How far a pen's pressure (0 to 1, 0.5 is a normal hand) may change the width of its line.
const THINNEST = 0.5;
const THICKEST = 1.5;

/** The width of the line at a point: a pen presses, a mouse or a finger doesn't. */
export function widthAt(point, lineWidth) {
  if (point.pressure === undefined) return lineWidth;
  return lineWidth * Math.min(THICKEST, Math.max(THINNEST, 0.5 + point.pressure));
}

export class Sheet {
  #strokes = [];
  #open = false;

  constructor({ width, height, lineWidth }) {
    Object.assign(this, { width, height, lineWidth });
  }

  get strokes() {
    return this.#strokes;
  }

  get isBlank() {
    return this.#strokes.length === 0;
  }

  /** How wide a sheet must be to hold everything that was drawn. */
  get inkWidth() {
    const ends = this.#strokes.flat().map(({ x }) => x);
    return ends.length === 0 ? 0 : Math.max(...ends) + this.lineWidth;
  }

  begin(point) {
    this.#strokes.push([point]);
    this.#open = true;
  }

  /** Add points to the stroke that is being drawn. */
  extend(points) {
    if (this.#open) this.#strokes.at(-1).push(...points);
  }

  end() {
    this.#open = false;
  }

  /** Take back the stroke that is being drawn: the hand that rests on a screen is no pen. */
  cancel() {
    if (this.#open) this.#strokes.pop();
    this.#open = false;
  }

  undo() {
    this.#open = false;
    this.#strokes.pop();
  }

  clear() {
    this.#open = false;
    this.#strokes = [];
  }

  /** Draw all strokes into a context whose unit is the sheet's. */
  drawInto(context) {
    for (const stroke of this.#strokes) drawStroke(context, stroke, this.lineWidth);
  }
}

/**
 * Draw a stroke, or from point `from` on what was added to it.
 *
 * The line runs through the middles between points, with the points as control points, so that
 * neighbouring pieces share their tangents.
 */
export function drawStroke(context, stroke, lineWidth, from = 0) {
  context.lineCap = "round";
  context.lineJoin = "round";
  if (from === 0) {
    // A dot under the first point: a tap leaves a mark.
    context.beginPath();
    context.arc(stroke[0].x, stroke[0].y, widthAt(stroke[0], lineWidth) / 2, 0, 2 * Math.PI);
    context.fill();
  }
  for (let i = Math.max(1, from); i < stroke.length; i += 1) {
    const [before, point] = [stroke[i - 1], stroke[i]];
    const start = i === 1 ? before : middle(stroke[i - 2], before);
    const end = middle(before, point);
    context.lineWidth = (widthAt(before, lineWidth) + widthAt(point, lineWidth)) / 2;
    context.beginPath();
    context.moveTo(start.x, start.y);
    context.quadraticCurveTo(before.x, before.y, end.x, end.y);
    if (i === stroke.length - 1) context.lineTo(point.x, point.y);
    context.stroke();
  }
}

function middle(a, b) {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
