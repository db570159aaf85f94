// A bet projected: question, who has bet (never what), and the lock; the other cards leave the projection as it is.
// @ts-check
/** @import { Lesson } from './course.js' */
import { classDrawing } from '../class/spread.js';
import { h, icon } from '../common/svg.js';
import { W } from '../common/words.js';
import { dots } from './dots.js';
import { live } from './reveal.js';

/** @param {Lesson} lesson */
export function makeLessonProjection(lesson) {
  const host = h('div', { class: 'lesson-projected', 'data-testid': 'lesson-projected' });
  document.querySelector('#app > .right').append(host);
  return {
    draw() {
      const { card, state } = lesson,
        isBet = card.kind === 'bet' || card.kind === 'challenge';
      document.body.classList.toggle('is-bet', isBet);
      if (!isBet) return;
      const told = (name, text) => h(name, { 'data-text': 'lesson' }, text);
      if (state.answer !== undefined && card.kind === 'bet') {
        const truth =
          card.options?.find((each) => each.value === state.answer)?.text ??
          (card.options ? W.lesson.nothing : state.answer);
        host.replaceChildren(
          h('p', { class: 'soft' }, W.lesson.projectedBet(lesson.betNumber)),
          told('h2', card.bet.reveal.replace('{answer}', truth)),
          ...(lesson.room.betsOn(card) ? [classDrawing(card, lesson.room.betsOn(card), state.answer)] : []),
        );
        return;
      }
      if (state.revealing) {
        const counts = lesson.room.betsOn(card),
          rings = counts && card.bet.kind === 'number' ? Object.keys(counts).map(Number) : [];
        host.replaceChildren(
          h('p', { class: 'soft' }, W.lesson.projectedBet(lesson.betNumber)),
          told('h2', card.title),
          h('div', { class: 'live' }, live(lesson, rings)), // its rings are the bets of the class
          counts && card.bet.kind === 'choice' ? classDrawing(card, counts) : '',
        );
        return;
      }
      const [has, of] = lesson.room.haveBet ?? [0, 0];
      const who = card.kind === 'bet' && of > 0;
      host.replaceChildren(
        card.kind === 'bet' ? h('p', { class: 'soft' }, W.lesson.projectedBet(lesson.betNumber)) : '',
        told('h2', card.title),
        who ? dots({ filled: Math.min(has, of), of, columns: Math.min(8, of), label: W.lesson.haveBet(has, of) }) : '',
        who ? h('p', { 'data-testid': 'have-bet' }, W.lesson.haveBet(has, of)) : '',
        lesson.canReveal
          ? h(
              'button',
              { class: 'btn main projected-reveal', 'data-testid': 'projected-reveal', onclick: () => lesson.begin() },
              lesson.room.isFront ? W.lesson.revealAll : W.lesson.reveal,
              h('kbd', {}, W.bar.space),
            )
          : card.kind === 'bet' && !state.placed
            ? h('div', { class: 'projected-lock' }, icon('lock'), W.lesson.locked)
            : '',
      );
    },
  };
}
