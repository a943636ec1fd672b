// What the registration authority stores for a client, for tests:
//
//   credentials_tool CLIENT USER PASSWORD-FILE URL PIN CARD-CERTIFICATE(DER) FOLDER
//
// writes FOLDER/cryptogram and FOLDER/credentials for the seal server, and FOLDER/hash for the card.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "common/bytes.h"
#include "seal-client/credentials.h"
#include "seal-client/cryptogram.h"

namespace signet::sealclient {
namespace {

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int prepare(char** words) {
  const auto pin = pinning::Pin::parse(words[5]);
  const auto content_key = new_content_key();
  const auto recipient = recipient_of_certificate(view_of(content_of(words[6])));
  if (!pin || !content_key || !recipient) return 2;
  Credentials credentials;
  credentials.client = words[1];
  credentials.user = words[2];
  credentials.password = Secret(content_of(words[3]));
  credentials.members = {{words[4], pinning::PinSet({*pin})}};
  credentials.enrol_key = recipient.value().public_key;
  const auto cryptogram = make_cryptogram(content_key.value(), recipient.value());
  const auto encrypted = encrypt_credentials(credentials, content_key.value());
  if (!cryptogram || !encrypted) return 3;
  const std::string folder = std::string(words[7]) + "/";
  std::ofstream(folder + "cryptogram", std::ios::binary) << text_of(cryptogram.value());
  std::ofstream(folder + "credentials", std::ios::binary) << text_of(encrypted.value());
  std::ofstream(folder + "hash", std::ios::binary)
      << text_of(content_key_hash(content_key.value()));
  return 0;
}

}  // namespace
}  // namespace signet::sealclient

int main(int count, char** words) {
  return count == 8 ? signet::sealclient::prepare(words) : 2;
}
