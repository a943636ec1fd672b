// For judges in other languages, and for those who look into a document:
//
//   changed_documents list                   names, one a line: "attack shadow-hide", "good dss 2"; the number is the DocMDP
//   changed_documents base NAME FILE         the document to be sealed, in a field of any name
//   changed_documents change NAME SEALED FILE  what was made of the sealed one
//   changed_documents made NAME FILE         both in one, with a signature whose contents are no CMS message
//   changed_documents show FILE [PASSWORD]   what changed after each signature; exit status 1 where something is not allowed
//   changed_documents since FIELD REVISION FILE   likewise after one, whatever its last revision makes of it; revisions from 1
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

#include "common/printable.h"
#include "pdf/form.h"
#include "pdf/signature_value.h"
#include "validation/pdf_changes.h"
#include "validation/testing/changed_documents.h"

namespace signet::validation {
namespace {

std::string bytes_of(const char* file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(fmt::format("{} cannot be read", file));
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write(const char* file, const std::string& bytes) {
  if (!(std::ofstream(file, std::ios::binary) << bytes))
    throw std::runtime_error(fmt::format("{} cannot be written", file));
}

std::string called(const ChangedDocument& one) {
  return fmt::format("{} {}", one.name, one.certify);
}

std::vector<ChangedDocument> all_documents() {
  std::vector<ChangedDocument> all = attacks();
  for (ChangedDocument& good : good_updates()) all.push_back(std::move(good));
  return all;
}

ChangedDocument named(const std::string& name) {
  for (ChangedDocument& one : all_documents())
    if (one.name == name || called(one) == name) return one;
  throw std::runtime_error("there is no such document");
}

// Whether all of them are allowed.
bool print(const std::vector<PdfChange>& changes) {
  bool allowed = true;
  for (const PdfChange& change : changes) {
    std::cout << fmt::format("  {} {}: {}", change.allowed ? "allowed" : "FORBIDDEN",
                             name_of(change.kind), text_of(change.what, Language::english));
    if (change.rule) std::cout << "; " << text_of(*change.rule, Language::english);
    if (change.warning) std::cout << "; " << text_of(*change.warning, Language::english);
    std::cout << '\n';
    allowed = allowed && change.allowed;
  }
  return allowed;
}

int show_since(const char* field, std::size_t revision, const char* file) {
  const std::string bytes = bytes_of(file);
  const auto document = pdf::Document::open(pdf::Source::of(view_of(bytes)));
  if (!document) throw std::runtime_error(document.error().sentence);
  return print(changes_after(*document.value(), {}, revision - 1, field)) ? 0 : 1;
}

int show(const char* file, std::string_view password) {
  const std::string bytes = bytes_of(file);
  const auto document = pdf::Document::open(pdf::Source::of(view_of(bytes)), password);
  if (!document) throw std::runtime_error(document.error().sentence);
  const auto form = pdf::Form::read(*document.value());
  if (!form) throw std::runtime_error(form.error().sentence);
  const auto& revisions = document.value()->cross_reference().revisions();
  int status = 0;
  RevisionChanges changes(*document.value(), password, 0);
  for (const pdf::Field* const field : form.value().signed_fields()) {
    const auto value = pdf::read_signature(*document.value(), *field);
    if (!value) {
      std::cout << fmt::format("{}: {}\n", printable(field->name), value.error().sentence);
      status = 1;
      continue;
    }
    std::size_t revision = 0;
    while (revision + 1 < revisions.size() && revisions[revision].end < value.value().end)
      ++revision;
    std::cout << fmt::format("{}: revision {} of {}\n", printable(field->name), revision + 1,
                             revisions.size());
    if (!print(changes.after(revision, field->name))) status = 1;
  }
  return status;
}

int run(int count, char** arguments) {
  const std::string command = count > 1 ? arguments[1] : "";
  if (command == "list") {
    for (const ChangedDocument& one : all_documents())
      std::cout << (one.allowed ? "good " : "attack ") << called(one) << '\n';
  } else if (command == "base" && count == 4) {
    write(arguments[3], named(arguments[2]).base);
  } else if (command == "made" && count == 4) {
    const ChangedDocument one = named(arguments[2]);
    write(arguments[3], one.change(signed_as(one.base, plain_signature(one.certify))));
  } else if (command == "change" && count == 5) {
    write(arguments[4], named(arguments[2]).change(bytes_of(arguments[3])));
  } else if (command == "since" && count == 5) {
    return show_since(arguments[2], std::stoul(arguments[3]), arguments[4]);
  } else if (command == "show" && count >= 3) {
    return show(arguments[2], count > 3 ? arguments[3] : "");
  } else {
    throw std::runtime_error("usage: changed_documents list | base | change | made | show");
  }
  return 0;
}

}  // namespace
}  // namespace signet::validation

int main(int count, char** arguments) {
  try {
    return signet::validation::run(count, arguments);
  } catch (const std::exception& thrown) {
    std::cerr << signet::printable(thrown.what()) << '\n';
    return 2;
  }
}
