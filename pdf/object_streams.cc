#include "pdf/object_streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "pdf/element_count.h"
#include "pdf/inflate.h"
#include "pdf/lexer.h"
#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

constexpr std::size_t kReadBytes = std::size_t{32} * 1024;

class StreamCheck {
 public:
  StreamCheck(Window& window, const CrossReference& cross_reference, std::uint32_t number)
      : window_(window), cross_reference_(cross_reference), number_(number), lexer_(window, 0) {}

  PdfResult<void> check_size() {
    BOOST_OUTCOME_TRY(const Data data, find_data());
    if (cross_reference_.is_encrypted() || !data.compressed ||
        data.size <= kLargestObjectStream / kMostInflation)
      return success();
    return inflate(window_, data.begin, data.size, kLargestObjectStream,
                   [](ByteView) -> PdfResult<void> { return success(); });
  }

  PdfResult<std::uint64_t> count(const std::optional<Encryption>& encryption) {
    BOOST_OUTCOME_TRY(const Data data, find_data());
    if (!encryption) return count_in(window_, data);
    Bytes bytes(static_cast<std::size_t>(data.size));
    bytes.resize(window_.read(data.begin, bytes));
    BOOST_OUTCOME_TRY(
        const Bytes plain,
        encryption->decrypted_stream(bytes, QPDFObjGen(static_cast<int>(number_), generation_)));
    Window window(Source::of(plain));
    return count_in(window, {0, plain.size(), data.compressed, data.predicted});
  }

 private:
  struct Data {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;  // bytes
    bool compressed = false;
    bool predicted = false;
  };

  PdfResult<Data> find_data() {
    BOOST_OUTCOME_TRY(open(number_));
    generation_ = static_cast<int>(cross_reference_.find(number_)->generation);
    position_ = lexer_.position();
    BOOST_OUTCOME_TRY(const auto dictionary, lexer_.read_value());
    const Value* const type = dictionary.find("Type");
    if (type == nullptr || type->name != "ObjStm") return fault("is no object stream");
    const Value* const length = dictionary.find("Length");
    if (length == nullptr) return fault("has no /Length");
    if (!lexer_.accept("stream")) return fault("has no data");
    Data data;
    data.begin = lexer_.position();
    BOOST_OUTCOME_TRY(data.size, length_of(*length));
    BOOST_OUTCOME_TRY(data.compressed, is_compressed(dictionary));
    data.predicted = is_predicted(dictionary);
    if (data.size > kLargestObjectStream || data.begin > window_.size() ||
        data.size > window_.size() - data.begin)
      return fault("is longer than allowed");
    if (window_.at(data.begin) == '\r') ++data.begin;
    if (window_.at(data.begin) == '\n') ++data.begin;
    return data;
  }

  PdfResult<std::uint64_t> count_in(Window& window, const Data& data) const {
    ElementCount count;
    std::uint64_t bytes = 0;
    // A predictor makes an element of any byte.
    const auto total = [&] { return data.predicted ? bytes : count.total(); };
    const auto take = [&](ByteView piece) -> PdfResult<void> {
      count.add(piece);
      bytes += piece.size();
      if (total() <= kMostInObjectStream) return success();
      return fault(data.predicted ? "has a predictor and more than 250,000 bytes"
                                  : "has more than 250,000 elements");
    };
    if (data.compressed) {
      BOOST_OUTCOME_TRY(inflate(window, data.begin, data.size, kLargestObjectStream, take));
      return total();
    }
    Bytes piece(kReadBytes);
    for (std::uint64_t done = 0; done < data.size;) {
      const auto wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), data.size - done));
      const std::size_t got = window.read(data.begin + done, std::span(piece).first(wanted));
      if (got == 0) break;
      BOOST_OUTCOME_TRY(take(ByteView(piece).first(got)));
      done += got;
    }
    return total();
  }

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

  static bool is_predicted(const Value& dictionary) {
    const Value* parameters = dictionary.find("DecodeParms");
    if (parameters != nullptr && parameters->kind == Value::Kind::array)
      parameters = parameters->items.empty() ? nullptr : &parameters->items.front();
    if (parameters == nullptr) return false;
    if (parameters->kind != Value::Kind::dictionary)
      return parameters->kind == Value::Kind::reference;
    const Value* const predictor = parameters->find("Predictor");
    return predictor != nullptr &&
           (predictor->kind != Value::Kind::integer || predictor->number != 1);
  }

  Window& window_;
  const CrossReference& cross_reference_;
  const std::uint32_t number_;
  Lexer lexer_;
  std::uint64_t position_ = 0;
  int generation_ = 0;
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
    BOOST_OUTCOME_TRY(StreamCheck(window, cross_reference, number).check_size());
  }
  return success();
}

PdfResult<std::uint64_t> count_elements(Window& window, const CrossReference& cross_reference,
                                        std::uint32_t number,
                                        const std::optional<Encryption>& encryption) {
  return StreamCheck(window, cross_reference, number).count(encryption);
}

}  // namespace signet::pdf
