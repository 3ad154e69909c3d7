// What lies on the phone, in IndexedDB: the parcel of one person, and the tray. Nothing else remembers anything.

const NAME = "sanbao-field";
const VERSION = 1;

let opened = null;

function open() {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("parcel");
      asked.result.createObjectStore("tray", { keyPath: "client_id" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opened;
}

// One transaction; the promise is kept when it is on the disk, not before.
async function within(name, mode, work) {
  const base = await open();
  return new Promise((done, failed) => {
    const dealing = base.transaction(name, mode, { durability: "strict" });
    const asked = work(dealing.objectStore(name));
    dealing.oncomplete = () => done(asked?.result);
    dealing.onerror = dealing.onabort = () => failed(dealing.error);
  });
}

export const parcel = {
  read: () => within("parcel", "readonly", (store) => store.get("mine")),
  keep: (value) => within("parcel", "readwrite", (store) => store.put(value, "mine")),
  drop: () => within("parcel", "readwrite", (store) => store.delete("mine")),
};

export const tray = {
  all: async () => (await within("tray", "readonly", (store) => store.getAll())).sort((a, b) => (a.at < b.at ? -1 : 1)),
  read: (id) => within("tray", "readonly", (store) => store.get(id)),
  keep: (item) => within("tray", "readwrite", (store) => store.put(item)),
  drop: (id) => within("tray", "readwrite", (store) => store.delete(id)),
};

// Asks the browser not to clear the tray when the phone is short of room.
export function holdOn() {
  navigator.storage?.persist?.();
}
