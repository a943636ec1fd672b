#include "signet-cli/verify/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <utility>

#include "common/bounded_file.h"
#include "common/json_text.h"
#include "crypto/digest.h"
#include "sealing/output.h"
#include "signet-cli/output.h"
#include "signet-cli/seal/progress_line.h"
#include "signet-cli/stop_signal.h"
#include "signet-cli/verify/judging.h"
#include "signet-cli/verify/sealed_file.h"
#include "validation/report/report.h"
#include "validation/validator.h"

namespace signet::cli {

namespace {

using validation::Indication;
using validation::ValidationResult;

constexpr std::size_t kLargestPicture = std::size_t{16} * 1024 * 1024;  // bytes

// A document, its parts and its verdict; the result points to the parts.
struct Validated {
  std::unique_ptr<const validation::DocumentParts> parts;
  ValidationResult result;
};

int status_of(const ValidationResult& result) {
  const auto overall = result.overall();
  if (!overall) return kExitNoSignature;
  if (overall->indication == Indication::passed) return exit_ok;
  return overall->indication == Indication::failed ? kExitTotalFailed : kExitIndeterminate;
}

// The worse of two exit codes: what could not be validated at all is worse than any verdict.
int worse(int one, int other) {
  constexpr std::array kOrder = {static_cast<int>(exit_ok), kExitIndeterminate, kExitNoSignature,
                                 kExitTotalFailed};
  const auto rank = [&](int status) { return std::ranges::find(kOrder, status) - kOrder.begin(); };
  return rank(other) > rank(one) ? other : one;
}

std::string verdict_of(const ValidationResult& result) {
  const auto overall = result.overall();
  if (!overall) return "no signature";
  std::string text(result.signatures.empty() ? name_of(overall->indication)
                                             : total_name(overall->indication));
  if (overall->sub_indication != validation::SubIndication::none)
    text += fmt::format("/{}", name_of(overall->sub_indication));
  return text;
}

bool lacks_document(const ValidationResult& result) {
  return std::ranges::any_of(result.signatures, [](const validation::SignatureResult& each) {
    return each.conclusion.sub_indication == validation::SubIndication::signed_data_not_found;
  });
}

std::optional<std::size_t> number_of(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

class Run {
 public:
  Run(const VerifyOptions& options, Judging judging, Secret password, Context& context)
      : options_(options),
        judging_(std::move(judging)),
        password_(std::move(password)),
        context_(context),
        line_(options.files.size()) {}

  void all() {
    for (const std::string& note : judging_.notes)
      context_.err << "signet: note: " << printable(note) << '\n';
    for (const std::string& name : options_.files) {
      if (stop_.wanted()) break;
      const auto done = one(name);
      if (!done) refuse(name, done.error());
      line_.done();
    }
    if (stop_.wanted()) context_.exit_code = exit_failed;
  }

 private:
  VerifyResult<void> one(const std::string& name) {
    BOOST_OUTCOME_TRY(const auto file, SealedFile::open(name, options_.data, password_));
    BOOST_OUTCOME_TRY(const auto validated, validate(file));
    line_.hide();
    const int status = status_of(validated.result);
    context_.exit_code = worse(context_.exit_code, status);
    BOOST_OUTCOME_TRY(report(file, validated.result));
    if (lacks_document(validated.result))
      context_.err << "signet: note: " << printable(name)
                   << ": name the document that it seals before it, or with --data\n";
    if (!options_.extract.empty()) {
      BOOST_OUTCOME_TRY(extract(file, validated.result));
    }
    line_.show();
    return success();
  }

  VerifyResult<Validated> validate(const SealedFile& file) {
    std::uint64_t before = 0;
    const validation::Progress progress = [&](std::uint64_t done, std::uint64_t) {
      line_.read(done - std::min(before, done));
      before = done;
      return !stop_.wanted();
    };
    BOOST_OUTCOME_TRY(auto read, file.read(options_.revision, progress));
    judging_.add_evidence(read.evidence);
    const bool at_present = options_.at.empty();
    if (at_present) judging_.policy.at = judging_.policy.now = std::chrono::system_clock::now();
    if (judging_.online) {
      validation::OnlineOptions online = *judging_.online;
      online.is_cancelled = [this] { return stop_.wanted().load(); };
      if (at_present) online.clock = [] { return std::chrono::system_clock::now(); };
      for (const validation::Fetch& fetch : fetch_missing(read, judging_.policy, online))
        if (!fetch.problem.empty())
          context_.err << fmt::format("signet: note: {}: {}\n", printable(fetch.url),
                                      printable(fetch.problem));
      if (stop_.wanted()) return VerifyRefusal{exit_failed, "cancelled"};
    }
    Validated validated{std::make_unique<const validation::DocumentParts>(std::move(read)), {}};
    validated.result = validation::validate(*validated.parts, judging_.policy);
    if (judging_.lists) validation::qualify(validated.result, *judging_.lists);
    if (const auto same = file.input().check_unchanged(); !same) return refusal_of(same.error());
    return validated;
  }

  VerifyResult<validation::ReportOptions> report_options(const SealedFile& file) const {
    validation::ReportOptions report;
    report.language =
        options_.language == "cs" ? validation::Language::czech : validation::Language::english;
    report.file_name = printable(file.input().name());
    report.other_readers = options_.other_readers;
    if (!options_.picture.empty()) {
      auto picture = read_file(options_.picture, kLargestPicture);
      if (!picture) return wrong_options(picture.error().sentence);
      if (!validation::is_png(picture.value()))
        return wrong_options(fmt::format("\"{}\" is not a PNG", options_.picture));
      report.first_page = std::move(picture).value();
    }
    return report;
  }

  VerifyResult<void> report(const SealedFile& file, const ValidationResult& result) {
    BOOST_OUTCOME_TRY(const auto wishes, report_options(file));
    std::string text;
    if (options_.json)
      text = json_report(result, wishes);
    else if (options_.html)
      text = html_report(result, wishes);
    else if (options_.xml)
      text = xml_report(result, wishes);
    else if (options_.files.size() > 1)
      text = fmt::format("{}: {}\n", wishes.file_name, verdict_of(result));
    else
      text = text_report(result, wishes);
    // With --extract of a revision, --out is where that goes.
    if (options_.out.empty() || !options_.extract.empty()) {
      context_.out << text;
      return success();
    }
    written_ += text;
    return write(written_);
  }

  VerifyResult<void> write(const std::string& text) {
    // Of several files the report grows; it is replaced as a whole.
    const bool replace = options_.force || has_written_;
    auto out = sealing::Output::file(options_.out, replace ? sealing::Output::Existing::replace
                                                           : sealing::Output::Existing::refuse);
    if (!out) return refusal_of(out.error());
    const auto written = out.value().write(view_of(text));
    if (!written) return refusal_of(written.error());
    const auto committed = out.value().commit();
    if (!committed) return refusal_of(committed.error());
    has_written_ = true;
    return success();
  }

  VerifyResult<void> extract(const SealedFile& file, const ValidationResult& result) const {
    if (!file.is_pdf()) {
      // Nothing is handed out that is not what was sealed.
      if (status_of(result) != exit_ok) return success();
      const validation::DocumentParts& parts = *result.document;
      return file.write_content(parts.signatures.empty() ? parts.document_time_stamps.front().signer
                                                         : parts.signatures.front().signer,
                                options_.extract, options_.force);
    }
    const auto revision = number_of(options_.extract);
    if (!revision || options_.out.empty())
      return wrong_options("of a PDF, --extract takes the number of a revision, and --out a file");
    return file.write_revision(*revision, options_.out, options_.force);
  }

  void refuse(const std::string& name, const VerifyRefusal& refusal) {
    line_.hide();
    const int status = worse(context_.exit_code, refusal.status);
    if (options_.json)
      context_.out << json_text(boost::json::object{{"document", {{"file", printable(name)}}},
                                                    {"error", refusal.sentence},
                                                    {"status", refusal.status}})
                   << '\n';
    context_.fail(refusal.sentence);
    context_.exit_code = status;
    line_.show();
  }

  const VerifyOptions& options_;
  Judging judging_;
  const Secret password_;
  Context& context_;
  ProgressLine line_;
  const StopSignal stop_;
  std::string written_;
  bool has_written_ = false;
};

VerifyResult<void> run(const VerifyOptions& options, Context& context) {
  BOOST_OUTCOME_TRY(check_verify_options(options));
  BOOST_OUTCOME_TRY(auto password, password_of(options));
  BOOST_OUTCOME_TRY(auto judging, judging_of(options));
  Run(options, std::move(judging), std::move(password), context).all();
  return success();
}

}  // namespace

void verify_documents(VerifyOptions options, Context& context) {
  if (options.files.size() == 2 && options.data.empty() &&
      is_document_with_seal(options.files[0], options.files[1])) {
    options.data = options.files[0];
    options.files = {options.files[1]};
  }
  const auto done = run(options, context);
  if (done) return;
  if (options.json)
    print_json(Json{{"error", done.error().sentence}, {"status", done.error().status}},
               context.out);
  context.fail(done.error().sentence);
  context.exit_code = done.error().status;
}

}  // namespace signet::cli
