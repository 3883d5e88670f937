// The guided course: the list of its lessons, or one lesson with the step that is told.

import { html, nothing, type TemplateResult } from 'lit-html';
import type { Frame } from '../generated/engine.ts';
import { type Goal, LESSONS, type Lesson } from '../lessons.ts';
import type { Picture } from '../picture.ts';
import type { Action, State } from '../store.ts';
import type { Course, Deed } from '../tutor.ts';
import { icons, lines } from './icons.ts';

const LIST = lines('M5.5 4H14M5.5 8H14M5.5 12H14M2 4h.5M2 8h.5M2 12h.5');

export { Tutor } from '../tutor.ts';

type Send = (action: Action) => void;
type Do = (deed: Deed) => void;

export { default as css } from '../style/lessons.css?inline';

export function lessons({ frame }: Picture, { course, playing }: State, send: Send): TemplateResult {
  if (course === null) return html`<p class="soft pad">One moment…</p>`;
  const act: Do = (deed) => send({ type: 'lessonAsked', deed });
  if (course.name === null) return list(course, send, act);
  const { lesson } = course;
  const number = LESSONS.findIndex(({ name }) => name === course.name) + 1;
  const title = LESSONS[number - 1]?.title ?? course.name;
  return html`<div class="card-head lessons-head">
      <button type="button" class="tool small" aria-label="All lessons" title="All lessons" @click=${(
        event: Event,
      ) => {
        keepFocus(event);
        act({ type: 'list' });
      }}>${LIST}</button>
      <h2>${number}. ${title}</h2>${close(send)}</div>
    ${lesson === null ? html`<p class="soft pad" role="status">One moment…</p>` : told(lesson, number, course, playing, frame, act)}`;
}

/** What was pressed will be gone: whoever goes on by keys goes on from here. */
const keepFocus = ({ currentTarget }: Event): void =>
  (currentTarget as HTMLElement).closest('section')?.focus();

const close = (send: Send): TemplateResult =>
  html`<button type="button" class="tool small" aria-label="Close the lessons" title="Close (L)" @click=${(
    event: Event,
  ) => {
    ((event.currentTarget as HTMLElement).getRootNode() as ShadowRoot).getElementById('lessons')?.focus();
    send({ type: 'lessonsToggled' });
  }}>${icons.close}</button>`;

/** Every lesson is a link, so that it can be given to somebody; clicked, it opens here. */
const linkTo = (name: string, words: TemplateResult, act: Do): TemplateResult =>
  html`<a href="?lesson=${name}" @click=${(event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    keepFocus(event);
    act({ type: 'open', name });
  }}>${words}</a>`;

function list({ done, trouble }: Course, send: Send, act: Do): TemplateResult {
  const minutes = LESSONS.reduce((sum, one) => sum + one.minutes, 0);
  const words = (name: string, title: string) =>
    html`${title}${done.includes(name) ? html` <span class="lessons-tick" role="img" aria-label="done">${icons.good}</span>` : nothing}`;
  return html`<div class="card-head"><h2>Lessons</h2><span class="soft aside">${LESSONS.length} lessons, ${minutes} min in all</span>${close(send)}</div>
    <div class="scroll fill lessons-list" tabindex="0" aria-label="All lessons" role="group">
    ${trouble === null ? nothing : html`<p class="pad" role="alert">${trouble}</p>`}
    <ol>${LESSONS.map(
      ({ name, title, minutes, steps }) =>
        html`<li>${linkTo(name, html`<b>${words(name, title)}</b><span class="soft">${minutes} min, ${steps} steps</span>`, act)}</li>`,
    )}</ol></div>`;
}

