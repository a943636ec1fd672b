// Document::open_repaired().
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "pdf/document.h"
#include "pdf/form.h"
#include "pdf/lexer.h"
#include "pdf/repair.h"

namespace signet::pdf {

namespace {

constexpr std::size_t kMostNodes = 1'000'000;

// Whether each object is where the cross-reference says.
bool are_in_place(const Source& source, const CrossReference& cross_reference) {
  std::vector<Entry> entries;
  std::ranges::copy_if(cross_reference.entries(), std::back_inserter(entries),
                       [](const Entry& entry) { return entry.kind == Entry::Kind::plain; });
  std::ranges::sort(entries, {}, &Entry::where);
  Window window(source);
  return std::ranges::all_of(entries, [&](const Entry& entry) {
    Lexer lexer(window, entry.where);
    return lexer.accept_natural() == entry.object && lexer.accept_natural() == entry.generation &&
           lexer.accept("obj");
  });
}

// What was cut off the document may be pages.
PdfResult<void> check_pages(Document& document) {
  return document.examined([&]() -> PdfResult<void> {
    QPDFObjectHandle catalog = document.catalog();
    std::vector<QPDFObjectHandle> left = {catalog.getKey("/Pages")};
    std::set<QPDFObjGen> seen;
    while (!left.empty()) {
      QPDFObjectHandle node = left.back();
      left.pop_back();
      if (!node.isDictionary() || seen.size() > kMostNodes || !seen.insert(node.getObjGen()).second)
        return Error(ErrorKind::broken,
                     "a page of the document is missing, or there twice: it cannot be repaired");
      QPDFObjectHandle kids = node.getKey("/Kids");
      if (!kids.isArray()) continue;
      for (const QPDFObjectHandle& kid : kids.getArrayAsVector()) left.push_back(kid);
    }
    return document.check();
  });
}

PdfResult<void> check_unsigned(Document& document) {
  BOOST_OUTCOME_TRY(const auto form, Form::read(document));
  if (form.signed_fields().empty()) return success();
  return Error(ErrorKind::forbidden,
               "the document is signed: what would repair it would not be what was signed");
}

}  // namespace

PdfResult<std::unique_ptr<Document>> Document::open_repaired(Source source,
                                                             std::string_view password) {
  auto opened = open(source, password);
  if (!opened && opened.error().kind != ErrorKind::broken) return opened;
  if (opened && are_in_place(source, opened.value()->cross_reference())) return opened;
  // One that could be opened is as good as it was where it cannot be repaired.
  auto section = repair_section(source);
  if (!section) return opened ? std::move(opened) : section.as_failure();
  auto repaired = open(joined(std::move(source), section.value()), password);
  if (!repaired) return repaired;
  Document& document = *repaired.value();
  document.repair_ = std::move(section).value();
  BOOST_OUTCOME_TRY(check_unsigned(document));
  BOOST_OUTCOME_TRY(check_pages(document));
  return repaired;
}

}  // namespace signet::pdf
