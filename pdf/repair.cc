#include "pdf/repair.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <qpdf/QPDF.hh>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pdf/guarded.h"
#include "pdf/inflate.h"
#include "pdf/lexer.h"
#include "pdf/object_scan.h"
#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

constexpr std::uint64_t kLongestTrailer = std::uint64_t{64} * 1024;
constexpr std::uint64_t kMostInStreams = std::uint64_t{256} * 1024 * 1024;  // bytes, of all streams
constexpr std::uint64_t kFewNumbers = 65'536;
constexpr std::uint32_t kNeverUsed = 65'535;  // a generation (7.5.4)

enum class Kind : std::uint8_t { free, plain, compressed };

// Of one number; what the fields are of a row of a cross-reference stream (7.5.8.3).
struct Row {
  Kind kind = Kind::free;
  std::uint64_t where = 0;  // offset from the file's start, or the number of the object stream
  std::uint32_t detail = kNeverUsed;  // generation, or the index in it
  std::uint64_t order = 0;            // where it stands in the file
};

class Repair {
 public:
  explicit Repair(const Source& source) : window_(source) {}

  PdfResult<Bytes> run() {
    BOOST_OUTCOME_TRY(scan_, scan_objects(window_));
    for (const FoundObject& object : scan_.objects)
      if (object.signature)
        return Error(ErrorKind::forbidden,
                     "the document is signed: what would repair it would not be what was signed");
    BOOST_OUTCOME_TRY(read_trailers());
    BOOST_OUTCOME_TRY(fill_rows());
    BOOST_OUTCOME_TRY(settle_root());
    if (window_.failed()) return Error(ErrorKind::unreadable, "the document cannot be read");
    return section();
  }

 private:
  // Of the last trailer that has them: /Root, /Info, /ID and /Encrypt.
  PdfResult<void> read_trailers() {
    scratch_.emptyPDF();
    scratch_.setSuppressWarnings(true);  // which would go to standard error
    for (const FoundTrailer& found : scan_.trailers) {
      if (found.end - found.begin > kLongestTrailer) continue;
      std::string text(static_cast<std::size_t>(found.end - found.begin), '\0');
      window_.read(found.begin,
                   std::span(reinterpret_cast<std::uint8_t*>(text.data()), text.size()));
      const auto read = guarded([&]() -> PdfResult<QPDFObjectHandle> {
        return QPDFObjectHandle::parse(&scratch_, text, "a trailer");
      });
      QPDFObjectHandle trailer = read ? read.value() : QPDFObjectHandle::newNull();
      const bool damaged = !scratch_.getWarnings().empty();  // and forgets them
      if (damaged || !trailer.isDictionary()) continue;
      for (auto& [key, value] : trailer.getDictAsMap()) {
        if (key == "/Root" || key == "/Info") {
          if (value.isIndirect())
            references_[key] = static_cast<std::uint32_t>(value.getObjectID());
        } else if (key == "/ID" || key == "/Encrypt") {
          values_[key] = value.unparse();
        }
      }
    }
    return success();
  }

  PdfResult<void> fill_rows() {
    // A number for each eight bytes of the file: what is sparse would cost memory.
    const std::uint64_t most =
        std::min(std::uint64_t{kHighestNumber} + 1, std::max(kFewNumbers, window_.size() / 8));
    for (const FoundObject& object : scan_.objects) {
      BOOST_OUTCOME_TRY(
          put(object.number, most, {Kind::plain, object.offset, object.generation, object.offset}));
    }
    // In the order of the file: the last one counts.
    std::vector<std::pair<std::uint64_t, std::uint32_t>> streams;
    for (const auto& [number, stream] : scan_.object_streams)
      streams.emplace_back(stream.data, number);
    std::ranges::sort(streams);
    if (!streams.empty() && values_.contains("/Encrypt"))
      return Error(ErrorKind::unsupported,
                   "an encrypted document with object streams cannot be repaired");
    for (const auto& [data, number] : streams) {
      BOOST_OUTCOME_TRY(read_object_stream(number, scan_.object_streams[number], most));
    }
    highest_ = std::max(highest_, scan_.highest);
    return highest_ < most ? PdfResult<void>(success()) : too_high();
  }

