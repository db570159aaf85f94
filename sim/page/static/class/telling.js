// What windows of one lesson tell each other, through the server: where a page stands and what it has bet; what the teacher wants seen.
// The teacher's link carries a key; who has it hears how many have bet, and what only when the bets are closed.
// @ts-check

const asked = new URLSearchParams(location.search);
export const KEY = asked.get('key');

/**
 * A lesson's way to say something: say(act, {…}). The acts are written down in sim/page/classroom.py.
 * @param {{tell?: (message: object) => void}} source
 */
export const talkTo =
  (source) =>
  (act, more = {}) =>
    Promise.resolve(source.tell({ act, ...more, ...(KEY ? { key: KEY } : {}) })).catch(() => {}); // lost: it is said anew

/**
 * What the server holds, such as a lesson; the link's token goes with it, and the teacher's key: a student's page is not
 * told what answers a bet.
 * @param {string} path
 */
export async function askServer(path) {
  const more = new URLSearchParams();
  for (const name of ['token', 'key']) if (asked.get(name)) more.set(name, asked.get(name));
  const answer = await fetch(`${path}${more.size ? `?${more}` : ''}`);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

const PLACES = { gap: '.mid > .floorbox', ladder: '.right', strip: '.strip', head: '.mid > .head' };
const POINTED = 4000; // milliseconds

/**
 * A frame around what the teacher wants seen.
 * @param {'gap' | 'ladder' | 'strip' | 'head'} place
 */
export function point(place) {
  const node = document.querySelector(PLACES[place]);
  if (!node) return;
  node.classList.add('looked-at');
  setTimeout(() => node.classList.remove('looked-at'), POINTED);
}
