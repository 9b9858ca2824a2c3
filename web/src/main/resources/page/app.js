// The page: what is in the address is shown, and the stream keeps it current.

import { ask, Live, takeToken } from './api.js';
import { h, plain, text } from './dom.js';
import { askAccess, closeDialog, newToken, refreshSession } from './dialogs.js';
import { namespaceView } from './namespace.js';
import { overview } from './overview.js';
import { changed, on, restorePins, state, takeSample } from './state.js';

const MOST_MOVES = 1000;
const BACKENDS_MS = 5000;
const NEWS_MS = 8000;

const main = document.getElementById('main');
let view = null;
let shownHash = null;

// what is shown

function route() {
  if (location.hash.startsWith('#token=')) {
    newToken();
  }
  if (location.hash === '#main' || location.hash === shownHash) {
    return;
  }
  const first = shownHash === null;
  shownHash = location.hash;
  closeDialog();
  view?.destroy();
  view = viewOf(location.hash);
  main.replaceChildren(view.element);
  view.attached?.();
  document.title = `${view.title} · CounterEx`;
  if (!first) {
    window.scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
}

function viewOf(hash) {
  const match = /^#\/ns\/([^/]+)$/.exec(hash);
  if (match) {
    try {
      return namespaceView(decodeURIComponent(match[1]), tell);
    } catch (e) {
      if (!(e instanceof URIError)) {
        throw e;
      }
    }
  }
  if (hash === '' || hash === '#' || hash === '#/') {
    return overview();
  }
  return {
    element: h('div', { class: 'view' }, h('h1', {}, 'Nothing is here'), h('p', {}, h('a', { href: '#/' }, 'All namespaces'))),
    title: 'Nothing is here',
    destroy() {},
  };
}

// what is told

let newsTimer;
function tell(sentence) {
  const news = document.getElementById('news');
  text(news, sentence);
  news.classList.add('shown');
  clearTimeout(newsTimer);
  newsTimer = setTimeout(() => news.classList.remove('shown'), NEWS_MS);
}

// what the server tells

let opened = false;
let countdown;
function connection(name, sentence) {
  const element = document.getElementById('connection');
  element.dataset.state = name;
  document.body.classList.toggle('stale', name !== 'live');
  text(document.getElementById('connection-text'), sentence);
}

async function load(...topics) {
  const loads = {
    session: async () => refreshSession(),
    backends: async () => {
      state.backends = (await ask('backends')).backends;
    },
    routes: async () => {
      state.routes = (await ask('routes')).routes;
    },
    moves: async () => {
      state.moves = (await ask(`moves?limit=${MOST_MOVES}`)).moves;
    },
  };
  await Promise.all(topics.map(async (topic) => {
    try {
      await loads[topic]();
      changed(topic);
    } catch {
      // The registry may be away for a moment; the next event or reconnection asks again.
    }
  }));
}

const live = new Live({
  opened() {
    opened = true;
    clearInterval(countdown);
    connection('live', 'live');
    load('session', 'backends', 'routes', 'moves');
    changed('opened');
  },
  event(type, data) {
    if (type === 'sample') {
      takeSample(data);
    } else if (type === 'move') {
      if (!state.moves.some((move) => move.id === data.id && move.time === data.time)) {
        state.moves = [data, ...state.moves].slice(0, MOST_MOVES);
      }
      changed('moves');
      load('backends', 'routes');
      tell(`${plain(data.namespace)}: ${data.outcome}, ${plain(data.from)} → ${plain(data.to)}`);
    } else if (type === 'backends') {
      load('backends', 'routes', 'moves');
    }
  },
  closed(problem, pause) {
    const until = performance.now() + pause;
    const show = () => {
      const seconds = Math.ceil((until - performance.now()) / 1000);
      connection(
        problem.status === 401 ? 'locked' : 'lost',
        problem.status === 401 ? 'needs the token' : seconds > 0 && opened ? `lost, retry in ${seconds} s` : 'connecting',
      );
    };
    clearInterval(countdown);
    if (problem.status >= 400) {
      document.getElementById('connection').title = problem.message;
    } else {
      document.getElementById('connection').removeAttribute('title');
    }
    show();
    countdown = setInterval(show, 500);
  },
});

function streamCharts() {
  live.charts([...state.pins.values()].map(({ namespace, key }) => [namespace, key]));
}

let pinsTimer;
on(['pins'], () => {
  clearTimeout(pinsTimer);
  pinsTimer = setTimeout(streamCharts, 150);
});
on(['token'], () => live.again());
on(['moved'], () => load('backends', 'routes', 'moves'));
on(['session'], () => {
  const button = document.getElementById('access');
  button.hidden = false;
  button.dataset.may = state.session.token;
  text(button, state.session.token ? 'May write' : 'Read-only');
  text(document.getElementById('version'), `CounterEx ${state.session.version}`);
});
setInterval(() => {
  if (!document.hidden && document.body.classList.contains('stale') === false) {
    load('backends');
  }
}, BACKENDS_MS);

// light and dark

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const themeButton = document.getElementById('theme');
function isDark() {
  return (document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
}
function showTheme() {
  text(themeButton, isDark() ? '☀' : '☾');
  themeButton.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
  themeButton.title = themeButton.getAttribute('aria-label');
  changed('theme');
}
themeButton.addEventListener('click', () => {
  const wanted = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = wanted;
  try {
    localStorage.setItem('counterex.theme', wanted);
  } catch {
    // It lasts as long as the page, then.
  }
  showTheme();
});
dark.addEventListener('change', showTheme);

document.getElementById('access').addEventListener('click', askAccess);
document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener('hashchange', route);

takeToken();
restorePins();
showTheme();
route();
streamCharts();
live.start();
