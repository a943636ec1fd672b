// How an activation file is written.
#include "seal-client/activation_file.h"

#include <array>
#include <boost/json.hpp>

#include "common/json_text.h"
#include "common/wiped_text.h"
#include "crypto/base64.h"
#include "crypto/cms/enveloped_data.h"
#include "crypto/context.h"
#include "crypto/openssl.h"
#include "seal-client/activation_words.h"

namespace signet::sealclient {

namespace {

namespace words = activation_words;

boost::json::array base64_of(const std::vector<Bytes>& list) {
  boost::json::array texts;
  for (const Bytes& each : list) texts.emplace_back(crypto::to_base64(each));
  return texts;
}

std::string header_line(const ActivationHeader& header) {
  boost::json::object json{{words::kFormat, words::kFormatName},
                           {words::kClient, header.client},
                           {words::kFile, header.file},
                           {words::kIssued, header.issued},
                           {words::kRecipient, crypto::to_base64(header.recipient)}};
  if (header.passphrase) {
    json[words::kSalt] = crypto::to_base64(header.passphrase->salt);
    json[words::kProtectedKey] = crypto::to_base64(header.passphrase->encrypted);
  }
  return json_text(json) + "\n";
}

// With the key in memory that is wiped, and nowhere else.
WipedText secret_part(const ActivationHeader& header, const Activation& activation) {
  boost::json::array pins;
  for (const pinning::Pin& pin : activation.server.pins.all()) pins.emplace_back(pin.text());
  const std::string open =
      json_text({{words::kClient, header.client},
                 {words::kFile, header.file},
                 {words::kIssued, header.issued},
                 {words::kOrder, activation.order},
                 {words::kUrl, activation.server.url},
                 {words::kPins, pins},
                 {words::kCertificates, base64_of(activation.certificates)},
                 {words::kSealing, base64_of(activation.sealing)},
                 {words::kContentKeyHash, crypto::to_base64(activation.content_key_hash)}});
  WipedText key(crypto::base64_size(activation.key.size()) + 1);
  crypto::write_base64(activation.key.reveal(), key.data());
  WipedText text;
  text.reserve(open.size() + key.size() + 16);
  append(text, "{\"");
  append(text, words::kKey);
  append(text, "\":\"");
  append(text, std::string_view(key.data(), key.size() - 1));
  append(text, "\",");
  append(text, std::string_view(open).substr(1));
  return text;
}

}  // namespace

std::string new_file_id() {
  std::array<std::uint8_t, 16> octets{};
  return crypto::random_bytes(octets) ? to_hex(octets) : std::string();
}

ActivationResult<Bytes> activation_content(const ActivationHeader& header,
                                           const Activation& activation) {
  const WipedText secret = secret_part(header, activation);
  auto encrypted = cms::encrypt_for({.public_key = header.recipient}, view_of(text_of(secret)));
  if (!encrypted)
    return ActivationError{ActivationError::Kind::system, encrypted.assume_error().sentence};
  Bytes content = copy_of(view_of(header_line(header)));
  content.insert(content.end(), encrypted.assume_value().begin(), encrypted.assume_value().end());
  return content;
}

std::string activation_text(ByteView signed_content) {
  return crypto::to_pem(words::kPemName, signed_content);
}

}  // namespace signet::sealclient
