#include "validation/reading/signed_message.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "crypto/cms/identifiers.h"
#include "crypto/cms/signer_parts.h"
#include "validation/reading/archive_time_stamp.h"
#include "validation/reading/baseline.h"
#include "validation/reading/signer_reading.h"
#include "validation/reading/token_reading.h"

namespace signet::validation {

namespace {

constexpr Sentence kTooManySigners{"only the first {0} signatures of the message are read",
                                   "ze zprávy se čte jen prvních {0} podpisů"};
constexpr Sentence kTooManyTokens{"only the first {0} time-stamps of a signature are read",
                                  "u podpisu se čte jen prvních {0} časových razítek"};
constexpr Sentence kTooManyCounterSignatures{
    "there are more counter-signatures, or deeper ones, than are read",
    "kontrasignatur je více nebo jsou vnořeny hlouběji, než kolik se jich čte"};

// One over another.
constexpr std::size_t kDeepestCounterSignature = 4;

void add_wanted_hashes(const cms::SignerParts& signer, std::set<crypto::Hash>& hashes,
                       std::size_t& tokens) {
  hashes.insert(hash_for(signer));
  auto values = signer.signed_values(attribute::kContentTimeStamp);
  std::ranges::copy(signer.unsigned_values(attribute::kArchiveTimeStamp3),
                    std::back_inserter(values));
  for (const ByteView value : values)
    if (tokens++ < kMostTimeStamps) hashes.insert(imprint_hash_of(value));
}

// Of a content that is there as a whole, as this signer wants it.
ContentDigests digests_for(ByteView signer_info, ByteView content) {
  ContentDigests digests;
  const auto signer = cms::read_signer(signer_info);
  if (!signer) return digests;
  std::set<crypto::Hash> hashes;
  std::size_t tokens = 0;
  add_wanted_hashes(*signer, hashes, tokens);
  hashes.erase(crypto::Hash::none);
  for (const crypto::Hash hash : hashes) digests[hash] = digest_of(hash, content);
  return digests;
}

// Reads all that one signer's attributes hold.
class SignerReader {
 public:
  // `content_type`: of what is signed; empty where that is another signature, `depth` of them above the message's own.
  SignerReader(const cms::SignedData& message, ByteView content_type, const ContentDigests& digests,
               const ObjectsOfParts& elements, Collector& collector, std::size_t depth = 0)
      : message_(message),
        content_type_(copy_of(content_type)),
        digests_(digests),
        parts_(elements),
        collector_(collector),
        depth_(depth) {}

  SignaturePart read(ByteView signer_info) {
    signature_.signer = read_signer_part(signer_info, content_type_);
    const auto signer = cms::read_signer(signer_info);
    if (!signer) return std::move(signature_);
    signature_.id = ObjectId::of(signature_.signer.signature);
    if (const auto digest = digests_.find(signature_.signer.hash); digest != digests_.end())
      signature_.signer.content_digest = digest->second;
    read_signed(*signer);
    objects_.insert(signature_.id);
    read_signature_time_stamps(*signer);
    read_values(*signer);
    read_counter_signatures(*signer);
    read_archive_time_stamps(*signer);
    return std::move(signature_);
  }

  // All that the signer holds.
  const Objects& objects() const { return objects_; }

 private:
  // What is signed was there before the signature.
  void read_signed(const cms::SignerParts& signer) {
    for (const ByteView value : signer.signed_values(attribute::kAdobeRevocation))
      collector_.revocation_values(value, Origin::message, objects_);
    for (const ByteView value : signer.signed_values(attribute::kContentTimeStamp)) {
      if (!may_read_another()) return;
      TokenReading token = read_token(value, TimeStampKind::content, collector_);
      const auto digest = digests_.find(token.part.imprint_hash);
      token.part.imprint_matches =
          imprint_is(token.part, digest == digests_.end() ? ByteView() : digest->second);
      cover(token, objects_);
      signature_.content_time_stamps.push_back(std::move(token.part));
    }
  }

  void read_signature_time_stamps(const cms::SignerParts& signer) {
    const Objects before = objects_;
    for (const ByteView value : signer.unsigned_values(cms::kSignatureTimeStamp)) {
      if (!may_read_another()) return;
      TokenReading token = read_token(value, TimeStampKind::signature, collector_);
      token.part.imprint_matches = imprint_is_of(token.part, signer.signature);
      token.part.covered = before;
      add(value, token);
      signature_.signature_time_stamps.push_back(std::move(token.part));
    }
  }

