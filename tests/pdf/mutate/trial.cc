#include "tests/pdf/mutate/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <qpdf/QPDFJob.hh>
#include <stdexcept>
#include <string_view>

#include "pdf/testing/pdf_maker.h"
#include "tests/pdf/mutate/child.h"
#include "tests/support/sanitizers.h"

namespace signet::tests {

namespace {

constexpr std::string_view kPassword = "owner";
constexpr int kSealed = 0;
constexpr int kRefused = 1;

std::string name_of(sealing::Failure failure) {
  switch (failure) {
    case sealing::Failure::broken:
      return "broken";
    case sealing::Failure::forbidden:
      return "forbidden";
    case sealing::Failure::settings:
      return "settings";
    default:
      return fmt::format("failure {}", static_cast<int>(failure));
  }
}

// What a document may be called broken for although `qpdf --check` passes it: rules of ISO 32000-2 that it does not look at,
// or where it helps itself as other viewers may not.
constexpr std::array kRules = std::to_array<std::string_view>({
    // 7.2 to 7.4: in a cross-reference stream, a trailer or an object that the seal changes
    "a dictionary has a key that is not a name",
    "a string does not end",
    "a number does not end",
    "an object is nested too deep",
    "a stream is not an object of its own",
    "a compressed stream is damaged",
    "a predictor is unknown",
    // 7.5.4: the cross-reference table
    "the cross-reference table is damaged",
    "an entry of the cross-reference table is damaged",
    "would be behind the end of the file",
    "would be behind the end of the document",
    "a generation is over 65535",
    "the cross-reference has more entries than the file can hold objects",
    // 7.5.5: the trailer, and what follows it
    "the trailer has no /Size",
    "the trailer's /Size is absurd",
    "the trailer's /Prev is not an offset",
    "its last update has no end",
    "there is no \"%%EOF\" in its last MiB",
    "\"startxref\" is missing in front of the last \"%%EOF\"",
    "behind \"startxref\" is no number",
    "the offset behind \"startxref\" points to no cross-reference",
    // 7.5.7 and 7.5.8: object streams and cross-reference streams
    "there is no cross-reference where one should be",
    "which holds other objects, is missing or inside another one",
    "has objects that are longer than it",
    "has two generations at a time",
    "the trailer's /XRefStm is not an offset",
    "/XRefStm points to no cross-reference stream",
    // 7.7.3: pages
    "the page tree is broken",
    "a page has no /MediaBox",
    "a chain of /Parent does not end",
    // 12.7 and 12.8: fields and signatures
    "the form's fields form a loop",
    "the form has too many fields",
    "the field \"",
    "the signature \"",
    // What would be overwritten
    "the document refers to an object of an absurd number",
    "the encryption dictionary is a part of the document as well",
});

std::string rule_of(std::string_view sentence) {
  const auto* const found = std::ranges::find_if(
      kRules, [&](std::string_view rule) { return sentence.find(rule) != std::string_view::npos; });
  return found == kRules.end() ? std::string() : std::string(*found);
}

// `qpdf --check`, in a process of its own: what it does with memory and time is not our matter.
bool qpdf_passes(const std::filesystem::path& file) {
  const auto done = in_child({20}, [&](std::string&) {
    const std::string password = fmt::format("--password={}", kPassword);
    const std::string name = file.string();
    const std::array<const char*, 5> arguments = {"qpdf", "--check", password.c_str(), name.c_str(),
                                                  nullptr};
    QPDFJob job;
    job.initializeFromArgv(arguments.data());
    job.run();
    return job.getExitCode();
  });
  return done.signal == 0 && done.status == 0;
}

std::string pages_by_poppler(const std::filesystem::path& file) {
  const auto pages = pdf::run(fmt::format("pdfinfo -opw {} {}", kPassword, file.string()));
  return pages.good ? std::string() : "pdfinfo: " + pages.output;
}

// pdfsig 22.12 takes the widgets of a field that are apart from it for unsigned fields, each of its name; it warns where one
// of them is damaged.
bool tells_widgets_apart(std::string_view said, const std::string& field) {
  const std::string line = "Signature Field Name: " + field + "\n";
  const std::size_t first = field.empty() ? std::string_view::npos : said.find(line);
  return first != std::string_view::npos &&
         (said.find(line, first + line.size()) != std::string_view::npos ||
          said.find("SubType on non-terminal field") != std::string_view::npos);
}

// By programs of poppler. `field`: that it was sealed into, or empty.
std::string fault_by_poppler(const std::filesystem::path& file, const std::string& field) {
  const std::string home = file.parent_path().string();
  const std::string said =
      pdf::run(fmt::format("HOME={} pdfsig -opw {} {}", home, kPassword, file.string())).output;
  if (tells_widgets_apart(said, field)) return pages_by_poppler(file);
  constexpr std::string_view kMark = "Signature Validation: ";
  const std::size_t whole = said.find("Total document signed");
  const std::size_t verdict = whole == std::string::npos ? whole : said.find(kMark, whole);
  if (verdict == std::string::npos ||
      !said.substr(verdict + kMark.size()).starts_with("Signature is Valid."))
    return "pdfsig: " + said;
  return pages_by_poppler(file);
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& path, const std::string& content) {
  if (!std::ofstream(path, std::ios::binary | std::ios::trunc)
           .write(content.data(), static_cast<std::streamsize>(content.size())))
    throw std::runtime_error("cannot write " + path.string());
}

std::string Trial::seal(const std::string& document, const SoftWish& wish, Verdict& verdict) const {
  const auto done = in_child({kMostSeconds}, [&](std::string& said) {
    const auto sealed = sealer_.seal(document, wish.pdf, wish.stamped);
    if (!sealed) {
      said = name_of(sealed.error().failure) + ": " + sealed.error().sentence;
      return kRefused;
    }
    write_file(this->sealed(), sealed.value());
    return kSealed;
  });
  verdict.seconds = done.seconds;
  verdict.peak = done.peak;
  if (done.signal != 0) return fmt::format("signal {} after {:.1f} s", done.signal, done.seconds);
#ifndef SIGNET_SANITIZED
  if (done.peak > kMostMemory) return fmt::format("{} bytes of memory", done.peak);
#endif
  if (done.status == kSealed) {
    verdict.kind = "sealed";
    return {};
  }
  const std::size_t colon = done.said.find(": ");
  if (done.status != kRefused || colon == std::string::npos)
    return fmt::format("status {}: {}", done.status, done.said);
  verdict.kind = done.said.substr(0, colon);
  verdict.sentence = done.said.substr(colon + 2);
  return {};
}

std::string Trial::fault_of_sealed(const std::string& document, const SoftWish& wish,
                                   Verdict& verdict, bool judge) const {
  const auto read = in_child({kMostSeconds}, [&](std::string& said) {
    said = fault_of(read_file(sealed()), document, std::string(kPassword));
    return 0;
  });
  if (read.signal != 0 || read.status != 0)
    return fmt::format("read again: signal {}, status {}: {}", read.signal, read.status, read.said);
  if (!read.said.empty()) return "read again: " + read.said;
  if (!verdict.passes) return {};
  if (!qpdf_passes(sealed())) return "qpdf --check passed the original, and not what was sealed";
  if (!judge || !pages_by_poppler(original()).empty()) return {};
  verdict.judged = true;
  return fault_by_poppler(sealed(), wish.pdf.field);
}

Verdict Trial::run(const std::string& document, const SoftWish& wish, bool judge) const {
  Verdict verdict;
  write_file(original(), document);
  std::filesystem::remove(sealed());
  verdict.passes = qpdf_passes(original());
  verdict.fault = seal(document, wish, verdict);
  if (!verdict.fault.empty()) return verdict;
  if (verdict.kind == "sealed") {
    verdict.fault = fault_of_sealed(document, wish, verdict, judge);
  } else if (verdict.kind == "broken") {
    if (verdict.passes) verdict.rule = rule_of(verdict.sentence);
    if (verdict.passes && verdict.rule.empty())
      verdict.fault = "qpdf --check passes it: " + verdict.sentence;
  } else if (verdict.kind != "forbidden" && verdict.kind != "settings") {
    verdict.fault = verdict.kind + ": " + verdict.sentence;
  }
  return verdict;
}

}  // namespace signet::tests
