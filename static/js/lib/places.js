// Places on a sheet in millimetres, and what a pointer draws on its picture.

export const EDGES = ["left", "top", "right", "bottom"];
const SMALLEST_MM = 1;

const toTenths = (value) => Math.round(value * 10) / 10;

/** The place between two corners in pixels of a picture of that size; null: it is too small. */
export function placeBetween(start, end, picture, sheet) {
  const across = sheet.width / picture.width;
  const down = sheet.height / picture.height;
  const within = (value, most) => Math.min(Math.max(value, 0), most);
  const place = {
    left: toTenths(within(Math.min(start.x, end.x) * across, sheet.width)),
    top: toTenths(within(Math.min(start.y, end.y) * down, sheet.height)),
    right: toTenths(within(Math.max(start.x, end.x) * across, sheet.width)),
    bottom: toTenths(within(Math.max(start.y, end.y) * down, sheet.height)),
  };
  const isLarge =
    place.right - place.left >= SMALLEST_MM && place.bottom - place.top >= SMALLEST_MM;
  return isLarge ? place : null;
}

/** The rectangle of a place in pixels of a picture; null: an edge is missing or out of order. */
export function rectangleOf(place, picture, sheet) {
  const { left, top, right, bottom } = place;
  if (![left, top, right, bottom].every(Number.isFinite)) return null;
  if (right <= left || bottom <= top) return null;
  const across = picture.width / sheet.width;
  const down = picture.height / sheet.height;
  return {
    x: left * across,
    y: top * down,
    width: (right - left) * across,
    height: (bottom - top) * down,
  };
}
