// One letter taken along: read, answered and signed without a network; or what happened instead of a signature.

import { LEAST_LENGTH, Pad } from "./pad.js";
import { all, copy, one } from "./pages.js";
import { smaller } from "./photo.js";

const form = one("letter-form");
const pad = new Pad(one("pad"));
let present = null; // { letter, text }

export function showLetter(letter, text) {
  if (present?.letter.id === letter.id) return;
  present = { letter, text };
  form.reset();
  pad.clear();
  one("letter-said").hidden = true;
  for (const spot of all("letter-text")) spot.textContent = letter[spot.dataset.letterText] || "—";
  one("form-title").textContent = text.title;
  one("consent").replaceChildren(...text.consent.split("\n").map((line) => paragraph(line)));
  one("body").replaceChildren(...text.body.flatMap(section));
  one("items").replaceChildren(...itemsOf(text));
  for (const details of form.querySelectorAll("details")) details.open = false;
}

export function leaveLetter() {
  present = null;
  form.reset();
  pad.clear();
}

// Calls `keep(kind, content)` with what is to be put into the tray.
export function onKept(keep) {
  one("undo").addEventListener("click", () => pad.undo());
  one("clear").addEventListener("click", () => pad.clear());
  one("agree-all").addEventListener("click", () => {
    for (const item of all("item")) if (!chosen(item)) item.querySelector("input[value=agreed]").checked = true;
  });
  form.addEventListener("change", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) item.querySelector(".why input").required = chosen(item) === "not_applicable";
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (pad.length() < LEAST_LENGTH) refuse(form.dataset.empty);
    else once(async () => keep("signed", { ...answers(), ...(await photo()) }));
  });
  one("declined").addEventListener("click", () => {
    const note = form.elements.note.value.trim();
    if (!note) refuse(form.dataset.noteMissing, form.elements.note);
    else once(async () => keep("declined", { note, ...(await photo()) }));
  });
  one("nobody").addEventListener("click", () => once(async () => keep("nobody", await photo())));
}

// A second tap while the first is being kept does nothing.
let busy = false;
async function once(act) {
  if (busy) return;
  busy = true;
  try {
    await act();
  } finally {
    busy = false;
  }
}

function refuse(text, at = one("pad")) {
  const said = one("letter-said");
  said.textContent = text;
  said.hidden = false;
  at.scrollIntoView({ block: "center" });
}

function answers() {
  const items = {};
  for (const item of all("item")) {
    const reason = item.querySelector(".why input").value.trim();
    items[item.dataset.item] = { agreed: chosen(item) === "agreed", reason: chosen(item) === "agreed" ? "" : reason };
  }
  return {
    signer_name: form.elements.signer_name.value.trim(),
    capacity: form.elements.capacity.value,
    items,
    consent_hash: present.text.hash,
    signature: pad.png().split(",")[1],
  };
}

const chosen = (item) => item.querySelector("input[type=radio]:checked")?.value;

async function photo() {
  const file = form.elements.photo.files[0];
  return file ? { photo: await base64(await smaller(file)) } : {};
}

function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1]);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

function itemsOf(text) {
  const rows = [];
  let duty = "";
  for (const item of text.items) {
    if (item.duty !== duty) rows.push(Object.assign(document.createElement("h3"), { className: "duty", textContent: item.duty }));
    duty = item.duty;
    const row = copy("item", { wording: item.wording });
    row.dataset.item = item.code;
    for (const radio of row.querySelectorAll("input[type=radio]")) radio.name = `item-${item.code}`;
    rows.push(row);
  }
  return rows;
}

function section({ heading, paragraphs }) {
  return [Object.assign(document.createElement("h3"), { textContent: heading }), ...paragraphs.map(paragraph)];
}

function paragraph(text) {
  return Object.assign(document.createElement("p"), { textContent: text });
}
