#include "signet-cli/seal/batch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <span>
#include <string_view>
#include <thread>

#include "common/utf8.h"
#include "signet-cli/seal/records.h"

namespace signet::cli {

namespace {

namespace fs = std::filesystem;
using sealing::Error;
using sealing::Failure;
using sealing::Input;
using sealing::Output;
using sealing::SealResult;

constexpr const char* kStandard = "-";

SealResult<Output> open_output(const SealJob& job, bool replaces) {
  if (job.out == kStandard) return Output::descriptor(STDOUT_FILENO);
  return Output::file(job.out, replaces ? Output::Existing::replace : Output::Existing::refuse);
}

// --add and --resume without a place for what comes of them: the message itself is replaced.
bool is_in_place(const SealOptions& options) {
  return (options.add || options.resume) && options.out.empty() && options.out_dir.empty();
}

// The document may be replaced by what holds it, never by its seal alone.
SealResult<bool> may_replace(const SealOptions& options, const SealJob& job, bool external) {
  if (job.out == kStandard || job.in == kStandard || !same_file(job.in, job.out))
    return options.force;
  if (external && !options.add)
    return settings_error(fmt::format(
        "\"{}\" is the document itself, which an external seal does not hold", job.out));
  return options.force || is_in_place(options);
}

bool leaves_out(const SealOptions& options, const SealJob& job) {
  std::error_code unknown;
  return options.skip_existing && !is_in_place(options) && job.out != kStandard &&
         fs::exists(job.out, unknown);
}

// The messages of --add and --resume are replaced where no other place is named.
std::string default_output(const SealOptions& options, const std::string& in, bool external,
                           bool pades) {
  if (in == kStandard) return kStandard;
  if (options.add || options.resume)
    return options.out_dir.empty() ? in
                                   : (fs::path(options.out_dir) / fs::path(in).filename()).string();
  return pades ? sealed_pdf_name(in, options.out_dir) : sealed_name(in, options.out_dir, external);
}

// One path for each file, whatever links and folders it is named by.
std::string place_of(const std::string& file) {
  std::error_code unknown;
  const fs::path whole = fs::weakly_canonical(fs::absolute(file, unknown), unknown);
  return (unknown ? fs::path(file).lexically_normal() : whole).string();
}

// With --force, the seal of one document would take the place of another one, which may not have been read by then.
SealResult<void> check_documents_stay(const std::vector<SealJob>& jobs) {
  std::map<std::string, const SealJob*> documents;
  for (const SealJob& job : jobs) documents.try_emplace(place_of(job.in), &job);
  for (const SealJob& job : jobs) {
    const auto found = documents.find(place_of(job.out));
    if (found != documents.end() && found->second != &job)
      return settings_error(
          fmt::format("\"{}\" is to be sealed itself, and would be replaced by the seal of \"{}\": "
                      "seal one after the other, or take --out-dir",
                      found->second->in, job.in));
  }
  return success();
}

SealResult<sealing::Sealed> seal_pdf(const SealTool& tool, const SealOptions& options,
                                     const SealJob& job, const sealing::Control& control) {
  sealing::SealWish wish = tool.wish;
  wish.reference = options.reference;
  if (const auto option = cades_option_of(tool); !option.empty())
    return settings_error(
        fmt::format("{} is for CAdES: a PDF document is sealed without it", option));
  BOOST_OUTCOME_TRY(const bool replaces, may_replace(options, job, false));
  BOOST_OUTCOME_TRY(auto out, open_output(job, replaces));
  BOOST_OUTCOME_TRY(const auto input, input_of(job));
  return tool.sealer->seal_pades(*input, out, wish, tool.pdf, control);
}

SealResult<sealing::Sealed> seal(const SealTool& tool, const SealOptions& options,
                                 const SealJob& job, const sealing::Control& control) {
  if (job.pades) return seal_pdf(tool, options, job, control);
  if (const auto option = pdf_option_of(options.settings); !option.empty())
    return settings_error(
        fmt::format("{} is for seals inside PDF documents (--format pades)", option));
  sealing::SealWish wish = tool.wish;
  wish.reference = options.reference;
  BOOST_OUTCOME_TRY(const bool replaces, may_replace(options, job, wish.external));
  if (tool.file_name && job.in != kStandard) {
    wish.attributes.file_name = fs::path(job.in).filename().string();
    if (!is_utf8(wish.attributes.file_name))
      return Error(Failure::input,
                   "the document's name is not UTF-8 and cannot be sealed with it (--file-name)");
  }
  // Before the key signs: an output that cannot be written costs no signature.
  BOOST_OUTCOME_TRY(auto out, open_output(job, replaces));
  BOOST_OUTCOME_TRY(const auto input, input_of(job));
  if (!options.add) return tool.sealer->seal_cades(*input, out, wish, control);
  if (options.content.empty()) return tool.sealer->add_cades(*input, nullptr, out, wish, control);
  BOOST_OUTCOME_TRY(const auto content, Input::file(options.content));
  return tool.sealer->add_cades(*input, &content, out, wish, control);
}

// Why there is no new time-stamp; empty: there is one. An error where the document cannot get any.
SealResult<std::string> why_not_raised(sealing::LaterStamp done, const std::string& name) {
  switch (done) {
    case sealing::LaterStamp::added:
      break;
    case sealing::LaterStamp::present:
      return std::string("no seal lacks a time-stamp");
    case sealing::LaterStamp::covered:
      return std::string(
          "the seal that lacks its time-stamp has a later signature over it: it stays B-B");
    case sealing::LaterStamp::no_room:
      return Error(Failure::forbidden,
                   fmt::format("the seal in \"{}\" was made as B-B and has no room for a "
                               "time-stamp: seal the document again",
                               name));
    case sealing::LaterStamp::no_seal:
      return Error(Failure::broken,
                   fmt::format("\"{}\" has no seal: there is nothing to resume; signet seal "
                               "without --resume seals it",
                               name));
  }
  return std::string();
}

// Whether a seal that --resume is given is inside a PDF document, which may have bytes in front of it (ISO 32000-2, 7.5.2),
// and is no message: those are BER and begin with a SEQUENCE.
bool is_in_pdf(const Input& sealed) {
  constexpr std::string_view kMark = "%PDF-";
  std::array<std::uint8_t, 1024 + kMark.size()> bytes = {};
  const std::size_t size = std::min<std::uint64_t>(sealed.size(), bytes.size());
  const std::span<std::uint8_t> first(bytes.data(), size);
  if (first.empty() || !sealed.read(0, first) || first[0] == 0x30) return false;
  return text_of(first).find(kMark) != std::string_view::npos;
}

}  // namespace

std::string_view cades_option_of(const SealTool& tool) {
  if (tool.file_name) return "--file-name";
  return tool.wish.attributes.media_type.empty() ? "" : "--media-type";
}

bool same_file(const std::string& one, const std::string& other) {
  std::error_code unknown;
  return fs::equivalent(one, other, unknown);
}

SealResult<std::shared_ptr<const Input>> input_of(const SealJob& job) {
  if (job.spooled) return std::shared_ptr<const Input>(job.spooled);
  BOOST_OUTCOME_TRY(auto opened, Input::file(job.in));
  return std::shared_ptr<const Input>(std::make_shared<Input>(std::move(opened)));
}

std::string sealed_name(const std::string& in, const std::string& out_dir, bool external) {
  const std::string name =
      (out_dir.empty() ? fs::path(in) : fs::path(out_dir) / fs::path(in).filename()).string();
  return name + (external ? ".p7s" : ".p7m");
}

std::string sealed_pdf_name(const std::string& in, const std::string& out_dir) {
  const fs::path document(in);
  if (!out_dir.empty()) return (fs::path(out_dir) / document.filename()).string();
  const std::string ending = document.extension().string();
  const bool usual = ending == ".pdf" || ending == ".PDF";
  return (usual ? in.substr(0, in.size() - ending.size()) : in) + ".sealed.pdf";
}

bool is_for_pades(const std::string& file, SealFormat format) {
  if (format != SealFormat::by_document) return format == SealFormat::pades;
  const auto opened = Input::file(file);
  return opened && begins_as_pdf(opened.value());
}

SealResult<std::vector<SealJob>> jobs_of(const SealOptions& options, SealFormat format,
                                         bool external) {
  if (!options.out.empty() && !options.out_dir.empty())
    return settings_error("--out and --out-dir exclude each other");
  if (!options.out.empty() && options.inputs.size() > 1)
    return settings_error("--out is for one document; for several take --out-dir DIR");
  if (!options.content.empty() && options.inputs.size() > 1)
    return settings_error("--content is for one message");
  if (!options.out_dir.empty() && !fs::is_directory(options.out_dir))
    return settings_error(fmt::format("\"{}\" is not a folder: make it first", options.out_dir));
  std::vector<SealJob> jobs;
  std::map<std::string, std::string> outputs;
  for (const std::string& in : options.inputs) {
    if (in == kStandard && options.inputs.size() > 1)
      return settings_error("standard input (-) is sealed alone");
    if (in == kStandard && !options.out_dir.empty())
      return settings_error("a document of standard input has no name: take --out");
    const bool pades =
        !options.add && !options.resume && in != kStandard && is_for_pades(in, format);
    SealJob job{in,
                options.out.empty() ? default_output(options, in, external, pades) : options.out};
    job.pades = pades;
    const auto [other, is_new] = outputs.try_emplace(place_of(job.out), in);
    if (!is_new)
      return settings_error(fmt::format("\"{}\" and \"{}\" would both be sealed as \"{}\"",
                                        other->second, in, job.out));
    jobs.push_back(std::move(job));
  }
  if (options.force) {
    BOOST_OUTCOME_TRY(check_documents_stay(jobs));
  }
  const bool to_standard = jobs.size() == 1 && jobs.front().out == kStandard;
  if (to_standard && options.json)
    return settings_error(
        "--json and the sealed document cannot both go to standard output: take --out");
  if (to_standard && isatty(STDOUT_FILENO) == 1)
    return settings_error("the sealed document is binary: redirect standard output, or take --out");
  return jobs;
}

void in_threads(std::size_t jobs, unsigned threads, const std::atomic<bool>& stop,
                const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    while (!stop) {
      const std::size_t mine = next++;
      if (mine >= jobs) return;
      work(mine);
    }
  };
  std::vector<std::thread> others;
  const std::size_t wanted = std::min<std::size_t>(threads, jobs);
  try {
    while (others.size() + 1 < wanted) others.emplace_back(run);
  } catch (const std::system_error&) {
    // Fewer threads do as well.
  }
  run();
  for (std::thread& each : others) each.join();
}

