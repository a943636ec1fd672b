#include "pdf/section_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "pdf/inflate.h"

namespace signet::pdf {

namespace {

constexpr std::uint64_t kMostBehindEntries = 4096;  // bytes
// qpdf counts objects in an int; below its end, an update has room.
constexpr std::uint64_t kHighestObject = std::uint64_t{0x7FFFFFFF} - 65536;
constexpr std::uint64_t kWidestRow = 64;

Error too_many(std::uint64_t position) {
  return broken("the cross-reference has more entries than the file can hold objects", position);
}

// Of either form.
PdfResult<void> read_trailer(const Value& trailer, std::uint64_t position,
                             SectionContent& content) {
  if (trailer.kind != Value::Kind::dictionary)
    return broken("the cross-reference has no trailer", position);
  const Value* const size = trailer.find("Size");
  const auto number = size == nullptr ? std::nullopt : size->natural();
  if (!number) return broken("the trailer has no /Size", position);
  if (*number > kHighestObject) return broken("the trailer's /Size is absurd", position);
  content.section.size = *number;
  content.section.encrypted = trailer.find("Encrypt") != nullptr;
  if (const Value* const previous = trailer.find("Prev")) {
    content.previous = previous->natural();
    if (!content.previous) return broken("the trailer's /Prev is not an offset", position);
    // What some writers put for "none", and qpdf takes so.
    if (content.previous == 0) content.previous.reset();
  }
  return success();
}

void add(SectionContent& content, const Entry& entry) {
  (entry.kind == Entry::Kind::free ? content.free : content.entries).push_back(entry);
}

// ISO 32000-2, 7.5.4. Lines of 19 or 21 bytes are met, too.
class TableReader {
 public:
  TableReader(Window& window, std::uint64_t offset, std::uint64_t base, std::uint64_t most)
      : window_(window), lexer_(window, offset), base_(base), most_(most) {
    content_.section.offset = offset;
  }

  PdfResult<SectionContent> read() {
    if (!lexer_.accept("xref")) return broken("\"xref\" is missing", lexer_.position());
    while (!lexer_.accept("trailer")) {
      BOOST_OUTCOME_TRY(read_subsection());
    }
    const std::uint64_t position = lexer_.position();
    BOOST_OUTCOME_TRY(const auto trailer, lexer_.read_value());
    BOOST_OUTCOME_TRY(read_trailer(trailer, position, content_));
    content_.section.end = lexer_.position();
    if (const Value* const stream = trailer.find("XRefStm")) {
      content_.stream = stream->natural();
      if (!content_.stream) return broken("the trailer's /XRefStm is not an offset", position);
      content_.section.hybrid = true;
    }
    return std::move(content_);
  }

 private:
  PdfResult<void> read_subsection() {
    const std::uint64_t position = lexer_.position();
    const auto first = lexer_.accept_natural();
    const auto count = first ? lexer_.accept_natural() : std::nullopt;
    if (!count) return broken("the cross-reference table is damaged", position);
    if (*count > most_ || *first > kHighestObject || *first + *count > kHighestObject)
      return too_many(position);
    most_ -= *count;
    for (std::uint64_t at = 0; at < *count; ++at) {
      BOOST_OUTCOME_TRY(read_entry(static_cast<std::uint32_t>(*first + at)));
    }
    return success();
  }

  PdfResult<void> read_entry(std::uint32_t object) {
    const std::uint64_t position = lexer_.position();
    const auto where = lexer_.accept_natural();
    const auto generation = where ? lexer_.accept_natural() : std::nullopt;
    const bool used = generation && lexer_.accept("n");
    if (!generation || (!used && !lexer_.accept("f")))
      return broken("an entry of the cross-reference table is damaged", position);
    // That of a free entry means nothing, and some writers count on.
    if (used && *generation > 65535) return broken("a generation is over 65535", position);
    // An offset of 0 in use is what some writers put for an object that there is not.
    const bool there = used && *where != 0;
    if (there && *where > window_.size() - base_)
      return broken(fmt::format("object {} would be behind the end of the file", object), position);
    add(content_, {there ? Entry::Kind::plain : Entry::Kind::free, object,
                   static_cast<std::uint32_t>(*generation), there ? *where + base_ : 0});
    return success();
  }

