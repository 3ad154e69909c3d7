// The box for a finger's signature: strokes kept as points, drawn on white, given away as a small PNG.

export const LEAST_LENGTH = 120; // a signature is longer than this, in CSS pixels
const OUT = { width: 900, height: 360 };
const INK = 4.5; // line width in CSS pixels on the pad

export class Pad {
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
