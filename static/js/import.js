// The import page: files can be dropped on the zone; the page works without this.

const zone = /** @type {HTMLElement} */ (document.querySelector("[data-drop-zone]"));
const input = /** @type {HTMLInputElement} */ (zone.querySelector("input[type=file]"));
const list = /** @type {HTMLElement} */ (zone.querySelector("[data-drop-list]"));

/** Say in words what is chosen. */
function describe() {
  const names = [...(input.files ?? [])].map((file) => file.name);
  const shown = names.slice(0, 5).join(", ");
  list.textContent = names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

for (const name of ["dragenter", "dragover"]) {
  zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
}
for (const name of ["dragleave", "drop"]) {
  zone.addEventListener(name, () => zone.classList.remove("is-over"));
}
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  const dropped = event.dataTransfer?.files;
  if (!dropped || dropped.length === 0) return;
  input.files = dropped;
  describe();
});
input.addEventListener("change", describe);
