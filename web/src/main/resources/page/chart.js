// Chart of the values or rates of the selected counters over the last ten minutes.

import { h, name, number, plain, rate, short, text, keyed } from './dom.js';
import { HISTORY_MS, on, pin, state } from './state.js';

const HEIGHT = 220;
const MIN_WINDOW_S = 60;
const COLOURS = 8;
const DASHES = [undefined, [7, 4], [2, 3]];

let mode = 'value';

/** Returns the data for uPlot: times, then the values of each selected counter. */
function data() {
  const times = state.history.map((sample) => sample.time / 1000);
  const series = [...state.pins.keys()].map((id) => {
    const values = state.history.map((sample) => sample.values.get(id) ?? null);
    return mode === 'value' ? values.map((value) => (value === null ? null : Number(value))) : rates(values, times);
  });
  return [times, ...series];
}

function rates(values, times) {
  return values.map((value, i) => {
    const before = i === 0 ? null : values[i - 1];
    return value === null || before === null ? null : Number(value - before) / (times[i] - times[i - 1]);
  });
}

/** Creates the panel, which is hidden while no counter is selected. */
export function chartPanel(current) {
  let plot = null;
  let shownIds = '';
  let cursor = null;
  const canvas = h('div', { class: 'plot', role: 'img', 'aria-label': 'Chart of the selected counters; the list contains their values' });
  const legend = h('ul', { class: 'legend', 'aria-label': 'Counters in the chart' });
  const modes = ['value', 'rate'].map((value) => {
    const input = h('input', {
      type: 'radio',
      name: 'chart-mode',
      value,
      id: `chart-${value}`,
      onchange: () => {
        mode = value;
        rebuild();
      },
    });
    input.checked = value === mode;
    return h('label', {}, input, h('span', {}, value === 'value' ? 'Values' : 'Rates'));
  });
  const element = h(
    'section',
    { class: 'panel chart', 'aria-labelledby': 'chart-title', id: 'chart' },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', { id: 'chart-title' }, 'Chart'),
      h('div', { class: 'switch', role: 'radiogroup', 'aria-label': 'Quantity' }, modes),
    ),
    canvas,
    legend,
  );

  const rows = keyed(legend, (entry) => {
    const value = h('span', { class: 'num' });
    return {
      element: h(
        'li',
        {},
        h('span', { class: 'swatch', 'data-colour': entry.slot % COLOURS, 'data-dash': Math.floor(entry.slot / COLOURS) }),
        entry.namespace === current ? null : [name(entry.namespace, { class: 'name of' }), h('span', { class: 'slash' }, '/')],
        name(entry.key),
        value,
        h('button', {
          type: 'button',
          class: 'quiet icon close',
          'aria-label': `Remove ${plain(entry.key)} from the chart`,
          onclick: () => pin(entry.namespace, entry.key, false),
        }, '×'),
      ),
      update: ({ id, index }) => text(value, shown(id, index)),
    };
  });

  function shown(id, index) {
    const at = cursor ?? state.history.length - 1;
    if (mode === 'rate') {
      const perSecond = plot?.data[index + 1]?.[at];
      return rate(perSecond);
    }
    const value = state.history[at]?.values.get(id);
    return value === null || value === undefined ? '–' : number(value);
  }

  function showLegend() {
    rows([...state.pins].map(([id, entry], index) => ({ ...entry, id, index })), (entry) => entry.id);
  }

  function rebuild() {
    plot?.destroy();
    plot = null;
    cursor = null;
    shownIds = [...state.pins.keys()].join(' ');
    element.hidden = state.pins.size === 0;
    if (element.hidden || !element.isConnected) {
      showLegend();
      return;
    }
    const style = getComputedStyle(element);
    const colour = (variable) => style.getPropertyValue(variable).trim();
    const axis = {
      stroke: colour('--muted'),
      font: `11px ${style.fontFamily}`,
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const options = {
      width: Math.max(canvas.clientWidth, 200),
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: { time: true, range: (_, min, max) => timeRange(min, max) },
        y: { range: (_, min, max) => (min === null ? [0, 1] : window.uPlot.rangeNum(mode === 'rate' ? Math.min(min, 0) : min, max, 0.1, true)) },
      },
      axes: [
        { ...axis, space: 70, size: 32, values: '{HH}:{mm}:{ss}' },
        { ...axis, size: 58, space: 36, values: (_, values) => values.map((value) => short(value)) },
      ],
      series: [
        {},
        ...[...state.pins.values()].map(({ slot }) => ({
          stroke: colour(`--series-${slot % COLOURS}`),
          dash: DASHES[Math.floor(slot / COLOURS)],
          width: 1.75,
          points: { show: false },
        })),
      ],
      hooks: {
        setCursor: [
          (u) => {
            cursor = u.cursor.left >= 0 ? u.cursor.idx : null;
            showLegend();
          },
        ],
      },
    };
    plot = new window.uPlot(options, data(), canvas);
    showLegend();
  }

  function timeRange(min, max) {
    if (max === null) {
      const now = Date.now() / 1000;
      return [now - MIN_WINDOW_S, now];
    }
    return [max - Math.max(MIN_WINDOW_S, Math.min(max - min, HISTORY_MS / 1000)), max];
  }

  function update() {
    if ([...state.pins.keys()].join(' ') !== shownIds || (plot === null && state.pins.size > 0)) {
      rebuild();
    } else if (plot !== null) {
      plot.setData(data());
      showLegend();
    }
  }

  const resized = new ResizeObserver(() => {
    if (plot !== null && canvas.clientWidth > 0) {
      plot.setSize({ width: canvas.clientWidth, height: HEIGHT });
    }
  });
  resized.observe(canvas);
  const off = on(['sample', 'pins'], update);
  const offTheme = on(['theme'], rebuild);
  return {
    element,
    update,
    destroy() {
      off();
      offTheme();
      resized.disconnect();
      plot?.destroy();
    },
  };
}
