// Where a lesson begins: the one in the address, or the one that the command line named, unless a link asks for a plan.
// @ts-check
/** @import { App } from '../common/app.js' */
import { lessonOf } from '../bar/address.js';
import { askServer } from '../class/telling.js';
import { W } from '../common/words.js';
import { Lesson } from './course.js';

/**
 * @param {App} app
 * @param {string} name
 */
async function begin(app, name) {
  try {
    const [lesson, list] = app.lessons
      ? [app.lessons.find((each) => each.name === name), app.lessons]
      : await Promise.all([askServer(`/lessons/${encodeURIComponent(name)}`), askServer('/lessons')]);
    if (!lesson) throw new Error(name);
    while (app.sending) await app.sending;
    app.lesson = new Lesson(app, lesson, list);
    await app.lesson.go(app.lesson.first);
  } catch {
    app.said('say', W.lesson.missing(name), true);
  }
}

/** @param {App} app */
export function awaitLesson(app) {
  let begun = false;
  const start = () => {
    const name = lessonOf(app);
    if (!name || begun) return;
    begun = true;
    begin(app, name);
  };
  if (app.about) start();
  else app.on('about', start);
}
