#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "common/clock.h"
#include "common/input_file.h"
#include "common/output_file.h"
#include "common/turn.h"
#include "preservation/assessment.h"
#include "preservation/draft.h"
#include "preservation/extension.h"
#include "preservation/sources.h"

namespace signet::preservation {

namespace {

using validation::Language;

std::string sentence_of(const validation::Statement& statement) {
  return text_of(statement, Language::english);
}

std::string verdict_text(const validation::Conclusion& verdict) {
  std::string text(total_name(verdict.indication));
  if (verdict.sub_indication != validation::SubIndication::none)
    text += fmt::format("/{}", name_of(verdict.sub_indication));
  if (!verdict.reasons.empty()) text += fmt::format(": {}", sentence_of(verdict.reasons.front()));
  return text;
}

// What was wrong at the addresses that were asked: " (http://…: …; http://…: …)", each once.
std::string text_of_problems(const std::vector<validation::Fetch>& fetches) {
  constexpr std::size_t kMost = 16;
  std::vector<std::string> problems;
  for (const validation::Fetch& fetch : fetches) {
    if (fetch.problem.empty() || problems.size() == kMost) continue;
    std::string problem = fmt::format("{}: {}", fetch.url, fetch.problem);
    if (std::ranges::find(problems, problem) == problems.end())
      problems.push_back(std::move(problem));
  }
  return problems.empty() ? "" : fmt::format(" ({})", fmt::join(problems, "; "));
}

// All time-stamps of a document.
template <typename Take>
void each_stamp(const validation::ValidationResult& result, Take take) {
  for (const auto& signature : result.signatures)
    for (const auto& stamp : signature.time_stamps) take(stamp);
  for (const auto& stamp : result.document_time_stamps) take(stamp);
}

// One document on its way.
class Extension {
 public:
  Extension(const ExtensionRequest& request, const std::shared_ptr<crypto::Context>& context,
            LargestToken& largest, const ExtensionControl& control)
      : request_(request),
        control_(control),
        stamper_(request, context, largest, control),
        assessor_(request, control) {}

  ExtensionResult<Extended> run(const Sources& sources, const std::filesystem::path& out,
                                bool replace) {
    const auto done = extend(sources, out, replace);
    auto fetches = std::move(assessor_).fetches();
    if (!done) {
      ExtensionError error = done.error();
      error.sentence += text_of_problems(fetches);
      return error;
    }
    extended_.fetches = std::move(fetches);
    extended_.time_stamps = stamper_.count();
    extended_.token_bytes = stamper_.bytes();
    extended_.authorities = stamper_.authorities();
    return std::move(extended_);
  }

 private:
  ExtensionResult<void> extend(const Sources& sources, const std::filesystem::path& out,
                               bool replace) {
    BOOST_OUTCOME_TRY(draft_, Draft::open(sources.file(), sources.data(), request_.pdf_password));
    enter(ExtensionPhase::reading);
    BOOST_OUTCOME_TRY(auto assessment, assessor_.assess(*draft_, draft_->bytes()));
    extended_.before = state_of(assessment);
    extended_.after = extended_.before;
    extended_.size_before = extended_.size_after = sources.file().size();
    BOOST_OUTCOME_TRY(check_before());
    each_stamp(assessment.result, [&](const auto& stamp) { old_stamps_.insert(stamp.part->id); });
    BOOST_OUTCOME_TRY(grow(std::move(assessment)));
    if (!extended_.changed) return success();
    return write(sources, out, replace);
  }

  void enter(ExtensionPhase phase) const {
    if (control_.entered) control_.entered(phase);
  }

  ExtensionResult<void> check_before() const {
    if (request_.level < Level::b_t)
      return ExtensionError{ExtensionFault::settings,
                            "a document is extended to B-T, B-LT or B-LTA"};
    const DocumentState& state = extended_.before;
    if (state.signatures == 0 && state.time_stamps == 0)
      return ExtensionError{ExtensionFault::broken, "it has no signature to extend"};
    if (state.verdict.passed() || request_.force_invalid) return success();
    return ExtensionError{ExtensionFault::not_valid,
                          fmt::format("it is not valid now: {}", verdict_text(state.verdict)),
                          state.verdict};
  }

