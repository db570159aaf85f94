// What a test's script finds in any shell of a JavaScript engine, by the same names: node's, JavaScriptCore's (jsc) and
// SpiderMonkey's (js). Paths are of the project's folder, in which the shell was started; what is asked is a line of JSON.
/* global os, print, readFile, readline */

const node = typeof process === 'undefined' ? null : await import('node:fs');

/** @param {string} path */
const bytesOf = (path) =>
  node
    ? node.readFileSync(path)
    : typeof readFile === 'function'
      ? readFile(path, 'binary')
      : os.file.readFile(path, 'binary');

/** @param {string} path */
const textOf = (path) =>
  node ? node.readFileSync(path, 'utf8') : typeof readFile === 'function' ? readFile(path) : os.file.readFile(path);

export const asked = JSON.parse(node ? node.readFileSync(0, 'utf8') : readline());
export const layout = JSON.parse(textOf('sim/page/static/rules.json'));
export const module = new WebAssembly.Module(bytesOf('sim/page/static/rules.wasm'));

/** @param {any} found */
export const say = (found) => (node ? console.log : print)(JSON.stringify(found));

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, '0')).join('');
