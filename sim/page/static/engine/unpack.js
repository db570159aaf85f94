// What stands first in a live page's file: it unpacks the rest, which is the engine's script, the page's looks and script,
// the rules' module and all data. The engine comes first: its worker begins while the page is unpacked and put together.
// What is damaged or was edited is not lived: the file bears the sums of what it holds. No module: it stands in the file as
// it is.
// @ts-check
(async () => {
  const OLD =
      'This browser is too old for this file. Chrome or Edge from 97, Firefox from 113 or Safari from 16.4 open it.',
    DAMAGED = 'This file is damaged, or was changed after Baton wrote it. Ask for it once more.';
  /** @param {string} text */
  const bytesOf = (text) => {
    // @ts-ignore newer than what the types know
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const letters = atob(text),
      bytes = new Uint8Array(letters.length);
    for (let k = 0; k < bytes.length; k++) bytes[k] = letters.charCodeAt(k);
    return bytes;
  };
  /** @param {Uint8Array<ArrayBuffer>} bytes */
  const sumOf = async (bytes) => {
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(sum, (each) => each.toString(16).padStart(2, '0')).join('');
  };
  /** @param {Uint8Array<ArrayBuffer>} bytes */
  const unpacked = (bytes) => new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
  /** @type {(Worker & {begun?: boolean}) | null} */
  let early = null;
  let why = DAMAGED;
  try {
    const parts = ['engine', 'kept', 'rules'].map((id) => bytesOf(document.getElementById(id).textContent.trim()));
    if (globalThis.crypto?.subtle) {
      const found = await Promise.all(parts.map(sumOf)); // where pages may not ask for sums, gzip's own must do
      if (found.join(' ') !== document.body.dataset.sums)
        throw new Error('these are not the sums of what the file holds');
    }
    why = OLD; // what this browser cannot do, another can
    const address = URL.createObjectURL(new Blob([await unpacked(parts[0]).text()], { type: 'text/javascript' }));
    const make = () => new globalThis.Worker(address);
    try {
      early = make();
      early.onerror = () => {
        early = null;
      };
    } catch {
      early = null; // the page finds out by itself that there are no workers
    }
    const [kept, wasm] = await Promise.all([unpacked(parts[1]).json(), unpacked(parts[2]).arrayBuffer()]);
    if (early) {
      early.postMessage({ id: 1, do: 'begin', wasm, layout: kept.layout, data: kept.data }); // as whoever takes it would
      early.begun = true;
    }
    const makeWorker = () => {
      const one = early ?? make();
      early = null;
      return one;
    };
    globalThis.batonFile = { ...kept, wasm, makeWorker };
    document.getElementById('opening')?.remove();
    document.body.insertAdjacentHTML('afterbegin', kept.frame);
    for (const [kind, text] of [
      ['style', kept.style],
      ['script', kept.page],
    ]) {
      const part = document.createElement(kind);
      part.textContent = text;
      document.head.append(part);
    }
    why = DAMAGED;
    if (!globalThis.baton || !document.styleSheets.length) throw new Error('the page did not begin');
  } catch (fault) {
    early?.terminate();
    document.body.textContent = why;
    throw fault;
  }
})();
