#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "common/printable.h"
#include "crypto/cms/reader.h"
#include "pdf/document.h"
#include "pdf/form.h"
#include "validation/pdf_changes.h"
#include "validation/reading.h"
#include "validation/reading/attribute_confusion.h"
#include "validation/reading/baseline.h"
#include "validation/reading/collector.h"
#include "validation/reading/pdf_evidence.h"
#include "validation/reading/pdf_fault.h"
#include "validation/reading/pdf_range.h"
#include "validation/reading/pdf_signature.h"
#include "validation/reading/pieces.h"
#include "validation/reading/signed_message.h"
#include "validation/reading/token_reading.h"
#include "validation/reading/watched_source.h"

namespace signet::validation {

namespace {

using crypto::Hash;

constexpr std::uint64_t kMostContentsTogether = std::uint64_t{64} * 1024 * 1024;  // of all; bytes
constexpr std::size_t kMostCovered = 1'000'000;  // of all time-stamps

constexpr Sentence kTooMany{"only the first {0} signatures of the document are read",
                            "z dokumentu se čte jen prvních {0} podpisů"};
constexpr Sentence kTooLargeTogether{
    "the signatures of the document are larger than 64 MiB together; this one was not read",
    "podpisy v dokumentu jsou dohromady větší než 64 MiB; tento nebyl přečten"};
constexpr Sentence kSignatureUnreadable{"the signature cannot be read: {0}",
                                        "podpis nelze přečíst: {0}"};
constexpr Sentence kSubFilter{"signatures of the kind \"{0}\" cannot be read",
                              "podpisy druhu „{0}“ nelze přečíst"};
constexpr Sentence kSigners{"the message has {0} signers, not one",
                            "zpráva má podepisujících {0}, ne jednoho"};
constexpr Sentence kContent{"the message of a PDF signature must not have a content of its own",
                            "zpráva podpisu v PDF nesmí mít vlastní obsah"};
constexpr Sentence kOthers{
    "the file holds signature dictionaries that belong to no field of the form: {0}",
    "soubor obsahuje slovníky podpisů, které nepatří k žádnému poli formuláře: {0}"};
constexpr Sentence kTooMuchWork{
    "the byte ranges of the signatures overlap in more ways than are computed",
    "rozsahy podpisů se překrývají více způsoby, než se počítá"};
constexpr Sentence kTooMuchCovered{
    "the document has more time-stamps than can be used; the oldest ones prove nothing here",
    "dokument má více časových razítek, než lze použít; nejstarší zde nic nedokazují"};
constexpr Sentence kCutOff{
    "behind the end of the document, at byte {0}, objects were added without a complete update",
    "za koncem dokumentu, na pozici {0}, byly přidány objekty bez úplné aktualizace"};
constexpr Sentence kNothingPermitsIt{"nothing permits that after a signature",
                                     "to po podpisu nic nedovoluje"};
constexpr Sentence kBehind{"behind the end of the document are further bytes: {0}",
                           "za koncem dokumentu jsou další bajty: {0}"};

Format format_of(const PdfSignature& signature) {
  if (signature.sub_filter == "ETSI.CAdES.detached") return Format::pades;
  return signature.sub_filter == "adbe.pkcs7.sha1" ? Format::pdf_sha1 : Format::pdf_pkcs7;
}

bool is_known(std::string_view sub_filter) {
  return sub_filter == "ETSI.CAdES.detached" || sub_filter == "adbe.pkcs7.detached" ||
         sub_filter == "adbe.pkcs7.sha1";
}

bool can_be_compared(const PdfSignature& signature) {
  return !signature.coverage.fault || signature.ends_a_revision;
}

class PdfReader {
 public:
  PdfReader(const pdf::Source& source, std::string_view password, const Progress& progress)
      : source_(source), password_(password), progress_(progress) {}

  Result<DocumentParts, ReadingError> read() {
    BOOST_OUTCOME_TRY(open());
    auto form = pdf::Form::read(*document_);
    if (!form) return without_form(form.error());
    if (cut_off_ && form.value().signed_fields().empty()) return *cut_off_;
    parts_.format = Format::pades;
    if (const auto pages = document_->page_count()) parts_.pages = pages.value();
    find_signatures(form.value());
    BOOST_OUTCOME_TRY(digest_them());
    for (std::size_t at = 0; at < found_.size(); ++at) read_one(at);
    note_changes_and_evidence();
    if (cut_off_) note_what_is_cut_off();
    set_covered();
    note_rest();
    return std::move(parts_);
  }

