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

function follow(url) {
  const stream = new EventSource(url + '/stream');
  stream.addEventListener('counts', event => { note(''); show(JSON.parse(event.data)); });
  stream.addEventListener('error', () => {
    note('The number is catching up.');
    // The browser tries again by itself, unless the server refused for good.
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => follow(url), 2000 + Math.random() * 3000);
  });
}

if (counter) follow(counter.dataset.counts);
