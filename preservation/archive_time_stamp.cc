#include "preservation/archive_time_stamp.h"

#include "crypto/cms/reader.h"
#include "crypto/cms/signer_info.h"
#include "crypto/cms/signer_parts.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "preservation/draft.h"

namespace signet::preservation {

namespace {

constexpr const char* kHashIndex = "0.4.0.19122.1.5";

Bytes attribute(const char* type, ByteView value) {
  return der::encode_sequence({cms::encode_oid(type), der::encode(der::kSet, value)});
}

class Index {
 public:
  explicit Index(const Stamper& stamper) : stamper_(stamper) {}

  void begin() { list_.clear(); }
  bool add(ByteView element) {
    const auto digest = crypto::digest_of(stamper_.context(), stamper_.hash(), element);
    if (digest) der::append(list_, der::encode(der::kOctetString, digest.value()));
    return digest.has_value();
  }
  void end() { lists_.push_back(der::encode(der::kSequence, list_)); }

  Bytes encoded() const {
    std::vector<Bytes> all = {cms::encode_hash(stamper_.hash())};
    all.insert(all.end(), lists_.begin(), lists_.end());
    return der::encode_sequence(all);
  }

 private:
  const Stamper& stamper_;
  Bytes list_;
  std::vector<Bytes> lists_;
};

}  // namespace

ExtensionResult<ArchiveImprint> archive_imprint(const cms::SignedData& message, ByteView signer,
                                                ByteView content, const Stamper& stamper) {
  const auto parts = cms::read_signer(signer);
  if (!parts)
    return ExtensionError{ExtensionFault::broken, "a signer of the message cannot be read"};
  Index index(stamper);
  bool good = true;
  for (const auto* const elements : {&message.certificates, &message.revocations}) {
    index.begin();
    for (const Bytes& element : *elements) good = good && index.add(element);
    index.end();
  }
  index.begin();
  for (const cms::AttributeView& each : cms::attributes_in(parts->unsigned_attributes))
    for (const ByteView value : each.values)
      good = good && index.add(der::concat(each.type, value));
  index.end();
  ArchiveImprint imprint{index.encoded(), {}};
  Bytes stamped = message.content_type;
  for (const ByteView part : {content, parts->before_unsigned, ByteView(imprint.index)})
    der::append(stamped, part);
  auto digest = crypto::digest_of(stamper.context(), stamper.hash(), stamped);
  if (!good || !digest) return no_digest();
  imprint.digest = std::move(digest).value();
  return imprint;
}

Bytes archive_attribute(ByteView token, const ArchiveImprint& imprint) {
  const cms::Source source = cms::Source::of(token);
  auto message = cms::read_signed_data(source);
  if (!message || !message.value().has_content || message.value().parts.signers.size() != 1)
    return {};
  Bytes content;
  const bool whole = message.value().each_piece(source, [&](ByteView piece) {
    der::append(content, piece);
    return true;
  });
  Bytes& signer = message.value().parts.signers.front();
  signer = cms::with_unsigned_attribute(signer, attribute(kHashIndex, imprint.index));
  if (!whole || signer.empty()) return {};
  const cms::Frame frame = message.value().parts.around(content.size());
  Bytes indexed = frame.before;
  der::append(indexed, content);
  der::append(indexed, frame.after);
  return attribute(kArchiveTimeStamp, indexed);
}

}  // namespace signet::preservation