  Window& window_;
  Lexer lexer_;
  const std::uint64_t base_;
  std::uint64_t most_;
  SectionContent content_;
};

// Takes off PNG predictors (ISO 32000-2, 7.4.4.4): rows of `columns` bytes with a byte in front that names the filter.
class Rows {
 public:
  Rows(std::size_t columns, bool predicted)
      : predicted_(predicted),
        row_(columns + (predicted ? 1 : 0)),
        before_(columns),
        plain_(columns) {}

  // `take`: each whole row.
  template <typename Take>
  PdfResult<void> add(ByteView piece, std::uint64_t position, const Take& take) {
    while (!piece.empty()) {
      const std::size_t part = std::min(piece.size(), row_.size() - filled_);
      std::copy_n(piece.begin(), part, row_.begin() + static_cast<std::ptrdiff_t>(filled_));
      filled_ += part;
      piece = piece.subspan(part);
      if (filled_ < row_.size()) return success();
      filled_ = 0;
      if (!undo()) return broken("a predictor is unknown", position);
      BOOST_OUTCOME_TRY(take(ByteView(plain_)));
      std::swap(before_, plain_);
    }
    return success();
  }

 private:
  bool undo() {
    if (!predicted_) {
      std::ranges::copy(row_, plain_.begin());
      return true;
    }
    if (row_[0] > 4) return false;
    for (std::size_t at = 0; at < plain_.size(); ++at) {
      const int left = at == 0 ? 0 : plain_[at - 1];
      const int above = before_[at];
      const int corner = at == 0 ? 0 : before_[at - 1];
      plain_[at] = static_cast<std::uint8_t>(row_[at + 1] + guess(row_[0], left, above, corner));
    }
    return true;
  }

  static int guess(int filter, int left, int above, int corner) {
    switch (filter) {
      case 1:
        return left;
      case 2:
        return above;
      case 3:
        return (left + above) / 2;
      case 4: {
        const int sum = left + above - corner;
        const int a = std::abs(sum - left);
        const int b = std::abs(sum - above);
        const int c = std::abs(sum - corner);
        return a <= b && a <= c ? left : b <= c ? above : corner;
      }
      default:
        return 0;
    }
  }

  const bool predicted_;
  Bytes row_;
  Bytes before_;
  Bytes plain_;
  std::size_t filled_ = 0;
};

// ISO 32000-2, 7.5.8.
class StreamReader {
 public:
  StreamReader(Window& window, std::uint64_t offset, std::uint64_t base, const SectionBounds& most)
      : window_(window),
        lexer_(window, offset),
        base_(base),
        most_(most.entries),
        most_inflated_(most.inflated) {
    content_.section.form = SectionForm::stream;
    content_.section.offset = offset;
  }

  PdfResult<SectionContent> read() {
    const auto object = lexer_.accept_natural();
    const auto generation = object ? lexer_.accept_natural() : std::nullopt;
    if (!generation || !lexer_.accept("obj") || *object > kHighestObject)
      return fault("there is no object");
    content_.own_object = static_cast<std::uint32_t>(*object);
    BOOST_OUTCOME_TRY(const auto dictionary, lexer_.read_value());
    const Value* const type = dictionary.find("Type");
    if (type == nullptr || type->name != "XRef")
      return fault("the object is not a cross-reference stream");
    BOOST_OUTCOME_TRY(read_trailer(dictionary, content_.section.offset, content_));
    BOOST_OUTCOME_TRY(read_shape(dictionary));
    BOOST_OUTCOME_TRY(read_data(dictionary));
    if (range_ != ranges_.size()) return fault("the cross-reference stream ends early");
    return std::move(content_);
  }

