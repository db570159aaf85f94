// Asks a page's own engine the questions that stdin names (JSON: what a file holds, then conversations), and says its answers.
import { Engine } from '../../sim/page/static/engine/engine.js';
import { Refusal } from '../../sim/page/static/engine/scenario.js';
import { asked, hex, layout, module, say } from './host.js';

const answer = (engine, request) => {
  try {
    const found = engine.answer(request);
    return found instanceof Uint8Array ? { bytes: hex(found) } : { found };
  } catch (fault) {
    if (fault instanceof Refusal) return { reasons: fault.reasons };
    throw fault;
  }
};

for (const questions of asked.conversations) {
  const engine = new Engine({ module, layout, data: asked.data });
  say(questions.map((request) => answer(engine, request)));
}
