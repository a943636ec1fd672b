// Writes documents for judges in other languages: write_fixtures FOLDER. In FOLDER those that are sealed, of every build;
// in FOLDER/broken and FOLDER/forbidding those that are refused.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "pdf/testing/pdf_maker.h"
#include "pdf/testing/problem_documents.h"

namespace {

using signet::pdf::MadeDocument;

void write(const std::string& folder, const std::string& name, const std::string& content) {
  std::ofstream(folder + "/" + name + ".pdf", std::ios::binary) << content;
}

void write_named(const std::string& folder, const signet::pdf::NamedDocuments& documents) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, content] : documents) write(folder, name, content);
}

void made_by_qpdf(const std::string& folder, const std::string& name, const std::string& options) {
  const auto ran = signet::pdf::run(fmt::format(
      "qpdf --allow-weak-crypto {} {}/table.pdf {}/{}.pdf", options, folder, folder, name));
  if (!ran.good) throw std::runtime_error(ran.output);
}

void write_all(const std::string& folder) {
  MadeDocument wish;
  wish.pages = 3;
  write(folder, "table", wish.make());
  write_named(folder, signet::pdf::odd_documents());
  write_named(folder, signet::pdf::documents_with_forms());
  write_named(folder, signet::pdf::documents_with_turned_pages());
  write_named(folder + "/broken", signet::pdf::broken_documents());
  write_named(folder + "/forbidding", signet::pdf::forbidding_documents());
  wish.fragmented = true;
  write(folder, "fragmented", wish.make());
  wish.fragmented = false;
  wish.line_end = false;
  write(folder, "no-line-end", wish.make());
  wish.line_end = true;
  wish.form = MadeDocument::Form::stream;
  write(folder, "stream", wish.make());
  wish.form = MadeDocument::Form::hybrid;
  write(folder, "hybrid", wish.make());
  wish.form = MadeDocument::Form::table;
  wish.version = "2.0";
  write(folder, "version2", wish.make());
  wish.version = "1.7";
  wish.page = fmt::format("/Annots {} 0 R", wish.first_free());
  wish.objects[wish.first_free()] = "[]";
  write(folder, "annotations", wish.make());
  wish = MadeDocument();
  wish.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] >>", wish.first_free());
  wish.page = fmt::format("/Annots [{} 0 R]", wish.first_free());
  wish.objects[wish.first_free()] =
      "<< /FT /Sig /T (office) /Type /Annot /Subtype /Widget /Rect [100 100 200 150] /F 4 /P 5 0 R "
      ">>";
  write(folder, "field", wish.make());
  wish = MadeDocument();
  wish.before = "junk in front\n";
  wish.offsets_from_header = true;
  wish.behind = std::string(5000, '\n');
  write(folder, "junk", wish.make());
  made_by_qpdf(folder, "linear", "--linearize");
  made_by_qpdf(folder, "packed", "--object-streams=generate");
  made_by_qpdf(folder, "linear-packed", "--linearize --object-streams=generate");
  made_by_qpdf(folder, "rc4-40", "--encrypt user owner 40 --");
  made_by_qpdf(folder, "rc4-128", "--encrypt user owner 128 --use-aes=n --");
  made_by_qpdf(folder, "aes-128", "--encrypt user owner 128 --use-aes=y --");
  made_by_qpdf(folder, "aes-256", "--encrypt user owner 256 --");
  // With an owner's password alone.
  made_by_qpdf(folder, "owner-rc4", "--encrypt '' owner 128 --use-aes=n --");
  made_by_qpdf(folder, "owner-aes", "--encrypt '' owner 256 --");
  made_by_qpdf(folder, "aes-packed", "--object-streams=generate --encrypt user owner 256 --");
  made_by_qpdf(folder, "forbidding/permissions", "--encrypt '' owner 256 --modify=none --");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    write_all(argv[1]);
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 1;
  }
  return 0;
}
