#include "pdf/object_streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "pdf/element_count.h"
#include "pdf/inflate.h"
#include "pdf/lexer.h"
#include "pdf/object_extent.h"
#include "pdf/predictor.h"
#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

constexpr std::uint64_t kMostInflatedAtOnce = std::uint64_t{128} * 1024 * 1024;  // bytes

class StreamCheck {
 public:
  StreamCheck(Window& window, const CrossReference& cross_reference, const Entry& place)
      : window_(window), cross_reference_(cross_reference), place_(place), lexer_(window, 0) {}

  // `left`: how many bytes may be inflated still.
  PdfResult<void> check_size(std::uint64_t& left) {
    BOOST_OUTCOME_TRY(const Data data, find_data());
    if (cross_reference_.is_encrypted() || !data.compressed || left < kLargestObjectStream ||
        data.size <= kLargestObjectStream / kMostInflation)
      return success();
    return inflate(window_, data.begin, data.size, kLargestObjectStream,
                   [&](ByteView piece) -> PdfResult<void> {
                     left -= std::min<std::uint64_t>(left, piece.size());
                     return success();
                   });
  }

  PdfResult<ObjectStreamCost> cost(const std::optional<Encryption>& encryption) {
    BOOST_OUTCOME_TRY(const Data data, find_data());
    BOOST_OUTCOME_TRY(const std::uint64_t objects, number_of(data.dictionary, "N"));
    BOOST_OUTCOME_TRY(const std::uint64_t first, number_of(data.dictionary, "First"));
    if (objects > kMostInObjectStream) return fault("says that it has more than 250,000 objects");
    BOOST_OUTCOME_TRY(const Bytes plain, decode(data, encryption));
    if (!data.predicted) return cost_of_objects(plain, objects, first);
    // A predictor makes an element of any byte, of each object.
    if (plain.size() > kMostInObjectStream)
      return fault("has a predictor and more than 250,000 bytes");
    const std::uint64_t most = plain.size() * std::max<std::uint64_t>(objects, 1);
    return ObjectStreamCost{most, most};
  }

 private:
  struct Data {
    Value dictionary;
    std::uint64_t begin = 0;
    std::uint64_t size = 0;  // bytes
    bool compressed = false;
    bool predicted = false;
  };

  PdfResult<Data> find_data() {
    BOOST_OUTCOME_TRY(open(place_));
    Data data;
    BOOST_OUTCOME_TRY(data.dictionary, lexer_.read_value());
    const Value* const type = data.dictionary.find("Type");
    if (type == nullptr || type->name != "ObjStm") return fault("is no object stream");
    if (!lexer_.accept("stream")) return fault("has no data");
    data.begin = lexer_.position();
    BOOST_OUTCOME_TRY(data.size, number_of(data.dictionary, "Length"));
    BOOST_OUTCOME_TRY(data.compressed, is_compressed(data.dictionary));
    if (data.compressed) {
      BOOST_OUTCOME_TRY(data.predicted, is_predicted(data.dictionary));
    }
    if (data.size > kLargestObjectStream || data.begin > window_.size() ||
        data.size > window_.size() - data.begin)
      return fault("is longer than allowed");
    if (window_.at(data.begin) == '\r') ++data.begin;
    if (window_.at(data.begin) == '\n') ++data.begin;
    return data;
  }

  PdfResult<Bytes> decode(const Data& data, const std::optional<Encryption>& encryption) {
    Bytes bytes(static_cast<std::size_t>(data.size));
    bytes.resize(window_.read(data.begin, bytes));
    if (encryption) {
      BOOST_OUTCOME_TRY(bytes, encryption->decrypted_stream(
                                   bytes, QPDFObjGen(static_cast<int>(place_.object),
                                                     static_cast<int>(place_.generation))));
    }
    if (!data.compressed) return bytes;
    Window compressed(Source::of(bytes));
    Bytes plain;
    BOOST_OUTCOME_TRY(inflate(compressed, 0, bytes.size(), kLargestObjectStream,
                              [&](ByteView piece) -> PdfResult<void> {
                                plain.insert(plain.end(), piece.begin(), piece.end());
                                return success();
                              }));
    return plain;
  }

