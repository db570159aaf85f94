// Where a lesson begins: the one in the address, or the one that the command line named.
import { Lesson } from './lesson_course.js';
import { W } from './words.js';

/** Ask the server for a lesson, or for the list of them; the token of the link goes with it. */
async function ask(path) {
  const token = new URLSearchParams(location.search).get('token');
  const answer = await fetch(`/lessons${path}${token ? `?token=${encodeURIComponent(token)}` : ''}`);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function begin(app, name) {
  try {
    const [lesson, list] = await Promise.all([ask(`/${encodeURIComponent(name)}`), ask('')]);
    while (app.sending) await app.sending;
    const found = new Lesson(app, lesson, list);
    app.lesson = found;
    addEventListener('pagehide', () => found.channel.say({ is: 'gone' }));
    await found.go(0);
  } catch {
    app.said('say', W.lesson.missing(name), true);
  }
}

const app = globalThis.baton;
if (app) {
  const asked = new URLSearchParams(location.search).get('lesson');
  let begun = false;
  const start = (about) => {
    const name = asked ?? about.start?.lesson;
    if (!name || begun) return;
    begun = true;
    begin(app, name);
  };
  if (app.about) start(app.about);
  else app.on('about', start);
}
