// Any bytes as a PDF document that is opened, looked at and sealed.
#include <cstdint>
#include <string>

#include "common/printable.h"
#include "pdf/form.h"
#include "pdf/signature.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

void check(const pdf::Error& error) {
  require(!error.sentence.empty(), "an error is a sentence");
  require(printable(error.sentence) == error.sentence, "an error is printable");
}

pdf::SignatureWish wish_with(const std::string& field) {
  pdf::SignatureWish wish;
  wish.field = field;
  wish.room = 64;
  wish.reason = "fuzz";
  wish.digest = "SHA256";
  return wish;
}

// What is sealed is read again, the signature in its field.
void check_sealed(ByteView bytes, const pdf::PlannedSignature& planned, std::string_view password) {
  Bytes sealed = copy_of(bytes);
  sealed.insert(sealed.end(), planned.tail.bytes.begin(), planned.tail.bytes.end());
  const auto again = pdf::Document::open(pdf::Source::of(sealed), password);
  require(again.has_value(), "what we write is read: " + (again ? "" : again.error().sentence));
  const auto form = pdf::Form::read(*again.value());
  require(form.has_value(), "its form is read: " + (form ? "" : form.error().sentence));
  const pdf::Field* const field = form.value().find(planned.field);
  require(field != nullptr && field->is_signature(), "the field is there");
  QPDFObjectHandle value = field->value;
  require(value.isDictionary() && value.getKey("/ByteRange").isArray(), "the signature is in it");
  require(value.getKey("/Reason").getStringValue() == "fuzz", "strings are read as they were");
  const auto& revisions = again.value()->cross_reference().revisions();
  require(revisions.back().end == sealed.size(), "the seal is the last revision");
}

void look_at(pdf::Document& document) {
  if (const auto pages = document.page_count(); pages && pages.value() > 0) {
    for (const std::size_t index : {std::size_t{0}, pages.value() / 2, pages.value() - 1}) {
      const auto page = document.page(index);
      if (!page) {
        check(page.error());
      } else if (const auto geometry = document.geometry(page.value()); !geometry) {
        check(geometry.error());
      }
    }
  }
  for (std::size_t at = 0; at < document.cross_reference().revisions().size() && at < 4; ++at)
    if (const auto earlier = document.open_revision(at); !earlier) check(earlier.error());
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  const ByteView bytes(data, size);
  const std::string_view password = "owner";
  const auto opened = pdf::Document::open(pdf::Source::of(bytes), password);
  if (!opened) {
    fuzz::check(opened.error());
    return 0;
  }
  pdf::Document& document = *opened.value();
  fuzz::look_at(document);
  std::string field;
  if (const auto form = pdf::Form::read(document); form)
    for (const pdf::Field& one : form.value().fields())
      if (one.is_signature()) field = one.name;
  for (const std::string& name : {std::string(), field}) {
    const auto fresh = pdf::Document::open(pdf::Source::of(bytes), password);
    fuzz::require(fresh.has_value(), "what was opened once is opened again");
    const auto planned = pdf::plan_signature(*fresh.value(), fuzz::wish_with(name));
    if (planned) {
      fuzz::check_sealed(bytes, planned.value(), password);
    } else {
      fuzz::check(planned.error());
    }
  }
  return 0;
}
