#include "validation/testing/test_messages.h"

#include <utility>

#include "crypto/certificate_parts.h"
#include "crypto/cms/identifiers.h"
#include "crypto/cms/signed_data.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"

namespace signet::validation::pki {

namespace {

using crypto::Hash;

constexpr const char* kTstInfo = "1.2.840.113549.1.9.16.1.4";

// RFC 8419, 3.1: Ed25519 goes with SHA-512.
Hash digest_hash(const Party& signer, const MessageWish& wish) {
  const bool edwards = signer.key->kind == KeyKind::ed25519 || signer.key->kind == KeyKind::ed448;
  return edwards ? Hash::sha512 : wish.signature.hash;
}

// ESSCertIDv2 with SHA-256, its default.
Bytes certificate_reference(const Party& signer) {
  const Bytes id =
      der::encode_sequence({der::encode(der::kOctetString, digest(Hash::sha256, signer.der()))});
  return der::encode_sequence({der::encode_sequence({id})});
}

Bytes signed_attributes(const Party& signer, const MessageWish& wish) {
  if (!wish.signed_attributes) return {};
  const Bytes content_digest = digest(digest_hash(signer, wish), wish.content);
  std::vector<Bytes> all = {
      attribute(cms::kMessageDigest, der::encode(der::kOctetString, content_digest))};
  if (wish.content_type_attribute)
    all.push_back(attribute(cms::kContentType, oid(wish.content_type)));
  if (wish.certificate_reference)
    all.push_back(attribute(cms::kSigningCertificateV2, certificate_reference(signer)));
  if (wish.signing_time) all.push_back(attribute(cms::kSigningTime, time(*wish.signing_time)));
  all.insert(all.end(), wish.more_signed.begin(), wish.more_signed.end());
  return der::encode(der::kSet, der::sorted(std::move(all)));
}

Bytes signer_info(const SignerPart& part, const MessageWish& wish) {
  std::vector<Bytes> parts = {
      integer(1),
      der::encode_sequence({part.issuer, der::encode(der::kInteger, part.serial_number)}),
      part.digest_algorithm};
  if (!part.signed_attributes.empty()) {
    parts.push_back(part.signed_attributes);
    parts.back()[0] = der::kContext0;
  }
  parts.push_back(part.signature_algorithm);
  parts.push_back(der::encode(der::kOctetString, part.signature));
  if (!wish.unsigned_attributes.empty())
    parts.push_back(der::encode(der::kContext1, der::sorted(wish.unsigned_attributes)));
  return der::encode_sequence(parts);
}

// Accuracy: seconds, [0] millis, [1] micros, each where it is not 0.
Bytes accuracy(std::chrono::microseconds wish) {
  std::vector<Bytes> parts;
  if (const auto seconds = wish / std::chrono::seconds(1)) parts.push_back(integer(seconds));
  std::uint8_t tag = 0x80;
  for (const auto part : {wish / std::chrono::milliseconds(1) % 1000, wish.count() % 1000}) {
    if (part != 0) {
      parts.push_back(integer(part));
      parts.back()[0] = tag;
    }
    ++tag;
  }
  return der::encode_sequence(parts);
}

MessageWish message_of(const TokenWish& wish) {
  MessageWish message = wish.message;
  message.content = time_stamp_info(wish);
  message.content_type = kTstInfo;
  message.detached = false;
  return message;
}

Bytes message_around(const Party& signer, const SignerPart& part, const MessageWish& wish) {
  cms::SignedData data;
  data.content_type = part.content_type;
  data.add_digest_algorithm(part.digest_algorithm);
  if (wish.with_certificate) data.add_certificate(signer.der());
  for (const Bytes& certificate : wish.certificates) data.add_certificate(certificate);
  data.revocations = wish.revocations;
  data.signers = {part.signer_info};
  if (wish.detached) return data.detached();
  const cms::Frame frame = data.around(wish.content.size());
  Bytes whole = frame.before;
  der::append(whole, wish.content);
  der::append(whole, frame.after);
  return whole;
}

}  // namespace

Bytes attribute(const std::string& type, ByteView value) {
  return der::encode_sequence({oid(type), der::encode(der::kSet, value)});
}

Bytes other_revocation(ByteView ocsp) {
  const Bytes content = der::concat(oid("1.3.6.1.5.5.7.16.2"), ocsp);
  return der::encode(der::kContext1, content);
}

Bytes message(const Party& signer, const MessageWish& wish) {
  return message_around(signer, signer_part(signer, wish), wish);
}

Bytes time_stamp_info(const TokenWish& wish) {
  const Bytes imprint = der::encode_sequence(
      {hash_algorithm(wish.imprint_hash),
       der::encode(der::kOctetString,
                   wish.imprint ? *wish.imprint : digest(wish.imprint_hash, wish.stamped))});
  std::vector<Bytes> parts = {integer(1), oid(wish.policy), imprint, integer(wish.serial),
                              generalized_time(wish.time)};
  if (wish.accuracy) parts.push_back(accuracy(*wish.accuracy));
  if (wish.ordering) parts.push_back(boolean(true));
  return der::encode_sequence(parts);
}

Bytes token(const Party& signer, const TokenWish& wish) {
  return message(signer, message_of(wish));
}

SignerPart signer_part(const Party& signer, const MessageWish& wish) {
  SignerPart part;
  SignatureWish signature = wish.signature;
  part.hash = digest_hash(signer, wish);
  part.digest_algorithm = hash_algorithm(part.hash);
  part.content_type = oid(wish.content_type);
  part.content_digest = digest(part.hash, wish.content);
  part.signed_attributes = signed_attributes(signer, wish);
  if (wish.signed_attributes) part.message_digest = part.content_digest;
  part.signature_algorithm = signature_algorithm(*signer.key, signature);
  part.signature =
      sign(*signer.key, signature, wish.signed_attributes ? part.signed_attributes : wish.content);
  part.issuer = signer.certificate->issuer();
  part.serial_number = signer.certificate->serial_number();
  if (wish.signed_attributes && wish.certificate_reference) {
    part.has_certificate_reference = true;
    part.certificate_references = {{Hash::sha256, digest(Hash::sha256, signer.der()), {}}};
  }
  part.signing_time = wish.signing_time;
  part.signer_info = signer_info(part, wish);
  return part;
}

SignaturePart signature_part(const Party& signer, const MessageWish& wish) {
  SignaturePart part;
  part.name = "signature 1";
  part.format = Format::cades;
  part.signer = signer_part(signer, wish);
  part.id = ObjectId::of(part.signer.signature);
  return part;
}

TimeStampPart time_stamp_part(const Party& signer, TimeStampKind kind, const TokenWish& wish,
                              std::set<ObjectId> covered) {
  const MessageWish message = message_of(wish);
  TimeStampPart part;
  part.kind = kind;
  part.signer = signer_part(signer, message);
  part.der = message_around(signer, part.signer, message);
  part.id = ObjectId::of(part.der);
  part.time = wish.time;
  part.policy = wish.policy;
  const Bytes number = integer(wish.serial);
  part.serial = copy_of(*der::only(der::kInteger, number));
  part.imprint_hash = wish.imprint_hash;
  part.imprint = digest(wish.imprint_hash, wish.stamped);
  part.accuracy = wish.accuracy;
  part.ordering = wish.ordering;
  part.imprint_matches = true;
  part.covered = std::move(covered);
  return part;
}

}  // namespace signet::validation::pki
