// What stands first in a live page's file: it unpacks the rest, which is the page's looks and script, the engine's script,
// the rules' module and all data. No module: it stands in the file as it is.
// @ts-check
(async () => {
  /** @param {string} id */
  const unpacked = (id) => {
    const packed = Uint8Array.from(atob(document.getElementById(id).textContent.trim()), (each) => each.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')));
  };
  try {
    const kept = await unpacked('kept').json();
    kept.wasm = await unpacked('rules').arrayBuffer();
    globalThis.batonFile = kept;
    for (const [kind, text] of [
      ['style', kept.style],
      ['script', kept.page],
    ]) {
      const part = document.createElement(kind);
      part.textContent = text;
      document.head.append(part);
    }
  } catch (fault) {
    document.body.textContent = document.body.dataset.old; // what this browser cannot do, another can
    throw fault;
  }
})();