SealOutcome seal_one(const SealTool& tool, const SealOptions& options, const SealJob& job,
                     const sealing::Control& control) {
  SealOutcome outcome{job.in, job.out};
  outcome.reference = options.reference;
  outcome.external = options.add ? !options.content.empty() : tool.wish.external;
  outcome.pades = job.pades;
  if (leaves_out(options, job)) {
    outcome.status = SealStatus::skipped;
    return outcome;
  }
  auto sealed = seal(tool, options, job, control);
  if (!sealed) {
    outcome.error = sealed.error();
    if (outcome.error->failure == Failure::exists)
      outcome.error->sentence += ": --force replaces it, --skip-existing leaves it";
    return outcome;
  }
  outcome.status = sealed.value().degraded ? SealStatus::degraded : SealStatus::sealed;
  outcome.sealed = std::move(sealed).value();
  return outcome;
}

SealOutcome raise_one(const SealTool& tool, const SealOptions& options, const SealJob& job) {
  SealOutcome outcome{job.in, job.out};
  if (leaves_out(options, job)) {
    outcome.status = SealStatus::skipped;
    return outcome;
  }
  const auto raise = [&]() -> SealResult<std::string> {
    BOOST_OUTCOME_TRY(auto out, open_output(job, options.force || is_in_place(options)));
    BOOST_OUTCOME_TRY(const auto input, input_of(job));
    outcome.pades = is_in_pdf(*input);
    if (!outcome.pades) {
      BOOST_OUTCOME_TRY(const std::size_t added,
                        sealing::add_time_stamps(tool.context, *tool.time_stamps, *input, out,
                                                 tool.wish.stamp_limit, tool.key_service));
      return why_not_raised(added > 0 ? sealing::LaterStamp::added : sealing::LaterStamp::present,
                            input->name());
    }
    BOOST_OUTCOME_TRY(
        const auto done,
        sealing::add_pades_time_stamp(tool.context, *tool.time_stamps, *input, tool.pdf.password,
                                      out, tool.wish.stamp_limit, tool.key_service));
    return why_not_raised(done, input->name());
  };
  auto why = raise();
  if (!why) {
    outcome.error = why.error();
    if (outcome.error->failure == Failure::exists)
      outcome.error->sentence += ": --force replaces it, --skip-existing leaves it";
  } else {
    outcome.status = why.value().empty() ? SealStatus::raised : SealStatus::skipped;
    outcome.why_skipped = std::move(why).value();
  }
  // Nor is there anything to come back to where the file can never get one.
  const bool final = !outcome.error || outcome.error->failure == Failure::broken ||
                     outcome.error->failure == Failure::forbidden;
  if (job.in == job.out && final) forget_degraded(job.in);
  return outcome;
}

}  // namespace signet::cli
