// Signs a file with the keys of the token and every scheme, makes a key pair, and leaves the signatures as files.
"use strict";
const crypto = require("node:crypto");
const fs = require("node:fs");
const p11 = require("pkcs11js");

const HASHES = [256, 384, 512];

// ECDSA signatures are r‖s in PKCS #11, two DER integers for OpenSSL.
function derEcdsa(raw) {
  const integer = (bytes) => {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
    const body = bytes.subarray(start);
    const sign = body[0] & 0x80 ? [0] : [];
    return Buffer.from([2, body.length + sign.length, ...sign, ...body]);
  };
  const half = raw.length / 2;
  const body = Buffer.concat([integer(raw.subarray(0, half)), integer(raw.subarray(half))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function find(module, session, objectClass, label) {
  module.C_FindObjectsInit(session, [
    { type: p11.CKA_CLASS, value: objectClass },
    { type: p11.CKA_LABEL, value: label },
  ]);
  const found = module.C_FindObjects(session, 10);
  module.C_FindObjectsFinal(session);
  return found;
}

function sign(module, session, key, mechanism, data) {
  module.C_SignInit(session, mechanism, key);
  return module.C_Sign(session, data, Buffer.alloc(1024));
}

function signStreamed(module, session, key, mechanism, data) {
  module.C_SignInit(session, mechanism, key);
  for (let at = 0; at < data.length; at += 1000) {
    module.C_SignUpdate(session, data.subarray(at, at + 1000));
  }
  return module.C_SignFinal(session, Buffer.alloc(1024));
}

function save(name, signature) {
  fs.writeFileSync(`${name}.sig`, signature);
}

function signRsa(module, session, label, document) {
  const [key] = find(module, session, p11.CKO_PRIVATE_KEY, label);
  for (const bits of HASHES) {
    const pkcs1 = { mechanism: p11[`CKM_SHA${bits}_RSA_PKCS`] };
    save(`${label}.pkcs1.sha${bits}`, signStreamed(module, session, key, pkcs1, document));
    const pss = {
      mechanism: p11[`CKM_SHA${bits}_RSA_PKCS_PSS`],
      parameter: {
        type: p11.CK_PARAMS_RSA_PSS,
        hashAlg: p11[`CKM_SHA${bits}`],
        mgf: p11[`CKG_MGF1_SHA${bits}`],
        saltLen: bits / 8,
      },
    };
    save(`${label}.pss.sha${bits}`, sign(module, session, key, pss, document));
  }
}

function signEc(module, session, label, document) {
  const [key] = find(module, session, p11.CKO_PRIVATE_KEY, label);
  for (const bits of HASHES) {
    const digest = crypto.createHash(`sha${bits}`).update(document).digest();
    save(`${label}.ecdsa.sha${bits}`, derEcdsa(sign(module, session, key, { mechanism: p11.CKM_ECDSA }, digest)));
  }
}

function makeRsa(module, session, label) {
  const common = [
    { type: p11.CKA_TOKEN, value: true },
    { type: p11.CKA_LABEL, value: label },
    { type: p11.CKA_ID, value: Buffer.from([0x51]) },
  ];
  const keys = module.C_GenerateKeyPair(
    session,
    { mechanism: p11.CKM_RSA_PKCS_KEY_PAIR_GEN },
    [
      ...common,
      { type: p11.CKA_VERIFY, value: true },
      { type: p11.CKA_MODULUS_BITS, value: 2048 },
      { type: p11.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
    ],
    [...common, { type: p11.CKA_PRIVATE, value: true }, { type: p11.CKA_SIGN, value: true }],
  );
  const [modulus, exponent] = module.C_GetAttributeValue(session, keys.publicKey, [
    { type: p11.CKA_MODULUS },
    { type: p11.CKA_PUBLIC_EXPONENT },
  ]);
  const jwk = { kty: "RSA", n: modulus.value.toString("base64url"), e: exponent.value.toString("base64url") };
  const publicKey = crypto.createPublicKey({ key: jwk, format: "jwk" });
  fs.writeFileSync(`${label}.pub.der`, publicKey.export({ type: "spki", format: "der" }));
  return keys.privateKey;
}

function main() {
  const document = fs.readFileSync(process.argv[2]);
  const module = new p11.PKCS11();
  module.load(process.env.MODULE);
  module.C_Initialize();
  const slot = module.C_GetSlotList(true).find((s) => module.C_GetTokenInfo(s).label.trim() === "seal");
  const session = module.C_OpenSession(slot, p11.CKF_SERIAL_SESSION | p11.CKF_RW_SESSION);
  module.C_Login(session, p11.CKU_USER, process.env.PIN);
  signRsa(module, session, "seal-rsa", document);
  signRsa(module, session, "seal-rsa4096", document);
  signEc(module, session, "seal-ec", document);
  const made = makeRsa(module, session, "node-rsa");
  signRsa(module, session, "node-rsa", document);
  module.C_DestroyObject(session, made);
  if (find(module, session, p11.CKO_PUBLIC_KEY, "node-rsa").length !== 0) throw new Error("the key is still there");
  module.C_Logout(session);
  module.C_CloseSession(session);
  module.C_Finalize();
  module.close();
}

main();
