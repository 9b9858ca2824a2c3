// What is asked of the server, and the stream of what it tells.

const TOKEN = 'counterex.token';
const SILENT_MS = 40_000;
const LONGEST_PAUSE_MS = 4_000;

let token = sessionStorage.getItem(TOKEN);

/** Takes the token out of the fragment of a link, and the fragment out of the address. */
export function takeToken() {
  const match = /^#token=([^&]+)$/.exec(location.hash);
  if (match) {
    useToken(match[1]);
    history.replaceState(null, '', '#/');
  }
  return match !== null;
}

export function useToken(value) {
  token = value;
  if (value === null) {
    sessionStorage.removeItem(TOKEN);
  } else {
    sessionStorage.setItem(TOKEN, value);
  }
}

export function hasToken() {
  return token !== null;
}

/** A request that was refused, in the one line that the server gave. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** A name as a part of a path. */
export function segment(name) {
  if (name === '.' || name === '..') {
    // Whatever is done to it, a browser takes it for a step in the path.
    throw new Refused(0, `a browser cannot ask for this name, the shell can: name=${name}`);
  }
  return encodeURIComponent(name);
}

function headers() {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

async function refusal(response) {
  try {
    return new Refused(response.status, (await response.json()).error);
  } catch {
    return new Refused(response.status, `the server answered ${response.status}`);
  }
}

export async function ask(path, { method = 'GET', body, signal } = {}) {
  const options = { method, signal, headers: headers(), cache: 'no-store' };
  if (body !== undefined) {
    options.headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(`/api/${path}`, options);
  } catch (e) {
    if (e.name === 'AbortError') {
      throw e;
    }
    throw new Refused(0, 'the server cannot be reached; whether it did what was asked is not known');
  }
  if (!response.ok) {
    throw await refusal(response);
  }
  return response.json();
}

/**
 * The stream of events, for ever: what ends it begins it again. It is read by fetch, since EventSource sends no token,
 * hides why it was refused, and gives up after a refusal.
 */
export class Live {
  #charts = [];
  #abort = null;
  #wake = null;
  #failures = 0;

  /** @param listener has opened(), event(type, data) and closed(error, pauseMs) */
  constructor(listener) {
    this.listener = listener;
  }

  start() {
    this.#run();
    window.addEventListener('online', () => this.#wake?.());
    // A page that the browser keeps for "back" must not keep one of the few connections.
    window.addEventListener('pagehide', () => this.#abort?.abort('hidden'));
    window.addEventListener('pageshow', (event) => event.persisted && this.again());
  }

  /** Which counters each sample is to have: [namespace, key]. */
  charts(charts) {
    this.#charts = charts;
    this.again();
  }

  /** Ends the stream and begins another. */
  again() {
    this.#failures = 0;
    this.#abort?.abort('again');
    this.#wake?.();
  }

  async #run() {
    for (;;) {
      const abort = new AbortController();
      this.#abort = abort;
      let problem = new Refused(0, 'the server has ended the stream');
      try {
        await this.#read(abort);
      } catch (e) {
        problem = e;
      }
      if (abort.signal.reason === 'again') {
        continue;
      }
      if (abort.signal.reason === 'hidden') {
        await new Promise((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const pause = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** this.#failures++);
      this.listener.closed(problem, pause);
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, pause);
      });
      this.#wake = null;
    }
  }

  async #read(abort) {
    const query = this.#charts
      .map(([namespace, key]) => `chart=${encodeURIComponent(namespace)}/${encodeURIComponent(key)}`)
      .join('&');
    let watchdog;
    const watch = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort('silent'), SILENT_MS);
    };
    watch();
    try {
      const response = await fetch(`/api/events${query && '?'}${query}`, {
        headers: headers(),
        cache: 'no-store',
        signal: abort.signal,
      });
      if (!response.ok) {
        throw await refusal(response);
      }
      this.#failures = 0;
      this.listener.opened();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          return;
        }
        watch();
        const frames = (rest + value).split('\n\n');
        rest = frames.pop();
        frames.forEach((frame) => this.#frame(frame));
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  #frame(frame) {
    let type = 'message';
    const data = [];
    for (const line of frame.split('\n')) {
      if (line.startsWith('event:')) {
        type = line.slice(6).trim();
      } else if (line.startsWith('data:')) {
        data.push(line.slice(5));
      }
    }
    if (data.length > 0) {
      this.listener.event(type, JSON.parse(data.join('\n')));
    }
  }
}
