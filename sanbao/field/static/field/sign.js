// The finger signature: strokes kept as points, drawn on white, sent as a small PNG. A large photo is made smaller first, for slow phones.

const OUT = { width: 900, height: 360 };
const INK = 4.5; // line width in CSS pixels on the pad
const LEAST_LENGTH = 120; // a signature is longer than this, in CSS pixels
const PHOTO_SIDE = 1600;
const PHOTO_LARGE = 900_000;

class Pad {
  constructor(canvas) {
    this.canvas = canvas;
    this.strokes = [];
    this.present = null;
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => this.end(event));
    new ResizeObserver(() => this.fit()).observe(canvas);
    this.fit();
  }

  fit() {
    const { width, height } = this.canvas.getBoundingClientRect();
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.draw();
  }

  // Points are kept as shares of the pad, so that turning the phone keeps the signature.
  point(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  begin(event) {
    if (this.present) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.present = { id: event.pointerId, points: [this.point(event)] };
    this.strokes.push(this.present.points);
    this.draw();
  }

  move(event) {
    if (!this.present || event.pointerId !== this.present.id) return;
    const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const each of events.length ? events : [event]) this.present.points.push(this.point(each));
    this.draw();
  }

  end(event) {
    if (this.present && event.pointerId === this.present.id) this.present = null;
  }

  undo() {
    this.strokes.pop();
    this.draw();
  }

  clear() {
    this.strokes = [];
    this.draw();
  }

  length() {
    const { width, height } = this.canvas.getBoundingClientRect();
    let sum = 0;
    for (const points of this.strokes)
      for (let i = 1; i < points.length; i += 1)
        sum += Math.hypot((points[i][0] - points[i - 1][0]) * width, (points[i][1] - points[i - 1][1]) * height);
    return sum;
  }

  draw() {
    this.canvas.parentElement.classList.toggle("inked", this.strokes.length > 0);
    const { width } = this.canvas.getBoundingClientRect();
    paint(this.canvas, this.strokes, (INK * this.canvas.width) / Math.max(width, 1));
  }

  png() {
    const out = document.createElement("canvas");
    const box = this.canvas.getBoundingClientRect();
    out.width = OUT.width;
    out.height = Math.round((OUT.width * box.height) / box.width);
    paint(out, this.strokes, (INK * OUT.width) / box.width);
    return out.toDataURL("image/png");
  }
}

function paint(canvas, strokes, thickness) {
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = "#111";
  pen.lineWidth = thickness;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  for (const points of strokes) {
    pen.beginPath();
    pen.moveTo(points[0][0] * canvas.width, points[0][1] * canvas.height);
    for (const [x, y] of points) pen.lineTo(x * canvas.width, y * canvas.height);
    pen.stroke();
  }
}

async function makeSmaller(input) {
  const file = input.files[0];
  if (!file || file.size < PHOTO_LARGE || !window.createImageBitmap) return;
  try {
    const picture = await createImageBitmap(file);
    const share = Math.min(1, PHOTO_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    const taken = new DataTransfer();
    taken.items.add(new File([blob], "front.jpg", { type: "image/jpeg" }));
    input.files = taken.files;
  } catch {
    // The server judges the picture as it is.
  }
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
    const photo = form.querySelector("[data-photo]");
    await makeSmaller(photo);
    form.submit();
  });

  // Coming back with the browser's back button: the form may be sent again, and the server knows it by its id.
  window.addEventListener("pageshow", () => {
    button.removeAttribute("aria-busy");
    button.textContent = label;
  });
}

document.querySelectorAll("[data-sign-form]").forEach(start);
