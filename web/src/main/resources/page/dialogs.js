// What changes something: each asks first, and says what came of it.

import { ask, hasToken, Refused, segment, takeToken, useToken } from './api.js';
import { backend, h, name, number, plural, text } from './dom.js';
import { latest, moveSentence } from './parts.js';
import { changed, state } from './state.js';

let open = null;

/** Shows a dialog. The browser keeps the focus inside, closes it by Escape and gives the focus back. */
function show(title, content) {
  open?.close();
  const back = document.activeElement;
  const heading = h('h2', { id: 'dialog-title' }, title);
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title', id: 'dialog' }, h('div', { class: 'dialog-body' }, heading, content));
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (open === dialog) {
      open = null;
    }
    if (back?.isConnected) {
      back.focus();
    }
  });
  document.body.append(dialog);
  open = dialog;
  dialog.showModal();
  return dialog;
}

export function closeDialog() {
  open?.close();
}

function cancelButton(label = 'Cancel') {
  return h('button', { type: 'button', class: 'cancel', onclick: (event) => event.target.closest('dialog').close() }, label);
}

/** Why nothing can be changed here, and what helps. */
export function askAccess() {
  const input = h('input', { type: 'password', id: 'token', autocomplete: 'off', spellcheck: 'false' });
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const may = state.session.token;
  const form = h('form', {
    onsubmit: async (event) => {
      event.preventDefault();
      const given = input.value.trim().replace(/^.*#token=/, '');
      try {
        useToken(given === '' ? null : given);
        await refreshSession();
        if (state.session.token) {
          form.closest('dialog').close();
          changed('token');
          return;
        }
        text(problem, 'this token is not the right one');
      } catch (e) {
        text(problem, e.message);
      }
      problem.hidden = false;
      input.focus();
    },
  },
  may
    ? h('p', {}, 'This page carries the token: it may move namespaces and change counters. It forgets the token when this tab is closed.')
    : [
      h('p', {}, 'This page may look and change nothing. To change something, type this in the shell of CounterEx and open the link that it prints:'),
      h('p', {}, h('code', { class: 'command' }, 'counter:web')),
      h('label', { class: 'field', for: 'token' }, h('span', {}, 'Or the link or token here'), input),
      problem,
    ],
  h('div', { class: 'actions' },
    cancelButton('Close'),
    may
      ? h('button', {
        type: 'button',
        onclick: async (event) => {
          useToken(null);
          event.target.closest('dialog').close();
          await refreshSession().catch(() => {});
        },
      }, 'Forget the token')
      : h('button', { type: 'submit', class: 'primary' }, 'Use it')));
  show(may ? 'May write' : 'Read-only', form);
}

export async function refreshSession() {
  state.session = await ask('session');
  changed('session');
}

/** Whether this page may change something; says what helps if not. Asked anew, since the first answer may be on its way still. */
async function mayWrite() {
  if (!state.session.token && hasToken()) {
    await refreshSession().catch(() => {});
  }
  if (!state.session.token) {
    askAccess();
  }
  return state.session.token;
}

/** Takes the token of a link that was opened in this tab. */
export async function newToken() {
  if (takeToken()) {
    closeDialog();
    await refreshSession().catch(() => {});
    changed('token');
  }
}

function filterOf(one) {
  const quoted = (value) => value.replace(/[\\*()]/g, '\\$&');
  return `(&(counterex.backend=${quoted(one.type)})(counterex.name=${quoted(one.name)}))`;
}

export async function askMove(namespace) {
  if (!await mayWrite()) {
    return;
  }
  // How full the backends are is asked now; so is where it lives, if it has no counter or the sample has no room for it.
  let now;
  try {
    state.backends = (await ask('backends')).backends;
    now = latest(namespace) ?? (await ask(`namespaces/${segment(namespace)}`));
  } catch (e) {
    show('Move', h('div', {}, h('p', { class: 'problem', role: 'alert' }, e.message), h('div', { class: 'actions' }, cancelButton('Close'))));
    return;
  }
  const will = h('p', { class: 'will', 'aria-live': 'polite' }, 'Choose where it is to live.');
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const submit = h('button', { type: 'submit', class: 'primary', id: 'confirm', disabled: true }, 'Move');
  const choices = h('fieldset', { class: 'choices' }, h('legend', {}, 'To'),
    state.backends.map((one, i) => {
      const id = `${one.type}/${one.name}`;
      const here = now.backend === id;
      const held = one.namespaces[namespace] ?? 0;
      return h('label', { class: 'choice', 'data-here': here },
        h('input', { type: 'radio', name: 'backend', value: id, id: `to-${i}`, disabled: here, onchange: () => chosen(one, id) }),
        h('span', {}, backend(id),
          h('span', { class: 'facts' }, [
            here ? 'it lives here' : null,
            one.capacity === null ? 'no bound' : `room for ${number(one.capacity)}`,
            held > 0 && !here ? `holds ${plural(held, 'counter')} of it` : null,
            { local: 'keeps values through a crash', shared: 'keeps values on a server' }[one.retention],
          ].filter(Boolean).join(' · '))));
    }));
  let target = null;
  const form = h('form', { onsubmit: submitMove },
    h('p', {}, name(namespace), now.backend === 'unplaced' ? ' has no counter yet.' : [' lives on ', backend(now.backend), '.']),
    choices, will, problem, h('div', { class: 'actions' }, cancelButton(), submit));
  const dialog = show(h('span', {}, 'Move ', name(namespace)), form);
  dialog.querySelector('input:not([disabled])')?.focus();

  function chosen(one, id) {
    target = one;
    submit.disabled = false;
    problem.hidden = true;
    const seen = latest(namespace) ?? now;
    const tooMany = one.capacity !== null && BigInt(seen.counters) > BigInt(one.capacity);
    const total = seen.total === null ? '' : `, total ${number(seen.total)}`;
    will.replaceChildren(
      seen.backend === 'unplaced' ? 'It will live on ' : `${plural(seen.counters, 'counter')}${total}${total && ','} will move to `, backend(id),
      ', and a route keeps it there, through restarts too. Callers go on counting meanwhile, and nothing is lost.',
      tooMany ? ' They do not fit, so the move will be refused.' : '');
  }

  async function submitMove(event) {
    event.preventDefault();
    const began = performance.now();
    const meter = h('progress', { 'aria-label': 'The move is under way' });
    const progress = h('p', { class: 'progress', role: 'status' }, h('span', {}, 'Moving …'), meter);
    problem.hidden = true;
    will.replaceWith(progress);
    choices.disabled = true;
    submit.disabled = true;
    const timer = setInterval(() => {
      const seen = latest(namespace);
      const seconds = Math.round((performance.now() - began) / 1000);
      text(progress.firstChild, `Moving${seen === null ? '' : ` ${plural(seen.counters, 'counter')}`} … ${seconds} s`);
    }, 500);
    try {
      const move = await ask(`namespaces/${segment(namespace)}/swap`, { method: 'POST', body: { backend: filterOf(target) } });
      const done = cancelButton('Close');
      form.replaceChildren(
        h('p', { class: 'result', role: 'status', 'data-outcome': move.outcome, id: 'result' }, name(namespace), ' ', ...moveSentence(move), '.'),
        h('div', { class: 'actions' }, done));
      done.classList.add('primary');
      if (dialog.isConnected) {
        done.focus();
      }
      changed('moved');
    } catch (e) {
      progress.replaceWith(will);
      failed(e, problem);
      choices.disabled = false;
      submit.disabled = false;
      submit.focus();
    } finally {
      clearInterval(timer);
    }
  }
}

function failed(e, problem) {
  if (!(e instanceof Refused)) {
    throw e;
  }
  text(problem, e.message);
  problem.hidden = false;
}

/**
 * Changes one counter, or a new one.
 *
 * @param key null for a new one
 * @param done is called when something has changed
 */
export async function askChange(namespace, key, value, done) {
  if (!await mayWrite()) {
    return;
  }
  const keyInput = h('input', { type: 'text', id: 'change-key', required: true, maxlength: '1024', autocomplete: 'off', spellcheck: 'false' });
  const amount = h('input', { type: 'text', id: 'change-amount', inputmode: 'numeric', value: '1', required: true, pattern: '[+\\-]?[0-9]+', autocomplete: 'off' });
  const amountField = h('label', { class: 'field' }, h('span', {}, 'By'), amount);
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const submit = h('button', { type: 'submit', class: 'primary', id: 'confirm' }, 'Add');
  const sure = h('label', { class: 'choice', hidden: true }, h('input', { type: 'checkbox', id: 'sure' }), h('span', {}, 'Yes, delete it. Its value is gone then.'));
  let operation = 'inc';
  const operations = [['inc', 'Add'], ['set', 'Set'], ['reset', 'Reset to 0'], ['delete', 'Delete']];
  const choices = h('div', { class: 'switch', role: 'radiogroup', 'aria-label': 'What to do' },
    operations.filter(([id]) => key !== null || id === 'inc' || id === 'set').map(([id, label]) => {
      const input = h('input', {
        type: 'radio', name: 'operation', value: id, id: `do-${id}`,
        onchange: () => {
          operation = id;
          amountField.hidden = id === 'reset' || id === 'delete';
          amount.disabled = amountField.hidden;
          text(amountField.firstChild, id === 'inc' ? 'By' : 'To');
          sure.hidden = id !== 'delete';
          sure.firstChild.required = id === 'delete';
          text(submit, label);
          submit.classList.toggle('danger', id === 'delete');
        },
      });
      input.checked = id === operation;
      return h('label', {}, input, h('span', {}, label));
    }));
  const form = h('form', { onsubmit: change },
    key === null
      ? h('label', { class: 'field' }, h('span', {}, 'Counter'), keyInput)
      : h('p', {}, name(key), ' was ', h('span', { class: 'num' }, value), '.'),
    choices, amountField, sure, problem, h('div', { class: 'actions' }, cancelButton(), submit));
  const dialog = show(key === null ? 'Add a counter' : h('span', {}, 'Change ', name(key)), form);
  (key === null ? keyInput : amount).focus();

  async function change(event) {
    event.preventDefault();
    const counter = key ?? keyInput.value;
    const given = amount.value.replace(/^\+/, '');
    problem.hidden = true;
    submit.disabled = true;
    try {
      const path = `namespaces/${segment(namespace)}/counters/${segment(counter)}`;
      const request = {
        inc: [`${path}/inc`, { method: 'POST', body: { step: given } }],
        set: [path, { method: 'PUT', body: { value: given } }],
        reset: [`${path}/reset`, { method: 'POST', body: { value: '0' } }],
        delete: [path, { method: 'DELETE' }],
      }[operation];
      await ask(...request);
      dialog.close();
      done();
    } catch (e) {
      failed(e, problem);
    } finally {
      submit.disabled = false;
    }
  }
}
