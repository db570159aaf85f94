// The page as a server serves it.
// @ts-check
import { App } from './common/app.js';
import { ServedSource } from './engine/served.js';
import { awaitLesson } from './lesson/lesson.js';
import { start } from './main.js';

const app = new App((on) => new ServedSource(on));
start(app);
awaitLesson(app);
app.start();
