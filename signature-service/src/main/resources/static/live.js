// Keeps the counter of an open page up to date. Without this script the page shows the number it was made with.
const counter = document.querySelector('[data-counts]');
const part = name => counter.querySelector(`[data-live=${name}]`);
const format = new Intl.NumberFormat(document.documentElement.lang);

let shownIndex = -1;

function show(counts) {
  // Answers may overtake each other; the number of an older one is not shown.
  if (counts.asOfIndex < shownIndex) return;
  shownIndex = counts.asOfIndex;
  const next = counts.nextMilestone ?? counts.goal;
  part('verified').textContent = format.format(counts.verified);
  part('next').textContent = format.format(next);
  part('bar').max = next;
  part('bar').value = counts.verified;
}

const note = text => { if (part('note').textContent !== text) part('note').textContent = text; };

const pause = millis => new Promise(done => setTimeout(done, millis));

function follow(url) {
  const stream = new EventSource(url + '/stream');
  stream.addEventListener('counts', event => { note(''); show(JSON.parse(event.data)); });
  stream.addEventListener('error', () => {
    // The browser tries again by itself, unless the server has refused: then so many look that not all can be told of each change.
    if (stream.readyState === EventSource.CLOSED) askNowAndThen(url);
    else note('The number is catching up.');
  });
}

async function askNowAndThen(url) {
  // At different times, so that not all come at once.
  for (let times = 0; times < 10; times++) {
    await pause(2000 + Math.random() * 3000);
    try {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.json());
      note('');
    } catch {
      note('The number is catching up.');
    }
  }
  follow(url);
}

if (counter) follow(counter.dataset.counts);