 private:
  Error fault(const char* sentence) const { return broken(sentence, content_.section.offset); }

  // /W and /Index.
  PdfResult<void> read_shape(const Value& dictionary) {
    const Value* const widths = dictionary.find("W");
    if (widths == nullptr || widths->items.size() < 3) return fault("/W is missing or damaged");
    for (std::size_t at = 0; at < 3; ++at) {
      const auto width = widths->items[at].natural();
      if (!width || *width > 8) return fault("/W is missing or damaged");
      widths_.at(at) = static_cast<std::size_t>(*width);
    }
    row_ = widths_[0] + widths_[1] + widths_[2];
    if (row_ == 0) return fault("/W is missing or damaged");
    const Value* const index = dictionary.find("Index");
    if (index == nullptr) {
      ranges_.emplace_back(0, content_.section.size);
    } else if (index->kind != Value::Kind::array) {
      return fault("/Index is damaged");
    } else {
      for (std::size_t at = 0; at + 1 < index->items.size(); at += 2) {
        const auto first = index->items[at].natural();
        const auto count = index->items[at + 1].natural();
        if (!first || !count) return fault("/Index is damaged");
        ranges_.emplace_back(*first, *count);
      }
    }
    for (const auto& [first, count] : ranges_) {
      if (count > most_ || first > kHighestObject || first + count > kHighestObject + 1)
        return too_many(content_.section.offset);
      most_ -= count;
    }
    skip_empty_ranges();
    return success();
  }

