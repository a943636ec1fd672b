// Signature algorithms of the CSC API: what a key is said to sign with (key/algo of CSC API 2.0, 11.4), and an order for
// signatures by one of them.
#ifndef SIGNET_SOFTHSM_BACKEND_CSC_ALGORITHMS_H_
#define SIGNET_SOFTHSM_BACKEND_CSC_ALGORITHMS_H_

#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "softhsm-backend/csc/answers.h"
#include "softhsm-backend/native/sign_order.h"
#include "softhsm-backend/objects.h"

namespace signet::emulator::csc {

// OIDs; without any, the key is no credential. An EC key signs with the hash of its curve's strength alone.
std::vector<std::string_view> algorithms_of(const KeyRow& key);

// OIDs that any key signs with.
std::vector<std::string_view> all_algorithms();

// OID of the curve; empty for RSA.
std::string_view curve_oid(const KeyRow& key);

// How ECDSA signatures are written: by the X.509 algorithms as DER (RFC 5758, 3.2), by those of BSI TR-03111 as r‖s.
enum class SignatureForm { as_it_is, der, concatenated };

struct Order : SignOrder {
  SignatureForm form = SignatureForm::as_it_is;
};

// The members hashes, signAlgo, hashAlgorithmOID and signAlgoParams of signatures/signHash (11.10).
Outcome<Order> read_order(const boost::json::object& body, const KeyRow& key);

// hashes of credentials/authorize and credentials/extendTransaction, each as long as hashAlgorithmOID says. Version 1 has no
// such member: there each must be as long as one of the hashes. Empty where there are none.
Outcome<std::vector<Bytes>> hashes_to_authorize(const boost::json::object& body);

}  // namespace signet::emulator::csc

#endif  // SIGNET_SOFTHSM_BACKEND_CSC_ALGORITHMS_H_
