#include "pdf/update.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/context.h"
#include "pdf/guarded.h"
#include "pdf/serialise.h"
#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

// What a trailer says of its own section alone.
constexpr std::string_view kOfSection[] = {
    "/Size",   "/Prev",        "/XRefStm", "/Type", "/W",       "/Index",       "/Length",
    "/Filter", "/DecodeParms", "/DL",      "/F",    "/FFilter", "/FDecodeParms"};
// Room for three numbers of 20 digits.
constexpr std::string_view kByteRange =
    " /ByteRange [0                                                              ]";
constexpr std::string_view kContents = " /Contents <";

struct Place {
  QPDFObjGen object;
  std::uint64_t offset = 0;  // from the file's start
};

// Runs of neighbouring numbers: [first, behind the last) indices.
std::vector<std::pair<std::size_t, std::size_t>> runs_of(const std::vector<Place>& places) {
  std::vector<std::pair<std::size_t, std::size_t>> runs;
  for (std::size_t at = 0; at < places.size(); ++at) {
    if (!runs.empty() && places[at].object.getObj() == places[at - 1].object.getObj() + 1) {
      runs.back().second = at + 1;
    } else {
      runs.emplace_back(at, at + 1);
    }
  }
  return runs;
}

std::string table_of(const std::vector<Place>& places, std::uint64_t base) {
  std::string out = "xref\n";
  for (const auto& [first, last] : runs_of(places)) {
    out += fmt::format("{} {}\n", places[first].object.getObj(), last - first);
    for (std::size_t at = first; at < last; ++at)
      out += fmt::format("{:010} {:05} n \n", places[at].offset - base, places[at].object.getGen());
  }
  return out;
}

// Uncompressed: a few rows.
std::string stream_of(const std::vector<Place>& places, std::uint64_t base,
                      const std::string& entries) {
  std::string rows;
  const unsigned width = places.back().offset > 0xFFFFFFFFU ? 8 : 4;
  std::string index;
  for (const auto& [first, last] : runs_of(places)) {
    index += fmt::format("{}{} {}", index.empty() ? "" : " ", places[first].object.getObj(),
                         last - first);
    for (std::size_t at = first; at < last; ++at) {
      append_number(rows, 1, 1);
      append_number(rows, places[at].offset - base, width);
      append_number(rows, static_cast<std::uint64_t>(places[at].object.getGen()), 2);
    }
  }
  return fmt::format(
      "<< /Type /XRef /W [1 {} 2] /Index [{}] /Length {}{} >>\nstream\n{}\nendstream", width, index,
      rows.size(), entries, rows);
}

}  // namespace

std::string Gap::contents(ByteView der) const {
  std::string text = "<" + to_hex(der);
  text.resize(static_cast<std::size_t>(end - begin) - 1, '0');
  return text + ">";
}

bool Tail::fill(ByteView der) {
  if (!gap || der.size() > gap->room()) return false;
  std::ranges::copy(gap->contents(der),
                    bytes.begin() + static_cast<std::ptrdiff_t>(gap->begin - offset));
  return true;
}

PdfResult<Update> Update::of(Document& document) {
  Update update(document);
  update.next_object_ = document.cross_reference().next_object();
  return guarded([&]() -> PdfResult<Update> {
    BOOST_OUTCOME_TRY(update.encryption_, Encryption::of(document.qpdf()));
    return std::move(update);
  });
}

QPDFObjectHandle Update::allocate() {
  // One that cannot be is refused at the end.
  const int number = static_cast<int>(std::min(next_object_++, kHighestNumber));
  // For qpdf, a reference to nothing is null, and a key with a null value is not there.
  document_->qpdf().replaceObject(number, 0, QPDFObjectHandle::newDictionary());
  return document_->qpdf().getObject(number, 0);
}

void Update::put(const QPDFObjectHandle& reference, QPDFObjectHandle value) {
  values_[reference.getObjGen()] = std::move(value);
}

void Update::put_stream(const QPDFObjectHandle& reference, QPDFObjectHandle dictionary,
                        Bytes data) {
  values_[reference.getObjGen()] = std::move(dictionary);
  streams_[reference.getObjGen()] = std::move(data);
}

void Update::put_signature(const QPDFObjectHandle& reference, QPDFObjectHandle dictionary,
                           std::size_t room) {
  values_[reference.getObjGen()] = std::move(dictionary);
  signature_ = reference.getObjGen();
  room_ = room;
}

namespace {

// In an object, and in the arrays that it refers to, but for those that were `seen`.
int highest_reference(QPDFObjectHandle value, std::set<QPDFObjGen>& seen, int depth = 0) {
  int highest = depth > 0 ? value.getObjectID() : 0;
  const bool other = depth > 0 && value.isIndirect();
  if (depth >= 8 || (other && (depth > 1 || !value.isArray()))) return highest;
  if (other && !seen.insert(value.getObjGen()).second) return highest;
  if (value.isArray()) {
    for (const QPDFObjectHandle& item : value.getArrayAsVector())
      highest = std::max(highest, highest_reference(item, seen, depth + 1));
  } else if (value.isDictionary()) {
    for (const auto& [key, entry] : value.getDictAsMap())
      highest = std::max(highest, highest_reference(entry, seen, depth + 1));
  }
  return highest;
}

}  // namespace

void Update::keep_off(const QPDFObjectHandle& object) {
  const auto highest = static_cast<std::uint32_t>(highest_reference(object, kept_off_));
  next_object_ = std::max(next_object_, highest + 1);
}

