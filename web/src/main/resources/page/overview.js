// Overview of namespaces, backends, routes and moves.

import { request } from './api.js';
import { backend, h, keyed, name, number, plain, plural, rate, sentence, short, target, text } from './dom.js';
import { chartPanel } from './chart.js';
import { openMoveDialog } from './dialogs.js';
import { latest, link, movesTable, pager, sparkline } from './parts.js';
import { on, state } from './state.js';

const PAGE = 50;
const MAX_MOVES = 20;
const MAX_BARS = 8;
const REFRESH_MS = 2000;

export function overview() {
  const offs = [];
  const figures = summary();
  const list = namespaceList();
  const chart = chartPanel(null);
  const backends = h('ul', { class: 'backends' });
  const backendRows = keyed(backends, backendCard);
  const routes = routesTable();
  const moves = movesTable(true);
  const element = h('div', { class: 'view' },
    h('h1', { class: 'visually-hidden' }, 'Overview'),
    figures.element,
    h('div', { class: 'columns' },
      h('div', { class: 'column wide' }, list.element, chart.element),
      h('div', { class: 'column' },
        h('section', { class: 'panel', 'aria-labelledby': 'backends-title', id: 'backends' },
          h('div', { class: 'panel-head' }, h('h2', { id: 'backends-title' }, 'Backends')), backends),
        h('section', { class: 'panel', 'aria-labelledby': 'routes-title', id: 'routes' },
          h('div', { class: 'panel-head' }, h('h2', { id: 'routes-title' }, 'Routes')), routes.elements))),
    h('section', { class: 'panel', 'aria-labelledby': 'moves-title', id: 'moves' },
      h('div', { class: 'panel-head' }, h('h2', { id: 'moves-title' }, 'Moves')), moves.elements));

  const update = () => {
    backendRows(state.backends, (one) => one.serviceId);
    routes.update(state.routes);
    moves.update(state.moves.slice(0, MAX_MOVES));
  };
  offs.push(on(['backends', 'moves', 'routes'], update));
  offs.push(on(['sample', 'backends', 'moves'], figures.update));
  figures.update();
  update();
  return {
    element,
    title: 'Overview',
    attached: chart.update,
    destroy() {
      offs.forEach((off) => off());
      list.destroy();
      chart.destroy();
    },
  };
}

function summary() {
  const values = {};
  const figure = (id, label) => {
    values[id] = h('dd', { id: `figure-${id}` }, '–');
    return h('div', {}, h('dt', {}, label), values[id]);
  };
  const element = h('dl', { class: 'figures' },
    figure('namespaces', 'Namespaces'), figure('counters', 'Counters'), figure('total', 'Total'),
    figure('rate', 'Rate'), figure('backends', 'Backends'));
  return {
    element,
    update() {
      text(values.backends, number(state.backends.length));
      if (!state.sampled) {
        return;
      }
      let counters = 0;
      let total = 0n;
      let perSecond = 0;
      for (const namespace of state.namespaces.values()) {
        counters += namespace.counters;
        total += BigInt(namespace.total ?? 0);
        perSecond += namespace.rate ?? 0;
      }
      const more = state.cut ? '+' : '';
      text(values.namespaces, number(state.namespaces.size) + more);
      text(values.counters, number(counters) + more);
      text(values.total, number(total) + more);
      text(values.rate, rate(perSecond) + more);
    },
  };
}

function namespaceList() {
  let offset = 0;
  let fetched = null;
  let serial = 0;
  let timer;
  const filter = h('input', {
    type: 'search',
    id: 'filter',
    placeholder: 'Filter, * and ? allowed',
    'aria-label': 'Filter namespaces',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '256',
    oninput: () => {
      offset = 0;
      clearTimeout(timer);
      timer = setTimeout(update, 200);
    },
  });
  const body = h('tbody');
  const rows = keyed(body, namespaceRow);
  const empty = h('p', { class: 'empty' });
  const table = h('table', { class: 'cards namespaces' },
    h('thead', {}, h('tr', {},
      h('th', { scope: 'col' }, 'Namespace'),
      h('th', { scope: 'col' }, 'Backend'),
      h('th', { scope: 'col', class: 'num' }, 'Counters'),
      h('th', { scope: 'col', class: 'num' }, 'Total'),
      h('th', { scope: 'col', class: 'num' }, 'Rate'),
      h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, 'Move')))),
    body);
  const pages = pager((step) => {
    const next = offset + step * PAGE;
    if (next >= 0) {
      offset = next;
      update();
    }
  });
  const element = h('section', { class: 'panel', 'aria-labelledby': 'namespaces-title', id: 'namespaces' },
    h('div', { class: 'panel-head' }, h('h2', { id: 'namespaces-title' }, 'Namespaces'), filter), table, empty, pages.element);

  function show(items, matched) {
    table.hidden = items.length === 0;
    empty.hidden = items.length > 0;
    text(empty, filter.value === '' ? 'No counters yet.' : 'No namespace matches.');
    rows(items, (namespace) => namespace.namespace);
    pages.update(offset, PAGE, matched);
  }

  // The sample contains the whole list, unless it is cut or a filter is set: then the list is requested from the server.
  async function update() {
    clearTimeout(timer);
    if (filter.value === '' && !state.cut) {
      fetched = null;
      serial++;
      if (state.sampled) {
        const all = [...state.namespaces.values()];
        offset = Math.min(offset, Math.max(0, Math.floor((all.length - 1) / PAGE) * PAGE));
        show(all.slice(offset, offset + PAGE), all.length);
      }
      return;
    }
    const current = ++serial;
    try {
      const response = await request(`namespaces?search=${encodeURIComponent(filter.value)}&offset=${offset}&limit=${PAGE}`);
      if (current === serial) {
        fetched = response;
        show(response.namespaces, response.matched);
      }
    } catch {
      // The connection indicator shows the problem; the list stays as it is.
    }
    if (current === serial) {
      timer = setTimeout(update, REFRESH_MS);
    }
  }

  const off = on(['sample'], () => {
    if (filter.value === '' && !state.cut) {
      update();
    } else if (fetched === null) {
      update();
    } else {
      show(fetched.namespaces.map((old) => latest(old.namespace) ?? old), fetched.matched);
    }
  });
  text(empty, 'Waiting for the first sample …');
  table.hidden = true;
  pages.update(0, PAGE, 0);
  update();
  return {
    element,
    destroy() {
      off();
      serial++;
      clearTimeout(timer);
    },
  };
}

