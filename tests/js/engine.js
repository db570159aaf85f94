// Asks a page's own engine the questions that stdin names (JSON: what a file holds, then conversations), and says its answers.
import { readFileSync } from 'node:fs';
import { Engine } from '../../sim/page/static/engine/engine.js';
import { Refusal } from '../../sim/page/static/engine/scenario.js';

const home = new URL('../../sim/page/static/', import.meta.url);
const layout = JSON.parse(readFileSync(new URL('rules.json', home), 'utf8'));
const module = new WebAssembly.Module(readFileSync(new URL('rules.wasm', home)));
const { data, conversations } = JSON.parse(readFileSync(0, 'utf8'));

const said = (engine, request) => {
  try {
    const found = engine.answer(request);
    return found instanceof Uint8Array ? { bytes: Buffer.from(found).toString('base64') } : { found };
  } catch (fault) {
    if (fault instanceof Refusal) return { reasons: fault.reasons };
    throw fault;
  }
};

for (const questions of conversations) {
  const engine = new Engine({ module, layout, data });
  console.log(JSON.stringify(questions.map((request) => said(engine, request))));
}
