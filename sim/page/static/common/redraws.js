// A drawing is made anew only when something it shows has changed.
// @ts-check

/**
 * What was last drawn: `if (drawn.isNew(day, stage)) …`. Objects are told apart as such, not by what is in them.
 * @returns {{isNew: (...now: any[]) => boolean, forget: () => void}}
 */
export function redraws() {
  let last = null;
  return {
    /** Whether any of what a drawing shows is another than last time; it is remembered. */
    isNew(...now) {
      const before = last;
      last = now;
      return before === null || now.length !== before.length || now.some((each, i) => !Object.is(each, before[i]));
    },
    /** Whatever comes next is new. */
    forget() {
      last = null;
    },
  };
}
