// Lives the organizations that stdin names (JSON) by the rules' module, and says each one's state hash and seconds; of
// those that are watched (`most`: people of a team at most) also the sums of all days as bytes.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as frames from '../../sim/page/static/rules/frames.js';
import { begin } from '../../sim/page/static/rules/opening.js';
import { afterChanges, liveUntil, theoryOf } from '../../sim/page/static/rules/simulation.js';

const home = new URL('../../sim/page/static/', import.meta.url);
const layout = JSON.parse(readFileSync(new URL('rules.json', home), 'utf8'));
const module = new WebAssembly.Module(readFileSync(new URL('rules.wasm', home)));
const spent = () => process.cpuUsage().user / 1e6;

/** The sum of each day's frame, and of what is told of a state that nobody watched, of the days before and after. */
function watched(sim, coming, days, most, perDot) {
  const sums = [],
    perDesk = frames.peopleADesk(sim, most),
    dots = perDot || frames.leadsADot(sim);
  let watcher = frames.begin(sim, dots, perDesk);
  const keep = (bytes) => sums.push(createHash('sha256').update(bytes).digest('hex').slice(0, 16));
  keep(watcher.first(afterChanges(sim, coming)));
  while (sim.day < days && !sim.broke) {
    liveUntil(sim, sim.day + 1, coming);
    keep(watcher.day());
  }
  watcher = frames.begin(sim, dots, perDesk);
  keep(watcher.first());
  return { sums, desks: watcher.desks(), per: [dots, perDesk] };
}

for (const { values, seed, days, steps, told, branch, most, perDot } of JSON.parse(readFileSync(0, 'utf8'))) {
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
  const seen = most ? watched(sim, coming, days, most, perDot) : {};
  liveUntil(sim, days, coming);
  const seconds = [opened - begun, spent() - opened];
  console.log(JSON.stringify({ hash: sim.stateHash, day: sim.day, seconds, ...seen }));
}
