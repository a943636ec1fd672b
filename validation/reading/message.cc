#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "common/printable.h"
#include "crypto/cms/identifiers.h"
#include "crypto/cms/reader.h"
#include "validation/reading.h"
#include "validation/reading/attribute_confusion.h"
#include "validation/reading/baseline.h"
#include "validation/reading/collector.h"
#include "validation/reading/kind.h"
#include "validation/reading/pieces.h"
#include "validation/reading/signed_message.h"
#include "validation/reading/token_reading.h"
#include "validation/reading/watched_source.h"

namespace signet::validation {

namespace {

using crypto::Hash;

constexpr Sentence kOwnContent{
    "the message holds a content of its own; what was judged is the document that was given with "
    "it",
    "zpráva má vlastní obsah; posouzen byl dokument, který byl předán spolu s ní"};

ReadingError unreadable() {
  return {ReadFault::unreadable, "the file cannot be read"};
}
ReadingError cancelled() {
  return {ReadFault::cancelled, "the validation was cancelled"};
}

// Whether it begins as a ContentInfo of signed data does.
bool looks_signed(const cms::Source& source) {
  Bytes begin(static_cast<std::size_t>(std::min<std::uint64_t>(source.size, 32)));
  return source.read(0, begin) &&
         signet::text_of(begin).find(signet::text_of(ByteView(cms::kOidSignedData))) !=
             std::string_view::npos;
}

class MessageReader {
 public:
  MessageReader(const cms::Source& source, const cms::Source* document, const Progress& progress)
      : source_(source), document_(document), progress_(progress) {}

  Result<DocumentParts, ReadingError> read() {
    auto message = cms::read_signed_data(source_);
    if (!message) {
      if (!looks_signed(source_))
        return ReadingError{ReadFault::not_sealed,
                            "the file is no signature: neither a PDF nor a signed CMS message"};
      return ReadingError{ReadFault::broken,
                          fmt::format("the message is broken: {} (at byte {})",
                                      printable(message.error().sentence), message.error().offset)};
    }
    message_ = std::move(message.value());
    if (equal(message_.parts.content_type, cms::kOidTimeStampInfo)) return read_alone();
    return read_signatures();
  }

 private:
  Result<DocumentParts, ReadingError> read_alone() {
    parts_.format = Format::time_stamp;
    if (source_.size > cms::kMostBytes)
      return ReadingError{ReadFault::broken, "the time-stamp is too large"};
    Bytes der(static_cast<std::size_t>(source_.size));
    if (!source_.read(0, der)) return unreadable();
    TokenReading token = read_token(der, TimeStampKind::alone, collector_);
    if (document_ && token.part.imprint_hash != Hash::none) {
      BOOST_OUTCOME_TRY(const auto digests, digests_of({token.part.imprint_hash}));
      token.part.imprint_matches = imprint_is(token.part, digests.at(token.part.imprint_hash));
    }
    parts_.document_time_stamps.push_back(std::move(token.part));
    return std::move(parts_);
  }

  Result<DocumentParts, ReadingError> read_signatures() {
    BOOST_OUTCOME_TRY(const auto digests, digests_of(wanted_hashes(message_.parts)));
    if (document_ && message_.has_content) collector_.remark(say(kOwnContent));
    SignedMessage read = read_signed_message(message_.parts, digests, collector_);
    parts_.signatures = std::move(read.signatures);
    parts_.format = Format::cms;
    const bool confused = holds_attributes();
    std::size_t number = 0;
    for (SignaturePart& one : parts_.signatures) {
      one.name = fmt::format("signature {}", ++number);
      one.signer.content_missing = !document_ && !message_.has_content;
      if (confused) refuse_attributes_as_content(one.signer);
      one.format = one.signer.has_certificate_reference ? Format::cades : Format::cms;
      if (one.format == Format::cades) parts_.format = Format::cades;
      check_cades_form(one, parts_.evidence);
    }
    return std::move(parts_);
  }

  // Whether what is judged as the document is the SET OF another signature's attributes.
  bool holds_attributes() const {
    const std::uint64_t size = document_ ? document_->size : message_.content_size;
    Bytes begin;
    if (document_) {
      begin.resize(static_cast<std::size_t>(std::min<std::uint64_t>(size, kBeginOfContent)));
      return document_->read(0, begin) && are_signed_attributes(begin, size);
    }
    if (!message_.has_content) return false;
    message_.each_piece(source_, [&begin](ByteView piece) {
      const std::size_t more = std::min(piece.size(), kBeginOfContent - begin.size());
      begin.insert(begin.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(more));
      return begin.size() < kBeginOfContent;
    });
    return are_signed_attributes(begin, size);
  }

  // Of the document that was given, or else of the message's content; none where there is neither.
  Result<ContentDigests, ReadingError> digests_of(const std::set<Hash>& hashes) const {
    if (document_) return digests_of_document(hashes);
    if (!message_.has_content) return ContentDigests();
    std::map<Hash, PieceDigest> running;
    for (const Hash hash : hashes) running.emplace(hash, PieceDigest(hash));
    std::uint64_t done = 0;
    bool wanted = true;
    const bool whole = message_.each_piece(source_, [&](ByteView piece) {
      for (auto& [hash, digest] : running) digest.update(piece);
      done += piece.size();
      wanted = !progress_ || progress_(done, message_.content_size);
      return wanted;
    });
    if (!wanted) return cancelled();
    if (!whole) return unreadable();
    ContentDigests digests;
    for (auto& [hash, digest] : running) digests[hash] = digest.finish();
    return digests;
  }

  Result<ContentDigests, ReadingError> digests_of_document(const std::set<Hash>& hashes) const {
    std::vector<DigestJob> jobs;
    for (const Hash hash : hashes) jobs.push_back({hash, 0, 0, document_->size});
    PassResult pass = digest_all(jobs, document_->read, progress_);
    if (pass.fault == PassFault::cancelled) return cancelled();
    if (pass.fault) return unreadable();
    ContentDigests digests;
    for (std::size_t at = 0; at < jobs.size(); ++at)
      if (pass.digests[at]) digests[jobs[at].hash] = *std::move(pass.digests[at]);
    return digests;
  }

  const cms::Source& source_;
  const cms::Source* const document_;
  const Progress& progress_;
  cms::Message message_;
  DocumentParts parts_;
  Collector collector_{parts_};
};

Result<DocumentParts, ReadingError> read_in_its_wrapping(const cms::Source& message,
                                                         const cms::Source* document,
                                                         const Progress& progress) {
  if (is_pem(message)) {
    const auto der = from_pem(message);
    if (!der) return ReadingError{ReadFault::broken, "the PEM text cannot be read"};
    const cms::Source inside = cms::Source::of(*der);
    return MessageReader(inside, document, progress).read();
  }
  if (const auto token = token_of_answer(message)) {
    const cms::Source inside = cms::Source::of(*token);
    return MessageReader(inside, document, progress).read();
  }
  return MessageReader(message, document, progress).read();
}

}  // namespace

Result<DocumentParts, ReadingError> read_message(const cms::Source& message,
                                                 const cms::Source* document,
                                                 const Progress& progress) {
  bool failed = false;
  auto parts = read_in_its_wrapping(watched(message, failed), document, progress);
  if (failed) return unreadable();
  return parts;
}

}  // namespace signet::validation