  static Error too_high() {
    return {ErrorKind::broken, "an object has an absurd number: the document cannot be repaired"};
  }

  PdfResult<void> put(std::uint64_t number, std::uint64_t most, const Row& row) {
    if (number == 0 || number >= most) return too_high();
    if (rows_.size() <= number) rows_.resize(static_cast<std::size_t>(number) + 1);
    Row& place = rows_[static_cast<std::size_t>(number)];
    if (place.kind == Kind::free || row.order > place.order) place = row;
    highest_ = std::max(highest_, static_cast<std::uint32_t>(number));
    return success();
  }

  // The numbers in front of its objects (7.5.7).
  PdfResult<void> read_object_stream(std::uint32_t number, const FoundStream& stream,
                                     std::uint64_t most) {
    if (!stream.supported)
      return Error(
          ErrorKind::unsupported,
          fmt::format("object stream {} is compressed in a way that is not supported", number));
    const std::uint64_t size = stream.end - stream.data;
    if (size > kLargestObjectStream || stream.first > kLargestObjectStream)
      return broken("an object stream is too long", stream.data);
    std::string text;
    const auto take = [&](ByteView piece) -> PdfResult<void> {
      inflated_ += piece.size();
      if (inflated_ > kMostInStreams)
        return broken("the object streams inflate to more than 256 MiB in all", stream.data);
      const std::size_t left = static_cast<std::size_t>(stream.first) - text.size();
      text += text_of(piece.first(std::min(left, piece.size())));
      return success();
    };
    if (stream.compressed) {
      BOOST_OUTCOME_TRY(inflate(window_, stream.data, size, kLargestObjectStream, take));
    } else {
      Bytes bytes(static_cast<std::size_t>(std::min(size, stream.first)));
      window_.read(stream.data, bytes);
      BOOST_OUTCOME_TRY(take(bytes));
    }
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto next = [&](std::uint64_t& value) {
      while (at < end && is_white(static_cast<unsigned char>(*at))) ++at;
      const auto read = std::from_chars(at, end, value);
      at = read.ptr;
      return read.ec == std::errc();
    };
    for (std::uint64_t index = 0; index < stream.objects; ++index) {
      std::uint64_t object = 0;
      std::uint64_t offset = 0;
      if (!next(object) || !next(offset)) return broken("an object stream is damaged", stream.data);
      BOOST_OUTCOME_TRY(
          put(object, most,
              {Kind::compressed, number, static_cast<std::uint32_t>(index), stream.data}));
      packed_ = true;
    }
    return success();
  }

  // What a trailer says where there is such an object; else the only catalog that there is, but not of an encrypted
  // document, whose trailer says how it is.
  PdfResult<void> settle_root() {
    for (const char* const key : {"/Root", "/Info"}) {
      const auto found = references_.find(key);
      if (found != references_.end() && !is_there(found->second)) references_.erase(found);
    }
    if (references_.contains("/Root")) return success();
    const auto is_catalog = [](const FoundObject& object) { return object.catalog; };
    const bool has_keys = std::ranges::any_of(scan_.objects, &FoundObject::keys);
    if (has_keys || std::ranges::count_if(scan_.objects, is_catalog) != 1)
      return Error(ErrorKind::broken,
                   "the document has no trailer that could be used: it cannot be repaired");
    references_["/Root"] = std::ranges::find_if(scan_.objects, is_catalog)->number;
    return success();
  }

  bool is_there(std::uint32_t number) const {
    return number < rows_.size() && rows_[number].kind != Kind::free;
  }

