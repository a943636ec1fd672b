#include "pdf/object_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "pdf/lexer.h"
#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

constexpr std::size_t kMostTrailers = 10'000;
constexpr int kMostBrokenTrailers = 100;  // each may be read far
constexpr std::uint64_t kHighestGeneration = 65'535;

bool is_type(const Value& value, std::string_view wanted) {
  const Value* const type = value.find("Type");
  return type != nullptr && type->kind == Value::Kind::name && type->name == wanted;
}

bool natural_of(const Value& dictionary, std::string_view key, std::uint64_t& number) {
  const Value* const value = dictionary.find(key);
  if (value == nullptr || value->kind != Value::Kind::integer || value->number < 0) return false;
  number = static_cast<std::uint64_t>(value->number);
  return true;
}

bool is_flate_or_none(const Value& dictionary, bool& compressed) {
  const Value* filter = dictionary.find("Filter");
  if (filter != nullptr && filter->kind == Value::Kind::array)
    filter = filter->items.size() == 1 ? &filter->items.front() : filter;
  if (filter != nullptr && filter->kind == Value::Kind::array && filter->items.empty())
    filter = nullptr;
  compressed = filter != nullptr;
  if (!compressed) return true;
  return filter->name == "FlateDecode" && dictionary.find("DecodeParms") == nullptr;
}

class Scanner {
 public:
  explicit Scanner(Window& window) : window_(window) {}

  PdfResult<Scan> run() {
    BOOST_OUTCOME_TRY(find_header());
    while (position_ < window_.size() && !window_.failed()) {
      BOOST_OUTCOME_TRY(step());
    }
    if (window_.failed()) return Error(ErrorKind::unreadable, "the document cannot be read");
    keep_the_last();
    BOOST_OUTCOME_TRY(check_lengths());
    for (const auto& [number, stream] : streams_)
      if (stream.facts.objects > 0 && is_last(number, stream.object))
        scan_.object_streams[number] = stream.facts;
    return std::move(scan_);
  }

 private:
  struct Stream {
    std::uint64_t object = 0;  // its offset
    FoundStream facts;
    std::optional<std::uint32_t> length;  // the object that says it
  };

  PdfResult<void> find_header() {
    while (!stands(position_, "%PDF-")) {
      if (++position_ > std::min(kMostJunkBefore, window_.size()))
        return broken("this is not a PDF document: \"%PDF-\" is missing", 0);
    }
    scan_.header = position_;
    return success();
  }

  bool stands(std::uint64_t at, std::string_view text) {
    for (std::size_t index = 0; index < text.size(); ++index)
      if (window_.at(at + index) != static_cast<unsigned char>(text[index])) return false;
    return true;
  }

  // Past one token between objects, or past an object.
  PdfResult<void> step() {
    const int byte = window_.at(position_);
    if (byte == '%') {
      if (stands(position_, "%%EOF")) {
        position_ += 5;
      } else {
        while (position_ < window_.size() && !is_line_end(position_)) ++position_;
      }
      return success();
    }
    if (byte >= '0' && byte <= '9') {
      Lexer lexer(window_, position_);
      const auto number = lexer.accept_natural();
      const auto generation = number ? lexer.accept_natural() : std::nullopt;
      if (generation && lexer.accept("obj")) return object(*number, *generation, lexer);
    }
    if (stands(position_, "trailer")) {
      Lexer lexer(window_, position_ + 7);
      lexer.skip_space();
      const std::uint64_t begin = lexer.position();
      const auto dictionary = lexer.read_value();
      if (dictionary && dictionary.value().kind == Value::Kind::dictionary) {
        position_ = lexer.position();
        return add_trailer(begin, lexer.position());
      }
      if (++broken_trailers_ > kMostBrokenTrailers)
        return broken("there are too many broken trailers", begin);
    }
    if (is_delimiter(byte)) {
      ++position_;
    } else {
      while (position_ < window_.size() && !is_delimiter(window_.at(position_))) ++position_;
    }
    return success();
  }

  bool is_line_end(std::uint64_t at) {
    const int byte = window_.at(at);
    return byte == '\n' || byte == '\r';
  }

  PdfResult<void> object(std::uint64_t number, std::uint64_t generation, Lexer& lexer) {
    const std::uint64_t offset = position_;
    if (number == 0 || number > kHighestNumber || generation > kHighestGeneration)
      return broken("an object has an absurd number", offset);
    if (scan_.objects.size() >= kMostFoundObjects)
      return broken("there are too many objects", offset);
    FoundObject found;
    found.number = static_cast<std::uint32_t>(number);
    found.generation = static_cast<std::uint32_t>(generation);
    found.offset = offset;
    scan_.highest = std::max(scan_.highest, found.number);
    if (lexer.accept("endobj")) return take(found, lexer);  // null
    lexer.skip_space();
    const std::uint64_t begin = lexer.position();
    const auto value = lexer.read_value();
    if (!value) return no_end(found);
    if (value.value().kind == Value::Kind::dictionary) {
      const Value& dictionary = value.value();
      found.catalog = is_type(dictionary, "Catalog");
      found.signature = dictionary.find("ByteRange") != nullptr;
      found.keys = dictionary.find("O") != nullptr && dictionary.find("U") != nullptr &&
                   dictionary.find("Filter") != nullptr;
      if (is_type(dictionary, "XRef")) {
        // Its data are of no use any more, whole or not.
        BOOST_OUTCOME_TRY(add_trailer(begin, lexer.position()));
        const auto end = find(lexer.position(), "endobj");
        position_ = end ? *end + 6 : window_.size();
        return success();
      }
      if (lexer.accept("stream")) {
        BOOST_OUTCOME_TRY(pass_stream(found, dictionary, lexer));
      }
    } else if (const auto natural = value.value().natural()) {
      numbers_[found.number] = {offset, *natural};
    }
    if (!lexer.accept("endobj")) return no_end(found);
    return take(found, lexer);
  }

