// Makes large photos smaller before they are sent, for slow phones. Without this file they are sent as they are.

const SIDE = 1600;
const LARGE = 900_000;

async function smaller(file) {
  if (file.size < LARGE || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file);
    const share = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return new File([blob], "photo.jpg", { type: "image/jpeg" });
  } catch {
    return file; // The server judges the picture as it is.
  }
}

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
