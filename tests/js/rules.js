// Lives the organizations that stdin names (JSON) by the rules' module, and says each one's state hash; of those that are
// watched (`most`: people of a team at most) also all days as bytes.
import * as frames from '../../sim/page/static/rules/frames.js';
import { begin } from '../../sim/page/static/rules/opening.js';
import { afterChanges, liveUntil, theoryOf } from '../../sim/page/static/rules/simulation.js';
import { asked, hex, layout, module, say } from './host.js';

/** Each day's frame, and what is told of a state that nobody watched, of the days before and after. */
function watched(sim, coming, days, most, perDot) {
  const seen = [],
    perDesk = frames.peopleADesk(sim, most),
    dots = perDot || frames.leadsADot(sim);
  let watcher = frames.begin(sim, dots, perDesk);
  seen.push(hex(watcher.first(afterChanges(sim, coming))));
  while (sim.day < days && !sim.broke) {
    liveUntil(sim, sim.day + 1, coming);
    seen.push(hex(watcher.day()));
  }
  watcher = frames.begin(sim, dots, perDesk);
  seen.push(hex(watcher.first()));
  return { frames: seen, desks: watcher.desks(), per: [dots, perDesk] };
}

for (const { values, seed, days, steps, told, branch, most, perDot } of asked) {
  const coming = steps.map(([day, numbers, shock]) => [day, theoryOf(layout, numbers), shock]);
  let sim = begin(module, layout, theoryOf(layout, values), BigInt(seed), days, told);
  if (branch) {
    liveUntil(sim, branch, coming);
    const other = sim.copy();
    other.shock('deception');
    liveUntil(other, days, []);
    sim = sim.copy(); // goes on as if nothing had happened to the other
  }
  const seen = most ? watched(sim, coming, days, most, perDot) : {};
  liveUntil(sim, days, coming);
  say({ hash: sim.stateHash, day: sim.day, ...seen });
}
