// Keeps the counter of an open page up to date. Without this script the page shows the number it was made with.
const counter = document.querySelector('[data-counts]');
const part = name => counter.querySelector(`[data-live=${name}]`);
const language = document.documentElement.lang;
const format = new Intl.NumberFormat(language);
const fill = (text, ...numbers) => text.replace(/\{(\d)\}/g, (place, index) => format.format(numbers[index]));

let shownIndex = -1;
let told;

function show(counts) {
  // Answers may overtake each other; the number of an older one is not shown.
  if (counts.asOfIndex < shownIndex) return;
  shownIndex = counts.asOfIndex;
  const { goal, verified, nextMilestone } = counts;
  part('verified').textContent = format.format(verified);
  part('bar').max = goal;
  part('bar').value = verified;
  part('bar').setAttribute('aria-valuetext', fill(counter.dataset.progress, verified, goal));
  part('goal').textContent = fill(verified < goal ? counter.dataset.goal : counter.dataset.goalReached, goal);
  // The goal is on the page already: as the next milestone it would be there twice.
  part('next').textContent = nextMilestone && nextMilestone !== goal ? fill(counter.dataset.next, nextMilestone) : '';
  const last = counts.lastMilestone ?? 0;
  // Only what is reached while somebody looks is celebrated, and once.
  if (told !== undefined && last > told) celebrate(last);
  told = Math.max(told ?? 0, last);
}

function celebrate(milestone) {
  part('celebration').textContent = fill(counter.dataset.reached, milestone);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  for (let i = 0; i < 28; i++) {
    const paper = counter.appendChild(document.createElement('i'));
    const to = `translate(${Math.random() * 360 - 180}px, ${-60 - Math.random() * 180}px) rotate(${Math.random() * 720}deg)`;
    paper.animate([{ opacity: 1 }, { transform: to, opacity: 1, offset: 0.5 }, { transform: to + ' translateY(180px)', opacity: 0 }],
      { duration: 1800 + Math.random() * 900, easing: 'ease-out' }).finished.then(() => paper.remove());
  }
}

const note = text => { if (part('note').textContent !== text) part('note').textContent = text; };

const pause = millis => new Promise(done => setTimeout(done, millis));

function follow(url) {
  const stream = new EventSource(url + '/stream');
  stream.addEventListener('counts', event => { note(''); show(JSON.parse(event.data)); });
  stream.addEventListener('error', () => {
    // The browser tries again by itself, unless the server has refused: then so many look that not all can be told of each change.
    if (stream.readyState === EventSource.CLOSED) askNowAndThen(url);
    else note(counter.dataset.stale);
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
      note(counter.dataset.stale);
    }
  }
  follow(url);
}

if (counter) follow(counter.dataset.counts);

const clock = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' });
document.querySelectorAll('time[datetime]').forEach(time => { time.textContent = clock.format(new Date(time.dateTime)); });

const copy = document.querySelector('.share button');
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(copy.parentElement.querySelector('input').value);
    copy.textContent = copy.dataset.copied;
  });
}
