// Makes large photos smaller before a merchant's form is sent. Without this file they are sent as they are.

import { smaller } from "./photo.js";

async function shrink(input) {
  const taken = new DataTransfer();
  for (const file of input.files) taken.items.add(await smaller(file));
  input.files = taken.files;
}

for (const form of document.querySelectorAll("[data-photos]")) {
  const button = form.querySelector("[type=submit]");
  const label = button.textContent;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.sending;
    for (const input of form.querySelectorAll("input[type=file]")) if (input.files.length) await shrink(input);
    form.submit();
  });
  // Coming back with the browser's back button: the form may be sent again, and the server knows it by its id.
  window.addEventListener("pageshow", () => {
    button.removeAttribute("aria-busy");
    button.textContent = label;
  });
}
