// Checks a receipt with the log's key alone: the signed head (C2SP signed-note and tlog-checkpoint), the inclusion
// proofs (RFC 9162) and the commitments.
const utf8 = text => new TextEncoder().encode(text);
const base64 = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
const unhex = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
const same = (a, b) => hex(a) === hex(b);

const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer()));
const leafHash = entry => sha256(Uint8Array.of(0), entry);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

function require(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

async function readKey(text) {
  const [, name, id, encoded] = text.trim().match(/^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/) ?? [];
  require(name, 'the key is not written NAME+ID+BASE64');
  const bytes = base64(encoded);
  require(bytes.length === 33 && bytes[0] === 1, 'the key is no Ed25519 key');
  const keyId = (await sha256(utf8(name + '\n'), bytes)).slice(0, 4);
  require(hex(keyId) === id, 'the key’s id is not that of its name and key');
  return { name, id: keyId, key: await crypto.subtle.importKey('raw', bytes.slice(1), 'Ed25519', false, ['verify']) };
}

async function readHead(note, key) {
  const blank = note.lastIndexOf('\n\n');
  require(blank >= 0, 'its head is no signed note');
  const text = note.slice(0, blank + 1);
  const signatures = note.slice(blank + 2).split('\n').filter(line => line.startsWith(`— ${key.name} `))
    .map(line => base64(line.split(' ')[2])).filter(bytes => same(bytes.slice(0, 4), key.id));
  require(signatures.length > 0, `its head is not signed by ${key.name}`);
  for (const signature of signatures) {
    const valid = await crypto.subtle.verify('Ed25519', key.key, signature.slice(4), utf8(text));
    require(valid, `its head is not signed by ${key.name}`);
  }
  const [origin, size, root] = text.split('\n');
  return { origin, size: BigInt(size), root: base64(root) };
}

/** Computes the root from a leaf and its inclusion proof (RFC 9162, section 2.1.3.2). */
async function rootOf(index, size, hash, proof) {
  require(index >= 0n && index < size, 'an entry is not in the log');
  let node = index;
  let last = size - 1n;
  for (const sibling of proof) {
    require(last > 0n, 'a proof is too long');
    if (node & 1n || node === last) {
      hash = await nodeHash(sibling, hash);
      while (!(node & 1n) && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    node >>= 1n;
    last >>= 1n;
  }
  require(last === 0n, 'a proof is too short');
  return hash;
}

/** Checks that an entry is under the head, and returns it. */
async function readEntry(item, head) {
  const entry = JSON.parse(item.entry);
  const root = await rootOf(BigInt(entry.index) - 1n, head.size, await leafHash(utf8(item.entry)),
    item.proof.map(base64));
  require(same(root, head.root), `entry ${entry.index} is not under its head`);
  return entry;
}

/** Checks what the receipt reveals of a commitment. A receipt for the public reveals nothing. */
async function checkCommitment(revealed, commitment, index) {
  if (!revealed) return;
  const hash = hex(await sha256(unhex(revealed.salt), utf8(revealed.data)));
  require(hash === commitment, `the log has committed to other data in entry ${index}`);
}

/** Computes the fingerprint of a petition's text: the SHA-256 of its canonical JSON (RFC 8785). */
async function fingerprint({ title, statement, recipients, goal, language }) {
  return hex(await sha256(utf8(JSON.stringify({ goal, language, recipients, statement, title }))));
}

async function check(receipt, keyText) {
  const key = await readKey(keyText);
  const head = await readHead(receipt.checkpoint, key);
  const petition = await readEntry(receipt.petition, head);
  require(petition.type === 'PetitionPublished', 'it does not show the petition');
  const text = await fingerprint(petition);
  require(text === petition.text, 'the log names another fingerprint of the petition');
  require(receipt.entries.length > 0, 'it has no entry');
  const lines = [];
  for (const item of receipt.entries) {
    const entry = await readEntry(item, head);
    require(entry.petition === petition.petition, `entry ${entry.index} is of another petition`);
    require(entry.text === text, `entry ${entry.index} is of another text`);
    await checkCommitment(item.commitment, entry.commitment, entry.index);
    await checkCommitment(item.signed, entry.signed, entry.index);
    lines.push(`Entry ${entry.index}, ${entry.type}, ${entry.time}, of the petition ${entry.petition}`);
  }
  lines.push(`All of it stood in the log of ${key.name} when it had ${head.size} entries.`);
  return { lines, petition, text };
}

const result = document.getElementById('result');

const element = (name, textContent, properties) =>
  Object.assign(document.createElement(name), { textContent, ...properties });
const english = line => element('p', line, { lang: 'en', dir: 'ltr' });

/** Shows the very text that was signed, with its fingerprint. */
function signedText(petition, text) {
  const own = { lang: petition.language, dir: 'auto' };
  const print = element('p', `${result.dataset.fingerprint} `, { className: 'fingerprint' });
  print.append(element('code', text, { dir: 'ltr' }));
  const statement = element('p', petition.statement, own);
  statement.style.whiteSpace = 'pre-wrap';
  return [
    element('h3', result.dataset.petition),
    element('p', petition.title, own),
    element('p', `${petition.recipients.join(', ')} · ${petition.goal}`, own),
    statement,
    print,
  ];
}

async function run() {
  const file = document.getElementById('file').files[0];
  if (!file) return;
  try {
    const { lines, petition, text } =
      await check(JSON.parse(await file.text()), document.getElementById('key').value);
    result.replaceChildren(element('h2', result.dataset.holds), ...lines.map(english), ...signedText(petition, text));
  } catch (problem) {
    result.replaceChildren(element('h2', result.dataset.fails), english(problem.message));
  }
}

document.getElementById('verify').addEventListener('change', run);
document.getElementById('verify').addEventListener('submit', event => { event.preventDefault(); run(); });
