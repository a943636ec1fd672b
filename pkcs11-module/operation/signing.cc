#include "pkcs11-module/operation/signing.h"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/digest_info.h"

namespace signet::operation {

namespace {

using crypto::Hash;
using crypto::Scheme;
using mechanism::Chosen;
using mechanism::Offer;
using transport::SignRequest;

struct Range {
  std::size_t least;
  std::size_t most;
};

Range raw_range(const Chosen& chosen, const crypto::PublicKey& key) {
  constexpr std::size_t pkcs1_overhead = 11;
  if (!chosen.mechanism->scheme) return {0, 0};
  switch (*chosen.mechanism->scheme) {
    case Scheme::rsa_pkcs1:
      return {0, key.signature_size() - pkcs1_overhead};
    case Scheme::rsa_raw:
      return {1, key.signature_size()};
    case Scheme::rsa_pss: {
      const std::size_t size = crypto::digest_size(chosen.digest_hash);
      return {size, size};
    }
    case Scheme::ecdsa:
      return {1, key.order_size() > kMaxEcdsaDataP521 ? kMaxEcdsaDataP521 : kMaxEcdsaData};
    case Scheme::eddsa:
      return {0, kMaxEddsaMessage};
  }
  return {0, 0};
}

CkError wrong_length() {
  return ck_error(CKR_DATA_LEN_RANGE, "the data does not have a length that the mechanism signs");
}

SignRequest request(Scheme algorithm, Hash hash, Bytes data) {
  SignRequest made;
  made.algorithm = algorithm;
  made.hash = hash;
  made.digests.push_back(std::move(data));
  return made;
}

Bytes left_padded(ByteView data, std::size_t size) {
  Bytes padded(size - data.size(), 0);
  padded.insert(padded.end(), data.begin(), data.end());
  return padded;
}

CkResult<SignRequest> pkcs1_digest_info(const Offer& offer, ByteView digest_info) {
  const auto known = crypto::parse_digest_info(digest_info);
  if (known && offer.sends(known->hash)) {
    return request(Scheme::rsa_pkcs1, known->hash, copy_of(known->digest));
  }
  if (!offer.raw_pkcs1()) {
    return ck_error(
        CKR_DATA_INVALID,
        "the appliance signs only the DigestInfo of a hash that it knows, not other data");
  }
  return request(Scheme::rsa_pkcs1, Hash::none, copy_of(digest_info));
}

CkResult<SignRequest> pkcs1_request(const Chosen& chosen, const Offer& offer, ByteView data) {
  const Hash hash = chosen.mechanism->hash;
  if (hash == Hash::none) return pkcs1_digest_info(offer, data);
  return pkcs1_digest_info(offer, crypto::encode_digest_info(hash, data));
}

CkResult<SignRequest> x509_request(const crypto::PublicKey& key, ByteView data) {
  if (data.size() > key.signature_size()) return wrong_length();
  Bytes block = left_padded(data, key.signature_size());
  if (!std::ranges::lexicographical_compare(block, key.modulus())) {
    return ck_error(CKR_DATA_INVALID, "the data is not a number below the modulus");
  }
  return request(Scheme::rsa_raw, Hash::none, std::move(block));
}

// Shortest first.
constexpr std::array kEcdsaHashes = {Hash::sha1, Hash::sha224, Hash::sha256, Hash::sha384,
                                     Hash::sha512};

CkResult<SignRequest> ecdsa_request(const Chosen& chosen, const crypto::PublicKey& key,
                                    const Offer& offer, ByteView data) {
  if (data.empty()) return wrong_length();
  if (offer.sends(chosen.digest_hash)) {
    return request(Scheme::ecdsa, chosen.digest_hash, copy_of(data));
  }
  for (const Hash hash : kEcdsaHashes) {
    if (offer.sends(hash) && data.size() == crypto::digest_size(hash)) {
      return request(Scheme::ecdsa, hash, copy_of(data));
    }
  }
  const ByteView cut = data.first(std::min(data.size(), key.order_size()));
  for (const Hash hash : kEcdsaHashes) {
    const std::size_t size = crypto::digest_size(hash);
    if (offer.sends(hash) && cut.size() <= size && size <= key.order_size()) {
      return request(Scheme::ecdsa, hash, left_padded(cut, size));
    }
  }
  return wrong_length();
}

struct Parameters {
  Scheme scheme;
  Hash pkcs1_hash;  // none: what is signed has its DigestInfo
  Hash pss_hash;
  crypto::PssParameters pss;
};

bool verify(const Parameters& parameters, const crypto::PublicKey& key, ByteView data,
            ByteView signature) {
  switch (parameters.scheme) {
    case Scheme::rsa_pkcs1:
      if (parameters.pkcs1_hash == Hash::none) return key.verify_pkcs1_raw(data, signature);
      return key.verify_pkcs1_digest(parameters.pkcs1_hash, data, signature);
    case Scheme::rsa_pss:
      return key.verify_pss(parameters.pss_hash, parameters.pss, data, signature);
    case Scheme::rsa_raw:
      return key.verify_rsa_x509(data, signature);
    case Scheme::ecdsa:
      return key.verify_ecdsa(data, signature);
    case Scheme::eddsa:
      return key.verify_eddsa(data, signature);
  }
  return false;
}

}  // namespace

CkResult<Message> Message::start(std::shared_ptr<crypto::Context> context, const Chosen& chosen,
                                 const crypto::PublicKey& key) {
  Message message;
  const Hash hash = chosen.mechanism->hash;
  if (hash != Hash::none) {
    BOOST_OUTCOME_TRY(message.digest_, crypto::Digest::start(std::move(context), hash));
    return message;
  }
  const Range range = raw_range(chosen, key);
  message.raw_least_ = range.least;
  message.raw_most_ = range.most;
  return message;
}

CkResult<void> Message::update(ByteView part) {
  if (digest_) return digest_->update(part);
  if (part.size() > raw_most_ - raw_.size()) return wrong_length();
  raw_.insert(raw_.end(), part.begin(), part.end());
  return success();
}

CkResult<Bytes> Message::finish() {
  if (digest_) return digest_->finish();
  if (raw_.size() < raw_least_) return wrong_length();
  return std::exchange(*this, {}).raw_;
}

CkResult<SignRequest> sign_request(const Chosen& chosen, const crypto::PublicKey& key,
                                   ByteView data, const Offer& offer) {
  const auto no_scheme = [] {
    return ck_error(CKR_MECHANISM_INVALID, "this mechanism does not sign");
  };
  if (!chosen.mechanism->scheme) return no_scheme();
  switch (*chosen.mechanism->scheme) {
    case Scheme::rsa_pkcs1:
      return pkcs1_request(chosen, offer, data);
    case Scheme::rsa_pss: {
      SignRequest made = request(Scheme::rsa_pss, chosen.digest_hash, copy_of(data));
      made.salt_length = chosen.pss.salt_length;
      return made;
    }
    case Scheme::rsa_raw:
      return x509_request(key, data);
    case Scheme::ecdsa:
      return ecdsa_request(chosen, key, offer, data);
    case Scheme::eddsa:
      return request(Scheme::eddsa, Hash::none, copy_of(data));
  }
  return no_scheme();
}

bool verify(const Chosen& chosen, const crypto::PublicKey& key, ByteView data, ByteView signature) {
  if (!chosen.mechanism->scheme) return false;
  return verify(
      Parameters{*chosen.mechanism->scheme, chosen.mechanism->hash, chosen.digest_hash, chosen.pss},
      key, data, signature);
}

bool verify(const SignRequest& request, std::size_t position, const crypto::PublicKey& key,
            ByteView signature) {
  return verify(
      Parameters{
          request.algorithm, request.hash, request.hash, {request.hash, request.salt_length}},
      key, request.digests.at(position), signature);
}

}  // namespace signet::operation
