// What the type check must find: it complains of a line below that it finds nothing wrong with.
// @ts-check
import { W } from '../../sim/page/static/common/words.js';

export const found = [
  // @ts-expect-error a group of words that there is not
  W.barr,
  // @ts-expect-error a word that there is not
  W.bar.opne,
  // @ts-expect-error a word that takes a number
  W.thousands('many'),
];
