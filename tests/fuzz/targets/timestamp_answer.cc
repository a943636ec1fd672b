// Any bytes as the answer of a time-stamp authority. What is accepted, OpenSSL accepts as well.
#include <openssl/cms.h>

#include <algorithm>
#include <cstdint>

#include "common/printable.h"
#include "crypto/openssl.h"
#include "crypto/openssl_ptr.h"
#include "tests/fuzz/support/require.h"
#include "timestamps/signature_algorithm.h"
#include "timestamps/token_check.h"

namespace signet::fuzz {
namespace {

using namespace timestamps;
using ContextPtr = std::shared_ptr<crypto::Context>;
using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;

const ContextPtr& context() {
  static const ContextPtr one = crypto::Context::create().value();
  return one;
}

void check_text(const std::string& text) {
  require(printable(text) == text, "what is told can be shown: " + text);
}

void check_error(const TokenError& error) {
  require(!error.sentence.empty(), "an error has a sentence");
  require(error.sentence.size() <= 2000, "an error is short");
  check_text(error.sentence);
}

// The signature over the token's content by its signer's key, by OpenSSL alone.
bool openssl_verifies(const TimeStampToken& token) {
  const unsigned char* at = token.der.data();
  const CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(token.der.size())));
  if (!cms) return false;
  constexpr unsigned flags = CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY;
  return CMS_verify(cms.get(), nullptr, nullptr, nullptr, nullptr, flags) == 1;
}

// OpenSSL 3.0 verifies no Ed25519 in CMS.
bool is_known_to_openssl(const TimeStampToken& token) {
  const auto algorithm = read_signature_algorithm(token.signer_info.signature_algorithm);
  return algorithm && algorithm->scheme != crypto::Scheme::eddsa;
}

void check_fields(const TimeStampToken& token) {
  Expected expected;
  expected.hash = token.hash;
  expected.imprint = token.imprint;
  expected.nonce = token.nonce;
  expected.policy = token.policy;
  require(check_request_fields(token, expected).has_value(), "it is for its own request");
  if (token.hash == crypto::Hash::none) return;
  expected.imprint.push_back(1);
  const auto other = check_request_fields(token, expected);
  require(!other && other.error().defect == Defect::imprint, "it is for no other digest");
}

void check_trust(const TimeStampToken& token) {
  const auto anchors = TrustAnchors::from_der(context(), token.certificates);
  if (!anchors || !token.signer) return;
  const auto found = anchors.value()->check(*token.signer, token.certificates, token.time);
  if (!found) check_text(found.error());
}

void check(const TimeStampToken& token) {
  for (const auto& text : {token.time_text, token.policy, token.hash_oid, token.authority}) {
    check_text(text);
  }
  const auto again = parse_token(context(), token.der);
  require(again.has_value(), "a token is one by itself");
  require(again.value().time == token.time && again.value().content == token.content,
          "a token means the same each time");
  check_fields(token);
  check_trust(token);
  const auto signer = check_signer(context(), token);
  if (!signer) check_error(signer.error());
  const auto signature = check_signature(context(), token);
  if (!signature) check_error(signature.error());
  if (signature && is_known_to_openssl(token)) {
    require(openssl_verifies(token), "what is accepted is signed");
  }
  Expected expected;
  expected.clock = {std::chrono::system_clock::now(), std::chrono::seconds(300)};
  const auto whole = check_token(context(), token, expected);
  if (!whole) check_error(whole.error());
}

template <typename T>
void check(const Result<T, TokenError>& parsed) {
  if (parsed) {
    check(parsed.value());
  } else {
    check_error(parsed.error());
  }
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet::fuzz;
  const signet::ByteView bytes(data, size);
  check(signet::timestamps::parse_answer(context(), bytes));
  check(signet::timestamps::parse_token(context(), bytes));
  return 0;
}
