#include "validation/reading/pdf_signature.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "common/printable.h"
#include "crypto/cms/reader.h"
#include "pdf/lexer.h"
#include "validation/reading/pdf_range.h"

namespace signet::validation {

namespace {

constexpr std::uint64_t kLargestContents = std::uint64_t{16} * 1024 * 1024;  // bytes
constexpr std::size_t kLongestText = 1024;

constexpr Sentence kNoRange{"there is no /ByteRange of two parts",
                            "chybí /ByteRange o dvou částech"};
constexpr Sentence kBadRange{"the /ByteRange is damaged: its parts overlap or are beyond the file",
                             "/ByteRange je vadný: jeho části se překrývají nebo přesahují soubor"};
constexpr Sentence kNotFromStart{"the /ByteRange does not begin at the start of the file",
                                 "/ByteRange nezačíná na začátku souboru"};
constexpr Sentence kNotContents{"the gap in the /ByteRange is not exactly the /Contents",
                                "mezera v /ByteRange není přesně /Contents"};
constexpr Sentence kOtherContents{
    "the gap in the /ByteRange is not the /Contents of this signature but something else",
    "mezera v /ByteRange není /Contents tohoto podpisu, ale něco jiného"};
constexpr Sentence kNoElement{"the /Contents hold no signature", "/Contents neobsahuje podpis"};
constexpr Sentence kTooLarge{"the /Contents are larger than 16 MiB",
                             "/Contents je větší než 16 MiB"};
constexpr Sentence kMoreContents{
    "behind the signature in the /Contents is something else than zeros",
    "za podpisem v /Contents je něco jiného než nuly"};
constexpr Sentence kNoRevision{"the /ByteRange does not end where a revision of the document ends",
                               "/ByteRange nekončí tam, kde končí některá revize dokumentu"};
constexpr Sentence kOverlap{"its /Contents overlap with those of another signature: \"{0}\"",
                            "jeho /Contents se překrývá s /Contents jiného podpisu: „{0}“"};

std::string text_of_entry(QPDFObjectHandle dictionary, const char* key) {
  std::string text;
  if (!dictionary.getKey(key).getValueAsUTF8(text)) return {};
  if (text.size() > kLongestText) text.resize(kLongestText);
  return printable(text);
}

std::optional<std::array<std::uint64_t, 4>> numbers_in(QPDFObjectHandle range) {
  if (!range.isArray() || range.getArrayNItems() != 4) return std::nullopt;
  std::array<std::uint64_t, 4> numbers = {};
  for (int at = 0; at < 4; ++at) {
    long long number = 0;
    if (!range.getArrayItem(at).getValueAsInt(number) || number < 0) return std::nullopt;
    numbers.at(static_cast<std::size_t>(at)) = static_cast<std::uint64_t>(number);
  }
  return numbers;
}

// The first element of what stands in /Contents, and whether only zeros follow.
struct Contents {
  ByteView element;
  bool padded = false;
};
Contents contents_in(ByteView bytes) {
  const auto size = cms::element_size(cms::Source::of(bytes));
  if (!size) return {};
  const ByteView rest = bytes.subspan(static_cast<std::size_t>(*size));
  return {bytes.first(static_cast<std::size_t>(*size)),
          std::ranges::all_of(rest, [](std::uint8_t one) { return one == 0; })};
}

class SignatureReader {
 public:
  SignatureReader(pdf::Document& document, const pdf::Field& field)
      : document_(document), dictionary_(field.value) {
    read_.name = printable(field.name);
    read_.field = field.name;
    QPDFObjectHandle owner = dictionary_.isIndirect() ? dictionary_ : field.dictionary;
    read_.object = static_cast<std::uint32_t>(std::max(0, owner.getObjectID()));
  }

  PdfSignature read() {
    read_entries();
    read_.coverage.revisions = document_.cross_reference().revisions().size();
    read_.coverage.fault = read_range();
    if (read_.contents.empty()) read_contents_as_qpdf_has_them();
    return std::move(read_);
  }

 private:
  void read_entries() {
    std::string name;
    if (dictionary_.getKey("/SubFilter").getValueAsName(name) && name.size() > 1)
      read_.sub_filter = name.substr(1);
    if (dictionary_.getKey("/Filter").getValueAsName(name) && name.size() > 1)
      read_.filter = name.substr(1);
    std::string type;
    dictionary_.getKey("/Type").getValueAsName(type);
    read_.is_time_stamp = type == "/DocTimeStamp" || read_.sub_filter == "ETSI.RFC3161";
    read_.reason = text_of_entry(dictionary_, "/Reason");
    read_.location = text_of_entry(dictionary_, "/Location");
    read_.contact = text_of_entry(dictionary_, "/ContactInfo");
    read_.claimed_name = text_of_entry(dictionary_, "/Name");
    read_.claimed_time = pdf_date(text_of_entry(dictionary_, "/M"));
    read_.facts.has_filter = dictionary_.hasKey("/Filter");
    read_.facts.has_signing_time = dictionary_.hasKey("/M");
    read_.facts.has_certificate = dictionary_.hasKey("/Cert");
    read_.facts.has_location = dictionary_.hasKey("/Location");
  }

