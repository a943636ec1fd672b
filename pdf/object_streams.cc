#include "pdf/object_streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "pdf/inflate.h"
#include "pdf/lexer.h"
#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

class StreamCheck {
 public:
  StreamCheck(Window& window, const CrossReference& cross_reference, std::uint32_t number)
      : window_(window), cross_reference_(cross_reference), number_(number), lexer_(window, 0) {}

  PdfResult<void> run() {
    BOOST_OUTCOME_TRY(open(number_));
    position_ = lexer_.position();
    BOOST_OUTCOME_TRY(const auto dictionary, lexer_.read_value());
    const Value* const type = dictionary.find("Type");
    if (type == nullptr || type->name != "ObjStm") return fault("is no object stream");
    const Value* const length = dictionary.find("Length");
    if (length == nullptr) return fault("has no /Length");
    if (!lexer_.accept("stream")) return fault("has no data");
    const std::uint64_t data = lexer_.position();
    BOOST_OUTCOME_TRY(const auto size, length_of(*length));
    BOOST_OUTCOME_TRY(const bool compressed, is_compressed(dictionary));
    if (size > kLargestObjectStream || data > window_.size() || size > window_.size() - data)
      return fault("is longer than allowed");
    if (!compressed || size <= kLargestObjectStream / kMostInflation) return success();
    std::uint64_t begin = data;
    if (window_.at(begin) == '\r') ++begin;
    if (window_.at(begin) == '\n') ++begin;
    return inflate(window_, begin, size, kLargestObjectStream,
                   [](ByteView) -> PdfResult<void> { return success(); });
  }

 private:
  Error fault(const char* what) const {
    return broken(fmt::format("object {}, which holds other objects, {}", number_, what),
                  position_);
  }

  // To behind "n g obj".
  PdfResult<void> open(std::uint32_t object) {
    const Entry* const entry = cross_reference_.find(object);
    if (entry == nullptr || entry->kind != Entry::Kind::plain)
      return Error(
          ErrorKind::broken,
          fmt::format("object {}, which holds other objects, is missing or inside another one",
                      object));
    position_ = entry->where;
    lexer_.move_to(entry->where);
    const auto number = lexer_.accept_natural();
    const auto generation = number ? lexer_.accept_natural() : std::nullopt;
    if (!generation || *number != object || *generation != entry->generation ||
        !lexer_.accept("obj"))
      return broken(fmt::format("object {} is not where the cross-reference says", object),
                    entry->where);
    return success();
  }

  PdfResult<std::uint64_t> length_of(const Value& length) {
    if (const auto number = length.natural()) return *number;
    if (length.kind != Value::Kind::reference) return fault("has a damaged /Length");
    BOOST_OUTCOME_TRY(open(static_cast<std::uint32_t>(length.number)));
    const auto number = lexer_.accept_natural();
    if (!number) return fault("has a damaged /Length");
    return *number;
  }

  PdfResult<bool> is_compressed(const Value& dictionary) const {
    const Value* filter = dictionary.find("Filter");
    if (filter != nullptr && filter->kind == Value::Kind::array) {
      if (filter->items.empty()) return false;
      if (filter->items.size() == 1) filter = &filter->items.front();
    }
    if (filter == nullptr) return false;
    if (filter->kind == Value::Kind::name && filter->name == "FlateDecode") return true;
    return Error(
        ErrorKind::unsupported,
        fmt::format("object stream {} is compressed in a way that is not supported", number_));
  }

  Window& window_;
  const CrossReference& cross_reference_;
  const std::uint32_t number_;
  Lexer lexer_;
  std::uint64_t position_ = 0;
};

}  // namespace

PdfResult<void> check_object_streams(Window& window, const CrossReference& cross_reference) {
  std::vector<std::uint32_t> numbers;
  for (const Entry& entry : cross_reference.entries())
    if (entry.kind == Entry::Kind::compressed && (numbers.empty() || numbers.back() != entry.where))
      numbers.push_back(static_cast<std::uint32_t>(entry.where));
  std::ranges::sort(numbers);
  const auto rest = std::ranges::unique(numbers);
  numbers.erase(rest.begin(), rest.end());
  for (const std::uint32_t number : numbers) {
    BOOST_OUTCOME_TRY(StreamCheck(window, cross_reference, number).run());
  }
  return success();
}

}  // namespace signet::pdf
