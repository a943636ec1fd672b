// Verifies a file of signatures with OpenSSL alone: signature_verifier FILE
//
// Lines of the file: "key NAME SPKI", then "signature NAME MESSAGE SIGNATURE"; all but the names in
// hexadecimal. Prints one line of counts; ends with 1 where a signature is wrong.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

#include "tests/process/public_key.h"

namespace signet::tests {
namespace {

struct Counts {
  unsigned long ecdsa = 0;
  unsigned long rsa = 0;
  unsigned long wrong = 0;
  unsigned long leading_zero_r = 0;
  unsigned long leading_zero_s = 0;
  unsigned long leading_zero_rsa = 0;
};

Bytes bytes_from(const std::string& hex) {
  auto bytes = from_hex(hex);
  if (!bytes) throw std::runtime_error("not hexadecimal: " + hex);
  return std::move(*bytes);
}

// The first byte of a number modulo the order of P-521 is 0 or 1, so its zeros are nothing rare.
constexpr std::size_t kP521SignatureSize = 132;

void count(const PublicKey& key, const Bytes& signature, Counts& counts) {
  if (key.is_rsa()) {
    ++counts.rsa;
    counts.leading_zero_rsa += signature.at(0) == 0;
    return;
  }
  ++counts.ecdsa;
  if (signature.size() == kP521SignatureSize) return;
  counts.leading_zero_r += signature.at(0) == 0;
  counts.leading_zero_s += signature.at(signature.size() / 2) == 0;
}

Counts verify(const char* file) {
  std::ifstream in(file);
  std::map<std::string, PublicKey> keys;
  Counts counts;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string kind;
    std::string name;
    std::string first;
    std::string second;
    words >> kind >> name >> first >> second;
    if (kind == "key") {
      keys.emplace(name, bytes_from(first));
      continue;
    }
    const PublicKey& key = keys.at(name);
    const Bytes signature = bytes_from(second);
    counts.wrong += !key.verifies(bytes_from(first), signature);
    count(key, signature, counts);
  }
  return counts;
}

}  // namespace
}  // namespace signet::tests

int main(int count, char** words) {
  if (count != 2) return 2;
  try {
    const auto counts = signet::tests::verify(words[1]);
    fmt::print("ecdsa {} rsa {} wrong {} leading-zero r {} s {} rsa {}\n", counts.ecdsa, counts.rsa,
               counts.wrong, counts.leading_zero_r, counts.leading_zero_s, counts.leading_zero_rsa);
    return counts.wrong == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 3;
  }
}
