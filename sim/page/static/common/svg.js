// Small helpers for drawing: elements, tokens, deterministic chance.
// @ts-check

const NS = 'http://www.w3.org/2000/svg';

/**
 * An SVG element with attributes and children.
 * @param {string} name
 * @param {Record<string, any>} attributes
 * @param {any[]} children
 * @returns {SVGElement}
 */
export function s(name, attributes = {}, ...children) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value);
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ''));
  return made;
}

/**
 * An HTML element; `on…` attributes are listeners, `hidden`, `disabled` and the like may be true or false.
 * @template {string} Name
 * @param {Name} name
 * @param {Record<string, any>} attributes
 * @param {any[]} children
 * @returns {Name extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[Name] : HTMLElement}
 */
export function h(name, attributes = {}, ...children) {
  const made = /** @type {any} */ (document.createElement(name));
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, '');
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ''));
  return made;
}

/**
 * Text in a drawing.
 * @param {number} x
 * @param {number} y
 * @param {any} said
 * @param {Record<string, any>} look
 */
export function text(
  x,
  y,
  said,
  { size = T.text1, at = 'start', fill = T.ink2, bold = false, halo = null, ...more } = {},
) {
  return s(
    'text',
    {
      x: r1(x),
      y: r1(y),
      'font-size': size,
      'text-anchor': at,
      fill,
      'font-weight': bold ? 650 : 400,
      ...(halo ? { stroke: halo, 'stroke-width': 4, 'paint-order': 'stroke', 'stroke-linejoin': 'round' } : {}),
      ...more,
    },
    said,
  );
}

/** @type {(x: number) => number} */
export const r1 = (x) => Math.round(x * 10) / 10;
/** @type {(x: number, low: number, high: number) => number} */
export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

/**
 * A cross: a lead that died.
 * @type {(x: number, y: number, r: number, width: number, stroke: string, more?: object) => SVGElement}
 */
export const cross = (x, y, r, width, stroke, more = {}) =>
  s('path', {
    d: `M${r1(x - r)} ${r1(y - r)}l${r1(2 * r)} ${r1(2 * r)}m0 ${r1(-2 * r)}l${r1(-2 * r)} ${r1(2 * r)}`,
    stroke,
    'stroke-width': width,
    'stroke-linecap': 'round',
    fill: 'none',
    ...more,
  });

/**
 * Numbers 0..1 that depend on a seed alone (mulberry32).
 * @param {number} seed
 * @returns {() => number}
 */
