#include "validation/reading/pdf_evidence.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

#include "common/printable.h"
#include "common/processor_time.h"
#include "pdf/cross_reference.h"

namespace signet::validation {

namespace {

constexpr std::size_t kMostRevisions = 64;
constexpr std::size_t kMostStreams = 8192;
constexpr std::size_t kMostEntries = 100'000;
constexpr std::size_t kMostVri = 4096;
constexpr std::uint64_t kMostBytes = std::uint64_t{128} * 1024 * 1024;
constexpr std::size_t kLargest = std::size_t{64} * 1024 * 1024;  // a CRL
constexpr std::chrono::seconds kLongest{5};

constexpr Sentence kTooMuch{
    "the document's DSS dictionaries hold more than is read; the rest was left out",
    "slovníky DSS dokumentu obsahují více, než se čte; zbytek byl vynechán"};
constexpr Sentence kDssUnreadable{"the DSS dictionary of revision {0} cannot be read: {1}",
                                  "slovník DSS revize {0} nelze přečíst: {1}"};
constexpr Sentence kStream{"a stream of the DSS dictionary of revision {0} cannot be read",
                           "proud ve slovníku DSS revize {0} nelze přečíst"};

std::int64_t counted(std::size_t revision) {
  return static_cast<std::int64_t>(revision) + 1;
}

}  // namespace

PdfEvidence::PdfEvidence(pdf::Document& document, std::string_view password, Collector& collector,
                         const std::set<std::size_t>& revisions)
    : document_(document), password_(password), collector_(collector), chosen_(revisions) {
  const std::size_t all = document_.cross_reference().revisions().size();
  chosen_.insert(all - 1);
  if (all <= kMostRevisions)
    for (std::size_t at = 0; at < all; ++at) chosen_.insert(at);
  // The newest are what the newest time-stamps prove.
  while (chosen_.size() > kMostRevisions) {
    chosen_.erase(chosen_.begin());
    if (!std::exchange(told_, true)) collector_.remark(say(kTooMuch));
  }
}

bool PdfEvidence::may_go_on() {
  if (seen_.size() < kMostStreams && entries_ < kMostEntries && bytes_ < kMostBytes &&
      used_ + processor_time() - began_ < kLongest)
    return true;
  if (!std::exchange(told_, true)) collector_.remark(say(kTooMuch));
  return false;
}

void PdfEvidence::read(std::size_t revision, pdf::Document& opened) {
  began_ = processor_time();
  open_before(revision);
  if (chosen_.contains(revision)) read_revision(revision, opened);
  next_ = revision + 1;
  used_ += processor_time() - began_;
}

void PdfEvidence::read_rest() {
  read(document_.cross_reference().revisions().size() - 1, document_);
}

void PdfEvidence::open_before(std::size_t revision) {
  for (auto at = chosen_.lower_bound(next_); at != chosen_.end() && *at < revision; ++at) {
    // An attacker's document may have as many entries in each revision as the file has bytes.
    if (!may_go_on()) return;
    const auto earlier = document_.open_revision(*at, password_);
    if (earlier)
      read_revision(*at, *earlier.value());
    else
      collector_.remark(say(kDssUnreadable, counted(*at), printable(earlier.error().sentence)));
  }
}

void PdfEvidence::read_revision(std::size_t revision, pdf::Document& document) {
  revision_ = revision;
  const auto done = document.examined([&]() -> pdf::PdfResult<void> {
    QPDFObjectHandle catalog = document.catalog();
    QPDFObjectHandle dss = catalog.getKey("/DSS");
    if (dss.isDictionary()) read_dictionary(document, dss);
    return success();
  });
  if (!done)
    collector_.remark(say(kDssUnreadable, counted(revision_), printable(done.error().sentence)));
}

void PdfEvidence::read_dictionary(pdf::Document& document, QPDFObjectHandle dss) {
  read_streams(document, dss.getKey("/Certs"), &Collector::certificate, Origin::dss);
  read_streams(document, dss.getKey("/CRLs"), &Collector::crl, Origin::dss);
  read_streams(document, dss.getKey("/OCSPs"), &Collector::ocsp, Origin::dss);
  QPDFObjectHandle vri = dss.getKey("/VRI");
  if (!vri.isDictionary()) return;
  std::size_t count = 0;
  for (const auto& [key, value] : vri.ditems()) {
    if (++count > kMostVri || !may_go_on()) {
      if (!std::exchange(told_, true)) collector_.remark(say(kTooMuch));
      return;
    }
    QPDFObjectHandle one = value;
    if (!one.isDictionary()) continue;
    read_streams(document, one.getKey("/Cert"), &Collector::certificate, Origin::vri);
    read_streams(document, one.getKey("/CRL"), &Collector::crl, Origin::vri);
    read_streams(document, one.getKey("/OCSP"), &Collector::ocsp, Origin::vri);
  }
}

void PdfEvidence::read_streams(pdf::Document& document, QPDFObjectHandle list, Take take,
                               Origin origin) {
  if (!list.isArray()) return;
  const int count = list.getArrayNItems();
  for (int at = 0; at < count; ++at) {
    ++entries_;
    if (!may_go_on()) return;
    read_stream(document, list.getArrayItem(at), take, origin);
  }
}

void PdfEvidence::read_stream(pdf::Document& document, QPDFObjectHandle stream, Take take,
                              Origin origin) {
  const auto number = static_cast<std::uint32_t>(std::max(0, stream.getObjectID()));
  const pdf::Entry* const entry = document.cross_reference().find(number);
  if (entry == nullptr || entry->kind != pdf::Entry::Kind::plain) return;
  if (!seen_.emplace(number, entry->where).second) return;
  const auto bytes = document.decoded(stream, kLargest);
  if (!bytes || !bytes.value()) {
    collector_.remark(say(kStream, counted(revision_)));
    return;
  }
  bytes_ += bytes.value()->size();
  Objects objects;
  (collector_.*take)(*bytes.value(), origin, objects);
  for (const ObjectId& one : objects) first_in_.emplace(one, revision_);
}

void PdfEvidence::add_up_to(std::size_t revision, Objects& objects) const {
  for (const auto& [object, first] : first_in_)
    if (first <= revision) objects.insert(object);
}

}  // namespace signet::validation