 private:
  // Behind an update that has no end, whatever is signed in front of it has a verdict: readers that repair documents show what
  // that update holds (EN 319 102-1, 5.2.2; incremental saving attacks).
  Result<void, ReadingError> open() {
    auto opened = pdf::Document::open(source_, password_);
    if (!opened && opened.error().kind == pdf::ErrorKind::broken) {
      const auto end = end_of_last_update(source_);
      if (end < source_.size) {
        auto complete = pdf::Document::open(source_.first(end), password_);
        if (complete) {
          cut_off_ = fault_of_pdf(opened.error());
          opened = std::move(complete);
        }
      }
    }
    if (!opened) return fault_of_pdf(opened.error());
    document_ = std::move(opened.value());
    return success();
  }

  // A signature that makes the form unreadable has no name, but a verdict (signature wrapping attacks).
  Result<DocumentParts, ReadingError> without_form(const pdf::Error& error) {
    const std::size_t found =
        error.kind == pdf::ErrorKind::broken ? count_other_signatures(*document_, {}) : 0;
    if (found == 0) return fault_of_pdf(error);
    parts_.format = Format::pades;
    SignaturePart part;
    part.format = Format::pades;
    part.signer.fault = say(kSignatureUnreadable, printable(error.sentence));
    part.pdf.emplace();
    part.pdf->fault = say(kOthers, static_cast<std::int64_t>(found));
    part.pdf->revisions = document_->cross_reference().revisions().size();
    parts_.signatures.push_back(std::move(part));
    return std::move(parts_);
  }

  void find_signatures(const pdf::Form& form) {
    std::uint64_t bytes = 0;
    for (const pdf::Field* field : form.signed_fields()) {
      if (found_.size() == kMostSignatures) {
        collector_.remark(say(kTooMany, static_cast<std::int64_t>(kMostSignatures)));
        // One stands for the rest: of what was not read nobody can say that it is good.
        PdfSignature rest;
        rest.name = rest.field = printable(field->name);
        rest.coverage.fault = say(kTooMany, static_cast<std::int64_t>(kMostSignatures));
        found_.push_back(std::move(rest));
        break;
      }
      auto read = document_->examined(
          [&]() -> pdf::PdfResult<PdfSignature> { return read_pdf_signature(*document_, *field); });
      if (!read) {
        PdfSignature broken;
        broken.name = printable(field->name);
        broken.field = field->name;
        broken.coverage.fault = say(kSignatureUnreadable, printable(read.error().sentence));
        found_.push_back(std::move(broken));
        continue;
      }
      PdfSignature& one = read.value();
      bytes += one.contents.size();
      if (bytes > kMostContentsTogether) {
        one.contents = {};
        one.coverage.fault = say(kTooLargeTogether);
      }
      found_.push_back(std::move(one));
    }
    check_ranges_of_all(found_);
    std::ranges::stable_sort(
        found_, {}, [](const PdfSignature& one) { return one.has_range ? one.end : UINT64_MAX; });
  }

  std::set<Hash> hashes_of(const PdfSignature& one) const {
    if (one.is_time_stamp) {
      const Hash hash = imprint_hash_of(one.contents);
      return hash == Hash::none ? std::set<Hash>() : std::set{hash};
    }
    if (format_of(one) == Format::pdf_sha1) return {Hash::sha1};
    const auto message = cms::read_signed_data(cms::Source::of(one.contents));
    return message ? wanted_hashes(message.value().parts) : std::set<Hash>();
  }

  Result<void, ReadingError> digest_them() {
    std::vector<DigestJob> jobs;
    std::vector<std::size_t> whose;
    for (std::size_t at = 0; at < found_.size(); ++at) {
      const PdfSignature& one = found_[at];
      if (!one.has_range || one.contents.empty()) continue;
      for (const Hash hash : hashes_of(one)) {
        jobs.push_back({hash, one.gap_begin, one.gap_end, one.end});
        whose.push_back(at);
      }
    }
    digests_.resize(found_.size());
    PassResult pass = digest_all(jobs, source_.read, progress_);
    if (pass.fault == PassFault::cancelled)
      return ReadingError{ReadFault::cancelled, "the validation was cancelled"};
    if (pass.fault) return unreadable_pdf();
    bool all = true;
    for (std::size_t job = 0; job < jobs.size(); ++job) {
      if (pass.digests[job])
        digests_[whose[job]][jobs[job].hash] = *std::move(pass.digests[job]);
      else
        all = false;
    }
    if (!all) collector_.remark(say(kTooMuchWork));
    return success();
  }

