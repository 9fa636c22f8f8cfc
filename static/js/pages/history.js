// "Delete the chosen ones" needs something chosen.

const form = document.querySelector("[data-selection]");

if (form) {
  const button = form.querySelector("[data-delete]");
  const update = () => {
    button.disabled = form.querySelector("input[name=submission]:checked") === null;
  };
  form.addEventListener("change", update);
  window.addEventListener("pageshow", update); // after "back", boxes may still be ticked
  update();
}