  PdfResult<void> take(const FoundObject& found, const Lexer& lexer) {
    scan_.objects.push_back(found);
    position_ = lexer.position();
    return success();
  }

  static Error no_end(const FoundObject& found) {
    return broken(
        fmt::format("object {} is damaged or cut off: it cannot be repaired", found.number),
        found.offset);
  }

  PdfResult<void> add_trailer(std::uint64_t begin, std::uint64_t end) {
    scan_.trailers.push_back({begin, end});
    if (scan_.trailers.size() <= kMostTrailers) return success();
    return broken("there are too many trailers", begin);
  }

  std::optional<std::uint64_t> find(std::uint64_t from, std::string_view text) {
    for (std::uint64_t at = from; at < window_.size() && !window_.failed(); ++at)
      if (window_.at(at) == static_cast<unsigned char>(text[0]) && stands(at, text)) return at;
    return std::nullopt;
  }

  // From behind "stream" to behind "endstream".
  PdfResult<void> pass_stream(const FoundObject& found, const Value& dictionary, Lexer& lexer) {
    Stream stream;
    stream.object = found.offset;
    stream.facts.data = lexer.position();
    if (window_.at(stream.facts.data) == '\r') ++stream.facts.data;
    if (window_.at(stream.facts.data) == '\n') ++stream.facts.data;
    const Value* const length = dictionary.find("Length");
    if (length == nullptr) return wrong_length(found.offset);
    if (const auto bytes = length->natural()) {
      if (*bytes > window_.size()) return wrong_length(found.offset);
      const auto end = end_behind(stream.facts.data + *bytes);
      if (!end) return wrong_length(found.offset);
      stream.facts.end = stream.facts.data + *bytes;
      lexer.move_to(*end);
    } else if (length->kind == Value::Kind::reference &&
               length->number <= std::int64_t{kHighestNumber}) {
      stream.length = static_cast<std::uint32_t>(length->number);
      const auto end = find(stream.facts.data, "endstream");
      if (!end) return no_end(found);
      stream.facts.end = *end;
      lexer.move_to(*end + 9);
    } else {
      return wrong_length(found.offset);
    }
    if (is_type(dictionary, "ObjStm")) {
      if (!natural_of(dictionary, "N", stream.facts.objects) ||
          !natural_of(dictionary, "First", stream.facts.first) ||
          stream.facts.objects > kMostFoundObjects)
        return broken("an object stream is damaged", found.offset);
      stream.facts.supported = is_flate_or_none(dictionary, stream.facts.compressed);
    }
    streams_[found.number] = stream;
    return success();
  }

  // Behind "endstream", where it stands behind the data and an end of line at most.
  std::optional<std::uint64_t> end_behind(std::uint64_t data_end) {
    if (window_.at(data_end) == '\r') ++data_end;
    if (window_.at(data_end) == '\n') ++data_end;
    if (!stands(data_end, "endstream")) return std::nullopt;
    return data_end + 9;
  }

  static Error wrong_length(std::uint64_t offset) {
    return broken("the length of a stream is wrong: it cannot be repaired", offset);
  }

  void keep_the_last() {
    std::vector<FoundObject>& objects = scan_.objects;
    std::ranges::sort(objects, [](const FoundObject& a, const FoundObject& b) {
      return a.number != b.number ? a.number < b.number : a.offset > b.offset;
    });
    const auto rest = std::ranges::unique(objects, {}, &FoundObject::number);
    objects.erase(rest.begin(), rest.end());
  }

  bool is_last(std::uint32_t number, std::uint64_t offset) const {
    const auto found = std::ranges::lower_bound(scan_.objects, number, {}, &FoundObject::number);
    return found != scan_.objects.end() && found->number == number && found->offset == offset;
  }

  PdfResult<void> check_lengths() {
    for (auto& [number, stream] : streams_) {
      if (!stream.length || !is_last(number, stream.object)) continue;
      const auto said = numbers_.find(*stream.length);
      const bool known = said != numbers_.end() && is_last(*stream.length, said->second.first);
      const std::uint64_t end = stream.facts.data + (known ? said->second.second : 0);
      if (!known || end > stream.facts.end || end_behind(end) != stream.facts.end + 9)
        return wrong_length(stream.object);
      stream.facts.end = end;
    }
    return success();
  }

  Window& window_;
  std::uint64_t position_ = 0;
  int broken_trailers_ = 0;
  std::map<std::uint32_t, Stream> streams_;  // the last one of each number
  std::map<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>> numbers_;  // offset and value
  Scan scan_;
};

}  // namespace

PdfResult<Scan> scan_objects(Window& window) {
  return Scanner(window).run();
}

}  // namespace signet::pdf
