// Requests to the server, and the event stream.

const TOKEN = 'counterex.token';
const TIMEOUT_MS = 40_000;
const MAX_PAUSE_MS = 4_000;

let token = sessionStorage.getItem(TOKEN);

/** Takes the token from the fragment of the address and removes the fragment. */
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

/** Failed request; the message is the line that the server sent. Status 0: no response. */
export class RequestError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Encodes a name as a segment of a path. */
export function segment(name) {
  if (name === '.' || name === '..') {
    // Browsers resolve these segments even if they are percent-encoded.
    throw new RequestError(0, `a browser cannot request this name, use the shell: name=${name}`);
  }
  return encodeURIComponent(name);
}

function headers() {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

async function errorOf(response) {
  try {
    return new RequestError(response.status, (await response.json()).error);
  } catch {
    return new RequestError(response.status, `request failed: status=${response.status}`);
  }
}

export async function request(path, { method = 'GET', body, signal } = {}) {
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
    throw new RequestError(0, 'the server cannot be reached; the outcome of the request is unknown');
  }
  if (!response.ok) {
    throw await errorOf(response);
  }
  return response.json();
}

/**
 * Event stream that reconnects whenever it ends. Reads with fetch, because EventSource cannot send a token, hides the reason of an
 * error, and gives up after one.
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
    // A page in the back/forward cache must not occupy one of the few connections.
    window.addEventListener('pagehide', () => this.#abort?.abort('hidden'));
    window.addEventListener('pageshow', (event) => event.persisted && this.restart());
  }

  /** Sets the counters that each sample contains: [namespace, key]. */
  charts(charts) {
    this.#charts = charts;
    this.restart();
  }

  /** Closes the stream and opens another. */
  restart() {
    this.#failures = 0;
    this.#abort?.abort('restart');
    this.#wake?.();
  }

  async #run() {
    for (;;) {
      const abort = new AbortController();
      this.#abort = abort;
      let problem = new RequestError(0, 'the server has closed the stream');
      try {
        await this.#read(abort);
      } catch (e) {
        problem = e;
      }
      if (abort.signal.reason === 'restart') {
        continue;
      }
      if (abort.signal.reason === 'hidden') {
        await new Promise((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const pause = Math.min(MAX_PAUSE_MS, 250 * 2 ** this.#failures++);
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
      watchdog = setTimeout(() => abort.abort('timeout'), TIMEOUT_MS);
    };
    watch();
    try {
      const response = await fetch(`/api/events${query && '?'}${query}`, {
        headers: headers(),
        cache: 'no-store',
        signal: abort.signal,
      });
      if (!response.ok) {
        throw await errorOf(response);
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