  void read_one(std::size_t at) {
    const PdfSignature& one = found_[at];
    objects_.emplace_back();
    if (!one.is_time_stamp) return read_signature(at);
    TokenReading token = read_token(one.contents, TimeStampKind::document, collector_);
    const auto digest = digests_[at].find(token.part.imprint_hash);
    token.part.imprint_matches =
        imprint_is(token.part, digest == digests_[at].end() ? ByteView() : digest->second);
    token.part.name = one.name;
    token.part.has_sub_filter = one.sub_filter == "ETSI.RFC3161";
    token.part.pdf = one.coverage;
    cover(token, objects_.back());
    parts_.document_time_stamps.push_back(std::move(token.part));
    time_stamps_.push_back(at);
  }

  void read_signature(std::size_t at) {
    const PdfSignature& one = found_[at];
    SignaturePart part = read_message(at);
    part.name = one.name;
    part.format = format_of(one);
    part.pdf = one.coverage;
    part.reason = one.reason;
    part.location = one.location;
    part.contact = one.contact;
    part.claimed_name = one.claimed_name;
    part.claimed_time = one.claimed_time;
    part.filter = printable(one.filter);
    part.sub_filter = printable(one.sub_filter);
    part.byte_range = one.byte_range;
    check_pades_form(part, one.facts, parts_.evidence);
    parts_.signatures.push_back(std::move(part));
    signatures_.push_back(at);
  }

  SignaturePart read_message(std::size_t at) {
    const PdfSignature& one = found_[at];
    SignaturePart part;
    if (!is_known(one.sub_filter)) {
      part.signer.fault = say(kSubFilter, printable(one.sub_filter));
      return part;
    }
    const cms::Source source = cms::Source::of(one.contents);
    const auto message = cms::read_signed_data(source);
    if (!message) {
      part.signer.fault = say(kSignatureUnreadable, printable(message.error().sentence));
      return part;
    }
    const bool sha1 = format_of(one) == Format::pdf_sha1;
    SignedMessage read = read_signed_message(
        message.value().parts, sha1 ? digests_of_digest(at, message.value()) : digests_[at],
        collector_);
    objects_.back() = std::move(read.objects);
    if (!read.signatures.empty()) part = std::move(read.signatures.front());
    if (read.signatures.size() != 1)
      part.signer.fault = say(kSigners, static_cast<std::int64_t>(read.signatures.size()));
    else if (!sha1 && message.value().content_size > 0)
      part.signer.fault = say(kContent);
    if (!sha1 && begins_as_attributes(one)) refuse_attributes_as_content(part.signer);
    return part;
  }

  // Something may stand in front of %PDF-.
  bool begins_as_attributes(const PdfSignature& one) const {
    if (!one.has_range) return false;
    Bytes begin(static_cast<std::size_t>(std::min<std::uint64_t>(one.gap_begin, kBeginOfContent)));
    return source_.read(0, begin) &&
           are_signed_attributes(begin, one.end - (one.gap_end - one.gap_begin));
  }

  // adbe.pkcs7.sha1: the message's content is the digest of the document. What the signer digested has to be that of this document,
  // whatever the message holds.
  ContentDigests digests_of_digest(std::size_t at, const cms::Message& message) const {
    ContentDigests digests;
    const auto sha1 = digests_[at].find(Hash::sha1);
    if (sha1 == digests_[at].end()) return digests;
    for (const Hash hash : wanted_hashes(message.parts)) {
      PieceDigest digest(hash);
      digest.update(sha1->second);
      digests[hash] = digest.finish();
    }
    return digests;
  }

  // A revision is opened once for both. Its DSS is read when all else is compared: what is broken in it concerns nothing else.
  void note_changes_and_evidence() {
    std::set<std::size_t> revisions;
    for (const PdfSignature& one : found_)
      if (!one.coverage.fault) revisions.insert(one.coverage.revision);
    evidence_.emplace(*document_, password_, collector_, revisions);
    note_changes();
    evidence_->read_rest();
  }

