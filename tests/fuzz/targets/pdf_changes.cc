// Any bytes as a PDF document whose revisions are compared, seen by each signature of its form.
#include "validation/pdf_changes.h"

#include <cstdint>
#include <string>

#include "common/printable.h"
#include "pdf/form.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

void check(const validation::PdfChange& change, std::size_t revisions) {
  for (const auto language : {validation::Language::english, validation::Language::czech}) {
    const std::string text = validation::text_of(change.what, language);
    require(!text.empty(), "a change is a sentence");
    require(printable(text) == text, "a change is printable");
  }
  require(change.allowed != change.rule.has_value(),
          "what is not allowed has a rule, and only that");
  require(change.revision < revisions, "a change is of a revision that there is");
  require(printable(change.field) == change.field, "a field's name is printable");
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  const std::string_view password = "owner";
  const auto opened = pdf::Document::open(pdf::Source::of(ByteView(data, size)), password);
  if (!opened) return 0;
  pdf::Document& document = *opened.value();
  const std::size_t revisions = document.cross_reference().revisions().size();
  std::vector<std::string> names = {"SignetSeal1"};
  if (const auto form = pdf::Form::read(document); form)
    for (const pdf::Field* const field : form.value().signed_fields()) names.push_back(field->name);
  validation::ChangeBounds bounds;
  bounds.time = std::chrono::milliseconds(500);
  validation::RevisionChanges changes(document, password, 0, bounds);
  for (std::size_t at = 0; at < names.size() && at < 8; ++at)
    for (std::size_t revision = 0; revision < revisions && revision < 8; ++revision)
      for (const validation::PdfChange& change : changes.after(revision, names[at]))
        fuzz::check(change, revisions);
  return 0;
}
