#include "crypto/cms/enveloped_parts.h"

#include <algorithm>

#include "crypto/algorithm_table.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"

namespace signet::cms {

namespace {

using Kind = EnvelopeError::Kind;

constexpr const char* kAuthEnvelopedData = "1.2.840.113549.1.9.16.1.23";  // RFC 5083, 2
constexpr const char* kAgreementSha256 = "1.3.132.1.11.1";  // dhSinglePass-stdDH-sha256kdf-scheme
constexpr const char* kAgreementSha1 = "1.3.133.16.840.63.0.2";
constexpr const char* kAesWrap = "2.16.840.1.101.3.4.1.45";
constexpr const char* kAesGcm = "2.16.840.1.101.3.4.1.46";
constexpr const char* kOaep = "1.2.840.113549.1.1.7";
constexpr const char* kMaskOfHash = "1.2.840.113549.1.1.8";  // MGF1
constexpr const char* kLabelOfOaep = "1.2.840.113549.1.1.9";

constexpr std::uint8_t kPrimitive0 = 0x80;  // [0] IMPLICIT OCTET STRING
constexpr std::uint8_t kTagged2 = 0xA2;
constexpr std::uint8_t kPointUncompressed = 0x04;

EnvelopeError refusal(Kind kind, const std::string& sentence) {
  return {.kind = kind, .sentence = sentence};
}

EnvelopeError malformed(const std::string& where) {
  return refusal(Kind::malformed, "This is no CMS AuthEnvelopedData: its " + where +
                                      " cannot be read, or is of a form that is not taken.");
}

bool is_oid(ByteView der, const char* dotted_form) {
  return equal(der, encode_oid(dotted_form));
}

Bytes integer(std::uint8_t value) {
  return der::encode(der::kInteger, ByteView(&value, 1));
}

bool read_version(der::Reader& reader, std::uint8_t version) {
  const auto content = reader.read(der::kInteger);
  return content && content->size() == 1 && (*content)[0] == version;
}

// An AlgorithmIdentifier's parts, views.
struct Identified {
  ByteView oid;
  ByteView parameters;  // whole; empty: absent
};

std::optional<Identified> read_identified(der::Reader& reader) {
  const auto content = reader.read(der::kSequence);
  if (!content) return std::nullopt;
  der::Reader inside(*content);
  const auto oid = inside.read_whole(der::kObjectIdentifier);
  if (!oid) return std::nullopt;
  Identified read{*oid, {}};
  if (!inside.at_end()) {
    const auto parameters = inside.read_any();
    if (!parameters || !inside.at_end()) return std::nullopt;
    read.parameters = *parameters;
  }
  return read;
}

bool is_null(ByteView der) {
  return der.size() == 2 && der[0] == der::kNull && der[1] == 0;
}

// --- writing

Bytes agreement_recipient(const EnvelopedParts& parts) {
  Bytes bits = {0};  // none unused
  der::append(bits, parts.originator);
  const Bytes algorithm = der::encode_sequence({copy_of(crypto::oid::kEc)});
  const Bytes originator =
      der::encode(der::kContext1, der::concat(algorithm, der::encode(der::kBitString, bits)));
  const Bytes recipient =
      der::encode(der::kContext0, der::encode(der::kOctetString, parts.key_identifier));
  const Bytes encrypted =
      der::encode_sequence({recipient, der::encode(der::kOctetString, parts.encrypted_key)});
  Bytes content = integer(3);
  der::append(content, der::encode(der::kContext0, originator));
  der::append(content, der::encode_sequence({encode_oid(kAgreementSha256), parts.wrap_algorithm}));
  der::append(content, der::encode_sequence({encrypted}));
  return der::encode(der::kContext1, content);
}

// The hash of OAEP's default, SHA-1, is left out (RFC 4055, 4.1).
Bytes oaep_identifier(crypto::Hash hash) {
  if (hash == crypto::Hash::sha1)
    return der::encode_sequence({encode_oid(kOaep), der::encode_sequence({})});
  const Bytes name =
      der::encode_sequence({copy_of(row_of(hash).oid), der::encode(der::kNull, ByteView())});
  const Bytes mask = der::encode_sequence({encode_oid(kMaskOfHash), name});
  return der::encode_sequence(
      {encode_oid(kOaep), der::encode_sequence({der::encode(der::kContext0, name),
                                                der::encode(der::kContext1, mask)})});
}

Bytes transport_recipient(const EnvelopedParts& parts) {
  return der::encode_sequence({integer(2), der::encode(kPrimitive0, parts.key_identifier),
                               oaep_identifier(parts.oaep),
                               der::encode(der::kOctetString, parts.encrypted_key)});
}

// --- reading

std::optional<EnvelopeError> read_originator(ByteView field, EnvelopedParts& parts) {
  const auto key = der::only(der::kContext1, field);
  if (!key) return malformed("originator's key");
  der::Reader inside(*key);
  const auto algorithm = read_identified(inside);
  const auto bits = inside.read(der::kBitString);
  if (!algorithm || !bits || !inside.at_end()) return malformed("originator's key");
  const ByteView named = algorithm->parameters;
  if (!equal(algorithm->oid, crypto::oid::kEc) ||
      !(named.empty() || is_null(named) || equal(named, crypto::oid::kP256)))
    return refusal(Kind::scheme, "The message's ephemeral key is not one on P-256.");
  if (bits->size() != kP256Point + 1 || (*bits)[0] != 0 || (*bits)[1] != kPointUncompressed)
    return malformed("originator's point");
  parts.originator = copy_of(bits->subspan(1));
  return std::nullopt;
}

std::optional<EnvelopeError> read_agreement_algorithm(der::Reader& reader, EnvelopedParts& parts) {
  const auto algorithm = read_identified(reader);
  if (!algorithm) return malformed("key agreement algorithm");
  if (is_oid(algorithm->oid, kAgreementSha1))
    return refusal(Kind::scheme,
                   "The message derives its key with SHA-1, which is not taken; SHA-256 is.");
  if (!is_oid(algorithm->oid, kAgreementSha256))
    return refusal(Kind::scheme, "The message's key agreement is not ECDH with SHA-256.");
  der::Reader inside(algorithm->parameters);
  const auto wrap = read_identified(inside);
  if (!wrap) return malformed("key wrap algorithm");
  if (!is_oid(wrap->oid, kAesWrap) || !(wrap->parameters.empty() || is_null(wrap->parameters)))
    return refusal(Kind::scheme, "The message's key is not wrapped by AES-256.");
  parts.wrap_algorithm = copy_of(algorithm->parameters);
  return std::nullopt;
}

std::optional<EnvelopeError> read_wrapped_key(der::Reader& reader, EnvelopedParts& parts) {
  const auto list = reader.read(der::kSequence);
  const auto only_one = list ? der::only(der::kSequence, *list) : std::nullopt;
  if (!only_one) return malformed("list of wrapped keys");
  der::Reader inside(*only_one);
  const auto recipient = inside.read(der::kContext0);
  const auto encrypted = inside.read(der::kOctetString);
  if (!recipient || !encrypted || !inside.at_end()) return malformed("wrapped key");
  der::Reader name(*recipient);
  const auto identifier = name.read(der::kOctetString);
  if (!identifier) return malformed("recipient's name");
  parts.key_identifier = copy_of(*identifier);
  parts.encrypted_key = copy_of(*encrypted);
  return std::nullopt;
}

std::optional<EnvelopeError> read_agreement(ByteView recipient, EnvelopedParts& parts) {
  der::Reader reader(recipient);
  if (!read_version(reader, 3)) return malformed("recipient's version");
  const auto originator = reader.read(der::kContext0);
  if (!originator) return malformed("originator");
  if (auto error = read_originator(*originator, parts)) return error;
  if (reader.next_is(der::kContext1)) {
    const auto field = reader.read(der::kContext1);
    const auto material = field ? der::only(der::kOctetString, *field) : std::nullopt;
    if (!material) return malformed("user keying material");
    parts.key_material = copy_of(*material);
  }
  if (auto error = read_agreement_algorithm(reader, parts)) return error;
  if (auto error = read_wrapped_key(reader, parts)) return error;
  if (!reader.at_end()) return malformed("recipient");
  return std::nullopt;
}

// SHA-1 or SHA-256 in an AlgorithmIdentifier, whatever its parameters are; none: another one.
crypto::Hash hash_of_identified(const std::optional<Identified>& algorithm) {
  const auto hash = algorithm ? crypto::hash_with_oid(algorithm->oid) : crypto::Hash::none;
  return hash == crypto::Hash::sha1 || hash == crypto::Hash::sha256 ? hash : crypto::Hash::none;
}

// RSAES-OAEP-params (RFC 4055, 4.1): hash, mask and label, each with a default.
crypto::Hash read_oaep(ByteView parameters) {
  const auto content = der::only(der::kSequence, parameters);
  if (!content) return crypto::Hash::none;
  der::Reader reader(*content);
  crypto::Hash hash = crypto::Hash::sha1;
  crypto::Hash mask = crypto::Hash::sha1;
  if (const auto field = reader.read(der::kContext0)) {
    der::Reader inside(*field);
    hash = hash_of_identified(read_identified(inside));
  }
  if (const auto field = reader.read(der::kContext1)) {
    der::Reader inside(*field);
    const auto function = read_identified(inside);
    if (!function || !is_oid(function->oid, kMaskOfHash)) return crypto::Hash::none;
    der::Reader of(function->parameters);
    mask = hash_of_identified(read_identified(of));
  }
  if (const auto field = reader.read(kTagged2)) {
    der::Reader inside(*field);
    const auto label = read_identified(inside);
    const auto text = label ? der::only(der::kOctetString, label->parameters) : std::nullopt;
    if (!label || !is_oid(label->oid, kLabelOfOaep) || !text || !text->empty())
      return crypto::Hash::none;
  }
  return reader.at_end() && hash == mask ? hash : crypto::Hash::none;
}

std::optional<EnvelopeError> read_transport(ByteView recipient, EnvelopedParts& parts) {
  der::Reader reader(recipient);
  if (!read_version(reader, 2)) return malformed("recipient's version");
  const auto identifier = reader.read(kPrimitive0);
  const auto algorithm = identifier ? read_identified(reader) : std::nullopt;
  const auto encrypted = algorithm ? reader.read(der::kOctetString) : std::nullopt;
  if (!encrypted || !reader.at_end()) return malformed("recipient");
  parts.oaep =
      is_oid(algorithm->oid, kOaep) ? read_oaep(algorithm->parameters) : crypto::Hash::none;
  if (parts.oaep == crypto::Hash::none)
    return refusal(Kind::scheme,
                   "The message's key is not encrypted by OAEP with SHA-1 or SHA-256.");
  parts.key_identifier = copy_of(*identifier);
  parts.encrypted_key = copy_of(*encrypted);
  return std::nullopt;
}

std::optional<EnvelopeError> read_recipients(der::Reader& reader, EnvelopedParts& parts) {
  const auto recipients = reader.read(der::kSet);
  if (!recipients) return malformed("list of recipients");
  if (const auto agreement = der::only(der::kContext1, *recipients))
    return read_agreement(*agreement, parts);
  if (const auto transport = der::only(der::kSequence, *recipients))
    return read_transport(*transport, parts);
  return malformed("one recipient");
}

std::optional<EnvelopeError> read_content(der::Reader& reader, EnvelopedParts& parts) {
  const auto info = reader.read(der::kSequence);
  if (!info) return malformed("content");
  der::Reader inside(*info);
  const auto type = inside.read_whole(der::kObjectIdentifier);
  const auto algorithm = type ? read_identified(inside) : std::nullopt;
  const auto ciphertext = algorithm ? inside.read(kPrimitive0) : std::nullopt;
  if (!ciphertext || !inside.at_end()) return malformed("content");
  if (!is_oid(algorithm->oid, kAesGcm))
    return refusal(Kind::scheme, "The message's content is not encrypted by AES-256-GCM.");
  const auto parameters = der::only(der::kSequence, algorithm->parameters);
  if (!parameters) return malformed("parameters of AES-GCM");
  der::Reader numbers(*parameters);
  const auto nonce = numbers.read(der::kOctetString);
  if (!nonce || nonce->size() != crypto::kGcmNonce || !read_version(numbers, crypto::kGcmTag) ||
      !numbers.at_end())
    return refusal(Kind::scheme,
                   "The message's AES-GCM is not one with a nonce of 12 bytes and a tag of 16.");
  parts.text.nonce = copy_of(*nonce);
  parts.text.ciphertext = copy_of(*ciphertext);
  return std::nullopt;
}

std::optional<EnvelopeError> read_end(der::Reader& reader, EnvelopedParts& parts) {
  if (reader.next_is(der::kContext1)) {
    const auto attributes = reader.read_whole(der::kContext1);
    if (!attributes) return malformed("authenticated attributes");
    parts.attributes = copy_of(*attributes);
    parts.attributes[0] =
        der::kSet;  // what is authenticated has the tag of the type (RFC 5083, 2.2)
  }
  const auto tag = reader.read(der::kOctetString);
  if (!tag || tag->size() != crypto::kGcmTag) return malformed("authentication code");
  parts.text.tag = copy_of(*tag);
  if (reader.next_is(kTagged2) && !reader.read(kTagged2)) return malformed("attributes");
  return reader.at_end() ? std::nullopt : std::optional(malformed("end"));
}

}  // namespace

Bytes wrap_identifier() {
  return der::encode_sequence({encode_oid(kAesWrap)});
}

Bytes write_enveloped(const EnvelopedParts& parts) {
  const Bytes recipient =
      parts.originator.empty() ? transport_recipient(parts) : agreement_recipient(parts);
  const Bytes gcm = der::encode_sequence(
      {encode_oid(kAesGcm), der::encode_sequence({der::encode(der::kOctetString, parts.text.nonce),
                                                  integer(crypto::kGcmTag)})});
  const Bytes content = der::encode_sequence(
      {copy_of(kOidData), gcm, der::encode(kPrimitive0, parts.text.ciphertext)});
  const Bytes enveloped =
      der::encode_sequence({integer(0), der::encode(der::kSet, recipient), content,
                            der::encode(der::kOctetString, parts.text.tag)});
  return der::encode_sequence(
      {encode_oid(kAuthEnvelopedData), der::encode(der::kContext0, enveloped)});
}

Result<EnvelopedParts, EnvelopeError> read_enveloped(ByteView message) {
  const auto outer = der::only(der::kSequence, message);
  if (!outer) return malformed("outer structure");
  der::Reader info(*outer);
  const auto type = info.read_whole(der::kObjectIdentifier);
  const auto field = type ? info.read(der::kContext0) : std::nullopt;
  if (!field || !info.at_end() || !is_oid(*type, kAuthEnvelopedData)) return malformed("type");
  const auto enveloped = der::only(der::kSequence, *field);
  if (!enveloped) return malformed("outer structure");
  der::Reader reader(*enveloped);
  if (!read_version(reader, 0)) return malformed("version");
  EnvelopedParts parts;
  if (auto error = read_recipients(reader, parts)) return *std::move(error);
  if (auto error = read_content(reader, parts)) return *std::move(error);
  if (auto error = read_end(reader, parts)) return *std::move(error);
  return parts;
}

}  // namespace signet::cms
