// State of the page, its change listeners, and the counters selected for the chart.

export const MAX_CHARTS = 20;
export const HISTORY_MS = 10 * 60_000;
const RATES = 60;
const PINS = 'counterex.charts';

export const state = {
  session: { token: false, version: '', reads: 'open' },
  /** Namespaces of the last sample, by name; incomplete if the sample is cut. */
  namespaces: new Map(),
  /** Whether a sample has been received. */
  sampled: false,
  cut: false,
  /** The last rates of each namespace, oldest first. */
  rates: new Map(),
  backends: [],
  routes: [],
  moves: [],
  /** {time, values}: values of the selected counters, oldest first. */
  history: [],
  pins: new Map(),
};

const MAX_IN_SAMPLE = 1000;
const listeners = new Set();

/** Adds a listener for changes of the given topics; returns a function that removes it. */
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
  state.cut = sample.namespaces.length >= MAX_IN_SAMPLE;
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
  while (state.history.length > 0 && state.history[0].time < sample.time - HISTORY_MS) {
    state.history.shift();
  }
  changed('sample');
}

// the chart

export function pinned(namespace, key) {
  return state.pins.has(idOf(namespace, key));
}

/** Adds a counter to the chart or removes it; returns false if there are too many. */
export function pin(namespace, key, selected) {
  const id = idOf(namespace, key);
  if (!selected) {
    state.pins.delete(id);
  } else if (state.pins.size >= MAX_CHARTS) {
    return false;
  } else {
    // A counter keeps its slot, and so its colour, as long as it is selected.
    const taken = new Set([...state.pins.values()].map((selected) => selected.slot));
    let slot = 0;
    while (taken.has(slot)) {
      slot++;
    }
    state.pins.set(id, { namespace, key, slot });
  }
  try {
    sessionStorage.setItem(PINS, JSON.stringify([...state.pins.values()]));
  } catch {
    // Without storage, the selection lasts as long as the page.
  }
  changed('pins');
  return true;
}

export function restorePins() {
  try {
    for (const { namespace, key, slot } of JSON.parse(sessionStorage.getItem(PINS)) ?? []) {
      state.pins.set(idOf(namespace, key), { namespace, key, slot });
    }
  } catch {
    // Without storage, nothing is restored.
  }
}