  std::optional<Statement> read_range() {
    const auto numbers = numbers_in(dictionary_.getKey("/ByteRange"));
    if (!numbers) return say(kNoRange);
    read_.byte_range.assign(numbers->begin(), numbers->end());
    const auto [zero, length, begin, rest] = *numbers;
    if (zero != 0) return say(kNotFromStart);
    const std::uint64_t size = document_.source().size;
    if (length > size || begin > size || rest > size - begin || begin < length)
      return say(kBadRange);
    if (begin - length < 2) return say(kNotContents);
    if (begin - length > 2 * kLargestContents + 2) return say(kTooLarge);
    if (auto fault = read_gap(length, begin)) {
      if (const auto ends = revision_ending_at(document_, begin + rest)) {
        read_.coverage.revision = *ends;
        read_.ends_a_revision = true;
      }
      return fault;
    }
    read_.gap_begin = length;
    read_.gap_end = begin;
    read_.end = begin + rest;
    read_.has_range = true;
    const auto revision = revision_ending_at(document_, read_.end);
    if (!revision) return say(kNoRevision);
    read_.coverage.revision = *revision;
    read_.coverage.whole_document =
        *revision + 1 == read_.coverage.revisions && is_blank_behind(document_, read_.end);
    return std::nullopt;
  }

  std::optional<Statement> read_gap(std::uint64_t begin, std::uint64_t end) {
    Bytes gap(static_cast<std::size_t>(end - begin));
    if (!document_.source().read(begin, gap) || gap.front() != '<' || gap.back() != '>')
      return say(kNotContents);
    const auto bytes = from_hex(signet::text_of(ByteView(gap).subspan(1, gap.size() - 2)));
    if (!bytes) return say(kNotContents);
    if (!is_in_object(document_, read_.object, begin)) return say(kOtherContents);
    std::string said;
    if (!document_.qpdf().isEncrypted() && dictionary_.getKey("/Contents").isString())
      said = dictionary_.getKey("/Contents").getStringValue();
    if (!document_.qpdf().isEncrypted() && !equal(view_of(said), *bytes))
      return say(kOtherContents);
    const Contents contents = contents_in(*bytes);
    if (contents.element.empty()) return say(kNoElement);
    read_.contents = copy_of(contents.element);
    if (!contents.padded) return say(kMoreContents);
    return std::nullopt;
  }

  // For a report: the signature is faulty already.
  void read_contents_as_qpdf_has_them() {
    QPDFObjectHandle string = dictionary_.getKey("/Contents");
    if (!string.isString()) return;
    const std::string bytes = string.getStringValue();
    if (bytes.size() > kLargestContents) return;
    read_.contents = copy_of(contents_in(view_of(bytes)).element);
  }

  pdf::Document& document_;
  QPDFObjectHandle dictionary_;
  PdfSignature read_;
};

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int number = 0;
  for (const char digit : text.substr(at, digits)) number = number * 10 + (digit - '0');
  return number;
}

}  // namespace

std::optional<Time> pdf_date(std::string_view text) {
  if (text.starts_with("D:")) text.remove_prefix(2);
  constexpr std::string_view defaults = "00000101000000";  // year to second
  std::size_t digits = 0;
  while (digits < text.size() && digits < defaults.size() &&
         std::isdigit(static_cast<unsigned char>(text[digits])) != 0)
    ++digits;
  if (digits < 4 || digits % 2 != 0) return std::nullopt;
  const std::string full =
      std::string(text.substr(0, digits)) + std::string(defaults.substr(digits));
  const std::chrono::year_month_day day{
      std::chrono::year(number_at(full, 0, 4)),
      std::chrono::month(static_cast<unsigned>(number_at(full, 4, 2))),
      std::chrono::day(static_cast<unsigned>(number_at(full, 6, 2)))};
  // The clock of nanoseconds ends in 2262.
  if (!day.ok() || day.year() < std::chrono::year(1700) || day.year() > std::chrono::year(2260))
    return std::nullopt;
  const int hours = number_at(full, 8, 2);
  const int minutes = number_at(full, 10, 2);
  const int seconds = number_at(full, 12, 2);
  if (hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
  Time time = std::chrono::sys_days(day) + std::chrono::hours(hours) +
              std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
  std::string_view zone = text.substr(digits);
  if (zone.size() >= 3 && (zone[0] == '+' || zone[0] == '-')) {
    std::string offset;
    for (const char one : zone.substr(1))
      if (std::isdigit(static_cast<unsigned char>(one)) != 0 && offset.size() < 4) offset += one;
    offset.resize(4, '0');
    const auto east =
        std::chrono::hours(number_at(offset, 0, 2)) + std::chrono::minutes(number_at(offset, 2, 2));
    time += zone[0] == '+' ? -east : east;
  }
  return time;
}

PdfSignature read_pdf_signature(pdf::Document& document, const pdf::Field& field) {
  return SignatureReader(document, field).read();
}

void check_ranges_of_all(std::vector<PdfSignature>& signatures) {
  std::vector<PdfSignature*> sorted;
  for (PdfSignature& one : signatures)
    if (one.has_range) sorted.push_back(&one);
  std::ranges::stable_sort(sorted, {}, [](const PdfSignature* one) { return one->gap_begin; });
  for (std::size_t at = 1; at < sorted.size(); ++at) {
    PdfSignature& before = *sorted[at - 1];
    PdfSignature& after = *sorted[at];
    if (after.gap_begin >= before.gap_end) continue;
    if (!before.coverage.fault) before.coverage.fault = say(kOverlap, after.name);
    if (!after.coverage.fault) after.coverage.fault = say(kOverlap, before.name);
  }
}

}  // namespace signet::validation
