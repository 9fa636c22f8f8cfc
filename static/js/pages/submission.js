// A box in the image and its field in the list light up together, and a followed box takes the
// keyboard along to its field.

const linked = (name) => document.querySelectorAll(`[data-field="${CSS.escape(name)}"]`);

function light(event, isOn) {
  const part = event.target instanceof Element ? event.target.closest("[data-field]") : null;
  if (!part) return;
  for (const other of linked(part.dataset.field)) other.classList.toggle("is-linked", isOn);
}

// On the document, since the reading is replaced while it is followed.
for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(on, (event) => light(event, true));
  document.addEventListener(off, (event) => light(event, false));
}

document.addEventListener("click", (event) => {
  const box = event.target instanceof Element ? event.target.closest("a.box") : null;
  if (!box) return;
  event.preventDefault();
  const field = document.getElementById(`field-${box.dataset.field}`);
  field?.scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
});
