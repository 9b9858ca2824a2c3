// View of one namespace: a page of its counters, the chart, its moves.

import { request, segment } from './api.js';
import { backend, h, keyed, name, number, plain, rate, sentence, text } from './dom.js';
import { chartPanel } from './chart.js';
import { openChangeDialog, openMoveDialog } from './dialogs.js';
import { latest, movesTable, pager } from './parts.js';
import { MAX_CHARTS, on, pin, pinned, state } from './state.js';

const PAGE = 50;
/** Maximum of offset and page size that the server accepts. */
const MAX_DEPTH = 100_000;
const REFRESH_MS = 1500;
const MAX_REFRESH_MS = 10_000;
const SEARCH_DELAY_MS = 250;

export function namespaceView(namespace, notify) {
  const offs = [];
  const chart = chartPanel(namespace);
  const moves = movesTable(false);
  const counters = counterList(namespace, notify);
  const placement = h('span', {});
  const moving = h('span', { class: 'moving', hidden: true });
  const reason = h('p', { class: 'reason', id: 'reason' });
  const values = { counters: h('dd', { id: 'figure-counters' }, '–'), total: h('dd', { id: 'figure-total' }, '–'), rate: h('dd', { id: 'figure-rate' }, '–') };
  let seen = null;
  const element = h('div', { class: 'view' },
    h('nav', { class: 'crumbs', 'aria-label': 'Breadcrumb' }, h('a', { href: '#/' }, 'All namespaces')),
    h('div', { class: 'title' },
      h('h1', {}, name(namespace)),
      h('div', { class: 'title-placement' }, placement, moving),
      h('button', { type: 'button', class: 'primary', id: 'move', onclick: () => openMoveDialog(namespace) }, 'Move …')),
    reason,
    h('dl', { class: 'figures' },
      h('div', {}, h('dt', {}, 'Counters'), values.counters),
      h('div', {}, h('dt', {}, 'Total'), values.total),
      h('div', {}, h('dt', {}, 'Rate'), values.rate)),
    chart.element,
    counters.element,
    h('section', { class: 'panel', 'aria-labelledby': 'moves-title', id: 'moves' },
      h('div', { class: 'panel-head' }, h('h2', { id: 'moves-title' }, 'Moves')), moves.elements));

  function show(now) {
    text(values.counters, number(now.counters));
    text(values.total, number(now.total));
    text(values.rate, rate(now.rate));
    const key = `${now.backend} ${now.targetBackend} ${now.moving} ${now.reason}`;
    if (key !== seen) {
      seen = key;
      placement.replaceChildren('Backend: ', backend(now.backend));
      moving.hidden = !now.moving && now.backend === now.targetBackend;
      moving.replaceChildren(now.moving ? 'moving to ' : 'target: ', backend(now.targetBackend));
      reason.replaceChildren('Reason: ', sentence(now.reason));
    }
  }

  // A namespace that is not in the sample, or has no counters, is requested separately.
  let serial = 0;
  async function update() {
    const now = latest(namespace);
    const current = ++serial;
    if (now !== null) {
      show(now);
      return;
    }
    try {
      const response = await request(`namespaces/${segment(namespace)}`);
      if (current === serial) {
        show(response);
      }
    } catch (e) {
      if (current === serial && e.status !== 0) {
        text(reason, e.message);
      }
    }
  }
  offs.push(on(['sample'], update));
  const updateMoves = () => moves.update(state.moves.filter((move) => move.namespace === namespace).slice(0, PAGE));
  offs.push(on(['moves'], updateMoves));
  update();
  updateMoves();
  return {
    element,
    title: plain(namespace),
    attached: chart.update,
    destroy() {
      serial++;
      offs.forEach((off) => off());
      counters.destroy();
      chart.destroy();
    },
  };
}

