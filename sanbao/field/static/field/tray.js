// Sends the tray. An item leaves it only when the server has said its number; whatever goes wrong on the way, it is sent again, and
// the server knows it by its own id.

import { tray } from "./store.js";

const MOST_ITEMS = 20;
const MOST_BYTES = 6_000_000;

const addresses = document.querySelector("[data-carry]").dataset;

export class LoggedOut extends Error {}
export class NotAllowed extends Error {} // its message is the server's sentence

export async function whoIsThere() {
  const answer = await ask("GET", addresses.who);
  return answer.json();
}

// What became of it: how many were taken, refused, or are another person's. Throws `LoggedOut`, `NotAllowed`, or another error where
// nobody answered.
export async function sendAll() {
  return navigator.locks.request("sanbao-tray", async () => {
    const sent = { accepted: 0, refused: 0, others: 0 };
    const all = (await tray.all()).filter((item) => item.state === "waiting");
    if (!all.length) return sent;
    const me = await whoIsThere();
    const mine = all.filter((item) => item.owner.id === me.id);
    sent.others = all.length - mine.length;
    for (const batch of batches(mine)) await sendBatch(batch, me.token, sent);
    return sent;
  });
}

function* batches(items) {
  let batch = [];
  let bytes = 0;
  for (const item of items) {
    const size = (item.content.photo || "").length + (item.content.signature || "").length;
    if (batch.length && (batch.length === MOST_ITEMS || bytes + size > MOST_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length) yield batch;
}

async function sendBatch(batch, token, sent) {
  const body = JSON.stringify({
    sent_at: new Date().toISOString(),
    items: batch.map(({ client_id, letter, kind, at, content }) => ({ client_id, letter, kind, at, ...content })),
  });
  const answer = await ask("POST", addresses.envelope, body, token);
  const { results } = await answer.json();
  for (const [place, item] of batch.entries()) {
    const result = results[place];
    if (result.status === "accepted") {
      // What was written and drawn is wiped; the number stays for the person to see.
      await tray.keep({ ...item, state: "sent", number: result.number, sent_at: new Date().toISOString(), content: {}, reasons: [] });
      sent.accepted += 1;
    } else {
      await tray.keep({ ...item, state: "refused", reasons: result.reasons });
      sent.refused += 1;
    }
  }
}

async function ask(method, address, body, token) {
  const headers = { Accept: "application/json" };
  if (body) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": token });
  const answer = await fetch(address, { method, body, headers, credentials: "same-origin", cache: "no-store", redirect: "error" });
  if (answer.status === 403 && answer.headers.get("Content-Type").includes("json")) throw new NotAllowed((await answer.json()).detail);
  if (answer.status === 401 || answer.status === 403) throw new LoggedOut(String(answer.status));
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}
