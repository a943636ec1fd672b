#include "tests/validation/mutate/shown.h"

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>

#include "pdf/document.h"
#include "validation/indication.h"
#include "validation/statement.h"

namespace signet::tests {

std::string shown(ByteView bytes) {
  const auto document = pdf::Document::open(pdf::Source::of(bytes));
  if (!document) return "not readable";
  std::string text;
  const auto done = document.value()->examined([&]() -> pdf::PdfResult<void> {
    const auto count = document.value()->page_count();
    for (std::size_t at = 0; count && at < count.value(); ++at) {
      auto page = document.value()->page(at);
      if (!page) return page.error();
      QPDFObjectHandle contents = page.value().getKey("/Contents");
      const auto data = document.value()->decoded(contents, 1U << 20U);
      if (data && data.value()) text += text_of(*data.value());
      for (const char* key : {"/Resources", "/MediaBox", "/CropBox"})
        text += page.value().getKey(key).unparse() + '\n';
    }
    return success();
  });
  return done ? text : "not readable";
}

std::string described(const Judged& judged) {
  const auto overall = judged.result.overall();
  if (!overall) return "no signature";
  std::string text(name_of(overall->indication));
  text += "/" + std::string(name_of(overall->sub_indication));
  for (const auto& reason : overall->reasons)
    text += "; " + validation::text_of(reason, validation::Language::english);
  return text;
}

std::string indication_of(const Judged& judged) {
  const auto overall = judged.result.overall();
  return overall ? std::string(name_of(overall->indication)) : "none";
}

}  // namespace signet::tests
