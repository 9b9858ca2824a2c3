// What the page knows, who wants to be told, and the counters that were chosen for the chart.

export const MOST_CHARTS = 20;
export const KEPT_MS = 10 * 60_000;
const RATES = 60;
const PINS = 'counterex.charts';

export const state = {
  session: { token: false, version: '', reads: 'open' },
  /** Those of the last sample; all there are unless it is cut. */
  namespaces: new Map(),
  /** Whether a sample has come since the stream began. */
  sampled: false,
  cut: false,
  /** The last rates of each namespace, oldest first. */
  rates: new Map(),
  backends: [],
  routes: [],
  moves: [],
  /** {time, values}: what the chosen counters were, oldest first. */
  history: [],
  pins: new Map(),
};

const MOST_IN_A_SAMPLE = 1000;
const listeners = new Set();

/** Tells of every change of the topics, until the function that this returns is called. */
export function on(topics, listener) {
  const entry = { topics, listener };
  listeners.add(entry);
  return () => listeners.delete(entry);
}

export function changed(topic) {
  for (const { topics, listener } of [...listeners]) {
    if (topics.includes(topic)) {
      listener(topic);
    }
  }
}

export function idOf(namespace, key) {
  return `${encodeURIComponent(namespace)}/${encodeURIComponent(key)}`;
}

export function takeSample(sample) {
  state.sampled = true;
  state.namespaces = new Map(sample.namespaces.map((namespace) => [namespace.namespace, namespace]));
  state.cut = sample.namespaces.length >= MOST_IN_A_SAMPLE;
  for (const old of state.rates.keys()) {
    if (!state.namespaces.has(old)) {
      state.rates.delete(old);
    }
  }
  for (const { namespace, rate } of sample.namespaces) {
    const rates = state.rates.get(namespace) ?? [];
    rates.push(rate);
    if (rates.length > RATES) {
      rates.shift();
    }
    state.rates.set(namespace, rates);
  }
  if (sample.charts.length > 0) {
    const values = new Map();
    for (const { namespace, key, value } of sample.charts) {
      values.set(idOf(namespace, key), value === null ? null : BigInt(value));
    }
    state.history.push({ time: sample.time, values });
  }
  while (state.history.length > 0 && state.history[0].time < sample.time - KEPT_MS) {
    state.history.shift();
  }
  changed('sample');
}

// the chart

export function pinned(namespace, key) {
  return state.pins.has(idOf(namespace, key));
}

/** Returns false if there are too many. */
export function pin(namespace, key, wanted) {
  const id = idOf(namespace, key);
  if (!wanted) {
    state.pins.delete(id);
  } else if (state.pins.size >= MOST_CHARTS) {
    return false;
  } else {
    // A place keeps its colour as long as it is chosen.
    const taken = new Set([...state.pins.values()].map((chosen) => chosen.place));
    let place = 0;
    while (taken.has(place)) {
      place++;
    }
    state.pins.set(id, { namespace, key, place });
  }
  try {
    sessionStorage.setItem(PINS, JSON.stringify([...state.pins.values()]));
  } catch {
    // They last as long as the page, then.
  }
  changed('pins');
  return true;
}

export function restorePins() {
  try {
    for (const { namespace, key, place } of JSON.parse(sessionStorage.getItem(PINS)) ?? []) {
      state.pins.set(idOf(namespace, key), { namespace, key, place });
    }
  } catch {
    // None, then.
  }
}