  PdfResult<ObjectStreamCost> cost_of_objects(const Bytes& plain, std::uint64_t objects,
                                              std::uint64_t first) const {
    Window window(Source::of(plain));
    Lexer header(window, 0);
    ElementCount count;
    std::uint64_t bytes = 0;
    for (std::uint64_t at = 0; at < objects; ++at) {
      const auto number = header.accept_natural();
      const auto offset = number ? header.accept_natural() : std::nullopt;
      if (!offset) return fault("has a damaged list of its objects");
      if (first > plain.size() || *offset > plain.size() - first) continue;  // there is nothing
      const auto begin = static_cast<std::size_t>(first + *offset);
      const std::size_t size = end_of_object(plain, begin) - begin;
      count.add(ByteView(plain).subspan(begin, size));
      count.add(view_of(" "));
      bytes += size;
      if (count.total() > kMostInObjectStream) return fault("has more than 250,000 elements");
      if (bytes > kLargestObjectStream) return fault("has objects that are longer than it");
    }
    return ObjectStreamCost{count.total(), std::max<std::uint64_t>(bytes, plain.size())};
  }

  Error fault(const char* what) const {
    return broken(fmt::format("object {}, which holds other objects, {}", place_.object, what),
                  place_.where);
  }

  // To behind "n g obj".
  PdfResult<void> open(const Entry& entry) {
    lexer_.move_to(entry.where);
    const auto number = lexer_.accept_natural();
    const auto generation = number ? lexer_.accept_natural() : std::nullopt;
    if (!generation || *number != entry.object || *generation != entry.generation ||
        !lexer_.accept("obj"))
      return broken(fmt::format("object {} is not where the cross-reference says", entry.object),
                    entry.where);
    return success();
  }

  // What the entry says, or an object that it refers to.
  PdfResult<std::uint64_t> number_of(const Value& dictionary, const char* key) {
    const auto damaged = [&] { return fault(fmt::format("has no sound /{}", key).c_str()); };
    const Value* const value = dictionary.find(key);
    if (value == nullptr) return damaged();
    if (const auto number = value->natural()) return *number;
    if (value->kind != Value::Kind::reference) return damaged();
    const Entry* const entry = cross_reference_.find(static_cast<std::uint32_t>(value->number));
    if (entry == nullptr || entry->kind != Entry::Kind::plain) return damaged();
    BOOST_OUTCOME_TRY(open(*entry));
    const auto number = lexer_.accept_natural();
    if (!number) return damaged();
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
    return unknown_filter();
  }

  PdfResult<bool> is_predicted(const Value& dictionary) const {
    const Value* parameters = dictionary.find("DecodeParms");
    if (parameters != nullptr && parameters->kind == Value::Kind::array)
      parameters = parameters->items.empty() ? nullptr : &parameters->items.front();
    if (parameters == nullptr || parameters->kind == Value::Kind::other) return false;
    if (parameters->kind != Value::Kind::dictionary) return unknown_filter();
    const auto number = [&](const char* key, std::uint64_t otherwise) {
      const Value* const value = parameters->find(key);
      return value == nullptr ? std::optional(otherwise) : value->natural();
    };
    const auto predictor = number("Predictor", 1);
    const auto columns = number("Columns", 1);
    const auto colours = number("Colors", 1);
    const auto bits = number("BitsPerComponent", 8);
    if (!predictor || !columns || !colours || !bits || !is_bounded_row(*columns, *colours, *bits))
      return unknown_filter();
    return *predictor != 1;
  }

  Error unknown_filter() const {
    return {ErrorKind::unsupported,
            fmt::format("object stream {} is compressed in a way that is not supported",
                        place_.object)};
  }

  Window& window_;
  const CrossReference& cross_reference_;
  const Entry place_;
  Lexer lexer_;
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
  std::uint64_t left = kMostInflatedAtOnce;
  for (const std::uint32_t number : numbers) {
    const Entry* const entry = cross_reference.find(number);
    if (entry == nullptr || entry->kind != Entry::Kind::plain)
      return Error(
          ErrorKind::broken,
          fmt::format("object {}, which holds other objects, is missing or inside another one",
                      number));
    BOOST_OUTCOME_TRY(StreamCheck(window, cross_reference, *entry).check_size(left));
  }
  return success();
}

PdfResult<ObjectStreamCost> cost_of_object_stream(Window& window,
                                                  const CrossReference& cross_reference,
                                                  const Entry& place,
                                                  const std::optional<Encryption>& encryption) {
  return StreamCheck(window, cross_reference, place).cost(encryption);
}

}  // namespace signet::pdf
