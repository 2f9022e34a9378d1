// Solves a challenge in the background: looks for the number whose hash with the salt is the challenge. It computes
// SHA-256 (FIPS 180-4) by itself, because browsers offer their own on pages with TLS only, and one call takes longer.
const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;

/** The first 32 bits of the fractional part of a root of each of the first primes, FIPS 180-4, 4.2.2 and 5.3.3. */
function roots(count, exponent) {
  const found = [];
  for (let n = 2; found.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) prime = prime && n % d !== 0;
    if (prime) found.push(((n ** exponent) % 1) * 0x100000000 | 0);
  }
  return Int32Array.from(found);
}

const CONSTANTS = roots(64, 1 / 3);
const START = roots(8, 1 / 2);
const words = new Int32Array(64);

/** Mixes the block at an offset into the hash, FIPS 180-4, section 6.2.2. */
function mix(hash, view, offset) {
  for (let t = 0; t < 16; t++) words[t] = view.getInt32(offset + 4 * t);
  for (let t = 16; t < 64; t++) {
    const x = words[t - 15];
    const y = words[t - 2];
    words[t] = words[t - 16] + words[t - 7]
      + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3)
      + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let t = 0; t < 64; t++) {
    const one = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g)
      + CONSTANTS[t] + words[t] | 0;
    const two = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
    h = g;
    g = f;
    f = e;
    e = d + one | 0;
    d = c;
    c = b;
    b = a;
    a = one + two | 0;
  }
  hash[0] += a;
  hash[1] += b;
  hash[2] += c;
  hash[3] += d;
  hash[4] += e;
  hash[5] += f;
  hash[6] += g;
  hash[7] += h;
}

/** Returns the state of the hash after the full blocks of an ASCII text, and the rest of the text. */
function begin(text) {
  const length = text.length - text.length % BLOCK_BYTES;
  const view = new DataView(Uint8Array.from(text.slice(0, length), digit => digit.charCodeAt(0)).buffer);
  const state = Int32Array.from(START);
  for (let offset = 0; offset < length; offset += BLOCK_BYTES) mix(state, view, offset);
  return { state, length, rest: text.slice(length) };
}

/** Returns the hash of a text that has begun and of more ASCII text as 8 words. */
function sha256(begun, more) {
  const text = begun.rest + more;
  const size = Math.ceil((text.length + 1 + LENGTH_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  const bytes = new Uint8Array(size);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  bytes[text.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(size - 4, (begun.length + text.length) * 8);
  const hash = Int32Array.from(begun.state);
  for (let offset = 0; offset < size; offset += BLOCK_BYTES) mix(hash, view, offset);
  return hash;
}

onmessage = message => {
  const { challenge, maxnumber, salt } = message.data;
  const wanted = Array.from({ length: 8 }, (_, i) => parseInt(challenge.slice(8 * i, 8 * i + 8), 16) | 0);
  const begun = begin(salt);
  for (let number = 0; number <= maxnumber; number++) {
    const hash = sha256(begun, number);
    if (wanted.every((word, i) => word === hash[i])) {
      postMessage(number);
      return;
    }
  }
  throw new Error('The challenge has no solution');
};
