// Lives the organizations that stdin names (JSON) by the rules' module, and says each one's state hash and seconds.
import { readFileSync } from 'node:fs';
import { begin } from '../../sim/page/static/rules/opening.js';
import { liveUntil, theoryOf } from '../../sim/page/static/rules/simulation.js';

const home = new URL('../../sim/page/static/', import.meta.url);
const layout = JSON.parse(readFileSync(new URL('rules.json', home), 'utf8'));
const module = new WebAssembly.Module(readFileSync(new URL('rules.wasm', home)));
const spent = () => process.cpuUsage().user / 1e6;

for (const { values, seed, days, steps, told, branch } of JSON.parse(readFileSync(0, 'utf8'))) {
  const coming = steps.map(([day, numbers, shock]) => [day, theoryOf(layout, numbers), shock]);
  const begun = spent();
  let sim = begin(module, layout, theoryOf(layout, values), BigInt(seed), days, told);
  const opened = spent();
  if (branch) {
    liveUntil(sim, branch, coming);
    const other = sim.copy();
    other.shock('deception');
    liveUntil(other, days, []);
    sim = sim.copy(); // goes on as if nothing had happened to the other
  }
  liveUntil(sim, days, coming);
  const seconds = [opened - begun, spent() - opened];
  console.log(JSON.stringify({ hash: sim.stateHash, day: sim.day, seconds }));
}
