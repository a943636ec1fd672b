#include "pdf/testing/problem_documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "pdf/testing/pdf_maker.h"

namespace signet::pdf {

namespace {

using DocumentForm = MadeDocument::Form;

constexpr std::size_t kBehind = 80'000;      // bytes behind %%EOF that are taken
constexpr std::size_t kTooMuch = 1'100'000;  // that are not

std::string widget(const std::string& rectangle, const std::string& more) {
  return fmt::format("<< /Type /Annot /Subtype /Widget /Rect [{}] /F 4 {} >>", rectangle, more);
}

// What a page needs that only the page tree's root has.
std::string with_everything_inherited() {
  MadeDocument wish;
  wish.pages = 7;
  wish.nested_pages = true;
  wish.own_box = false;
  wish.tree = "/Rotate 90 /CropBox [50 50 545 792]";
  return wish.make();
}

// A page far below the page tree's root, which has all that it inherits.
std::string with_deep_pages() {
  constexpr int kNodes = 60;
  MadeDocument wish;
  wish.own_box = false;
  wish.tree = "/Rotate 180";
  const int first = wish.first_free();
  const int last = first + kNodes - 1;
  for (int node = first; node <= last; ++node)
    wish.objects[node] =
        fmt::format("<< /Type /Pages /Parent {} 0 R /Count 1 /Kids [{} 0 R] >>",
                    node == first ? 2 : node - 1, node == last ? wish.first_page() : node + 1);
  const std::string bytes =
      replaced(wish.make(), "/Kids [5 0 R ]", fmt::format("/Kids [{} 0 R ]", first));
  return replaced(bytes, "/Parent 2 0 R  /Contents", fmt::format("/Parent {} 0 R /Contents", last));
}

// An object whose number was free before it was used, one of a generation that is not 0, and an update by others of both.
std::string with_generations() {
  MadeDocument wish;
  const int form = wish.first_free() + 1;  // the number in front of it is free
  wish.catalog = fmt::format("/AcroForm {} 5 R", form);
  wish.objects[form] = "<< /Fields [] >>";
  std::string bytes =
      replaced(wish.make(), fmt::format("\n{} 0 obj", form), fmt::format("\n{} 5 obj", form));
  bytes = replaced(bytes, "00000 n \ntrailer", "00005 n \ntrailer");
  return updated(bytes, {{wish.first_free(), "<< /Reused true >>"}});
}

std::string with_old_line_ends() {
  std::string bytes = MadeDocument().make();
  std::replace(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.rfind("\nxref\n")), bytes.end(),
               '\n', '\r');
  return bytes;
}

// startxref points to the line end in front of the table.
std::string with_blank_start() {
  const std::string bytes = MadeDocument().make();
  const std::size_t start = bytes.rfind("\nxref\n");
  return replaced(bytes, fmt::format("startxref\n{}", start + 1),
                  fmt::format("startxref\n{}", start));
}

std::string loop_of_updates() {
  const std::string bytes = updated(MadeDocument().make(), {{4, "<< >>"}});
  const auto number = [&](const char* word) {
    const std::size_t begin = bytes.rfind(word) + std::string(word).size() + 1;
    return bytes.substr(begin, bytes.find_first_not_of("0123456789", begin) - begin);
  };
  return replaced(bytes, "/Prev " + number("/Prev"), "/Prev " + number("startxref"));
}

// A signature of somebody else (its value is not looked at) with this transform, and an empty field "second".
std::string signed_with(const std::string& transform) {
  MadeDocument wish;
  const int at = wish.first_free();
  wish.catalog = fmt::format("/AcroForm << /SigFlags 3 /Fields [{} 0 R {} 0 R] >>", at, at + 2);
  wish.page = fmt::format("/Annots [{} 0 R {} 0 R]", at, at + 2);
  wish.objects[at] =
      widget("0 0 0 0", fmt::format("/FT /Sig /T (first) /V {} 0 R /P 5 0 R", at + 1));
  wish.objects[at + 1] = fmt::format(
      "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] "
      "/Contents <00> /Reference [<< /Type /SigRef {} >>] >>",
      transform);
  wish.objects[at + 2] = widget("100 100 200 150", "/FT /Sig /T (second) /P 5 0 R");
  return wish.make();
}

// One signature field "office" with these entries, which may refer to these objects, numbers from 7 on.
std::string with_field(const std::string& entries, const std::string& form = {},
                       const std::map<int, std::string>& objects = {},
                       const std::string& name = "(office)") {
  MadeDocument wish;
  const int at = wish.first_free();
  wish.objects = objects;
  wish.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] {} >>", at, form);
  wish.page = fmt::format("/Annots [{} 0 R]", at);
  wish.objects[at] =
      widget("100 100 300 160", fmt::format("/FT /Sig /T {} /P 5 0 R {}", name, entries));
  return wish.make();
}