function told(
  lesson: Lesson,
  number: number,
  course: Course,
  playing: boolean,
  frame: Frame,
  act: Do,
): TemplateResult {
  const { step, own, heard } = course;
  const now = lesson.steps[step];
  if (!now) return html``;
  const count = lesson.steps.length;
  return html`<div class="lessons-dots" role="progressbar" aria-label="Step" aria-valuemin="1" aria-valuenow=${step + 1} aria-valuemax=${count} aria-valuetext="${step + 1} of ${count}"
      title="Step ${step + 1} of ${count}">${lesson.steps.map((_, i) => html`<i class=${i < step ? 'gone' : i === step ? 'here' : ''}></i>`)}</div>
    <div class="scroll lessons-text" tabindex="0" role="region" aria-label="Lesson" .scrollTop=${step / 1e4}>
      <div role="status">
        <h3>${now.title}</h3>
        ${now.text.map((one) => (one.startsWith('- ') ? html`<p class="lessons-item">${inline(one.slice(2))}</p>` : html`<p>${inline(one)}</p>`))}
        ${now.goal?.task ? html`<p class="lessons-task"><b>Your turn.</b> It is done when ${inline(now.goal.words)}.</p>` : nothing}
      </div>
      ${own ? standing(now.goal, playing, frame, heard, act) : elsewhere(course, act)}
      ${step === count - 1 ? reading(lesson) : nothing}
    </div>
    ${moves(course, now.goal, step === count - 1, playing, number, act)}`;
}

/** What is waited for. */
function standing(
  goal: Goal | null,
  playing: boolean,
  { ended, said }: Frame,
  heard: string | null,
  act: Do,
): TemplateResult | typeof nothing {
  if (goal === null) return nothing;
  if (ended)
    return html`<p class="lessons-standing">The run is over. <button type="button" class="link" @click=${() => act({ type: 'again' })}>Back to where this step begins</button></p>`;
  if (!playing) return nothing;
  return html`<p class="lessons-standing soft">Time runs until ${inline(goal.words)}.</p>
    ${said === null || said === heard ? nothing : html`<p class="lessons-said">${said}</p>`}`;
}

const elsewhere = ({ name }: Course, act: Do): TemplateResult =>
  html`<p class="lessons-standing">Something else runs now. <button type="button" class="link" @click=${() => name !== null && act({ type: 'open', name })}>Begin the lesson again</button></p>`;

const reading = ({ reading }: Lesson): TemplateResult =>
  html`<p class="lessons-reading">Read on: ${reading.map(
    ([words, address], i) =>
      html`${i > 0 ? ', ' : ''}<a href=${address} target="_blank" rel="noopener">${words}</a>`,
  )}</p>`;

/** Back and on. The buttons keep their places, so that one can press them again. */
function moves(
  { step, own, hurrying }: Course,
  goal: Goal | null,
  last: boolean,
  playing: boolean,
  number: number,
  act: Do,
): TemplateResult {
  const following = LESSONS[number];
  const [words, deed]: [string, Deed] = !last
    ? [playing || hurrying ? 'Skip ahead' : goal?.task ? 'Let time run' : 'Next', { type: 'next' }]
    : following
      ? ['Next lesson', { type: 'open', name: following.name }]
      : ['All lessons', { type: 'list' }];
  const go = (event: Event) => {
    if (last) keepFocus(event);
    act(deed);
  };
  const help = ({ currentTarget }: Event) => {
    ((currentTarget as Element).nextElementSibling as HTMLElement).focus(); // this one will be gone
    act({ type: 'help' });
  };
  return html`<div class="lessons-moves">
    <button type="button" class="button" title="Back (Shift G)" aria-disabled=${step === 0} @click=${() => act({ type: 'back' })}>Back</button>
    <span class="spring"></span>
    ${goal?.task ? html`<button type="button" class="button" aria-disabled=${!own} @click=${help}>Do it for me</button>` : nothing}
    <button type="button" class="button ${goal?.task ? '' : 'primary'}" title=${last ? words : 'On (G)'} aria-disabled=${!own && !last} @click=${go}>${words}</button>
  </div>`;
}

/** Words with `**stress**`, `*names and asides*` and `` `code` `` in them. */
const inline = (text: string): (string | TemplateResult)[] =>
  text.split(/(\*\*.+?\*\*|\*.+?\*|`.+?`)/).map((part) => {
    if (part.startsWith('**')) return html`<b>${part.slice(2, -2)}</b>`;
    if (part.startsWith('*')) return html`<em>${part.slice(1, -1)}</em>`;
    return part.startsWith('`') ? html`<span class="mono">${part.slice(1, -1)}</span>` : part;
  });