  ExtensionResult<void> grow(Assessment assessment) {
    if (extended_.before.signatures > 0 && extended_.before.level < Level::b_t) {
      enter(ExtensionPhase::stamping);
      BOOST_OUTCOME_TRY(draft_->stamp_signatures(*assessment.parts, stamper_));
      extended_.changed = stamper_.count() > 0;
      if (request_.level == Level::b_t) return success();
      BOOST_OUTCOME_TRY(assessment, assessor_.assess(*draft_, draft_->bytes()));
    }
    if (request_.level == Level::b_t) return success();
    enter(ExtensionPhase::collecting);
    BOOST_OUTCOME_TRY(const Values values, collect(assessment));
    if (request_.level == Level::b_lt) {
      if (values.empty()) return success();
      BOOST_OUTCOME_TRY(draft_->add_values(values));
    } else {
      enter(ExtensionPhase::stamping);
      BOOST_OUTCOME_TRY(draft_->archive(*assessment.parts, values, stamper_));
    }
    extended_.changed = true;
    count(values);
    return success();
  }

  // What the document lacks; newer revocation data is fetched, and waited for where that is wished for.
  ExtensionResult<Values> collect(Assessment& assessment) {
    NeededValues needed = needed_values(assessment.result);
    if (!needed.newer_than.empty() && assessor_.fetch_newer(assessment, needed)) {
      BOOST_OUTCOME_TRY(assessment, assessor_.assess(*draft_, draft_->bytes()));
      needed = needed_values(assessment.result);
    }
    if (request_.wait_fresh) {
      BOOST_OUTCOME_TRY(wait(assessment, needed));
    }
    const bool lacking_will_do =
        request_.force_invalid || request_.policy.accept_without_revocation;
    if (!needed.lacking.empty() && !lacking_will_do)
      return ExtensionError{ExtensionFault::no_data, sentence_of(needed.lacking.front())};
    for (const auto* const list : {&needed.lacking, &needed.older})
      for (const auto& each : *list) remark(each);
    return std::move(needed.add);
  }

  void remark(const validation::Statement& statement) {
    const auto same = [&](const validation::Statement& other) {
      return sentence_of(other) == sentence_of(statement);
    };
    if (std::ranges::none_of(extended_.remarks, same)) extended_.remarks.push_back(statement);
  }

  ExtensionResult<void> wait(Assessment& assessment, NeededValues& needed) {
    const Deadline deadline =
        Deadline::after(std::chrono::duration_cast<Milliseconds>(*request_.wait_fresh));
    while (!needed.older.empty()) {
      if (!request_.online || deadline.passed())
        return ExtensionError{ExtensionFault::not_fresh, sentence_of(needed.older.front())};
      enter(ExtensionPhase::waiting);
      const Deadline again = deadline.within(request_.ask_again);
      while (!again.passed() && !is_cancelled(control_))
        std::this_thread::sleep_for(std::min(kTurn, again.left()));
      if (is_cancelled(control_)) return cancelled_error();
      if (!assessor_.fetch_newer(assessment, needed)) continue;
      BOOST_OUTCOME_TRY(assessment, assessor_.assess(*draft_, draft_->bytes()));
      needed = needed_values(assessment.result);
    }
    return success();
  }

  void count(const Values& values) {
    extended_.certificates += values.certificates.size();
    for (const auto& each : values.certificates) extended_.new_data_bytes += each->der().size();
    for (const auto& each : values.revocations) {
      const bool crl = each->kind() == validation::RevocationKind::crl;
      ++(crl ? extended_.crls : extended_.ocsp_answers);
      extended_.new_data_bytes += each->der().size();
    }
  }

  ExtensionResult<void> write(const Sources& sources, const std::filesystem::path& out,
                              bool replace) {
    enter(ExtensionPhase::writing);
    auto made = OutputFile::create(
        out, replace ? OutputFile::Existing::replace : OutputFile::Existing::refuse);
    if (!made) return output_refused(made.error());
    OutputFile& file = made.value();
    Result<void, OutputFileError> written = success();
    const Bytestream bytes = draft_->bytes();
    const bool whole = each_piece(bytes, [&](ByteView piece) {
      written = file.write(piece);
      return written.has_value() && !is_cancelled(control_);
    });
    if (!written) return output_refused(written.error());
    if (is_cancelled(control_)) return cancelled_error();
    if (!whole) return input_changed();
    const Bytestream result{bytes.size, [&](std::uint64_t offset, std::span<std::uint8_t> into) {
                              return file.read(offset, into);
                            }};
    BOOST_OUTCOME_TRY(const auto assessment, assessor_.assess(*draft_, result));
    extended_.after = state_of(assessment);
    extended_.size_after = bytes.size;
    BOOST_OUTCOME_TRY(check_after(assessment));
    if (!sources.are_unchanged()) return input_changed();
    const auto committed = file.commit();
    if (!committed) return output_refused(committed.error());
    return success();
  }

