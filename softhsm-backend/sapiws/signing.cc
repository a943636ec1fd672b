#include "softhsm-backend/sapiws/signing.h"

#include <algorithm>
#include <array>

#include "crypto/algorithm_table.h"
#include "softhsm-backend/sapiws/cms.h"
#include "softhsm-backend/sapiws/words.h"
#include "softhsm-backend/sapiws/xml_writer.h"
#include "softhsm-backend/spoiled_signature.h"

namespace signet::emulator::sapiws {

namespace {

struct WireHash {
  std::uint32_t flag;
  std::string_view uri;  // of ds:DigestMethod
  std::string_view name;
};

constexpr std::array kWireHashes{
    WireHash{flags::kSha1, "http://www.w3.org/2000/09/xmldsig#sha1", "SHA-1"},
    WireHash{flags::kSha256, "http://www.w3.org/2001/04/xmlenc#sha256", "SHA-256"},
    WireHash{flags::kSha384, "http://www.w3.org/2001/04/xmldsig-more#sha384", "SHA-384"},
    WireHash{flags::kSha512, "http://www.w3.org/2001/04/xmlenc#sha512", "SHA-512"},
};

// "application/octet-string" is the vendor's own spelling.
bool takes_mime_type(Profile profile, std::string_view type) {
  if (type == "application/pdf") return true;
  if (profile == Profile::v5_2) return false;
  return type.empty() || type == "application/octet-string" || type == "application/octet-stream" ||
         type == "application/msword" || type == "image/tiff";
}

// The hash that the flags name; nullptr: none of them does.
DssOutcome<const WireHash*> hash_in_flags(std::uint32_t bits) {
  bits &= flags::kHashes;
  if (bits == 0) return nullptr;
  const auto* const found = std::ranges::find(kWireHashes, bits, &WireHash::flag);
  if (found == kWireHashes.end()) return failures::sapi("Several hashes", sapi::kBadParameter);
  return found;
}

// Of a DocumentHash, whose DigestMethod and the flags may not contradict each other.
DssOutcome<const WireHash*> hash_of_method(const DocumentHash& given, const WireHash* flagged,
                                           Profile profile) {
  if (given.method.empty()) return flagged;
  const auto* const found = std::ranges::find(kWireHashes, given.method, &WireHash::uri);
  const bool known = found != kWireHashes.end() && (flagged == nullptr || flagged == found) &&
                     (profile != Profile::v5_2 || found->flag == flags::kSha1);
  if (!known) return failures::unsupported_hash();
  return found;
}

const WireHash* usual_hash(Profile profile) {
  return &kWireHashes.at(profile == Profile::v5_2 ? 0 : 1);
}

void name_algorithm(SignOrder& order, const WireHash& hash, bool pss) {
  order.algorithm = named(kAlgorithms, pss ? kRsaPss : kRsaPkcs1);
  order.hash = named(kHashes, hash.name);
  order.hash_name = hash.name;
  if (pss) order.salt_length = static_cast<std::int64_t>(digest_size(order.hash->hash));
}

DssOutcome<void> check_content(const DssRequest& asked, Profile profile) {
  if (!asked.has_input()) return failures::exception();
  if (!asked.document) return success();
  if (asked.document->data.empty()) return failures::silent();
  if (!takes_mime_type(profile, asked.document->mime_type)) return failures::bad_mime_type();
  return success();
}

// The document, or its hash; check_content() has seen that one of them is there.
Bytes content_of(const DssRequest& asked) {
  if (asked.hash) return asked.hash->value;
  return asked.document ? asked.document->data : Bytes();
}

}  // namespace

DssOutcome<Signing> read_signing(const DssRequest& asked, Profile profile) {
  BOOST_OUTCOME_TRY(check_content(asked, profile));
  if ((asked.flags & ~flags::kKnown) != 0) return failures::not_supported("The flags are");
  Signing signing;
  signing.raw = asked.signature_type == kTypePkcs1 || (asked.flags & flags::kPkcs1) != 0;
  const bool pss = (asked.flags & flags::kPss) != 0;
  const bool old = profile == Profile::v5_2;
  // PSS in CMS, and anything but CMS on the old firmware, are not offered.
  if (signing.raw ? old : pss) return failures::not_supported("The flags are");
  // The old firmware does not look at the element, and signs.
  signing.size_only = (asked.estimate_size && !old) || (asked.flags & flags::kPredictSize) != 0;
  signing.old_style = old;
  if ((asked.flags & flags::kNoSigningTime) == 0) signing.time = std::time(nullptr);

  BOOST_OUTCOME_TRY(const WireHash* hash, hash_in_flags(asked.flags));
  if (asked.hash) {
    BOOST_OUTCOME_TRY(hash, hash_of_method(*asked.hash, hash, profile));
  }
  if (hash == nullptr) hash = usual_hash(profile);
  name_algorithm(signing.order, *hash, pss);

  const bool hashed = asked.hash || (asked.flags & flags::kHashOnly) != 0;
  const crypto::Hash made_with = signing.order.hash->hash;
  if (!hashed) {
    signing.digest = digest_of_data(made_with, content_of(asked));
    return signing;
  }
  signing.digest = content_of(asked);
  // The old firmware takes any length for a digest.
  if (!old && signing.digest.size() != digest_size(made_with)) {
    return failures::sapi("Failed to sign hash", sapi::kBadHashLength);
  }
  return signing;
}

CmsOrder Signature::cms_order() const {
  return {.certificate = signer_.x509.get(),
          .hash = signing_.order.hash->hash,
          .digest = signing_.digest,
          .time = signing_.time,
          .old_style = signing_.old_style};
}

Made Signature::make() const {
  Made made;
  const auto sign = [&](ByteView digest) {
    made.digest = copy_of(digest);
    made.signature = sign_one(token_, signing_.order, signer_.key, digest);
    return made.signature;
  };
  if (signing_.raw) {
    made.message = sign(signing_.digest);
  } else {
    made.message = make_cms(cms_order(), sign);
  }
  return made;
}

Bytes Signature::message_around(const Bytes& signature) const {
  if (signing_.raw) return signature;
  return make_cms(cms_order(), [&](ByteView /*digest*/) { return signature; });
}

Bytes Signature::spoiled(SignatureFault fault, const Made& made) const {
  return message_around(
      spoiled_signature(fault, token_, signing_.order, signer_.key, made.digest, made.signature));
}

std::size_t Signature::size() const {
  return message_around(Bytes(static_cast<std::size_t>(signer_.key.bits) / 8)).size();
}

std::optional<Bytes> digest_by(const DssRequest& asked, crypto::Hash hash) {
  const bool hashed = (asked.flags & flags::kHashOnly) != 0;
  if (asked.document && !hashed) return digest_of_data(hash, asked.document->data);
  if (asked.document) return asked.document->data;
  if (asked.hash) return asked.hash->value;
  return std::nullopt;
}

DssResult estimated_size(std::size_t size) {
  DssResult result;
  XmlWriter xml;
  xml.open("EstimatedSignatureSize", kDssTypes).text(std::to_string(size));
  result.outputs = xml.finish();
  return result;
}

AnswerPlace other_place(AnswerPlace usual, std::string_view type) {
  if (usual == AnswerPlace::usual) {
    usual = type == kTypePkcs1 ? AnswerPlace::signature_object : AnswerPlace::document;
  }
  return usual == AnswerPlace::document ? AnswerPlace::signature_object : AnswerPlace::document;
}

}  // namespace signet::emulator::sapiws
