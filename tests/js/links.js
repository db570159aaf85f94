// Reads {about, links} from its input, and tells of each link what the page's own reader makes of it: for a test in Python.
import { readLink } from '../../sim/page/static/bar/link.js';

let text = '';
for await (const part of process.stdin) text += part;
const { about, links } = JSON.parse(text);
process.stdout.write(JSON.stringify(links.map((link) => readLink(link, about))));
