// The page of a shift without a network: the letters taken along, one of them opened, and the tray. The address behind # says which.

import { leaveLetter, onKept, showLetter } from "./letter.js";
import { all, copy, moment, one, say, words } from "./pages.js";
import { holdOn, parcel, tray } from "./store.js";
import { LoggedOut, NotAllowed, sendAll, whoIsThere } from "./tray.js";

const DAY_MS = 86_400_000;
const PARCEL_LIVES_MS = DAY_MS; // a shift, and the night after it
const SENT_SHOWN_MS = DAY_MS;
const AGAIN_MS = 60_000;

let mine = null; // the parcel on this phone

async function begin() {
  if (!window.indexedDB || !navigator.serviceWorker || !navigator.locks) {
    one("unable").hidden = false;
    one("able").hidden = true;
    return;
  }
  navigator.serviceWorker.register(one("able").dataset.worker);
  holdOn();
  await tidy();
  onKept(keep);
  one("send").addEventListener("click", send);
  one("search").addEventListener("input", drawLetters);
  for (const link of all("to")) link.addEventListener("click", () => say(""));
  window.addEventListener("hashchange", draw);
  window.addEventListener("online", send);
  window.addEventListener("offline", drawNetwork);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  setInterval(async () => (await waiting()).length && send(), AGAIN_MS);
  await draw();
  await recognise();
  await send();
}

// What is older than a shift goes; what waits in the tray stays, however old.
async function tidy() {
  mine = (await parcel.read()) || null;
  if (mine && Date.now() - Date.parse(mine.taken_at) > PARCEL_LIVES_MS) await forget();
  for (const item of await tray.all())
    if (item.state === "sent" && Date.now() - Date.parse(item.sent_at) > SENT_SHOWN_MS) await tray.drop(item.client_id);
}

async function forget() {
  await parcel.drop();
  mine = null;
}

// Another person at this phone does not see what the first one took along.
async function recognise() {
  if (!navigator.onLine || !mine) return;
  try {
    if ((await whoIsThere()).id !== mine.owner.id) {
      await forget();
      await draw();
    }
  } catch {
    // Nobody there, or no network: sending says which.
  }
}

const waiting = async () => (await tray.all()).filter((item) => item.state === "waiting");

async function keep(kind, content) {
  const id = location.hash.split("/")[1];
  const letter = mine.letters.find((each) => each.id === id);
  const { number, address, sign_name, merchant } = letter;
  const shown = { number, address, name: sign_name || merchant };
  const at = new Date().toISOString();
  try {
    await tray.keep({ client_id: crypto.randomUUID(), owner: mine.owner, letter: id, kind, at, shown, content, state: "waiting", reasons: [] });
  } catch {
    say(words.full, "error");
    return;
  }
  for (const item of await tray.all()) if (item.letter === id && item.state === "refused") await tray.drop(item.client_id);
  leaveLetter();
  say(words.kept);
  location.hash = "#letters";
  await send();
}

async function send() {
  drawNetwork();
  one("log-in").hidden = true;
  try {
    const sent = navigator.onLine ? await sendAll() : { accepted: 0, refused: 0, others: 0 };
    if (sent.refused) say(words.someRefused, "error");
    else if (sent.accepted) say(words.allSent);
    one("others").hidden = !sent.others;
  } catch (error) {
    if (error instanceof LoggedOut) one("log-in").hidden = false;
    else if (error instanceof NotAllowed) say(error.message, "error");
    else say(words.notReached, "warning");
  }
  await draw();
}

async function draw() {
  const [view, id] = location.hash.slice(1).split("/");
  const letter = mine?.letters.find((each) => each.id === id);
  const shown = view === "letter" && letter ? "letter" : view === "tray" ? "tray" : "letters";
  for (const section of all("view")) section.hidden = section.dataset.view !== shown;
  for (const link of all("to")) link.toggleAttribute("aria-current", link.dataset.to === shown);
  if (shown === "letter") showLetter(letter, mine.forms.find((each) => each.id === letter.form));
  else leaveLetter();
  drawNetwork();
  await Promise.all([drawLetters(), drawTray()]);
}

function drawNetwork() {
  const badge = one("network");
  badge.textContent = navigator.onLine ? words.online : words.offline;
  badge.className = `state ${navigator.onLine ? "state-ok" : "state-info"}`;
}

// Per letter the last item of the tray decides; a letter whose signature was taken is done with.
async function drawLetters() {
  const items = new Map((await tray.all()).map((item) => [item.letter, item]));
  const asked = one("search").value.trim();
  const rows = (mine?.letters || []).filter((letter) => !asked || Object.values(letter).join(" ").includes(asked));
  const open = (mine?.letters || []).filter((letter) => !settled(items.get(letter.id)));
  one("open-count").textContent = open.length;
  one("none").hidden = Boolean(mine);
  one("some").hidden = !mine;
  if (!mine) return;
  one("taken").textContent = `${mine.owner.name} · ${moment(mine.taken_at)}`;
  let street = null;
  const drawn = [];
  for (const letter of rows) {
    const along = [letter.street, letter.street && letter.side].filter(Boolean).join(" · ") || words.noStreet;
    if (along !== street) drawn.push(copy("street", { street: along }));
    street = along;
    drawn.push(letterRow(letter, items.get(letter.id)));
  }
  one("letters").replaceChildren(...drawn);
}

const settled = (item) => item && item.kind === "signed" && item.state !== "refused";

function letterRow(letter, item) {
  const row = copy("letter", { name: letter.sign_name || letter.merchant, address: letter.address, number: letter.number });
  const link = row.querySelector("a");
  const badge = row.querySelector(".state");
  if (item) mark(badge, item);
  else badge.remove();
  if (settled(item)) link.removeAttribute("href");
  else link.href = `#letter/${letter.id}`;
  return row;
}

const TONES = { waiting: "warn", sent: "ok", refused: "bad" };

function mark(badge, item) {
  badge.textContent = `${words[item.kind]} · ${words[item.state]}`;
  badge.className = `state state-${TONES[item.state]}`;
}

async function drawTray() {
  const items = await tray.all();
  const open = items.filter((item) => item.state !== "sent");
  one("tray-count").textContent = open.length;
  one("tray-empty").hidden = items.length > 0;
  one("send").disabled = !items.some((item) => item.state === "waiting");
  // What still wants something stands first, the newest on top.
  const sorted = [...open.reverse(), ...items.filter((item) => item.state === "sent").reverse()];
  one("tray").replaceChildren(...sorted.map(trayRow));
}

function trayRow(item) {
  const number = item.number || item.shown.number;
  const row = copy("tray", { name: item.shown.name, address: item.shown.address, number, at: moment(item.at), owner: item.owner.name });
  row.dataset.test = `tray-${item.state}`;
  mark(row.querySelector(".state"), item);
  row.querySelector(".reasons").replaceChildren(...item.reasons.map(reason));
  const again = row.querySelector("[data-again]");
  const known = mine?.letters.some((letter) => letter.id === item.letter);
  if (item.state === "refused" && known) again.href = `#letter/${item.letter}`;
  else again.remove();
  const remove = row.querySelector("[data-remove]");
  if (item.state === "waiting") remove.remove();
  else remove.addEventListener("click", () => tray.drop(item.client_id).then(draw));
  return row;
}

function reason(text) {
  return Object.assign(document.createElement("li"), { className: "reason", textContent: text });
}

begin();