function namespaceRow(first) {
  const spark = sparkline();
  const placement = h('span', {});
  const moving = h('span', { class: 'moving', hidden: true });
  const reason = h('span', { class: 'reason' });
  const counters = h('td', { class: 'num', 'data-label': 'Counters' });
  const total = h('td', { class: 'num total', 'data-label': 'Total' });
  const perSecond = h('span', {});
  let shown = '';
  const element = h('tr', { 'data-namespace': first.namespace },
    h('th', { scope: 'row' }, link(first.namespace)),
    h('td', { 'data-label': 'Backend', class: 'placement' }, placement, moving, reason),
    counters,
    total,
    h('td', { class: 'num rate', 'data-label': 'Rate' }, spark.element, perSecond),
    h('td', { class: 'act' }, h('button', {
      type: 'button', class: 'quiet', 'aria-label': `Move ${plain(first.namespace)}`, onclick: () => openMoveDialog(first.namespace),
    }, 'Move …')));
  return {
    element,
    update(namespace) {
      const now = `${namespace.backend} ${namespace.targetBackend} ${namespace.moving} ${namespace.reason}`;
      if (now !== shown) {
        shown = now;
        placement.replaceChildren(backend(namespace.backend));
        moving.hidden = !namespace.moving && namespace.backend === namespace.targetBackend;
        moving.replaceChildren(namespace.moving ? 'moving to ' : 'target: ', backend(namespace.targetBackend));
        reason.replaceChildren(sentence(namespace.reason));
      }
      text(counters, number(namespace.counters));
      text(total, number(namespace.total));
      text(perSecond, rate(namespace.rate));
      spark.update(state.rates.get(namespace.namespace));
    },
  };
}

function backendCard(first) {
  const facts = h('p', { class: 'facts' });
  const bars = h('ul', { class: 'bars' });
  let shown = '';
  return {
    element: h('li', { class: 'backend-card' },
      h('div', { class: 'backend-head' }, backend(`${first.type}/${first.name}`), h('span', { class: 'num contents' })), facts, bars),
    update(one) {
      const now = JSON.stringify(one);
      if (now === shown) {
        return;
      }
      shown = now;
      const counts = Object.entries(one.namespaces);
      const sum = counts.reduce((all, [, count]) => all + count, 0);
      text(this.element.querySelector('.contents'), `${plural(sum, 'counter')} in ${plural(counts.length, 'namespace')}`);
      const retention = { local: 'values survive a crash', shared: 'values on a server' }[one.retention];
      facts.replaceChildren(
        [one.capacity === null ? 'unbounded' : `up to ${plural(one.capacity, 'counter')} in each namespace`, retention,
          one.claims.length > 0 ? 'claims ' : null].filter(Boolean).join(' · '),
        ...one.claims.flatMap((claim, i) => [i > 0 ? ', ' : '', name(claim)]));
      facts.title = plain(`${one.bundle}, ranking ${one.ranking}${Object.entries(one.details).map(([k, v]) => `, ${k} ${v}`).join('')}`);
      const fullest = counts
        .map(([namespace, count]) => [namespace, count, one.utilisation[namespace]])
        .filter((entry) => entry[2] !== undefined)
        .sort((a, b) => b[2] - a[2]);
      bars.hidden = fullest.length === 0;
      bars.replaceChildren(...fullest.slice(0, MAX_BARS).map(([namespace, count, percent]) =>
        h('li', {}, link(namespace),
          h('meter', { min: 0, max: 100, high: 90, value: percent, 'aria-label': `${plain(namespace)} uses ${percent} percent of the capacity` }),
          h('span', { class: 'num', title: `${number(count)} counters` }, `${percent < 10 ? percent : Math.round(percent)} %`))),
        ...(fullest.length > MAX_BARS ? [h('li', { class: 'more' }, `and ${number(fullest.length - MAX_BARS)} more with lower utilisation`)] : []));
    },
  };
}

function routesTable() {
  const list = h('ul', { class: 'routes' });
  const empty = h('p', { class: 'empty' }, 'No routes. Claims and the default backend apply.');
  const rows = keyed(list, (route) => ({
    element: h('li', { 'data-active': route.active },
      h('span', { class: 'globs' }, route.namespaces.flatMap((glob, i) => [i > 0 ? ', ' : null, name(glob)])),
      h('span', { class: 'arrow', 'aria-label': 'to' }, '→'),
      target(route.target),
      route.ranking === 0 ? null : h('span', { class: 'cause' }, `ranking ${short(route.ranking)}`),
      route.active ? null : h('span', { class: 'outcome', 'data-outcome': 'refused' }, 'no matching backend')),
    update() {},
  }));
  return {
    elements: [list, empty],
    update(routes) {
      list.hidden = routes.length === 0;
      empty.hidden = routes.length > 0;
      rows(routes.slice(0, 200), (route) => JSON.stringify(route));
    },
  };
}