  PdfResult<void> read_data(const Value& dictionary) {
    const Value* const length = dictionary.find("Length");
    const auto size = length == nullptr ? std::nullopt : length->natural();
    if (!size) return fault("a cross-reference stream has no direct /Length");
    BOOST_OUTCOME_TRY(const bool compressed, is_compressed(dictionary));
    bool predicted = false;  // without a filter, its parameters mean nothing
    if (compressed) {
      BOOST_OUTCOME_TRY(predicted, is_predicted(dictionary));
    }
    if (!lexer_.accept("stream")) return fault("the cross-reference stream has no data");
    std::uint64_t data = lexer_.position();
    if (window_.at(data) == '\r') ++data;
    if (window_.at(data) == '\n') ++data;
    if (data > window_.size() || *size > window_.size() - data)
      return fault("the cross-reference stream ends behind the file");
    content_.section.end = data + *size;
    Rows rows(row_, predicted);
    const auto take = [&](ByteView piece) -> PdfResult<void> {
      content_.inflated += piece.size();
      if (content_.inflated > most_inflated_)
        return fault("the cross-reference streams inflate to more than 128 MiB in all");
      return rows.add(piece, data, [&](ByteView row) { return add_row(row); });
    };
    if (compressed)
      return inflate(window_, data, *size, std::numeric_limits<std::uint64_t>::max(), take);
    Bytes piece(4096);
    for (std::uint64_t done = 0; done < *size;) {
      const auto wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), *size - done));
      const std::size_t got = window_.read(data + done, std::span(piece).first(wanted));
      if (got == 0) return fault("the cross-reference stream cannot be read");
      BOOST_OUTCOME_TRY(take(ByteView(piece).first(got)));
      done += got;
    }
    return success();
  }

  PdfResult<bool> is_compressed(const Value& dictionary) const {
    const Value* filter = dictionary.find("Filter");
    if (filter != nullptr && filter->kind == Value::Kind::array) {
      if (filter->items.empty()) return false;
      if (filter->items.size() > 1) return unknown_filter();
      filter = &filter->items.front();
    }
    if (filter == nullptr) return false;
    if (filter->name != "FlateDecode") return unknown_filter();
    return true;
  }

  // What another reader could understand otherwise is refused: it would find other objects.
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
    if (predictor == 1U) return false;
    const bool known = predictor && *predictor >= 10 && number("Columns", 1) == row_ &&
                       number("Colors", 1) == 1U && number("BitsPerComponent", 8) == 8U &&
                       row_ <= kWidestRow;
    if (!known) return unknown_filter();
    return true;
  }

  Error unknown_filter() const {
    return {
        ErrorKind::unsupported,
        fmt::format(
            "the cross-reference stream is compressed in a way that is not supported (at byte {})",
            content_.section.offset)};
  }

  void skip_empty_ranges() {
    while (range_ < ranges_.size() && ranges_[range_].second == 0) ++range_;
  }

  PdfResult<void> add_row(ByteView row) {
    if (range_ == ranges_.size()) {  // more rows than were announced
      behind_ += row.size();
      if (behind_ <= kMostBehindEntries) return success();
      return fault("the cross-reference stream inflates to more than its entries take");
    }
    auto& [object, left] = ranges_[range_];
    std::size_t at = 0;
    std::array<std::uint64_t, 3> fields = {1, 0, 0};  // type 1 is the default
    for (std::size_t field = 0; field < 3; ++field)
      for (std::size_t byte = 0; byte < widths_.at(field); ++byte)
        fields.at(field) = (byte == 0 ? 0 : fields.at(field) << 8U) | row[at++];
    BOOST_OUTCOME_TRY(add_entry(static_cast<std::uint32_t>(object), fields));
    ++object;
    if (--left == 0) {
      ++range_;
      skip_empty_ranges();
    }
    return success();
  }

  PdfResult<void> add_entry(std::uint32_t object, const std::array<std::uint64_t, 3>& fields) {
    Entry entry;
    entry.object = object;
    entry.generation = static_cast<std::uint32_t>(fields[2]);
    if (fields[0] == 1) {
      if (fields[1] > window_.size() - base_)
        return broken(fmt::format("object {} would be behind the end of the file", object),
                      content_.section.offset);
      if (fields[2] > 65535) return fault("a generation is over 65535");
      entry.kind = fields[1] == 0 ? Entry::Kind::free : Entry::Kind::plain;
      entry.where = fields[1] + base_;
    } else if (fields[0] == 2) {
      if (fields[1] > kHighestObject || fields[2] > kHighestObject)
        return fault("an entry of the cross-reference stream is damaged");
      entry.kind = Entry::Kind::compressed;
      entry.where = fields[1];
    }
    add(content_, entry);  // other types are null objects (7.5.8.3)
    return success();
  }

  Window& window_;
  Lexer lexer_;
  const std::uint64_t base_;
  std::uint64_t most_;
  const std::uint64_t most_inflated_;
  std::uint64_t behind_ = 0;  // bytes of rows behind the last entry
  SectionContent content_;
  std::array<std::size_t, 3> widths_ = {};
  std::size_t row_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_;
  std::size_t range_ = 0;
};

}  // namespace

std::optional<SectionForm> form_at(Window& window, std::uint64_t offset) {
  Lexer lexer(window, offset);
  if (window.at(offset) == 'x') {
    if (lexer.accept("xref") && is_white(window.at(lexer.position()))) return SectionForm::table;
    return std::nullopt;
  }
  if (window.at(offset) < '0' || window.at(offset) > '9') return std::nullopt;
  if (lexer.accept_natural() && lexer.accept_natural() && lexer.accept("obj"))
    return SectionForm::stream;
  return std::nullopt;
}

PdfResult<SectionContent> read_section(Window& window, std::uint64_t offset, std::uint64_t base,
                                       const SectionBounds& most) {
  const auto form = form_at(window, offset);
  if (!form) return broken("there is no cross-reference where one should be", offset);
  if (*form == SectionForm::table) return TableReader(window, offset, base, most.entries).read();
  return StreamReader(window, offset, base, most).read();
}

}  // namespace signet::pdf