// "office" locks "Signature 1" with its signature, and neither "Signature 10" nor the rest.
std::string with_a_lock() {
  MadeDocument wish;
  const int at = wish.first_free();
  wish.catalog = fmt::format("/AcroForm << /Fields [{} 0 R {} 0 R {} 0 R] >>", at, at + 1, at + 2);
  wish.page = fmt::format("/Annots [{} 0 R {} 0 R {} 0 R]", at, at + 1, at + 2);
  wish.objects[at] =
      widget("100 100 300 160", fmt::format("/FT /Sig /T (office) /P 5 0 R /Lock {} 0 R", at + 3));
  wish.objects[at + 3] = "<< /Type /SigFieldLock /Action /Include /Fields [(Signature 1)] /P 2 >>";
  wish.objects[at + 1] = widget("100 200 300 260", "/FT /Sig /T (Signature 1) /P 5 0 R");
  wish.objects[at + 2] = widget("100 300 300 360", "/FT /Sig /T (Signature 10) /P 5 0 R");
  return wish.make();
}

// A field and its two widgets, the first on the first page, the second on the last one, which is turned; nothing says on
// which page they are but the pages themselves.
std::string with_two_widgets() {
  MadeDocument wish;
  wish.pages = 2;
  const int at = wish.first_free();
  wish.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] >>", at);
  wish.page = fmt::format("/Annots [{} 0 R]", at + 1);
  wish.last_page = fmt::format("/Rotate 90 /Annots [{} 0 R]", at + 2);
  wish.objects[at] =
      fmt::format("<< /FT /Sig /T (office) /Kids [{} 0 R {} 0 R] >>", at + 1, at + 2);
  wish.objects[at + 1] = widget("100 100 300 160", fmt::format("/Parent {} 0 R", at));
  wish.objects[at + 2] = widget("100 100 160 300", fmt::format("/Parent {} 0 R", at));
  return wish.make();
}

// "office.seal", whose type is its parent's; form, with these entries, and list of fields are objects of their own.
std::string with_inherited_field(const std::string& form) {
  MadeDocument wish;
  const int at = wish.first_free();
  wish.catalog = fmt::format("/AcroForm {} 0 R", at);
  wish.page = fmt::format("/Annots {} 0 R", at + 4);
  wish.objects[at] = fmt::format("<< /Fields {} 0 R {} >>", at + 1, form);
  wish.objects[at + 1] = fmt::format("[{} 0 R]", at + 2);
  wish.objects[at + 2] = fmt::format("<< /T (office) /FT /Sig /Kids [{} 0 R] >>", at + 3);
  wish.objects[at + 3] =
      widget("100 100 300 160", fmt::format("/T (seal) /Parent {} 0 R /P 5 0 R", at + 2));
  wish.objects[at + 4] = fmt::format("[{} 0 R]", at + 3);
  return wish.make();
}

// Whose fields have the names that a new one would get; the second one is a field above others.
std::string with_taken_names() {
  MadeDocument wish;
  const int at = wish.first_free();
  wish.catalog = fmt::format("/AcroForm << /Fields [{} 0 R {} 0 R] >>", at, at + 1);
  wish.page = fmt::format("/Annots [{} 0 R {} 0 R]", at, at + 2);
  wish.objects[at] =
      widget("100 100 300 120", "/FT /Tx /T (SignetSeal1) /V (text) /DA (/F1 9 Tf) /P 5 0 R");
  wish.objects[at + 1] = fmt::format("<< /T (SignetSeal2) /Kids [{} 0 R] >>", at + 2);
  wish.objects[at + 2] =
      widget("100 200 300 220",
             fmt::format("/FT /Tx /T (a) /DA (/F1 9 Tf) /Parent {} 0 R /P 5 0 R", at + 1));
  return wish.make();
}

std::string with_shared_annotations() {
  MadeDocument wish;
  wish.pages = 2;
  wish.page = wish.last_page = fmt::format("/Annots {} 0 R", wish.first_free());
  wish.objects[wish.first_free()] = fmt::format("[{} 0 R]", wish.first_free() + 1);
  wish.objects[wish.first_free() + 1] =
      "<< /Type /Annot /Subtype /Link /Rect [20 800 40 820] /F 4 /Border [0 0 0] /Dest [5 0 R "
      "/Fit] >>";
  return wish.make();
}

}  // namespace

NamedDocuments odd_documents() {
  NamedDocuments made;
  MadeDocument wish;
  for (const char* const version : {"1.3", "1.4", "1.5", "1.6"}) {
    wish.version = version;
    made[fmt::format("version{}{}", version[0], version[2])] = wish.make();
  }
  wish = MadeDocument();
  wish.id = false;
  made["no-id"] = wish.make();
  wish = MadeDocument();
  wish.behind = std::string(kBehind, '\0');
  made["tail"] = wish.make();
  wish = MadeDocument();
  wish.before = "junk in front\n";
  made["junk-counted"] = wish.make();
  wish = MadeDocument();
  wish.size_too_small = 2;
  made["small-size"] = wish.make();
  wish.form = DocumentForm::stream;
  made["small-size-stream"] = wish.make();
  wish = MadeDocument();
  wish.pages = 1000;
  wish.nested_pages = true;
  made["many-pages"] = wish.make();
  const std::string table = MadeDocument().make();
  wish = MadeDocument();
  wish.form = DocumentForm::stream;
  const std::string stream = wish.make();
  const std::map<int, std::string> change = {{4, "<< /Title (Changed) /Producer (other) >>"}};
  made["updates"] = updated(updated(table, change), change);
  made["updates-stream"] = updated(updated(stream, change, true), change, true);
  made["updates-table-stream"] = updated(table, change, true);
  made["updates-stream-table"] = updated(stream, change);
  made["generations"] = with_generations();
  made["old-line-ends"] = with_old_line_ends();
  made["blank-start"] = with_blank_start();
  return made;
}

