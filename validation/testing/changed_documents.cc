#include "validation/testing/changed_documents.h"

#include <fmt/format.h>

#include <stdexcept>

#include "pdf/testing/pdf_maker.h"

namespace signet::validation {

using pdf::MadeDocument;
using pdf::replaced;
using pdf::updated;

namespace {

constexpr int kFresh = 500;  // numbers that nobody has

std::string stream(const std::string& entries, const std::string& data) {
  return fmt::format("<< {} /Length {} >>\nstream\n{}\nendstream", entries, data.size(), data);
}

std::string appearance(const std::string& drawing) {
  return stream("/Type /XObject /Subtype /Form /BBox [0 0 200 40]", drawing);
}

// A text field (6) with an appearance (7), a font in an object of its own (8), a cover over a part of the page (9), a second
// content that nothing shows (10), and a signature field without a signature (11).
std::string base() {
  MadeDocument wish;
  const int at = wish.first_free();
  wish.catalog =
      fmt::format("/AcroForm << /Fields [{} 0 R {} 0 R] /DA (/Helv 0 Tf) >>", at, at + 5);
  wish.page = fmt::format("/Annots [{} 0 R {} 0 R]", at, at + 5);
  wish.resources = fmt::format(
      "/XObject << /Cover {} 0 R >> /ExtGState << /G << /Font [{} 0 R 12] >> >>", at + 3, at + 2);
  wish.objects[at] = fmt::format(
      "<< /Type /Annot /Subtype /Widget /FT /Tx /T (amount) /V (100) /Rect [72 600 272 640] /F 4 "
      "/P 5 0 R /AP << /N {} 0 R >> >>",
      at + 1);
  wish.objects[at + 1] = appearance("BT (100) Tj ET");
  wish.objects[at + 2] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
  wish.objects[at + 3] = appearance("1 g 0 0 200 40 re f");
  wish.objects[at + 4] =
      stream("/Hidden true", "3 0 obj\n<< /Length 9 >>\nstream\n(another)\nendstream\nendobj\n");
  wish.objects[at + 5] =
      "<< /Type /Annot /Subtype /Widget /FT /Sig /T (second) /Rect [72 100 272 140] /F 4 /P 5 0 R "
      ">>";
  return wish.make();
}

constexpr int kField = 6, kLook = 7, kFont = 8, kCover = 9, kHidden = 10, kSecond = 11;

std::string signature_dictionary(const std::string& type, const std::string& filter) {
  return fmt::format(
      "<< /Type /{} /Filter /Adobe.PPKLite /SubFilter /{} /ByteRange [0 10 20 10] /Contents "
      "<3000> >>",
      type, filter);
}

// A new signature field that is signed, drawn over this rectangle.
std::string with_new_signature(const std::string& sealed, const std::string& rectangle,
                               const std::string& drawing, bool stamp = false,
                               const std::string& more = "") {
  return updated(
      sealed,
      {{1,
        replaced(object_text(sealed, 1), "/Fields [ ", fmt::format("/Fields [ {} 0 R ", kFresh))},
       {5,
        replaced(object_text(sealed, 5), "/Annots [ ", fmt::format("/Annots [ {} 0 R ", kFresh))},
       {kFresh, fmt::format("<< /Type /Annot /Subtype /Widget /FT /Sig /T (added) /V {} 0 R /Rect "
                            "[{}] /F 132 /P 5 0 R /AP << /N {} 0 R >> {} >>",
                            kFresh + 1, rectangle, kFresh + 2, more)},
       {kFresh + 1, stamp ? signature_dictionary("DocTimeStamp", "ETSI.RFC3161")
                          : signature_dictionary("Sig", "ETSI.CAdES.detached")},
       {kFresh + 2, appearance(drawing)}});
}

// Nothing is drawn; it runs a script when somebody clicks on it.
std::string with_action(const std::string& sealed) {
  return updated(sealed, {{5, replaced(object_text(sealed, 5), "/Annots [ ",
                                       fmt::format("/Annots [ {} 0 R ", kFresh))},
                          {kFresh,
                           "<< /Type /Annot /Subtype /Link /Rect [72 690 400 730] /A << /S "
                           "/JavaScript /JS (x) >> >>"}});
}

std::string with_annotation(const std::string& sealed) {
  return updated(
      sealed,
      {{5,
        replaced(object_text(sealed, 5), "/Annots [ ", fmt::format("/Annots [ {} 0 R ", kFresh))},
       {kFresh, fmt::format("<< /Type /Annot /Subtype /Stamp /Rect [72 690 400 730] /F 4 /AP << /N "
                            "{} 0 R >> >>",
                            kFresh + 1)},
       {kFresh + 1, appearance("1 g 0 0 200 40 re f")}});
}

std::string with_dss(const std::string& sealed) {
  return updated(sealed,
                 {{1, replaced(object_text(sealed, 1), "/Type /Catalog",
                               fmt::format("/Type /Catalog /DSS << /Certs [ {} 0 R ] >>", kFresh))},
                  {kFresh, stream("", "certificate")}});
}

// The number of the signature's dictionary of "SignetSeal1".
int signature_number(const std::string& sealed) {
  const std::size_t at = sealed.rfind("/ByteRange");
  const std::size_t object = sealed.rfind(" 0 obj", at);
  const std::size_t line = sealed.rfind('\n', object);
  return std::stoi(sealed.substr(line + 1));
}

std::string content(const char* text) {
  return stream("", fmt::format("BT /F1 24 Tf 72 700 Td ({}) Tj ET", text));
}

}  // namespace

pdf::SignatureWish plain_signature(int certify) {
  pdf::SignatureWish wish;
  wish.room = 100;
  wish.digest = "SHA256";
  wish.certify = certify;
  wish.signed_at = std::chrono::system_clock::from_time_t(1'800'000'000);
  return wish;
}

pdf::SignatureWish plain_time_stamp() {
  pdf::SignatureWish wish = plain_signature();
  wish.kind = pdf::SignatureKind::time_stamp;
  return wish;
}

std::string signed_as(const std::string& bytes, const pdf::SignatureWish& wish,
                      std::string_view password, std::string* field) {
  const auto document = pdf::Document::open(pdf::Source::of(view_of(bytes)), password);
  if (!document) throw std::runtime_error(document.error().sentence);
  auto planned = pdf::plan_signature(*document.value(), wish);
  if (!planned) throw std::runtime_error(planned.error().sentence);
  if (field != nullptr) *field = planned.value().field;
  planned.value().tail.fill(Bytes{0x30, 0x01, 0x02});
  return bytes + std::string(signet::text_of(planned.value().tail.bytes));
}

std::string object_text(const std::string& bytes, int number) {
  const auto document = pdf::Document::open(pdf::Source::of(view_of(bytes)));
  if (!document) throw std::runtime_error(document.error().sentence);
  return document.value()->qpdf().getObjectByID(number, 0).unparseResolved();
}

std::string edited(const std::string& bytes, int number, const std::string& from,
                   const std::string& to) {
  return updated(bytes, {{number, replaced(object_text(bytes, number), from, to)}});
}

std::string with_table(const std::string& bytes,
                       const std::vector<std::pair<int, std::size_t>>& rows,
                       const std::string& trailer) {
  const std::size_t mark = bytes.rfind("startxref");
  const std::string previous = std::to_string(std::stoull(bytes.substr(mark + 10)));
  std::string out = bytes;
  const std::size_t start = out.size();
  out += "xref\n";
  for (const auto& [number, offset] : rows)
    out += fmt::format("{} 1\n{:010} 00000 {} \n", number, offset, offset == 0 ? 'f' : 'n');
  return out + fmt::format("trailer\n<< {} /Size 1000 /Prev {} >>\nstartxref\n{}\n%%EOF\n", trailer,
                           previous, start);
}

std::vector<ChangedDocument> attacks() {
  using Kind = ChangeKind;
  std::vector<ChangedDocument> all;
  const auto add = [&](const char* name, std::function<std::string(const std::string&)> change,
                       std::vector<Kind> kinds, int certify = 0) {
    all.push_back({name, base(), certify, std::move(change), std::move(kinds)});
  };
  // Incremental saving.
  add("isa-content",
      [](const auto& in) {
        return updated(in, {{3, content("Another")}});
      },
      {Kind::page_content});
  add("isa-content-gone",
      [](const auto& in) {
        return with_table(in, {{3, 0}});
      },
      {Kind::page_content});
  add("isa-signature-copied",
      [](const auto& in) {
        const int number = signature_number(in);
        return updated(in, {{3, content("Another")}, {number, object_text(in, number)}});
      },
      {Kind::page_content, Kind::signature_changed});
  add("isa-unlisted",
      [](const auto& in) {
        const std::string with = in + "3 0 obj\n" + content("Another") + "\nendobj\n";
        return with_table(with, {{kFresh, 0}});
      },
      {Kind::hidden});
  add("isa-table-unlisted",
      [](const auto& in) {
        const std::string with =
            in + "xref\n3 1\n0000000000 00000 n \ntrailer\n<< /Root 1 0 R >>\n";
        return with_table(with, {{kFresh, 0}});
      },
      {Kind::hidden});
  add("isa-twice",
      [](const auto& in) {
        const std::string with = in + "3 0 obj\n" + object_text(in, 4) + "\nendobj\n4 0 obj\n" +
                                 object_text(in, 4) + "\nendobj\n";
        return with_table(
            with, {{4, with.find("4 0 obj", in.size())}, {4, with.find("3 0 obj", in.size())}});
      },
      {Kind::hidden});
  // Signature wrapping and universal forgery, as far as an update can do them.
  add("swa-range-moved",
      [](const auto& in) {
        return edited(in, signature_number(in), "/ByteRange [ 0", "/ByteRange [ 0 10 20");
      },
      {Kind::signature_changed});
  add("usf-contents-gone",
      [](const auto& in) { return edited(in, signature_number(in), "/Contents", "/Elsewhere"); },
      {Kind::signature_changed});
  add("usf-range-null",
      [](const auto& in) {
        return edited(in, signature_number(in), "/ByteRange", "/ByteRange null /Range");
      },
      {Kind::signature_changed});
  // Shadow attacks.
  add("shadow-hide",
      [](const auto& in) {
        return updated(in, {{kCover, appearance("")}});
      },
      {Kind::resource});
  add("shadow-replace-font",
      [](const auto& in) {
        return updated(in, {{kFont, "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"}});
      },
      {Kind::resource});
  add("shadow-replace-field",
      [](const auto& in) {
        return updated(in, {{kLook, appearance("BT (999) Tj ET")}});
      },
      {Kind::form_field});
  add("shadow-hide-and-replace",
      [](const auto& in) {
        return with_table(in, {{3, in.find("3 0 obj\n<< /Length 9")}});
      },
      {Kind::hidden, Kind::page_content});
  add("shadow-unused",
      [](const auto& in) {
        return updated(in, {{kHidden, "<< /Type /Catalog /Pages 2 0 R >>"}});
      },
      {Kind::hidden});
  add("shadow-other-catalog",
      [](const auto& in) {
        const std::string with = in + "500 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n";
        return with_table(with, {{kFresh, in.size()}}, "/Root 500 0 R");
      },
      {Kind::catalog});
  // What shows something else on a page.
  add("white-stamp", with_annotation, {Kind::annotation});
  add("white-stamp-certified", with_annotation, {Kind::annotation}, 2);
  add("page-resources", [](const auto& in) { return edited(in, 5, "/Helvetica", "/Symbol"); },
      {Kind::resource});
  add("page-box",
      [](const auto& in) { return edited(in, 5, "[ 0 0 595 842 ]", "[ 0 0 595 400 ]"); },
      {Kind::page_tree});
  add("page-added",
      [](const auto& in) {
        return updated(
            in, {{2, fmt::format("<< /Type /Pages /Count 2 /Kids [5 0 R {} 0 R] >>", kFresh)},
                 {kFresh, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"}});
      },
      {Kind::page_tree});
  add("open-action",
      [](const auto& in) {
        return edited(in, 1, "/Type /Catalog",
                      "/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>");
      },
      {Kind::catalog});
  add("field-moved",
      [](const auto& in) { return edited(in, kField, "72 600 272 640", "72 690 400 730"); },
      {Kind::form_field});
  add("field-removed",
      [](const auto& in) {
        return edited(in, 1, fmt::format("{} 0 R {} 0 R", kField, kSecond),
                      fmt::format("{} 0 R", kSecond));
      },
      {Kind::form_field});
  add(
      "filled-although-certified",
      [](const auto& in) { return edited(in, kField, "(100)", "(999)"); }, {Kind::form_field}, 1);
  add(
      "signed-although-certified",
      [](const auto& in) { return with_new_signature(in, "0 0 0 0", ""); }, {Kind::signature}, 1);
  add(
      "stamp-drawn-although-certified",
      [](const auto& in) { return with_new_signature(in, "72 690 400 730", "1 g", true); },
      {Kind::time_stamp}, 1);
  add("signature-with-action",
      [](const auto& in) {
        return with_new_signature(in, "0 0 0 0", "", false, "/A << /S /JavaScript /JS (x) >>");
      },
      {Kind::new_field});
  return all;
}

std::vector<ChangedDocument> good_updates() {
  using Kind = ChangeKind;
  std::vector<ChangedDocument> all;
  const auto add = [&](const char* name, std::function<std::string(const std::string&)> change,
                       std::vector<Kind> kinds, int certify = 0, bool warned = false) {
    all.push_back({name, base(), certify, std::move(change), std::move(kinds), true, warned});
  };
  for (const int certify : {0, 1, 2, 3}) {
    add("dss", with_dss, {Kind::validation_data}, certify);
    add(
        "stamp", [](const auto& in) { return signed_as(in, plain_time_stamp()); },
        {Kind::time_stamp}, certify);
    add(
        "info",
        [](const auto& in) {
          return updated(in, {{4, "<< /Title (other) >>"}});
        },
        {Kind::metadata}, certify);
    add(
        "rewritten",
        [](const auto& in) {
          return updated(in, {{5, object_text(in, 5)}, {2, object_text(in, 2)}});
        },
        {}, certify);
  }
  for (const int certify : {0, 2, 3}) {
    add(
        "filled",
        [](const auto& in) {
          return updated(in, {{kField, replaced(object_text(in, kField), "(100)", "(999)")},
                              {kLook, appearance("BT (999) Tj ET")}});
        },
        {Kind::form_field}, certify);
    add(
        "signed-again",
        [](const auto& in) {
          pdf::SignatureWish wish = plain_signature();
          wish.field = "second";
          return signed_as(in, wish);
        },
        {Kind::signature}, certify);
    add(
        "signed-new", [](const auto& in) { return signed_as(in, plain_signature()); },
        {Kind::signature}, certify);
    // Sneaky signature: allowed, and shown.
    add(
        "ssa",
        [](const auto& in) { return with_new_signature(in, "72 690 400 730", "1 g 0 0 9 9 re f"); },
        {Kind::signature}, certify, true);
    add(
        "compressed-appearance-kept",
        [](const auto& in) {
          return updated(in, {{kLook, stream("/Type /XObject /Subtype /Form /BBox [0 0 200 40] "
                                             "/Filter /ASCIIHexDecode",
                                             "425420283130302920546A204554>")}});
        },
        {}, certify);
  }
  // Evil annotation: allowed, and shown.
  add("eaa", with_annotation, {Kind::annotation}, 3, true);
  add("action", with_action, {Kind::annotation}, 3, true);
  return all;
}

}  // namespace signet::validation