  PdfResult<Bytes> section() {
    std::string out;
    const int last = window_.at(window_.size() - 1);
    if (last != '\n' && last != '\r') out += '\n';
    const std::uint64_t start = window_.size() + out.size();
    rows_.resize(std::size_t{highest_} + 1);
    if (packed_) {
      rows_.push_back({Kind::plain, start, 0, start});
      out += stream(highest_ + 1);
    } else {
      if (start > kMostInTable)
        return Error(ErrorKind::unsupported,
                     "the document is too large for a cross-reference table of over ten digits");
      out += table() + "trailer\n<<" + entries() + " >>\n";
    }
    out += fmt::format("startxref\n{}\n%%EOF\n", start - scan_.header);
    return copy_of(view_of(out));
  }

  std::string entries() const {
    std::string out = fmt::format(" /Size {}", rows_.size());
    for (const auto& [key, number] : references_) {
      const Row& row = rows_[number];
      out += fmt::format(" {} {} {} R", key, number, row.kind == Kind::plain ? row.detail : 0);
    }
    for (const auto& [key, value] : values_) out += fmt::format(" {} {}", key, value);
    return out;
  }

  // In one piece from 0 on, as a table is whose document has no updates (7.5.4); the numbers that are free make a chain.
  std::string table() const {
    std::string out = fmt::format("xref\n0 {}\n", rows_.size());
    std::vector<std::size_t> next(rows_.size());
    std::size_t following = 0;
    for (std::size_t number = rows_.size(); number-- > 0;) {
      next[number] = following;
      if (rows_[number].kind == Kind::free) following = number;
    }
    for (std::size_t number = 0; number < rows_.size(); ++number) {
      const Row& row = rows_[number];
      if (row.kind == Kind::free) {
        out += fmt::format("{:010} {:05} f \n", next[number], kNeverUsed);
      } else {
        out += fmt::format("{:010} {:05} n \n", row.where - scan_.header, row.detail);
      }
    }
    return out;
  }

  std::string stream(std::uint32_t own) const {
    std::string data;
    for (const Row& row : rows_) {
      append_number(data, static_cast<std::uint64_t>(row.kind), 1);
      append_number(data, row.where - (row.kind == Kind::plain ? scan_.header : 0), 8);
      append_number(data, row.detail, 4);
    }
    return fmt::format(
        "{} 0 obj\n<< /Type /XRef /W [1 8 4] /Length {}{} >>\nstream\n{}\nendstream\nendobj\n", own,
        data.size(), entries(), data);
  }

  Window window_;
  Scan scan_;
  QPDF scratch_;  // parses trailers
  std::map<std::string, std::uint32_t> references_;
  std::map<std::string, std::string> values_;
  std::vector<Row> rows_;       // by number
  std::uint64_t inflated_ = 0;  // bytes of object streams
  std::uint32_t highest_ = 0;
  bool packed_ = false;  // something lies in an object stream
};

}  // namespace

PdfResult<Bytes> repair_section(const Source& source) {
  return guarded([&] { return Repair(source).run(); });
}

Source joined(Source source, Bytes behind) {
  const auto more = std::make_shared<const Bytes>(std::move(behind));
  const std::uint64_t size = source.size + more->size();
  return {size,
          [source = std::move(source), more](std::uint64_t offset, std::span<std::uint8_t> out) {
            const std::uint64_t before = offset < source.size ? source.size - offset : 0;
            const auto own = static_cast<std::size_t>(std::min<std::uint64_t>(before, out.size()));
            if (own > 0 && !source.read(offset, out.first(own))) return false;
            const std::span rest = out.subspan(own);
            const std::uint64_t from = offset + own - source.size;
            if (rest.empty()) return true;
            if (from > more->size() || rest.size() > more->size() - from) return false;
            std::ranges::copy(ByteView(*more).subspan(static_cast<std::size_t>(from), rest.size()),
                              rest.begin());
            return true;
          }};
}

}  // namespace signet::pdf
