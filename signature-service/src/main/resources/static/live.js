// Updates the counter of an open page. Without this script, the page shows the number at the time it was rendered.
const counter = document.querySelector('[data-counts]');
const part = name => counter.querySelector(`[data-live=${name}]`);
const language = document.documentElement.lang;
// The server writes Arabic numbers with Arabic-Indic digits. Browsers may prefer others, so follow the server.
const numberingSystem = counter?.dataset.zero === '٠' ? 'arab' : undefined;
const format = new Intl.NumberFormat(language, { numberingSystem });
const fill = (text, ...numbers) => text.replace(/\{(\d)\}/g, (place, index) => format.format(numbers[index]));

let shownPosition = -1;
// The highest milestone that needs no celebration; undefined until the first counts arrive.
let celebrated;

function show(counts) {
  // Responses may arrive out of order. Ignore counts that are older than those shown.
  if (counts.position < shownPosition) return;
  shownPosition = counts.position;
  const { goal, verified, nextMilestone } = counts;
  part('verified').textContent = format.format(verified);
  part('bar').max = goal;
  part('bar').value = verified;
  part('bar').setAttribute('aria-valuetext', fill(counter.dataset.progress, verified, goal));
  part('goal').textContent = fill(verified < goal ? counter.dataset.goal : counter.dataset.goalReached, goal);
  // The page shows the goal anyway. Do not repeat it as the next milestone.
  part('next').textContent = nextMilestone && nextMilestone !== goal ? fill(counter.dataset.next, nextMilestone) : '';
  const last = counts.lastMilestone ?? 0;
  // Celebrate each milestone once, and only if it is reached while the page is open.
  if (celebrated !== undefined && last > celebrated) celebrate(last);
  celebrated = Math.max(celebrated ?? 0, last);
}

function celebrate(milestone) {
  part('celebration').textContent = fill(counter.dataset.reached, milestone);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  for (let i = 0; i < 28; i++) {
    const paper = counter.appendChild(document.createElement('i'));
    const x = Math.random() * 360 - 180;
    const y = -60 - Math.random() * 180;
    const to = `translate(${x}px, ${y}px) rotate(${Math.random() * 720}deg)`;
    const fall = { transform: to + ' translateY(180px)', opacity: 0 };
    paper.animate([{ opacity: 1 }, { transform: to, opacity: 1, offset: 0.5 }, fall],
      { duration: 1800 + Math.random() * 900, easing: 'ease-out' }).finished.then(() => paper.remove());
  }
}

const note = text => { if (part('note').textContent !== text) part('note').textContent = text; };

const pause = millis => new Promise(done => setTimeout(done, millis));

function follow(url) {
  const stream = new EventSource(url + '/stream');
  stream.addEventListener('counts', event => { note(''); show(JSON.parse(event.data)); });
  stream.addEventListener('error', () => {
    // The browser reconnects by itself, unless the server answered with an error: too many live viewers.
    if (stream.readyState === EventSource.CLOSED) poll(url);
    else note(counter.dataset.stale);
  });
}

/** Polls the counts ten times, then tries the stream again. */
async function poll(url) {
  for (let times = 0; times < 10; times++) {
    // A random pause spreads the requests of all viewers.
    await pause(2000 + Math.random() * 3000);
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(response.status);
      show(await response.json());
      note('');
    } catch {
      note(counter.dataset.stale);
    }
  }
  follow(url);
}

if (counter) follow(counter.dataset.counts);

const clock = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', numberingSystem });
// A day without a time is a day in UTC.
const calendar = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC', numberingSystem });
document.querySelectorAll('time[datetime]').forEach(time => {
  time.textContent = (time.dateTime.includes('T') ? clock : calendar).format(new Date(time.dateTime));
});

const copy = document.querySelector('.share button');
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(copy.parentElement.querySelector('input').value);
    copy.textContent = copy.dataset.copied;
  });
}
