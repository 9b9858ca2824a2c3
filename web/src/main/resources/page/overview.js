// Everything at once: namespaces, backends, routes, moves.

import { ask } from './api.js';
import { backend, h, keyed, name, number, plain, plural, rate, sentence, short, target, text } from './dom.js';
import { chartPanel } from './chart.js';
import { askMove } from './dialogs.js';
import { latest, link, movesTable, pager, sparkline } from './parts.js';
import { on, state } from './state.js';

const PAGE = 50;
const MOST_MOVES = 20;
const MOST_BARS = 8;
const AGAIN_MS = 2000;

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
    h('h1', { class: 'unseen-title' }, 'Overview'),
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
    moves.update(state.moves.slice(0, MOST_MOVES));
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
    figure('rate', 'Counted now'), figure('backends', 'Backends'));
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
      h('th', { scope: 'col' }, 'Lives on'),
      h('th', { scope: 'col', class: 'num' }, 'Counters'),
      h('th', { scope: 'col', class: 'num' }, 'Total'),
      h('th', { scope: 'col', class: 'num' }, 'Rate'),
      h('th', { scope: 'col' }, h('span', { class: 'unseen-title' }, 'Move')))),
    body);
  const pages = pager((step) => {
    const wanted = offset + step * PAGE;
    if (wanted >= 0) {
      offset = wanted;
      update();
    }
  });
  const element = h('section', { class: 'panel', 'aria-labelledby': 'namespaces-title', id: 'namespaces' },
    h('div', { class: 'panel-head' }, h('h2', { id: 'namespaces-title' }, 'Namespaces'), filter), table, empty, pages.element);

  function show(items, matched) {
    table.hidden = items.length === 0;
    empty.hidden = items.length > 0;
    text(empty, filter.value === '' ? 'Nothing is counted yet.' : 'No namespace matches.');
    rows(items, (namespace) => namespace.namespace);
    pages.update(offset, PAGE, matched);
  }

  // The sample has all there is to show, unless there are too many or they are filtered: then the server is asked.
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
    const mine = ++serial;
    try {
      const answer = await ask(`namespaces?search=${encodeURIComponent(filter.value)}&offset=${offset}&limit=${PAGE}`);
      if (mine === serial) {
        fetched = answer;
        show(answer.namespaces, answer.matched);
      }
    } catch {
      // The state of the connection tells; what is shown stays.
    }
    if (mine === serial) {
      timer = setTimeout(update, AGAIN_MS);
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
  text(empty, 'Waiting for the first look …');
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
  const home = h('span', { class: 'home' });
  const moving = h('span', { class: 'moving', hidden: true });
  const why = h('span', { class: 'why' });
  const counters = h('td', { class: 'num', 'data-label': 'Counters' });
  const total = h('td', { class: 'num total', 'data-label': 'Total' });
  const perSecond = h('span', {});
  let shown = '';
  const element = h('tr', { 'data-namespace': first.namespace },
    h('th', { scope: 'row' }, link(first.namespace)),
    h('td', { 'data-label': 'Lives on', class: 'lives' }, home, moving, why),
    counters,
    total,
    h('td', { class: 'num rate', 'data-label': 'Rate' }, spark.element, perSecond),
    h('td', { class: 'act' }, h('button', {
      type: 'button', class: 'quiet', 'aria-label': `Move ${plain(first.namespace)}`, onclick: () => askMove(first.namespace),
    }, 'Move …')));
  return {
    element,
    update(namespace) {
      const now = `${namespace.backend} ${namespace.targetBackend} ${namespace.moving} ${namespace.reason}`;
      if (now !== shown) {
        shown = now;
        home.replaceChildren(backend(namespace.backend));
        moving.hidden = !namespace.moving && namespace.backend === namespace.targetBackend;
        moving.replaceChildren(namespace.moving ? 'moving → ' : 'belongs on ', backend(namespace.targetBackend));
        why.replaceChildren(sentence(namespace.reason));
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
      h('div', { class: 'backend-head' }, backend(`${first.type}/${first.name}`), h('span', { class: 'num holds' })), facts, bars),
    update(one) {
      const now = JSON.stringify(one);
      if (now === shown) {
        return;
      }
      shown = now;
      const counts = Object.entries(one.namespaces);
      const sum = counts.reduce((all, [, count]) => all + count, 0);
      text(this.element.querySelector('.holds'), `${plural(sum, 'counter')} in ${plural(counts.length, 'namespace')}`);
      const keeps = { local: 'keeps its values through a crash', shared: 'keeps its values on a server' }[one.retention];
      facts.replaceChildren(
        [one.capacity === null ? 'no bound' : `room for ${number(one.capacity)} in each namespace`, keeps,
          one.claims.length > 0 ? 'claims ' : null].filter(Boolean).join(' · '),
        ...one.claims.flatMap((claim, i) => [i > 0 ? ', ' : '', name(claim)]));
      facts.title = plain(`${one.bundle}, ranking ${one.ranking}${Object.entries(one.details).map(([k, v]) => `, ${k} ${v}`).join('')}`);
      const fullest = counts
        .map(([namespace, count]) => [namespace, count, one.utilisation[namespace]])
        .filter((entry) => entry[2] !== undefined)
        .sort((a, b) => b[2] - a[2]);
      bars.hidden = fullest.length === 0;
      bars.replaceChildren(...fullest.slice(0, MOST_BARS).map(([namespace, count, percent]) =>
        h('li', {}, link(namespace),
          h('meter', { min: 0, max: 100, high: 90, value: percent, 'aria-label': `${plain(namespace)} uses ${percent} percent of the room` }),
          h('span', { class: 'num', title: `${number(count)} counters` }, `${percent < 10 ? percent : Math.round(percent)} %`))),
        ...(fullest.length > MOST_BARS ? [h('li', { class: 'more' }, `and ${number(fullest.length - MOST_BARS)} less full`)] : []));
    },
  };
}

function routesTable() {
  const list = h('ul', { class: 'routes' });
  const empty = h('p', { class: 'empty' }, 'No route: claims and defaults decide.');
  const rows = keyed(list, (route) => ({
    element: h('li', { 'data-active': route.active },
      h('span', { class: 'globs' }, route.namespaces.flatMap((glob, i) => [i > 0 ? ', ' : null, name(glob)])),
      h('span', { class: 'arrow', 'aria-label': 'leads to' }, '→'),
      target(route.target),
      route.ranking === 0 ? null : h('span', { class: 'cause' }, `ranking ${short(route.ranking)}`),
      route.active ? null : h('span', { class: 'outcome', 'data-outcome': 'refused' }, 'no such backend now')),
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
