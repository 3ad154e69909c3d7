// Keys for long lists: j and k (or the arrows) walk the rows, / goes to the search.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const links = [...document.querySelectorAll("[data-row]")];
  const place = links.indexOf(document.activeElement);
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step && (place >= 0 || event.key.length === 1)) {
    const next = links[Math.min(links.length - 1, Math.max(0, place + step))];
    if (next) next.focus();
    event.preventDefault();
  } else if (event.key === "/") {
    document.querySelector("[data-search]")?.focus();
    event.preventDefault();
  }
});