QPDFObjectHandle Update::change(const QPDFObjectHandle& reference) {
  QPDFObjectHandle object = reference;
  const auto [place, is_new] = values_.try_emplace(reference.getObjGen());
  if (is_new) place->second = object.shallowCopy();
  return place->second;
}

PdfResult<void> Update::serialise_all() {
  if (next_object_ > kHighestNumber)
    return Error(ErrorKind::broken, "the document refers to an object of an absurd number");
  const QPDFObjGen keys = document_->trailer().getKey("/Encrypt").getObjGen();
  if (keys.isIndirect() && values_.contains(keys))
    return Error(ErrorKind::broken, "the encryption dictionary is a part of the document as well");
  const Encryption* const encryption = encryption_ ? &*encryption_ : nullptr;
  for (auto& [object, value] : values_) {
    Piece& piece = pieces_[object];
    if (const auto stream = streams_.find(object); stream != streams_.end()) {
      Bytes data = std::move(stream->second);
      if (encryption != nullptr) {
        BOOST_OUTCOME_TRY(data, encryption->stream(data, object));
      }
      QPDFObjectHandle dictionary = value.shallowCopy();
      dictionary.replaceKey("/Length",
                            QPDFObjectHandle::newInteger(static_cast<long long>(data.size())));
      BOOST_OUTCOME_TRY(serialise(dictionary, encryption, object, piece.body));
      piece.body += "\nstream\n";
      piece.body += text_of(data);
      piece.body += "\nendstream";
    } else if (signature_ == object) {
      piece.signature = true;
      piece.body = "<<";
      BOOST_OUTCOME_TRY(serialise_entries(value, encryption, object, piece.body));
      piece.body += kByteRange;
      piece.body += kContents;
      piece.body.append(2 * room_, '0');
      piece.body += "> >>";
    } else {
      BOOST_OUTCOME_TRY(serialise(value, encryption, object, piece.body));
    }
  }
  return success();
}

// Everything that the last trailer says of the document (7.5.5); the second half of /ID is of this update (14.4).
PdfResult<std::string> Update::trailer_entries(std::uint32_t size) const {
  std::string out = fmt::format(" /Size {} /Prev {}", size, document_->cross_reference().start());
  QPDFObjectHandle trailer = document_->trailer().shallowCopy();
  for (const std::string_view key : kOfSection) trailer.removeKey(std::string(key));
  QPDFObjectHandle id = trailer.getKey("/ID");
  if (id.isArray() && id.getArrayNItems() == 2) {
    std::array<std::uint8_t, 16> fresh = {};
    if (!crypto::random_bytes(fresh))
      return Error(ErrorKind::unreadable, "the system gives no random numbers");
    QPDFObjectHandle pair = QPDFObjectHandle::newArray();
    pair.appendItem(id.getArrayItem(0));
    pair.appendItem(QPDFObjectHandle::newString(std::string(text_of(fresh))));
    trailer.replaceKey("/ID", pair);
  }
  BOOST_OUTCOME_TRY(serialise_entries(trailer, nullptr, {}, out));
  return out;
}

PdfResult<Tail> Update::finish() {
  const CrossReference& before = document_->cross_reference();
  return guarded(
      [&]() -> PdfResult<Tail> {
        BOOST_OUTCOME_TRY(serialise_all());
        Tail tail;
        tail.offset = document_->source().size;
        std::string out;
        std::uint8_t last = 0;
        if (tail.offset > 0 && !document_->source().read(tail.offset - 1, {&last, 1}))
          return Error(ErrorKind::unreadable, "the document cannot be read");
        if (last != '\n' && last != '\r') out += '\n';
        const auto here = [&] { return tail.offset + out.size(); };
        std::vector<Place> places;
        std::size_t byte_range = 0;
        for (const auto& [object, piece] : pieces_) {
          places.push_back({object, here()});
          out += fmt::format("{} obj\n", object.unparse(' '));
          if (piece.signature) {
            const std::size_t end = out.size() + piece.body.size() - 3;  // in front of " >>"
            tail.gap = Gap{tail.offset + end - 2 * room_ - 2, tail.offset + end};
            byte_range = end - 2 * room_ - 2 - kContents.size() + 1 - kByteRange.size() + 1;
          }
          out += piece.body;
          out += "\nendobj\n";
        }
        const std::uint64_t start = here();
        if (before.form() == SectionForm::table) {
          if (start - before.base() > kMostInTable)
            return Error(ErrorKind::unsupported,
                         "the document is too large for an update: its cross-reference tables have "
                         "no room for offsets of over "
                         "ten digits");
          BOOST_OUTCOME_TRY(const auto entries, trailer_entries(next_object_));
          out += table_of(places, before.base()) + "trailer\n<<" + entries + " >>\n";
        } else {
          const QPDFObjGen own(static_cast<int>(next_object_++), 0);
          places.push_back({own, start});
          BOOST_OUTCOME_TRY(const auto entries, trailer_entries(next_object_));
          out += fmt::format("{} obj\n{}\nendobj\n", own.unparse(' '),
                             stream_of(places, before.base(), entries));
        }
        out += fmt::format("startxref\n{}\n%%EOF\n", start - before.base());
        if (tail.gap) {
          const std::string range =
              fmt::format("{} {} {}", tail.gap->begin, tail.gap->end, here() - tail.gap->end);
          out.replace(byte_range + std::string_view("/ByteRange [0 ").size(), range.size(), range);
        }
        BOOST_OUTCOME_TRY(document_->check());
        const Bytes& repair = document_->repair();
        tail.offset -= repair.size();
        tail.bytes = repair;
        tail.bytes.insert(tail.bytes.end(), out.begin(), out.end());
        return tail;
      },
      before.base());
}

}  // namespace signet::pdf
