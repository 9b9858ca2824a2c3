// Components shared by the views.

import { backend, duration, h, keyed, name, number, plural, sentence, text, time } from './dom.js';
import { state } from './state.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 72;
const HEIGHT = 20;

export function link(namespace, properties) {
  return h('a', { href: `#/ns/${encodeURIComponent(namespace)}`, class: 'name-link', ...properties }, name(namespace));
}

/** Line chart of a rate over the last minute. */
export function sparkline() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'spark');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'polyline');
  svg.append(line);
  return {
    element: svg,
    update(rates) {
      const known = (rates ?? []).map((rate) => Math.max(rate ?? 0, 0));
      const max = Math.max(...known, 1e-9);
      const step = WIDTH / 59;
      const begin = WIDTH - (known.length - 1) * step;
      line.setAttribute(
        'points',
        known.map((rate, i) => `${(begin + i * step).toFixed(1)},${(HEIGHT - 2 - (rate / max) * (HEIGHT - 4)).toFixed(1)}`).join(' '),
      );
    },
  };
}

/** Table of moves. */
export function movesTable(withNamespace) {
  const body = h('tbody');
  const rows = keyed(body, (move) => ({
    element: h(
      'tr',
      { 'data-outcome': move.outcome },
      h('td', { 'data-label': 'Time' }, time(move.time)),
      withNamespace ? h('th', { scope: 'row', 'data-label': 'Namespace' }, link(move.namespace)) : null,
      h('td', { 'data-label': 'From → to', class: 'from-to' }, backend(move.from), h('span', { class: 'arrow', 'aria-label': 'to' }, '→'), backend(move.to)),
      h('td', { 'data-label': 'Counters', class: 'num' }, number(move.counters)),
      h('td', { 'data-label': 'Sum', class: 'num' }, number(move.sum)),
      h('td', { 'data-label': 'Duration', class: 'num' }, duration(move.durationUs)),
      h('td', { 'data-label': 'Outcome', class: 'outcome-cell' },
        h('span', { class: 'outcome', 'data-outcome': move.outcome }, move.outcome),
        h('span', { class: 'cause' }, ` by ${move.cause}`),
        move.reason ? h('span', { class: 'reason' }, sentence(move.reason)) : null),
    ),
    update() {},
  }));
  const empty = h('p', { class: 'empty' }, 'No moves yet.');
  const table = h(
    'table',
    { class: 'cards' },
    h('thead', {}, h('tr', {},
      h('th', { scope: 'col' }, 'Time'),
      withNamespace ? h('th', { scope: 'col' }, 'Namespace') : null,
      h('th', { scope: 'col' }, 'From → to'),
      h('th', { scope: 'col', class: 'num' }, 'Counters'),
      h('th', { scope: 'col', class: 'num' }, 'Sum'),
      h('th', { scope: 'col', class: 'num' }, 'Duration'),
      h('th', { scope: 'col' }, 'Outcome'))),
    body,
  );
  return {
    elements: [table, empty],
    update(moves) {
      table.hidden = moves.length === 0;
      empty.hidden = moves.length > 0;
      rows(moves, (move) => `${move.id} ${move.time}`);
    },
  };
}

/** Describes a move in one line. */
export function moveSentence(move) {
  if (move.outcome === 'unchanged') {
    return ['is stored in ', backend(move.to), ' already; nothing was moved'];
  }
  return [
    `${move.outcome} from `, backend(move.from), ' to ', backend(move.to),
    `, ${plural(move.counters, 'counter')}, sum ${number(move.sum)}, ${duration(move.durationUs)}`,
    move.reason ? `: ${move.reason}` : '',
  ];
}

/** Buttons to page through a list. */
export function pager(go) {
  const step = (by) => (event) => {
    if (event.currentTarget.getAttribute('aria-disabled') !== 'true') go(by);
  };
  const previous = h('button', { type: 'button', onclick: step(-1) }, 'Previous');
  const next = h('button', { type: 'button', onclick: step(1) }, 'Next');
  const where = h('span', { class: 'where', role: 'status' });
  const element = h('div', { class: 'pager' }, where, previous, next);
  return {
    element,
    update(offset, size, matched, maxDepth = Infinity) {
      const end = Math.min(offset + size, matched);
      text(where, matched === 0 ? 'none' : `${number(offset + 1)}–${number(end)} of ${number(matched)}`);
      // A disabled button would lose the focus, so the buttons are only marked as disabled.
      previous.setAttribute('aria-disabled', offset === 0);
      next.setAttribute('aria-disabled', end >= matched || end + size > maxDepth);
      previous.hidden = next.hidden = matched <= size;
    },
  };
}

/** Returns the namespace as of the last sample; null if the sample does not contain it. */
export function latest(namespace) {
  return state.namespaces.get(namespace) ?? null;
}
