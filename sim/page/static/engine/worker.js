// An engine in a Web Worker: {id, …question} comes in; {id, …answer}, {id, reasons} or bytes go out.
// @ts-check
/** @import { Layout } from '../rules/module.js' */
/** @import { Data } from './scenario.js' */
import { Engine } from './engine.js';
import { Refusal } from './scenario.js';

const FULL = 'There is not enough memory for this: take fewer people or fewer days.';

/**
 * An engine of its own; the rules' module is compiled here.
 * @param {{wasm: ArrayBuffer, layout: Layout, data: Data}} given
 */
export async function engineOf({ wasm, layout, data }) {
  return new Engine({ module: await WebAssembly.compile(wasm), layout, data });
}

/**
 * What an engine says to a question: every question is answered.
 * @param {Engine} engine
 * @param {{id: number, do: string}} request
 */
export function saidBy(engine, request) {
  const { id } = request;
  try {
    const found = engine.answer(request);
    return found instanceof Uint8Array ? { id, bytes: found.buffer } : { id, found };
  } catch (fault) {
    if (fault instanceof Refusal) return { id, reasons: fault.reasons };
    if (fault instanceof RangeError || fault === 'out of memory') return { id, reasons: [FULL] }; // the second is Firefox's
    console.error(fault);
    return { id, reasons: [`our fault: ${fault.message}`] };
  }
}

if (typeof document === 'undefined' && typeof postMessage === 'function') {
  /** @type {Promise<Engine>} */
  let engine;
  addEventListener('message', async ({ data: request }) => {
    if (request.do === 'begin') {
      engine = engineOf(request);
      engine.then(
        () => postMessage({ id: request.id, found: {} }),
        (fault) => postMessage({ id: request.id, reasons: [fault.message] }),
      );
      return;
    }
    const said = saidBy(await engine, request);
    // @ts-ignore a worker's own postMessage takes what goes over without a copy
    postMessage(said, said.bytes ? [said.bytes] : []);
  });
}
