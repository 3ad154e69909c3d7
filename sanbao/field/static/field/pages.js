// Small things the offline page is made of: its words, copies of its templates, moments as people read them.

const root = document.querySelector("[data-carry]");

export const words = document.querySelector("[data-words]").dataset;

export const all = (name, within = root) => [...within.querySelectorAll(`[data-${name}]`)];
export const one = (name, within = root) => within.querySelector(`[data-${name}]`);

// A copy of a template; texts are put into the places that bear these names, and empty places are taken away.
export function copy(name, texts) {
  const made = document.querySelector(`template[data-template="${name}"]`).content.firstElementChild.cloneNode(true);
  for (const [place, text] of Object.entries(texts)) {
    const here = `[data-text="${place}"]`;
    const spot = made.matches(here) ? made : made.querySelector(here);
    if (text) spot.textContent = text;
    else spot.remove();
  }
  return made;
}

export function moment(text) {
  const options = { month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit" };
  return new Date(text).toLocaleString(document.documentElement.lang, options);
}

export function say(text, tone = "") {
  const said = one("said");
  said.textContent = text;
  said.className = `notice ${tone ? `notice-${tone}` : ""}`;
  said.hidden = !text;
}