  void read_values(const cms::SignerParts& signer) {
    for (const ByteView value : signer.unsigned_values(attribute::kCertificateValues)) {
      Objects held;
      collector_.certificate_values(value, Origin::message, held);
      add(value, std::move(held));
    }
    for (const ByteView value : signer.unsigned_values(attribute::kRevocationValues)) {
      Objects held;
      collector_.revocation_values(value, Origin::message, held);
      add(value, std::move(held));
    }
  }

  void read_counter_signatures(const cms::SignerParts& signer) {
    for (const ByteView value : signer.unsigned_values(attribute::kCounterSignature)) {
      if (depth_ == kDeepestCounterSignature || !collector_.take_counter_signature()) {
        collector_.remark(say(kTooManyCounterSignatures));
        return;
      }
      const ContentDigests digests = digests_for(value, signer.signature);
      SignerReader reader(message_, {}, digests, parts_, collector_, depth_ + 1);
      SignaturePart part = reader.read(value);
      part.format = part.signer.has_certificate_reference ? Format::cades : Format::cms;
      check_cades_form(part, collector_.evidence());
      signature_.counter_signatures.push_back(std::move(part));
      add(value, reader.objects());
    }
  }

  // All are read before it is looked at what each covers: that may be another one.
  void read_archive_time_stamps(const cms::SignerParts& signer) {
    std::vector<TokenReading> archive;
    for (const char* const type :
         {attribute::kEscTimeStamp, attribute::kReferencesTimeStamp, attribute::kArchiveTimeStamp1,
          attribute::kArchiveTimeStamp2, attribute::kArchiveTimeStamp3}) {
      const auto kind = type == attribute::kArchiveTimeStamp3 ? TimeStampKind::archive
                                                              : TimeStampKind::references;
      for (const ByteView value : signer.unsigned_values(type)) {
        if (!may_read_another()) return;
        archive.push_back(read_token(value, kind, collector_));
        add(value, archive.back());
      }
    }
    std::ranges::stable_sort(archive, {}, [](const TokenReading& one) { return one.part.time; });
    for (TokenReading& token : archive) {
      if (token.part.kind == TimeStampKind::archive)
        read_archive_cover(message_, signer, digests_, parts_, token);
      signature_.archive_time_stamps.push_back(std::move(token.part));
    }
  }

  bool may_read_another() {
    if (tokens_++ < kMostTimeStamps) return true;
    collector_.remark(say(kTooManyTokens, static_cast<std::int64_t>(kMostTimeStamps)));
    return false;
  }

  void add(ByteView value, const TokenReading& token) {
    Objects held;
    cover(token, held);
    add(value, std::move(held));
  }

  void add(ByteView value, Objects held) {
    objects_.insert(held.begin(), held.end());
    parts_[ObjectId::of(value)] = std::move(held);
  }

  const cms::SignedData& message_;
  const Bytes content_type_;
  const ContentDigests& digests_;
  ObjectsOfParts parts_;
  Collector& collector_;
  SignaturePart signature_;
  Objects objects_;
  const std::size_t depth_;
  std::size_t tokens_ = 0;
};

}  // namespace

std::set<crypto::Hash> wanted_hashes(const cms::SignedData& message) {
  std::set<crypto::Hash> hashes;
  std::size_t tokens = 0;
  for (const Bytes& one : message.signers) {
    const auto signer = cms::read_signer(one);
    if (signer) add_wanted_hashes(*signer, hashes, tokens);
  }
  hashes.erase(crypto::Hash::none);
  return hashes;
}

SignedMessage read_signed_message(const cms::SignedData& message, const ContentDigests& digests,
                                  Collector& collector) {
  SignedMessage read;
  ObjectsOfParts elements;
  for (const Bytes& one : message.certificates) {
    Objects& held = elements[ObjectId::of(one)];
    collector.certificate_choice(one, Origin::message, held);
    read.objects.insert(held.begin(), held.end());
  }
  for (const Bytes& one : message.revocations) {
    Objects& held = elements[ObjectId::of(one)];
    collector.revocation_choice(one, Origin::message, held);
    read.objects.insert(held.begin(), held.end());
  }
  for (const Bytes& one : message.signers) {
    if (read.signatures.size() == kMostSignatures) {
      // One stands for the rest: of what was not read nobody can say that it is good.
      SignaturePart rest;
      rest.signer.fault = say(kTooManySigners, static_cast<std::int64_t>(kMostSignatures));
      read.signatures.push_back(std::move(rest));
      break;
    }
    SignerReader reader(message, message.content_type, digests, elements, collector);
    read.signatures.push_back(reader.read(one));
    read.objects.insert(reader.objects().begin(), reader.objects().end());
  }
  return read;
}

}  // namespace signet::validation
