// Elements, and the display of names and numbers. Names are untrusted input: they become text nodes only.

/** Creates an element. Properties on... are listeners; null is omitted; true is an empty attribute. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties || {})) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets a text only if it differs, which preserves selections and avoids announcements by screen readers. */
export function text(element, value) {
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

// Characters that are invisible or affect their surroundings: controls, formats, unusual spaces, ignorable code points.
const INVISIBLE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
const BLANK_RUN = /^ +| +$| {2,}/g;

function escape(character) {
  const code = character.codePointAt(0);
  const short = { 9: '\\t', 10: '\\n', 13: '\\r' }[code];
  if (short) {
    return short;
  }
  const hex = code.toString(16);
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** Returns the parts of a name: [text, whether it represents invisible characters]. */
function parts(name) {
  const marked = name.replace(BLANK_RUN, (run) => '\u0000'.repeat(run.length));
  const result = [];
  const plain = [...name];
  const marks = [...marked];
  for (let i = 0; i < plain.length; i++) {
    const blank = plain[i] === ' ';
    const invisible = blank ? marks[i] === '\u0000' : INVISIBLE.test(plain[i]);
    const shown = blank && invisible ? '␣' : invisible ? escape(plain[i]) : plain[i];
    const last = result[result.length - 1];
    if (last && last[1] === invisible) {
      last[0] += shown;
    } else {
      result.push([shown, invisible]);
    }
  }
  return result;
}

/** Returns a name as plain text, for labels and titles. */
export function plain(name) {
  return parts(name).map((part) => part[0]).join('');
}

/** Creates a bidi-isolated element for a name, which is truncated by CSS and complete in the title. */
export function name(value, properties) {
  const element = h('bdi', { class: 'name', title: plain(value), ...properties });
  for (const [shown, invisible] of parts(value)) {
    element.append(invisible ? h('span', { class: 'invisible' }, shown) : shown);
  }
  return element;
}

// Filter that names exactly one backend, as a swap writes it; others are shown unchanged.
const ONE_BACKEND = /\(&\(counterex\.backend=([\w.-]+)\)\(counterex\.name=([\w.-]+)\)\)/;

/** Creates an element for a sentence of the server with abbreviated filters; the title is the original. */
export function sentence(value) {
  return name(value.replace(ONE_BACKEND, (_, type, instance) => idOf(type, instance)), { class: 'name sentence', title: plain(value) });
}

/** Creates an element for the target of a filter: the backend if it is exactly one, else the filter. */
export function target(filter) {
  const one = ONE_BACKEND.exec(filter);
  const element = one !== null && one[0] === filter ? backend(`${one[1]}/${one[2]}`) : name(filter, { class: 'name target' });
  element.title = plain(filter);
  return element;
}

function idOf(type, instance) {
  return type === instance ? type : `${type}/${instance}`;
}

/** Formats a whole number of any size with grouped digits. */
export function number(decimal) {
  return decimal === null || decimal === undefined ? '–' : BigInt(decimal).toLocaleString('en');
}

export function rate(perSecond) {
  if (perSecond === null || perSecond === undefined || Number.isNaN(perSecond)) {
    return '–';
  }
  const size = Math.abs(perSecond);
  if (size < 1e4) {
    return perSecond.toLocaleString('en', { maximumFractionDigits: size < 100 ? 1 : 0 }) + '/s';
  }
  return short(perSecond) + '/s';
}

/** Formats a number with three digits and a unit. */
export function short(value) {
  const size = Math.abs(value);
  for (const [unit, letter] of [[1e18, 'E'], [1e15, 'P'], [1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e4, 'k']]) {
    if (size >= unit) {
      const scale = letter === 'k' ? 1e3 : unit;
      return Number((value / scale).toPrecision(size / scale >= 1000 ? 4 : 3)).toLocaleString('en') + letter;
    }
  }
  return value.toLocaleString('en', { maximumFractionDigits: 2 });
}

export function duration(us) {
  if (us < 1000) {
    return `${us} µs`;
  }
  return us < 1e6 ? `${Number((us / 1e3).toPrecision(3))} ms` : `${Number((us / 1e6).toPrecision(3))} s`;
}

export function time(ms) {
  const date = new Date(ms);
  const today = new Date().toDateString() === date.toDateString();
  const clock = date.toLocaleTimeString('en-GB');
  const shown = today ? clock : `${date.toLocaleDateString('en-CA')} ${clock}`;
  return h('time', { datetime: date.toISOString(), title: date.toISOString() }, shown);
}

export function plural(count, noun) {
  return `${number(count)} ${noun}${String(count) === '1' ? '' : 's'}`;
}

/** Creates an element for a backend type/name, coloured by type. */
export function backend(id) {
  const type = id.split('/')[0];
  const known = ['ets', 'atomics', 'counters', 'mvstore', 'redis', 'parking', 'unplaced'];
  const shown = id === `${type}/${type}` ? type : id;
  return name(shown, { class: 'name backend', title: plain(id), 'data-backend': known.includes(type) ? type : 'other' });
}

/**
 * Returns a function that updates the rows of a list in place, so that focus and selection are preserved.
 *
 * @param make creates {element, update} for an item
 */
export function keyed(parent, make) {
  const rows = new Map();
  return (items, keyOf) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, row] of rows) {
      if (!keys.has(key)) {
        row.element.remove();
        rows.delete(key);
      }
    }
    let place = parent.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      let row = rows.get(key);
      if (!row) {
        row = make(item);
        rows.set(key, row);
      }
      if (row.element === place) {
        place = place.nextElementSibling;
      } else {
        parent.insertBefore(row.element, place);
      }
      row.update(item);
    }
  };
}
