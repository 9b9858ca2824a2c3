// Entry point: shows the view that the address names and updates it from the event stream.

import { request, Live, takeToken } from './api.js';
import { h, plain, text } from './dom.js';
import { openAccessDialog, closeDialog, newToken, refreshSession } from './dialogs.js';
import { namespaceView } from './namespace.js';
import { overview } from './overview.js';
import { changed, on, restorePins, state, takeSample } from './state.js';

const MAX_MOVES = 1000;
const BACKENDS_MS = 5000;
const NOTIFICATION_MS = 8000;

const main = document.getElementById('main');
let view = null;
let shownHash = null;

// views

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
      return namespaceView(decodeURIComponent(match[1]), notify);
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
    element: h('div', { class: 'view' }, h('h1', {}, 'Page not found'), h('p', {}, h('a', { href: '#/' }, 'All namespaces'))),
    title: 'Page not found',
    destroy() {},
  };
}

// notifications

let notificationTimer;
function notify(sentence) {
  const notification = document.getElementById('notification');
  text(notification, sentence);
  notification.classList.add('shown');
  clearTimeout(notificationTimer);
  notificationTimer = setTimeout(() => notification.classList.remove('shown'), NOTIFICATION_MS);
}

// event stream

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
      state.backends = (await request('backends')).backends;
    },
    routes: async () => {
      state.routes = (await request('routes')).routes;
    },
    moves: async () => {
      state.moves = (await request(`moves?limit=${MAX_MOVES}`)).moves;
    },
  };
  await Promise.all(topics.map(async (topic) => {
    try {
      await loads[topic]();
      changed(topic);
    } catch {
      // The registry may be absent for a moment; the next event or connection triggers another request.
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
        state.moves = [data, ...state.moves].slice(0, MAX_MOVES);
      }
      changed('moves');
      load('backends', 'routes');
      notify(`${plain(data.namespace)}: ${data.outcome}, ${plain(data.from)} → ${plain(data.to)}`);
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
        problem.status === 401 ? 'token required' : seconds > 0 && opened ? `disconnected, retry in ${seconds} s` : 'connecting',
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
on(['token'], () => live.restart());
on(['moved'], () => load('backends', 'routes', 'moves'));
on(['session'], () => {
  const button = document.getElementById('access');
  button.hidden = false;
  button.dataset.writable = state.session.token;
  text(button, state.session.token ? 'Read and write' : 'Read-only');
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
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem('counterex.theme', theme);
  } catch {
    // Without storage, the choice lasts as long as the page.
  }
  showTheme();
});
dark.addEventListener('change', showTheme);

document.getElementById('access').addEventListener('click', openAccessDialog);
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
