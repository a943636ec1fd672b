#include "keygen/signed_data.h"

#include <chrono>

#include "crypto/cms/reader.h"
#include "crypto/cms/signed_data.h"
#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "pkcs11-client/cms_signature.h"

namespace signet::keygen {

namespace {

// Read again, with the certificate's key, so that nothing goes out that a reader would refuse.
bool verifies(const std::shared_ptr<crypto::Context>& context, ByteView der, crypto::Hash hash,
              const Bytes& digest) {
  const auto message = cms::read_signed_data(cms::Source::of(der));
  if (!message) return false;
  const auto verdicts = cms::verify(context, message.value().parts, {{hash, digest}});
  return verdicts.size() == 1 && verdicts[0].good();
}

}  // namespace

TokenResult<Bytes> make_signed_data(const TokenSession& token, const Key& key,
                                    const SignedDataWish& wish, ByteView content) {
  if (!equal(wish.signer.public_key(), key.public_key))
    return token_error(Reason::other_key, "the signing certificate is for another key");
  BOOST_OUTCOME_TRY(const auto algorithm, pkcs11::cms_algorithm(key, wish.signing));
  const auto context = crypto::Context::create();
  if (!context) return token_error(Reason::failed, "OpenSSL's default provider cannot be used");
  const auto digest = crypto::digest_of(context.value(), algorithm.hash, content);
  if (!digest) return token_error(Reason::failed, "the content cannot be digested");
  cms::SignedAttributes signed_attributes;
  signed_attributes.digest = digest.value();
  signed_attributes.signing_time = std::chrono::system_clock::now();
  signed_attributes.certificate = wish.signer.der();
  const Bytes attributes = signed_attributes.encode();
  BOOST_OUTCOME_TRY(const auto signature,
                    pkcs11::sign_attributes(token, key, algorithm, attributes));
  cms::SignedData message;
  message.content_type = signed_attributes.content_type;
  message.add_digest_algorithm(cms::encode_hash(algorithm.hash));
  message.add_certificate(wish.signer.der());
  for (const Certificate& issuer : wish.issuers) message.add_certificate(issuer.der());
  message.signers.push_back(
      cms::encode_signer_info(algorithm, wish.signer.der(), attributes, signature, {}));
  cms::Frame frame = message.around(content.size());
  Bytes der = std::move(frame.before);
  der.insert(der.end(), content.begin(), content.end());
  der.insert(der.end(), frame.after.begin(), frame.after.end());
  if (verifies(context.value(), der, algorithm.hash, digest.value())) return der;
  return token_error(Reason::failed, "the token's signature under the message is wrong");
}

}  // namespace signet::keygen