  // Document time-stamps, the newest first: what they prove is what matters most.
  void set_covered() {
    std::size_t all = 0;
    for (std::size_t each = time_stamps_.size(); each-- > 0;) {
      const PdfSignature& stamp = found_[time_stamps_[each]];
      if (stamp.coverage.fault) continue;
      if (all > kMostCovered) return collector_.remark(say(kTooMuchCovered));
      Objects& covered = parts_.document_time_stamps[each].covered;
      for (std::size_t at = 0; at < found_.size(); ++at)
        if (at != time_stamps_[each] && found_[at].has_range && found_[at].gap_end <= stamp.end)
          covered.insert(objects_[at].begin(), objects_[at].end());
      evidence_->add_up_to(stamp.coverage.revision, covered);
      all += covered.size();
    }
  }

  void note_changes() {
    const std::size_t revisions = document_->cross_reference().revisions().size();
    std::optional<std::size_t> first;
    for (const PdfSignature& one : found_)
      if (can_be_compared(one) && one.coverage.revision + 1 < revisions)
        first = std::min(first.value_or(revisions), one.coverage.revision);
    if (!first) return;
    RevisionChanges changes(*document_, password_, *first);
    changes.hand_on(
        [this](std::size_t revision, pdf::Document& opened) { evidence_->read(revision, opened); });
    const auto note = [&](const PdfSignature& one, PdfCoverage& coverage) {
      if (can_be_compared(one) && coverage.revision + 1 < revisions)
        coverage.changes = changes.after(coverage.revision, one.field);
    };
    for (std::size_t at = 0; at < signatures_.size(); ++at)
      note(found_[signatures_[at]], *parts_.signatures[at].pdf);
    for (std::size_t at = 0; at < time_stamps_.size(); ++at)
      note(found_[time_stamps_[at]], *parts_.document_time_stamps[at].pdf);
  }

  void note_what_is_cut_off() {
    PdfChange change;
    change.kind = ChangeKind::hidden;
    change.revision = document_->cross_reference().revisions().size() - 1;
    change.what = say(kCutOff, static_cast<std::int64_t>(document_->source().size));
    change.rule = say(kNothingPermitsIt);
    const auto note = [&](std::optional<PdfCoverage>& coverage) {
      if (!coverage) return;
      coverage->whole_document = false;
      coverage->changes.push_back(change);
    };
    for (SignaturePart& part : parts_.signatures) note(part.pdf);
    for (TimeStampPart& part : parts_.document_time_stamps) note(part.pdf);
  }

  void note_rest() {
    std::set<std::uint32_t> known;
    for (const PdfSignature& one : found_) known.insert(one.object);
    if (const std::size_t others = count_other_signatures(*document_, known); others > 0)
      collector_.remark(say(kOthers, static_cast<std::int64_t>(others)));
    const std::uint64_t end = document_->cross_reference().end();
    if (!is_blank_behind(*document_, end))
      collector_.remark(say(kBehind, static_cast<std::int64_t>(source_.size - end)));
  }

  const pdf::Source& source_;
  const std::string_view password_;
  const Progress& progress_;
  DocumentParts parts_;
  Collector collector_{parts_};
  std::unique_ptr<pdf::Document> document_;
  std::optional<ReadingError>
      cut_off_;  // the document is only what stands before its last update, which has no end
  std::vector<PdfSignature> found_;  // in the order of their ends
  std::vector<ContentDigests> digests_;
  std::vector<Objects> objects_;          // that each of them holds
  std::vector<std::size_t> signatures_;   // of found_, as in parts_.signatures
  std::vector<std::size_t> time_stamps_;  // likewise, document_time_stamps
  std::optional<PdfEvidence> evidence_;
};

}  // namespace

Result<DocumentParts, ReadingError> read_pdf(const pdf::Source& source, std::string_view password,
                                             const Progress& progress) {
  bool failed = false;
  const pdf::Source seen = watched(source, failed);
  auto parts = PdfReader(seen, password, progress).read();
  // What cannot be read is no damage of the document, and not absent from it: there is nothing to judge.
  if (failed) return unreadable_pdf();
  return parts;
}

}  // namespace signet::validation
