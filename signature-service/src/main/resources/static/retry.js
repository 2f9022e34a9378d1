// Sends a form, with a proof of work if its petition is under attack. While the service is overloaded or unreachable,
// it sends the form again, with growing pauses. What was typed stays in the form. Without this script, the browser
// sends the form once, and the page of the answer says what to do.
const FIRST_PAUSE_MILLIS = 2000;
const MAX_PAUSE_MILLIS = 15000;
const OVERLOADED = [429, 503];

const sleep = millis => new Promise(done => setTimeout(done, millis));

/** A random part spreads the attempts of all people who were refused at the same moment. */
function retryPause(attempt, response) {
  const wanted = 1000 * (Number(response?.headers.get('Retry-After')) || 0);
  const growing = Math.min(MAX_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 1.5 ** attempt);
  return Math.max(growing, Math.min(wanted, MAX_PAUSE_MILLIS)) * (0.83 + Math.random() / 3);
}

/** Sends the form until the service has taken or rejected it, and returns the response. */
async function send(form, body, status) {
  for (let attempt = 0; ; attempt++) {
    let response;
    try {
      response = await fetch(form.action, { method: 'POST', body });
      if (!OVERLOADED.includes(response.status)) return response;
    } catch {
      // There is no connection.
    }
    const millis = retryPause(attempt, response);
    const text = response ? form.dataset.busy : form.dataset.unreachable;
    status.textContent = text.replace('{0}', new Intl.NumberFormat(document.documentElement.lang)
      .format(Math.ceil(millis / 1000)));
    status.hidden = false;
    await sleep(millis);
    status.textContent = form.dataset.sending;
  }
}

/**
 * Solves a challenge of the service in a worker, and returns the solution, or an empty text if none is needed now. The
 * form is sent without a solution if that fails. The mail takes longer then.
 */
async function solve(url) {
  try {
    const response = await fetch(url);
    if (response.status !== 200) return '';
    const challenge = await response.json();
    const worker = new Worker('/proof.js');
    try {
      const number = await new Promise((done, failed) => {
        worker.onmessage = message => done(message.data);
        worker.onerror = failed;
        worker.postMessage(challenge);
      });
      const { algorithm, challenge: hash, salt, signature } = challenge;
      return btoa(JSON.stringify({ algorithm, challenge: hash, number, salt, signature }));
    } finally {
      worker.terminate();
    }
  } catch {
    return '';
  }
}

/** Adds the proof of work that a petition under attack asks for. */
async function prove(form, body, status) {
  if (!form.dataset.challenge) return;
  status.textContent = form.dataset.solving;
  status.hidden = false;
  const solution = await solve(form.dataset.challenge);
  body.set('altcha', solution);
  if (!solution) body.set('later', 'true');
  status.hidden = true;
}

async function show(form, response) {
  if (response.redirected) {
    location.assign(response.url);
    return;
  }
  // The form with its mistakes, or the reason why the service rejects it.
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const formAgain = page.querySelector('form[data-busy]');
  document.title = page.title;
  if (formAgain) {
    form.replaceWith(formAgain);
  } else {
    document.querySelector('main').replaceWith(page.querySelector('main'));
  }
}

// The document listens, because the answer may bring another form.
document.addEventListener('submit', async event => {
  const form = event.target;
  if (!form.matches('form[data-busy]')) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  // The button that was pressed may be an answer to a question.
  if (event.submitter?.name) body.set(event.submitter.name, event.submitter.value);
  form.querySelectorAll('button').forEach(button => { button.disabled = true; });
  const status = form.querySelector('[role=status]');
  await prove(form, body, status);
  await show(form, await send(form, body, status));
});

// A browser may show the page again as it was left.
addEventListener('pageshow', () => document.querySelectorAll('form[data-busy]').forEach(form => {
  form.querySelectorAll('button').forEach(button => { button.disabled = false; });
  form.querySelector('[role=status]').hidden = true;
}));
