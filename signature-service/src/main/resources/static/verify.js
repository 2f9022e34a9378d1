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

async function check(receipt, keyText) {
  const key = await readKey(keyText);
  const head = await readHead(receipt.checkpoint, key);
  require(receipt.entries.length > 0, 'it has no entry');
  const lines = [];
  for (const item of receipt.entries) {
    const entry = JSON.parse(item.entry);
    const leaf = await leafHash(utf8(item.entry));
    const root = await rootOf(BigInt(entry.index) - 1n, head.size, leaf, item.proof.map(base64));
    require(same(root, head.root), `event ${entry.index} is not under its head`);
    const commitment = hex(await sha256(unhex(item.salt), utf8(item.data)));
    require(commitment === entry.commitment, `the log has committed to other data of event ${entry.index}`);
    lines.push(`Event ${entry.index}, ${entry.type}, ${entry.time}, of the petition ${entry.petition}`);
  }
  lines.push(`All of it stood in the log of ${key.name} when it had ${head.size} entries.`);
  return lines;
}

const result = document.getElementById('result');

function show(heading, lines) {
  const title = document.createElement('h2');
  title.textContent = heading;
  const paragraph = line =>
    Object.assign(document.createElement('p'), { textContent: line, lang: 'en', dir: 'ltr' });
  result.replaceChildren(title, ...lines.map(paragraph));
}

async function run() {
  const file = document.getElementById('file').files[0];
  if (!file) return;
  try {
    show(result.dataset.holds, await check(JSON.parse(await file.text()), document.getElementById('key').value));
  } catch (problem) {
    show(result.dataset.fails, [problem.message]);
  }
}

document.getElementById('verify').addEventListener('change', run);
document.getElementById('verify').addEventListener('submit', event => { event.preventDefault(); run(); });
