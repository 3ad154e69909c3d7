// The worklist page: keeps the offline page at hand, and puts the letters shown into the phone for the shift.

import { holdOn, parcel } from "./store.js";

const button = document.querySelector("[data-take]");

if (button && window.indexedDB && navigator.serviceWorker) {
  navigator.serviceWorker.register(button.dataset.worker);
  button.hidden = false;
  button.addEventListener("click", take);
} else {
  document.querySelector("[data-unable]").hidden = false;
}

async function take() {
  const said = document.querySelector("[data-take-said]");
  button.setAttribute("aria-busy", "true");
  said.hidden = false;
  said.textContent = button.dataset.taking;
  try {
    const answer = await fetch(`${button.dataset.parcel}${location.search}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    await parcel.keep(await answer.json());
    holdOn();
    await navigator.serviceWorker.ready; // from now on the page opens without a network
    location.assign(button.dataset.carry);
  } catch {
    said.textContent = button.dataset.failed;
    button.removeAttribute("aria-busy");
  }
}
