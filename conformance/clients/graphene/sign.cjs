// Signs a file with the keys of the token and every scheme, makes a key pair, reads certificates, and leaves the
// signatures as files.
"use strict";
const fs = require("node:fs");
const graphene = require("graphene-pk11");

const HASHES = [256, 384, 512];

function derInteger(bytes) {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const body = bytes.subarray(start);
  const sign = body[0] & 0x80 ? [0] : [];
  return Buffer.from([2, body.length + sign.length, ...sign, ...body]);
}

function derEcdsa(raw) {
  const half = raw.length / 2;
  const body = Buffer.concat([derInteger(raw.subarray(0, half)), derInteger(raw.subarray(half))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function find(session, objectClass, label) {
  const found = session.find({ class: objectClass, label });
  if (found.length !== 1) throw new Error(`${found.length} objects are called ${label}`);
  return found.items(0);
}

// In pieces, as a stream would come.
function sign(session, mechanism, key, document) {
  const operation = session.createSign(mechanism, key);
  operation.update(document.subarray(0, 100));
  operation.update(document.subarray(100));
  return operation.final();
}

function save(name, signature) {
  fs.writeFileSync(`${name}.sig`, signature);
}

function signRsa(session, key, label, document) {
  for (const bits of HASHES) {
    save(`${label}.pkcs1.sha${bits}`, sign(session, `SHA${bits}_RSA_PKCS`, key, document));
    const parameters = new graphene.RsaPssParams(
      graphene.MechanismEnum[`SHA${bits}`],
      graphene.RsaMgf[`MGF1_SHA${bits}`],
      bits / 8,
    );
    const pss = { name: `SHA${bits}_RSA_PKCS_PSS`, params: parameters };
    save(`${label}.pss.sha${bits}`, sign(session, pss, key, document));
  }
}

function signEc(session, key, label, document) {
  for (const bits of HASHES) {
    save(`${label}.ecdsa.sha${bits}`, derEcdsa(sign(session, `ECDSA_SHA${bits}`, key, document)));
  }
}

function makeEc(session, label) {
  const id = Buffer.from([0x61]);
  const keys = session.generateKeyPair(
    graphene.KeyGenMechanism.ECDSA,
    { token: true, id, label, keyType: graphene.KeyType.ECDSA, verify: true, paramsEC: graphene.NamedCurve.getByName("secp384r1").value },
    { token: true, id, label, keyType: graphene.KeyType.ECDSA, sign: true, private: true },
  );
  const point = keys.publicKey.getAttribute("pointEC");
  const spki = "3076301006072a8648ce3d020106052b81040022036200"; // a P-384 key's SubjectPublicKeyInfo, up to its point
  fs.writeFileSync(`${label}.pub.der`, Buffer.concat([Buffer.from(spki, "hex"), point.subarray(point.length - 97)]));
  return keys.privateKey;
}

function main() {
  const document = fs.readFileSync(process.argv[2]);
  const module = graphene.Module.load(process.env.MODULE, "Signet");
  module.initialize();
  const slots = module.getSlots(true);
  let session;
  for (let i = 0; i < slots.length; i += 1) {
    const slot = slots.items(i);
    if (slot.getToken().label.trim() === "seal") {
      session = slot.open(graphene.SessionFlag.SERIAL_SESSION | graphene.SessionFlag.RW_SESSION);
    }
  }
  session.login(process.env.PIN);
  for (const label of ["seal-rsa", "seal-rsa4096"]) {
    signRsa(session, find(session, graphene.ObjectClass.PRIVATE_KEY, label), label, document);
  }
  signEc(session, find(session, graphene.ObjectClass.PRIVATE_KEY, "seal-ec"), "seal-ec", document);
  for (const label of ["seal-rsa", "seal-ec"]) {
    fs.writeFileSync(`${label}.again.der`, find(session, graphene.ObjectClass.CERTIFICATE, label).getAttribute("value"));
  }
  const made = makeEc(session, "graphene-ec");
  signEc(session, made, "graphene-ec", document);
  made.destroy();
  session.logout();
  session.close();
  module.finalize();
}

main();