NamedDocuments documents_with_forms() {
  NamedDocuments made;
  made["inherited-field"] = with_inherited_field({});
  made["needs-appearances"] = with_inherited_field("/NeedAppearances true");
  made["taken-names"] = with_taken_names();
  made["shared-annotations"] = with_shared_annotations();
  made["two-widgets"] = with_two_widgets();
  made["lock"] = with_a_lock();
  made["seed"] = with_field(
      "/SV 7 0 R", {},
      {{7,
        "<< /Type /SV /Ff 74 /SubFilter [/adbe.pkcs7.detached /ETSI.CAdES.detached] /DigestMethod "
        "[(SHA256) (SHA384)] /Reasons [(Approved)] >>"}});
  made["unicode-field"] = with_field({}, {}, {}, "<FEFF00DA0159>");  // Úř
  made["xfa"] = with_field({}, "/XFA [(template) 3 0 R]");
  return made;
}

NamedDocuments documents_with_turned_pages() {
  NamedDocuments made;
  made["inherited-page"] = with_everything_inherited();
  made["deep-pages"] = with_deep_pages();
  for (const int turned : {90, 180, 270}) {
    MadeDocument wish;
    wish.page = fmt::format("/Rotate {} /CropBox [100 50 500 700]", turned);
    made[fmt::format("turned-{}", turned)] = wish.make();
  }
  MadeDocument wish;
  wish.page = "/UserUnit 2";
  wish.version = "2.0";
  made["user-unit"] = wish.make();
  return made;
}

NamedDocuments broken_documents() {
  NamedDocuments made;
  const std::string table = MadeDocument().make();
  made["truncated"] = table.substr(0, table.size() - 200);
  made["no-end"] = table.substr(0, table.size() - 6);
  made["no-start"] = replaced(table, "startxref\n", "startxref\n9");
  made["wrong-offset"] = replaced(table, "\n5 0 obj", "\n9 0 obj");
  made["wrong-entry"] = replaced(table, "00000 n", "0000x n");
  made["loop-updates"] = loop_of_updates();
  made["loop-pages"] = replaced(table, "/Kids [5 0 R ]", "/Kids [2 0 R ]");
  made["absurd-size"] = replaced(table, "/Size 6", "/Size 99999999999");
  made["no-catalog"] = replaced(table, "/Root 1 0 R", "/Root 9 0 R");
  MadeDocument wish;
  wish.catalog = "/AcroForm << /Fields [6 0 R] >>";
  wish.objects[6] = "<< /T (a) /Kids [7 0 R] >>";
  wish.objects[7] = "<< /T (b) /Kids [6 0 R] >>";
  made["loop-fields"] = wish.make();
  wish = MadeDocument();
  wish.behind = std::string(kTooMuch, '\n');
  made["long-tail"] = wish.make();
  wish = MadeDocument();
  wish.form = DocumentForm::stream;
  made["wrong-stream"] = replaced(wish.make(), "/W [1 4 2]", "/W [1 9 2]");
  return made;
}

NamedDocuments forbidding_documents() {
  NamedDocuments made;
  const std::string parameters = "/TransformParams << /Type /TransformParams /V /1.2 {} >>";
  const auto lock = [&](const std::string& entries) {
    return fmt::format("/TransformMethod /FieldMDP {}",
                       fmt::format(fmt::runtime(parameters), entries));
  };
  made["locked-all"] = signed_with(lock("/Action /All"));
  made["locked-field"] = signed_with(lock("/Action /Include /Fields [(second)]"));
  made["locked-document"] = signed_with(lock("/Action /Include /Fields [(x)] /P 1"));
  made["xfa"] = with_field({}, "/XFA [(template) 3 0 R]");
  made["read-only"] = with_field("/Ff 1");
  made["seed-format"] = with_field("/SV << /Ff 2 /SubFilter [/adbe.pkcs7.detached] >>");
  made["seed-digest"] = with_field("/SV << /Ff 64 /DigestMethod [(SHA512)] >>");
  made["seed-reason"] = with_field("/SV << /Ff 8 /Reasons [(I agree)] >>");
  made["seed-stamp"] = with_field("/SV << /TimeStamp << /URL (http://tsa) /Ff 1 >> >>");
  made["seed-certify"] = with_field("/SV << /MDP << /P 2 >> >>");
  made["seed-certificate"] = with_field("/SV << /Cert << /Ff 1 /Subject [(x)] >> >>");
  made["text-field"] = replaced(with_field({}), "/FT /Sig", "/FT /Tx ");
  return made;
}

}  // namespace signet::pdf