export function chance(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * One number 0..1 for a pair of whole numbers.
 * @param {number} a
 * @param {number} b
 */
export function hash01(a, b = 0) {
  let t = Math.imul((a ^ Math.imul(b + 1, 0x9e3779b1)) | 0, 0x85ebca6b);
  t = Math.imul(t ^ (t >>> 13), 0xc2b2ae35);
  return ((t ^ (t >>> 16)) >>> 0) / 4294967296;
}

const sizes = new WeakMap(),
  grown = [];
const watcher =
  typeof ResizeObserver === 'undefined'
    ? null
    : new ResizeObserver((seen) => {
        for (const { target } of seen) sizes.set(target, [target.clientWidth, target.clientHeight]);
        for (const tell of grown) tell();
      });

/**
 * Width and height of an element, without asking the layout anew at every drawing.
 * @param {Element} element
 * @returns {[number, number]}
 */
export function sizeOf(element) {
  if (!sizes.has(element)) {
    sizes.set(element, [element.clientWidth, element.clientHeight]);
    watcher?.observe(element);
  }
  return sizes.get(element);
}

/**
 * Be told when anything that was measured has another size.
 * @param {() => void} tell
 */
export const onGrown = (tell) => {
  grown.push(tell);
};

/**
 * The design tokens as numbers and colours; read again when the size or the projection changes.
 * @type {Record<string, any>}
 */
export const T = {};
const COLOURS = {
  paper: '--paper',
  plate: '--plate',
  pit: '--pit',
  hair: '--hair',
  edge: '--edge',
  ink: '--ink',
  ink2: '--ink-2',
  ghost: '--ghost',
  band: '--band',
  marketing: '--marketing',
  sales: '--sales',
  salesText: '--sales-text',
  liaison: '--liaison',
  dashGhost: '--dash-ghost',
  dashComplaint: '--dash-complaint',
};
const LENGTHS = {
  text1: '--text-1',
  text2: '--text-2',
  text3: '--text-3',
  text4: '--text-4',
  text5: '--text-5',
  text6: '--text-6',
  text7: '--text-7',
  person: '--person',
  lead: '--lead',
  cross: '--cross',
  trust1: '--w-trust-1',
  trust2: '--w-trust-2',
  trust3: '--w-trust-3',
  run: '--w-run',
  ghostWidth: '--w-ghost',
  unit: '--unit',
};

export function readTokens() {
  const style = getComputedStyle(document.body);
  for (const [name, token] of Object.entries(COLOURS)) T[name] = style.getPropertyValue(token).trim();
  const probe = document.createElement('i');
  probe.style.display = 'none'; // a length is known without a layout
  document.body.append(probe);
  for (const [name, token] of Object.entries(LENGTHS)) {
    probe.style.width = `var(${token})`;
    T[name] = parseFloat(getComputedStyle(probe).width);
  }
  probe.remove();
  T.small = style.getPropertyValue('--small').trim() === '1';
  T.stage = [0, 1, 2, 3, 4].map((i) => (i ? style.getPropertyValue(`--stage-${i}`).trim() : T.hair));
  T.stageOn = [0, 1, 2, 3, 4].map((i) => (i ? style.getPropertyValue(`--stage-${i}-on`).trim() : T.ink));
}

const ICONS = {
  play: [12, 14, '<path d="M1 1l10 6l-10 6z" fill="currentColor"/>'],
  pause: [12, 14, '<path d="M2 1h3v12h-3zM7 1h3v12h-3z" fill="currentColor"/>'],
  lock: [
    14,
    16,
    '<g fill="none" stroke="currentColor" stroke-width="1.75"><rect x="1.5" y="7" width="11" height="8" rx="1.5"/><path d="M4 7V4.5a3 3 0 0 1 6 0V7"/></g>',
  ],
  dice: [
    16,
    16,
    '<g fill="none" stroke="currentColor" stroke-width="1.5"><rect x="1.5" y="1.5" width="13" height="13" rx="2"/></g><g fill="currentColor"><circle cx="5" cy="5" r="1.4"/><circle cx="11" cy="11" r="1.4"/><circle cx="8" cy="8" r="1.4"/></g>',
  ],
  again: [
    16,
    16,
    '<g fill="none" stroke="currentColor" stroke-width="1.75"><path d="M2.5 8a5.500 5.500 0 1 0 1.800-4.100"/><path d="M2 1.500l1.800 2.900l3-1.200"/></g>',
  ],
  undo: [
    16,
    16,
    '<g fill="none" stroke="currentColor" stroke-width="1.75"><path d="M6 3L2.500 6.500L6 10M2.500 6.500h7a4 4 0 0 1 0 8H7"/></g>',
  ],
  redo: [
    16,
    16,
    '<g fill="none" stroke="currentColor" stroke-width="1.75"><path d="M10 3l3.500 3.500L10 10M13.500 6.500h-7a4 4 0 0 0 0 8H9"/></g>',
  ],
  baton: [
    26,
    22,
    '<path d="M4.500 17.500L21.500 4.500" stroke="#161616" stroke-width="5.500" stroke-linecap="round"/><rect x="0" y="12.500" width="8" height="8" fill="#0072B2" stroke="#fff" stroke-width="1.500"/><circle cx="21.500" cy="5" r="4.250" fill="#D55E00" stroke="#fff" stroke-width="1.500"/>',
  ],
};

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const [width, height, inner] = ICONS[name];
  const made = s('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' });
  made.innerHTML = String(inner);
  return made;
}
