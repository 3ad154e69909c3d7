// Drawing over what must not be recognised: every drawn part becomes a line of four per cents in the form, which also works by hand.
"use strict";
(() => {
  const round = (value) => Math.round(value * 1000) / 10;

  function lines(field) {
    return field.value.split("\n").map((line) => line.trim().split(/[\s,]+/).map(Number)).filter((part) => part.length === 4 && part.every(Number.isFinite));
  }

  function setUp(form) {
    const stage = form.querySelector(".mask-stage");
    const field = form.querySelector("textarea[name=rectangles]");
    if (!stage || !field) return;
    let start = null;

    function place(box, [left, top, width, height]) {
      Object.assign(box.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
    }

    function show() {
      for (const box of stage.querySelectorAll(".mask-part")) box.remove();
      lines(field).forEach((part, number) => {
        const box = document.createElement("div");
        box.className = "mask-part";
        place(box, part);
        const away = document.createElement("button");
        away.type = "button";
        away.textContent = "×";
        away.setAttribute("aria-label", "×");
        away.addEventListener("pointerdown", (event) => event.stopPropagation());
        away.addEventListener("click", () => {
          field.value = lines(field).filter((_part, other) => other !== number).map((each) => each.join(" ")).join("\n");
          show();
        });
        box.append(away);
        stage.append(box);
      });
    }

    function point(event) {
      const frame = stage.getBoundingClientRect();
      const within = (value, size) => Math.min(Math.max(value / size, 0), 1);
      return [within(event.clientX - frame.left, frame.width), within(event.clientY - frame.top, frame.height)];
    }

    function part(from, to) {
      const left = Math.min(from[0], to[0]), top = Math.min(from[1], to[1]);
      return [round(left), round(top), round(Math.abs(to[0] - from[0])), round(Math.abs(to[1] - from[1]))];
    }

    stage.addEventListener("pointerdown", (event) => {
      start = point(event);
      stage.setPointerCapture(event.pointerId);
      const box = document.createElement("div");
      box.className = "mask-part mask-new";
      place(box, part(start, start));
      stage.append(box);
    });
    stage.addEventListener("pointermove", (event) => {
      if (start) place(stage.querySelector(".mask-new"), part(start, point(event)));
    });
    stage.addEventListener("pointerup", (event) => {
      if (!start) return;
      const drawn = part(start, point(event));
      start = null;
      if (drawn[2] >= 1 && drawn[3] >= 1) field.value = [...lines(field), drawn].map((each) => each.join(" ")).join("\n");
      show();
    });
    stage.addEventListener("pointercancel", () => { start = null; show(); });
    field.addEventListener("input", show);
    show();
  }

  document.querySelectorAll(".mask-form").forEach(setUp);
})();
