// A worker that finds the SHA-256 (FIPS 180-4) of a file and of each part of it that ends in "%%EOF": a sealed document begins
// with what was sealed. In: the file. Out: {done: bytes} now and then, in the end {parts: [{size, digest}], size}.
"use strict";

const K = new Uint32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2]);
const BLOCK = 64;
const PIECE = 4 * 1024 * 1024;
const MOST_PARTS = 60; // the first and the last of them
const W = new Uint32Array(64);

function compress(state, bytes, at) {
  for (let i = 0; i < 16; ++i, at += 4) W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  for (let i = 16; i < 64; ++i) {
    const x = W[i - 15], y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = W[i - 16] + s0 + W[i - 7] + s1;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; ++i) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0;
    d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

class Sha256 {
  constructor() {
    this.state = new Uint32Array([0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19]);
    this.rest = new Uint8Array(BLOCK);
    this.size = 0;
  }

  update(bytes) {
    let at = 0;
    const held = this.size % BLOCK;
    this.size += bytes.length;
    if (held > 0) {
      at = Math.min(BLOCK - held, bytes.length);
      this.rest.set(bytes.subarray(0, at), held);
      if (held + at < BLOCK) return;
      compress(this.state, this.rest, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) compress(this.state, bytes, at);
    this.rest.set(bytes.subarray(at));
  }

  // Of what there was until now; more may follow.
  digest() {
    const held = this.size % BLOCK;
    const end = new Uint8Array(held < 56 ? BLOCK : 2 * BLOCK);
    end.set(this.rest.subarray(0, held));
    end[held] = 0x80;
    new DataView(end.buffer).setBigUint64(end.length - 8, BigInt(this.size) * 8n);
    const state = this.state.slice();
    for (let at = 0; at < end.length; at += BLOCK) compress(state, end, at);
    return [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
  }
}

// Where parts end: behind each "%%EOF", and behind the line end that follows it.
class Ends {
  constructor() {
    this.matched = 0; // octets of the mark, or the mark and an end of line
  }

  // The places in `bytes`, which follow what was given before.
  in(bytes) {
    const ends = [];
    for (let i = 0; i < bytes.length; ++i) {
      if (this.matched === 0) {
        i = bytes.indexOf(0x25, i);
        if (i < 0) return ends;
      }
      const octet = bytes[i];
      if (this.matched === 5 && octet === 0x0d) {
        ends.push(i + 1);
        this.matched = 6;
        continue;
      }
      if (this.matched >= 5 && octet === 0x0a) ends.push(i + 1);
      if (this.matched >= 5) this.matched = 0;
      if (octet === [0x25, 0x25, 0x45, 0x4f, 0x46][this.matched]) this.matched += 1;
      else if (octet === 0x25) this.matched = this.matched === 2 ? 2 : 1;
      else this.matched = 0;
      if (this.matched === 5) ends.push(i + 1);
    }
    return ends;
  }
}

async function digests(file) {
  const sha = new Sha256();
  const ends = new Ends();
  const parts = [];
  for (let start = 0; start < file.size; start += PIECE) {
    const bytes = new Uint8Array(await file.slice(start, start + PIECE).arrayBuffer());
    let done = 0;
    for (const end of ends.in(bytes)) {
      sha.update(bytes.subarray(done, end));
      done = end;
      if (start + end === file.size) continue;
      if (parts.length === MOST_PARTS) parts.splice(MOST_PARTS / 2, 1);
      parts.push({ size: sha.size, digest: sha.digest() });
    }
    sha.update(bytes.subarray(done));
    postMessage({ done: start + bytes.length });
  }
  parts.push({ size: sha.size, digest: sha.digest() });
  return parts;
}

onmessage = (message) => {
  digests(message.data).then((parts) => postMessage({ parts }), () => postMessage({ failed: true }));
};
