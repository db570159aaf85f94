// Lives the organizations that stdin names (JSON) by the rules' module, and says each one's state hash and seconds.
import { readFileSync } from 'node:fs';
import { begin } from '../../sim/page/static/rules/opening.js';
import { liveUntil, theoryOf } from '../../sim/page/static/rules/simulation.js';

const home = new URL('../../sim/page/static/', import.meta.url);
const layout = JSON.parse(readFileSync(new URL('rules.json', home), 'utf8'));
const module = new WebAssembly.Module(readFileSync(new URL('rules.wasm', home)));

for (const { values, seed, days, steps, told } of JSON.parse(readFileSync(0, 'utf8'))) {
  const begun = process.hrtime.bigint();
  const sim = begin(module, layout, theoryOf(layout, values), BigInt(seed), days, told);
  const opened = process.hrtime.bigint();
  liveUntil(
    sim,
    days,
    steps.map(([day, numbers, shock]) => [day, theoryOf(layout, numbers), shock]),
  );
  const seconds = [opened - begun, process.hrtime.bigint() - opened].map((ns) => Number(ns) / 1e9);
  console.log(JSON.stringify({ hash: sim.stateHash, day: sim.day, seconds }));
}
