// The what-if slider of the score ladder: the same arithmetic as scoring.py, on the counts the page brings. Without it the table stands.
"use strict";
(() => {
  const source = document.getElementById("ladder-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const sliders = [...document.querySelectorAll("input[data-indicator]")];

  function finished(line, number) {
    const due = Math.min(number, line.pending);
    return { numerator: line.numerator + number, denominator: line.denominator + number - due };
  }

  function score(chosen) {
    const counted = data.lines.map((line) => ({ ...line, ...finished(line, chosen[line.key] || 0) }));
    const measured = counted.filter((line) => line.denominator).reduce((sum, line) => sum + line.weight, 0);
    if (!measured) return { points: null, measured };
    const points = counted.filter((line) => line.denominator).reduce((left, line) => {
      const share = line.numerator / line.denominator;
      return left - (100 * line.weight / measured) * (line.down ? share : 1 - share);
    }, 100);
    return { points, measured };
  }

  function show() {
    const chosen = {};
    for (const slider of sliders) {
      chosen[slider.dataset.indicator] = Number(slider.value);
      document.querySelector(`output[data-for="${slider.dataset.indicator}"]`).value = slider.value;
    }
    const { points, measured } = score(chosen);
    const exact = points === null ? null : Math.round(points * 1e8) / 1e8;
    const place = exact === null || measured < data.minimum ? "–" : 1 + data.others.filter((other) => other > exact + 1e-9).length;
    const grade = exact === null ? "–" : data.grades.find((each) => exact >= each.from).letter;
    document.getElementById("what-if-score").textContent = exact === null ? "–" : (Math.floor(exact * 100) / 100).toFixed(2);
    document.getElementById("what-if-grade").textContent = grade;
    document.getElementById("what-if-place").textContent = place;
  }

  for (const part of document.querySelectorAll(".what-if-slider, .what-if-result")) part.hidden = false;
  for (const slider of sliders) slider.addEventListener("input", show);
})();