  ExtensionResult<void> check_after(const Assessment& assessment) const {
    const DocumentState& after = extended_.after;
    if (!after.verdict.passed() && !request_.force_invalid)
      return ExtensionError{
          ExtensionFault::not_valid,
          fmt::format("it would not be valid afterwards, and is left as it was: {}",
                      verdict_text(after.verdict)),
          after.verdict};
    BOOST_OUTCOME_TRY(check_new_stamps(assessment));
    if (request_.force_invalid) return success();
    // What its form rules out nothing that is added can change; the document stays verifiable for longer all the same.
    for (const auto& signature : assessment.result.signatures)
      if (signature.level < std::min(request_.level, signature.highest_level) &&
          !signature.level_faults.empty())
        return ExtensionError{
            ExtensionFault::no_data,
            fmt::format("it would not have the level {} afterwards, and is left as it was: {}",
                        name_of(request_.level), sentence_of(signature.level_faults.front()))};
    return success();
  }

  // One that nobody trusts keeps nothing verifiable, although the document is still valid without it.
  ExtensionResult<void> check_new_stamps(const Assessment& assessment) const {
    ExtensionResult<void> checked = success();
    each_stamp(assessment.result, [&](const validation::TimeStampResult& stamp) {
      if (stamp.conclusion.passed() || old_stamps_.contains(stamp.part->id)) return;
      if (request_.force_invalid) return;
      checked =
          ExtensionError{ExtensionFault::not_valid,
                         fmt::format("the new time-stamp would not be valid, and the document is "
                                     "left as it was: {}",
                                     verdict_text(stamp.conclusion)),
                         stamp.conclusion};
    });
    return checked;
  }

  static ExtensionError output_refused(const OutputFileError& error) {
    return {error.exists ? ExtensionFault::exists : ExtensionFault::output, error.sentence};
  }

  const ExtensionRequest& request_;
  const ExtensionControl& control_;
  Stamper stamper_;
  Assessor assessor_;
  std::unique_ptr<Draft> draft_;
  std::set<validation::ObjectId> old_stamps_;
  Extended extended_;
};

}  // namespace

Extender::Extender(ExtensionRequest request)
    : request_(std::move(request)), largest_token_(std::make_unique<LargestToken>(0)) {
  if (auto context = crypto::Context::create()) context_ = std::move(context).value();
}

Extender::~Extender() = default;

ExtensionResult<Extended> Extender::extend_file(const std::filesystem::path& file,
                                                const ExtensionFiles& files,
                                                const ExtensionControl& control) const {
  if (!context_) return no_digest();
  BOOST_OUTCOME_TRY(const Sources sources, Sources::open(file, files.data));
  return Extension(request_, context_, *largest_token_, control)
      .run(sources, files.out, files.replace);
}

ExtensionResult<DocumentState> Extender::examine_file(const std::filesystem::path& file,
                                                      const std::filesystem::path& data,
                                                      const ExtensionControl& control) const {
  BOOST_OUTCOME_TRY(const Sources sources, Sources::open(file, data));
  BOOST_OUTCOME_TRY(const auto draft,
                    Draft::open(sources.file(), sources.data(), request_.pdf_password));
  Assessor assessor(request_, control);
  BOOST_OUTCOME_TRY(const auto assessment, assessor.assess(*draft, draft->bytes()));
  return state_of(assessment);
}

std::string added_text(const Extended& extended) {
  struct Kind {
    std::size_t count;
    const char* one;
    const char* many;
  };
  std::string text;
  for (const Kind& each : {Kind{extended.certificates, "certificate", "certificates"},
                           Kind{extended.crls, "CRL", "CRLs"},
                           Kind{extended.ocsp_answers, "OCSP response", "OCSP responses"},
                           Kind{extended.time_stamps, "time-stamp", "time-stamps"}}) {
    if (each.count == 0) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("{} {}", each.count, each.count == 1 ? each.one : each.many);
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace signet::preservation
