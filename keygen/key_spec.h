// From the two templates of C_GenerateKeyPair to what an appliance is asked for.
#ifndef SIGNET_KEYGEN_KEY_SPEC_H_
#define SIGNET_KEYGEN_KEY_SPEC_H_

#include <span>

#include "common/bytes.h"
#include "crypto/ck_result.h"
#include "cryptoki/cryptoki.h"
#include "dsa-transport/appliance.h"

namespace signet::keygen {

// The attributes of a template in PKCS#11's own form; nothing is owned. No type twice.
struct TemplateEntry {
  CK_ATTRIBUTE_TYPE type;
  ByteView value;
};
using Template = std::span<const TemplateEntry>;

// What the account makes of its keys, where that decides about a template.
struct KeyPolicy {
  bool second_credential = false;  // each signature wants one: CKA_ALWAYS_AUTHENTICATE is true
};

// `mechanism` is CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_EC_KEY_PAIR_GEN or CKM_EC_EDWARDS_KEY_PAIR_GEN. A
// key pair of an appliance is persistent, signs, never leaves, and its public half is public. A
// template that asks for less protection than that, or for a restriction that nobody would keep, is
// refused with a sentence. The rest is passed over, as standard tools need it:
//
//   other uses     pkcs11-tool asks for CKA_DECRYPT (RSA) or CKA_DERIVE (EC) unless it is told the
//                  usage, GnuTLS for CKA_DECRYPT, NSS for CKA_UNWRAP and CKA_WRAP too. The key says
//                  false to them. Only a template that asks for such uses and not for CKA_SIGN is
//                  refused: whoever wrote it could do nothing with the key.
//   CKA_TOKEN      keytool (SunPKCS11) does not give it at all, and names the key by CKA_ID
//                  afterwards, so an absent one is taken as true although the standard's default is
//                  false; the log warns of it. False for the private key is refused: a key that its maker
//                  thinks short-lived would stay for ever. False for the public key is passed over
//                  (some keep only the private half), and the log says so.
//   unknown types  and those that say nothing about a signing key, dates and subject.
//
// CKA_ID and CKA_LABEL may stand in either template and are empty where in none. jacknji11 and
// pkcs11js give the halves different ones: the private half's are taken, with a warning in the log.
//   CKR_MECHANISM_INVALID        another mechanism
//   CKR_TEMPLATE_INCOMPLETE      no CKA_MODULUS_BITS or CKA_EC_PARAMS
//   CKR_TEMPLATE_INCONSISTENT    the two contradict each other, the mechanism or what an appliance
//                                does (CKA_EXTRACTABLE true, CKA_SENSITIVE false, CKA_TOKEN false …)
//   CKR_ATTRIBUTE_VALUE_INVALID  wrong length, a public exponent other than 65537, an id over 64
//                                bytes
//   CKR_ATTRIBUTE_READ_ONLY      what only the appliance says (CKA_LOCAL, CKA_MODULUS, CKA_VALUE …)
//   CKR_KEY_SIZE_RANGE           a modulus below 1024 or above 16384 bits, or of no whole bytes
//   CKR_CURVE_NOT_SUPPORTED      a curve other than P-256, P-384 and P-521 (Ed25519 for the Edwards
//                                mechanism), and explicit parameters
//   CKR_DOMAIN_PARAMS_INVALID    curve parameters that cannot be read
// Which sizes and curves an appliance offers is not looked at here.
CkResult<transport::KeySpec> key_spec(CK_MECHANISM_TYPE mechanism, Template public_template,
                                      Template private_template, const KeyPolicy& policy = {});

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_KEY_SPEC_H_
