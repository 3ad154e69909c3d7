// Compares a chosen file with the hash of an issued document, on the reader's own device.

const box = document.querySelector("[data-compare]");
const answer = box.querySelector("[role=status]");

box.querySelector("input[type=file]").addEventListener("change", async (event) => {
  const file = event.target.files[0];
  if (!file) return;
  if (!window.crypto || !crypto.subtle) {
    answer.textContent = box.dataset.cannot;
    return;
  }
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const same = hash === box.dataset.compare;
  answer.className = same ? "state state-ok" : "state state-bad";
  answer.textContent = same ? box.dataset.same : box.dataset.other;
});
