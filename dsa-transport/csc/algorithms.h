// The object identifiers by which the CSC API names algorithms, as text ("1.2.840.113549.1.1.11"), and the encodings of
// what they sign (CSC API 2.0, 11.9 key/algo and 11.10 signAlgo; BSI TR-03111 for the plain ECDSA ones).
#ifndef SIGNET_DSA_TRANSPORT_CSC_ALGORITHMS_H_
#define SIGNET_DSA_TRANSPORT_CSC_ALGORITHMS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "dsa-transport/appliance.h"

namespace signet::transport::csc {

// How a service writes a signature.
enum class Encoding {
  as_it_is,      // RSA: as long as the modulus
  der,           // ECDSA: SEQUENCE of r and s
  concatenated,  // ECDSA: r and s, each of the order's size
};

struct AlgorithmRow {
  std::string_view oid;
  Scheme scheme;
  Hash hash;  // `none`: the request names it
  Encoding encoding;
};

// Every row of that identifier; nullptr: one that this program does not know.
const AlgorithmRow* find_algorithm(std::string_view oid);

// The identifier of a hash; empty: none.
std::string_view oid_of(Hash hash);

// The best of those that a key offers: one that names its hash before one that does not, DER before r and s. nullptr where
// none will do.
const AlgorithmRow* choose_algorithm(const std::vector<std::string>& offered, Scheme scheme,
                                     Hash hash);

// RSASSA-PSS-params (RFC 4055, 3.1) in DER, with MGF1 of the same hash.
Bytes pss_parameters(Hash hash, std::size_t salt_length);

// A signature as the domain has it: RSA of `size` bytes, ECDSA as r and s of `size` bytes together. The encoding decides,
// then the length and strict parsing: services confuse the two of ECDSA. Nothing where it is neither.
std::optional<Bytes> signature_of(Bytes value, Encoding encoding, std::size_t size);

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_ALGORITHMS_H_
