// Dialogs for access, moves and changes of counters.

import { request, hasToken, RequestError, segment, takeToken, useToken } from './api.js';
import { backend, h, name, number, plural, text } from './dom.js';
import { latest, moveSentence } from './parts.js';
import { changed, state } from './state.js';

let open = null;

/** Shows a modal dialog and restores the focus when it is closed. */
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

/** Shows whether this page may change anything, and accepts or forgets the token. */
export function openAccessDialog() {
  const input = h('input', { type: 'password', id: 'token', autocomplete: 'off', spellcheck: 'false' });
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const writable = state.session.token;
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
        text(problem, 'invalid token');
      } catch (e) {
        text(problem, e.message);
      }
      problem.hidden = false;
      input.focus();
    },
  },
  writable
    ? h('p', {}, 'This page has the token, so it can move namespaces and change counters. The token is forgotten when this tab is closed.')
    : [
      h('p', {}, 'This page is read-only. To make changes, run this command in the CounterEx shell and open the link that it prints:'),
      h('p', {}, h('code', { class: 'command' }, 'counter:web')),
      h('label', { class: 'field', for: 'token' }, h('span', {}, 'Or enter the link or token here'), input),
      problem,
    ],
  h('div', { class: 'actions' },
    cancelButton('Close'),
    writable
      ? h('button', {
        type: 'button',
        onclick: async (event) => {
          useToken(null);
          event.target.closest('dialog').close();
          await refreshSession().catch(() => {});
        },
      }, 'Forget token')
      : h('button', { type: 'submit', class: 'primary' }, 'Use token')));
  show(writable ? 'Read and write' : 'Read-only', form);
}

export async function refreshSession() {
  state.session = await request('session');
  changed('session');
}

/**
 * Returns whether this page may change anything; opens the access dialog if not. The session is requested again if there is a
 * token, because the first response may still be pending.
 */
async function ensureWritable() {
  if (!state.session.token && hasToken()) {
    await refreshSession().catch(() => {});
  }
  if (!state.session.token) {
    openAccessDialog();
  }
  return state.session.token;
}

/** Takes the token from a link that was opened in this tab. */
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

export async function openMoveDialog(namespace) {
  if (!await ensureWritable()) {
    return;
  }
  // The utilisation of the backends is requested now, and so is the namespace if the sample does not contain it.
  let now;
  try {
    state.backends = (await request('backends')).backends;
    now = latest(namespace) ?? (await request(`namespaces/${segment(namespace)}`));
  } catch (e) {
    show('Move', h('div', {}, h('p', { class: 'problem', role: 'alert' }, e.message), h('div', { class: 'actions' }, cancelButton('Close'))));
    return;
  }
  const preview = h('p', { class: 'preview', 'aria-live': 'polite' }, 'Choose the new backend.');
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
            here ? 'current backend' : null,
            one.capacity === null ? 'unbounded' : `up to ${plural(one.capacity, 'counter')}`,
            held > 0 && !here ? `contains ${plural(held, 'counter')} of it` : null,
            { local: 'values survive a crash', shared: 'values on a server' }[one.retention],
          ].filter(Boolean).join(' · '))));
    }));
  let target = null;
  const form = h('form', { onsubmit: submitMove },
    h('p', {}, name(namespace), now.backend === 'unplaced' ? ' has no counters yet.' : [' is stored in ', backend(now.backend), '.']),
    choices, preview, problem, h('div', { class: 'actions' }, cancelButton(), submit));
  const dialog = show(h('span', {}, 'Move ', name(namespace)), form);
  dialog.querySelector('input:not([disabled])')?.focus();

  function chosen(one, id) {
    target = one;
    submit.disabled = false;
    problem.hidden = true;
    const seen = latest(namespace) ?? now;
    const tooMany = one.capacity !== null && BigInt(seen.counters) > BigInt(one.capacity);
    const total = seen.total === null ? '' : `, total ${number(seen.total)}`;
    preview.replaceChildren(
      seen.backend === 'unplaced' ? 'It will be stored in ' : `${plural(seen.counters, 'counter')}${total}${total && ','} will move to `, backend(id),
      '. A route keeps the namespace there, also after restarts. Counting continues during the move, and no count is lost.',
      tooMany ? ' The capacity is exceeded, so the move will be rejected.' : '');
  }

  async function submitMove(event) {
    event.preventDefault();
    const began = performance.now();
    const meter = h('progress', { 'aria-label': 'Move in progress' });
    const progress = h('p', { class: 'progress', role: 'status' }, h('span', {}, 'Moving …'), meter);
    problem.hidden = true;
    preview.replaceWith(progress);
    choices.disabled = true;
    submit.disabled = true;
    const timer = setInterval(() => {
      const seen = latest(namespace);
      const seconds = Math.round((performance.now() - began) / 1000);
      text(progress.firstChild, `Moving${seen === null ? '' : ` ${plural(seen.counters, 'counter')}`} … ${seconds} s`);
    }, 500);
    try {
      const move = await request(`namespaces/${segment(namespace)}/swap`, { method: 'POST', body: { backend: filterOf(target) } });
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
      progress.replaceWith(preview);
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
  if (!(e instanceof RequestError)) {
    throw e;
  }
  text(problem, e.message);
  problem.hidden = false;
}

/**
 * Opens the dialog that changes a counter or adds one.
 *
 * @param key null for a new one
 * @param done called after a change
 */
export async function openChangeDialog(namespace, key, value, done) {
  if (!await ensureWritable()) {
    return;
  }
  const keyInput = h('input', { type: 'text', id: 'change-key', required: true, maxlength: '1024', autocomplete: 'off', spellcheck: 'false' });
  const amount = h('input', { type: 'text', id: 'change-amount', inputmode: 'numeric', value: '1', required: true, pattern: '[+\\-]?[0-9]+', autocomplete: 'off' });
  const amountField = h('label', { class: 'field' }, h('span', {}, 'By'), amount);
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const submit = h('button', { type: 'submit', class: 'primary', id: 'confirm' }, 'Add');
  const sure = h('label', { class: 'choice', hidden: true }, h('input', { type: 'checkbox', id: 'sure' }), h('span', {}, 'Yes, delete this counter and its value'));
  let operation = 'inc';
  const operations = [['inc', 'Add'], ['set', 'Set'], ['reset', 'Reset to 0'], ['delete', 'Delete']];
  const choices = h('div', { class: 'switch', role: 'radiogroup', 'aria-label': 'Operation' },
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
      const operationRequest = {
        inc: [`${path}/inc`, { method: 'POST', body: { step: given } }],
        set: [path, { method: 'PUT', body: { value: given } }],
        reset: [`${path}/reset`, { method: 'POST', body: { value: '0' } }],
        delete: [path, { method: 'DELETE' }],
      }[operation];
      await request(...operationRequest);
      dialog.close();
      done();
    } catch (e) {
      failed(e, problem);
    } finally {
      submit.disabled = false;
    }
  }
}
