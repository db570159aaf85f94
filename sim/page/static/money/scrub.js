// The scrubber: a slider over a time axis, by mouse, touch and keyboard.
// @ts-check
/** @import { App } from '../common/app.js' */
import { clamp, h, T } from '../common/svg.js';
import { W } from '../common/words.js';

const HALF = 34; // pixels, on a usual screen: the handle never leaves its host

/**
 * x(day) and day(x) come from the axis; the handle stands at `top` pixels.
 * @param {HTMLElement} host
 * @param {App} app
 * @param {() => {x: (day: number) => number, day: (x: number) => number}} axis
 * @param {string} testid
 */
export function makeScrubber(host, app, axis, testid = 'scrubber') {
  const handle = h('div', {
    class: 'scrub-handle',
    role: 'slider',
    tabindex: 0,
    'aria-label': W.strip.scrubber,
    'aria-valuemin': 0,
    'data-testid': testid,
  });
  const field = h('div', { class: 'scrub-field' });
  host.append(field, handle);
  let dragging = false;

  const go = (event) => {
    const box = host.getBoundingClientRect();
    app.player.seek(clamp(Math.round(axis().day(event.clientX - box.left)), 0, app.horizon));
  };
  for (const part of [field, handle]) {
    part.addEventListener('pointerdown', (event) => {
      if (app.player.locked) return;
      app.player.pause();
      dragging = true;
      part.setPointerCapture(event.pointerId);
      if (part === field) go(event);
    });
    part.addEventListener('pointermove', (event) => {
      if (dragging) go(event);
    });
    part.addEventListener('pointerup', () => {
      dragging = false;
    });
    part.addEventListener('pointercancel', () => {
      dragging = false;
    });
  }
  handle.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 65, PageDown: -65 }[event.key];
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? app.player.lived : step ? app.day + step : null;
    if (to === null || app.player.locked) return;
    app.player.pause();
    app.player.seek(clamp(to, 0, app.horizon));
    event.preventDefault();
  });

  return {
    draw(day, x, top, width, field_) {
      handle.textContent = W.strip.handle(day);
      handle.style.left = `${clamp(x, HALF * T.unit, width - HALF * T.unit)}px`;
      handle.style.top = `${top}px`;
      handle.setAttribute('aria-valuemax', String(app.horizon));
      handle.setAttribute('aria-valuenow', String(day));
      handle.setAttribute('aria-valuetext', W.strip.scrubberNow(day));
      Object.assign(field.style, {
        left: `${field_[0]}px`,
        width: `${field_[1] - field_[0]}px`,
        top: `${field_[2]}px`,
        height: `${field_[3]}px`,
      });
    },
  };
}
