// Two photos of one spot on top of each other; a slider moves the border between them. Without this file they stand side by side.
for (const box of document.querySelectorAll("[data-compare]")) {
  const slider = box.querySelector("[data-compare-slider]");
  const before = box.querySelector("[data-compare-before]");
  const cut = () => before.style.setProperty("--cut", `${slider.value}%`);
  box.dataset.on = "";
  slider.hidden = false;
  slider.addEventListener("input", cut);
  cut();
}
