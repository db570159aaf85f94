// A live page as one file: the same page, with the rules, the scenarios and an engine in the file itself.
// @ts-check
import { App } from './common/app.js';
import { EngineSource } from './engine/source.js';
import { awaitLesson } from './lesson/lesson.js';
import { start } from './main.js';

const kept = globalThis.batonFile; // unpacked by engine/unpack.js
const app = new App((on) => new EngineSource(on, kept, kept.makeWorker));
app.lessons = kept.lessons;
app.locked = new Set(kept.locked);
start(app);
awaitLesson(app);
app.start();
