// The signing page behind the personal link: the finger's signature and a smaller photo go with the form.

import { LEAST_LENGTH, Pad } from "./pad.js";
import { smaller } from "./photo.js";

async function putSmaller(input) {
  const file = input.files[0];
  const small = await smaller(file);
  if (small === file) return;
  const taken = new DataTransfer();
  taken.items.add(small);
  input.files = taken.files;
}

function start(form) {
  const pad = new Pad(form.querySelector("[data-pad]"));
  const field = form.querySelector("[data-signature]");
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("[type=submit]");
  const label = button.textContent;
  const keep = sessionStorage.getItem(`sign-${form.client_id.value}`);
  if (keep) {
    pad.strokes = JSON.parse(keep);
    pad.draw();
  }

  const say = (words, at) => {
    said.textContent = words;
    said.hidden = false;
    at.scrollIntoView({ block: "center" });
  };

  form.querySelector("[data-undo]").addEventListener("click", () => pad.undo());
  form.querySelector("[data-clear]").addEventListener("click", () => pad.clear());

  const all = form.querySelector("[data-agree-all]");
  all.hidden = false;
  all.addEventListener("click", () => {
    for (const item of form.querySelectorAll("[data-item]"))
      if (!item.querySelector("input[type=radio]:checked")) item.querySelector("input[value=agreed]").checked = true;
  });

  form.addEventListener("change", (event) => {
    const item = event.target.closest("[data-item]");
    if (!item) return;
    const not = item.querySelector("input[value=not_applicable]").checked;
    item.querySelector(".why input").required = not;
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    if (pad.length() < LEAST_LENGTH) {
      say(form.dataset.empty, form.querySelector("[data-pad]"));
      return;
    }
    said.hidden = true;
    button.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.sending;
    sessionStorage.setItem(`sign-${form.client_id.value}`, JSON.stringify(pad.strokes));
    field.value = pad.png();
    await putSmaller(form.querySelector("[data-photo]"));
    form.submit();
  });

  // Coming back with the browser's back button: the form may be sent again, and the server knows it by its id.
  window.addEventListener("pageshow", () => {
    button.removeAttribute("aria-busy");
    button.textContent = label;
  });
}

document.querySelectorAll("[data-sign-form]").forEach(start);