function counterList(namespace, notify) {
  let offset = 0;
  let sort = 'key';
  let order = 'asc';
  let timer;
  let running = null;
  let seen = new Map();
  const search = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search, * and ? allowed',
    'aria-label': 'Search counters',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '256',
    oninput: () => {
      offset = 0;
      clearTimeout(timer);
      timer = setTimeout(load, SEARCH_DELAY_MS);
    },
  });
  const heads = {};
  const head = (id, label, css) => {
    heads[id] = h('th', { scope: 'col', class: css },
      h('button', { type: 'button', class: 'sort', id: `sort-${id}`, onclick: () => sortBy(id) }, label, h('span', { class: 'direction', 'aria-hidden': 'true' })));
    return heads[id];
  };
  const body = h('tbody');
  const rows = keyed(body, row);
  const empty = h('p', { class: 'empty' }, 'Loading …');
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const table = h('table', { class: 'counters', hidden: true },
    h('thead', {}, h('tr', {},
      h('th', { scope: 'col', class: 'pin' }, h('span', { class: 'visually-hidden' }, 'In the chart')),
      head('key', 'Counter', ''),
      head('value', 'Value', 'num'),
      h('th', { scope: 'col', class: 'num growth' }, 'Rate'),
      h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, 'Change')))),
    body);
  const pages = pager((step) => {
    const next = offset + step * PAGE;
    if (next >= 0) {
      offset = next;
      load();
    }
  });
  const exported = h('a', {
    class: 'button', download: 'counters.json', hidden: true, id: 'export',
  }, 'Export');
  const element = h('section', { class: 'panel', 'aria-labelledby': 'counters-title', id: 'counters' },
    h('div', { class: 'panel-head' },
      h('h2', { id: 'counters-title' }, 'Counters'), search,
      h('button', { type: 'button', class: 'quiet', id: 'add', onclick: () => openChangeDialog(namespace, null, null, load) }, 'Add …'), exported),
    problem, table, empty, pages.element);

  function row(first) {
    const value = h('td', { class: 'num value' });
    const growth = h('td', { class: 'num growth' });
    const box = h('input', {
      type: 'checkbox',
      'aria-label': `${plain(first.key)} in the chart`,
      onchange: () => {
        if (!pin(namespace, first.key, box.checked)) {
          box.checked = false;
          notify(`The chart shows at most ${MAX_CHARTS} counters; remove one first.`);
        }
      },
    });
    return {
      element: h('tr', { 'data-key': first.key },
        h('td', { class: 'pin' }, box),
        h('th', { scope: 'row' }, name(first.key)),
        value,
        growth,
        h('td', { class: 'act' }, h('button', {
          type: 'button', class: 'quiet', 'aria-label': `Change ${plain(first.key)}`, onclick: () => openChangeDialog(namespace, first.key, value.textContent, load),
        }, 'Change …'))),
      update(item) {
        text(value, number(item.value));
        text(growth, item.rate === null ? '' : rate(item.rate));
        box.checked = pinned(namespace, first.key);
      },
    };
  }

  function sortBy(id) {
    order = sort !== id ? (id === 'value' ? 'desc' : 'asc') : order === 'asc' ? 'desc' : 'asc';
    sort = id;
    offset = 0;
    load();
  }

  function showSort() {
    for (const [id, cell] of Object.entries(heads)) {
      if (id === sort) {
        cell.setAttribute('aria-sort', order === 'asc' ? 'ascending' : 'descending');
      } else {
        cell.removeAttribute('aria-sort');
      }
    }
  }

  async function load() {
    clearTimeout(timer);
    running?.abort();
    const controller = new AbortController();
    running = controller;
    showSort();
    const begin = performance.now();
    try {
      const query = `search=${encodeURIComponent(search.value)}&sort=${sort}&order=${order}&offset=${offset}&limit=${PAGE}`;
      const response = await request(`namespaces/${segment(namespace)}/counters?${query}`, { signal: controller.signal });
      if (controller !== running) {
        return;
      }
      if (response.items.length === 0 && offset > 0) {
        offset = Math.max(0, Math.floor((response.matched - 1) / PAGE) * PAGE);
        load();
        return;
      }
      problem.hidden = true;
      show(response);
    } catch (e) {
      if (controller !== running) {
        return;
      }
      if (e.status !== 0 || !state.sampled) {
        text(problem, e.message);
        problem.hidden = false;
        text(empty, '');
      }
    }
    // The longer a namespace takes to read, the less often it is read.
    timer = setTimeout(load, Math.min(MAX_REFRESH_MS, Math.max(REFRESH_MS, 4 * (performance.now() - begin))));
  }

  function show(response) {
    const now = performance.now();
    const next = new Map();
    const items = response.items.map(({ key, value }) => {
      const before = seen.get(key);
      next.set(key, { value, time: now });
      const seconds = before ? (now - before.time) / 1000 : 0;
      // Two responses in quick succession give no reliable rate, so the previous one is kept.
      const measured = seconds > 0.5;
      const perSecond = measured ? Number(BigInt(value) - BigInt(before.value)) / seconds : before ? before.rate ?? null : null;
      if (!measured && before) {
        next.set(key, before);
      }
      next.get(key).rate = perSecond;
      return { key, value, rate: perSecond };
    });
    seen = next;
    table.hidden = items.length === 0;
    empty.hidden = items.length > 0;
    text(empty, search.value === '' ? 'No counters.' : 'No counter matches.');
    rows(items, (item) => item.key);
    pages.update(offset, PAGE, response.matched, MAX_DEPTH);
  }

  try {
    exported.setAttribute('href', `/api/namespaces/${segment(namespace)}/export`);
    exported.hidden = state.session.reads !== 'open';
  } catch {
    // The namespace cannot be part of a path.
  }
  const offs = [
    on(['pins'], () => body.querySelectorAll('tr').forEach((tr) => {
      tr.querySelector('input').checked = pinned(namespace, tr.dataset.key);
    })),
    on(['opened', 'moves'], load),
    on(['session'], () => {
      exported.hidden = state.session.reads !== 'open' || !exported.hasAttribute('href');
    }),
  ];
  load();
  return {
    element,
    destroy() {
      offs.forEach((off) => off());
      clearTimeout(timer);
      const last = running;
      running = null;
      last?.abort();
    },
  };
}
