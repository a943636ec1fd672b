#include "validation/report/outline.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

#include "common/printable.h"
#include "validation/report/other_readers.h"
#include "validation/report/steps.h"

namespace signet::validation {

namespace {

constexpr Sentence kTitle{"Validation of {0}", "Ověření: {0}"};
constexpr Sentence kDocument{"the document", "dokument"};
constexpr Sentence kNothing{"no signature", "žádný podpis"};
constexpr Sentence kFormat{"format", "formát"};
constexpr Sentence kPages{"pages", "stran"};
constexpr Sentence kDigest{"SHA-256", "SHA-256"};
constexpr Sentence kAt{"validation time", "kontrolní okamžik"};
constexpr Sentence kSuite{"algorithms by", "algoritmy podle"};
constexpr Sentence kUntil{"verifiable until", "ověřitelný do"};
constexpr Sentence kLetter{
    "revocation data that is not fresh was taken to speak until its thisUpdate (EN 319 102-1, "
    "5.6.2.2, to the letter)",
    "údaje o zneplatnění, které nejsou čerstvé, platí do svého thisUpdate (EN 319 102-1, 5.6.2.2, "
    "doslova)"};
constexpr Sentence kStampOf{"{0} of \"{1}\"", "{0} \"{1}\""};
constexpr Sentence kCounterSignature{"Counter-signature {0} of \"{1}\"",
                                     "Kontrasignatura {0} podpisu \"{1}\""};
constexpr Sentence kWhyVerdict{"Why", "Proč"};
constexpr Sentence kOverview{"Overview", "Přehled"};
constexpr Sentence kWho{"by", "kdo"};
constexpr Sentence kWhen{"exists since", "doloženo k"};
constexpr Sentence kVerdict{"verdict", "výsledek"};
constexpr Sentence kRemarks{"Remarks", "Poznámky"};
constexpr Sentence kOtherReaders{"What another reader will show (an estimate)",
                                 "Co ukáže jiný program (odhad)"};
constexpr Sentence kElement{"element", "prvek"};
constexpr Sentence kJudgedAt{"judged at", "posouzeno k"};
constexpr Sentence kShows{"shows", "ukáže"};
constexpr Sentence kWhy{"why", "proč"};
constexpr Sentence kShownValid{"valid", "platné"};
constexpr Sentence kShownUnknown{"validity unknown", "platnost neznámá"};
constexpr Sentence kShownInvalid{"invalid", "neplatné"};
constexpr Sentence kSetThis{"What to set so that everything is shown as valid: {0}",
                            "Co nastavit, aby se vše ukázalo jako platné: {0}"};
constexpr Sentence kDefaultIsFine{
    "Nothing needs to be set: the default preferences show everything as valid",
    "Není třeba nic nastavovat: výchozí předvolby ukážou vše jako platné"};
constexpr Sentence kNothingHelps{
    "No preference of Acrobat Reader shows everything as valid: it does not carry the moment that "
    "a "
    "time-stamp proves to the one before it. This report's verdict is that of EN 319 102-1",
    "Žádná předvolba programu Acrobat Reader neukáže vše jako platné: nepřenáší okamžik, který "
    "časové razítko dokládá, na předchozí razítko. Výsledek této zprávy je podle EN 319 102-1"};
constexpr Sentence kNotValidHere{
    "Not everything is valid by this report either; that is not a matter of preferences",
    "Ani podle této zprávy není vše platné; na předvolbách to nezávisí"};
constexpr Sentence kPicture{"The document's first page", "První strana dokumentu"};

const Sentence& word_of(Shown shown) {
  switch (shown) {
    case Shown::valid:
      return kShownValid;
    case Shown::invalid:
      return kShownInvalid;
    case Shown::unknown:
      break;
  }
  return kShownUnknown;
}

class OutlineWriter {
 public:
  OutlineWriter(const ValidationResult& result, const ReportOptions& options)
      : result_(result), options_(options), steps_(result, options.language) {}

  ReportOutline write() const {
    ReportOutline outline;
    outline.title = text(
        say(kTitle, options_.file_name.empty() ? text(kDocument) : printable(options_.file_name)));
    add_verdict(outline);
    add_facts(outline);
    for (const TimeStampResult& stamp : std::views::reverse(result_.document_time_stamps))
      outline.steps.push_back(steps_.of(stamp));
    for (const SignatureResult& signature : result_.signatures)
      add_signature(outline, signature, printable(signature.part->name));
    add_overview(outline);
    std::vector<std::string> remarks = steps_.texts(result_.remarks);
    if (result_.policy.sliding == Sliding::letter) remarks.insert(remarks.begin(), text(kLetter));
    if (!remarks.empty()) outline.sections.push_back({text(kRemarks), std::move(remarks), {}});
    if (options_.other_readers) add_other_readers(outline);
    outline.picture = text(kPicture);
    return outline;
  }

 private:
  std::string text(const Sentence& sentence) const { return steps_.text(sentence); }
  std::string text(const Statement& statement) const { return steps_.text(statement); }
  std::string text(Time time) const { return text_of(time, options_.language); }

  // `name`: by which others are told to be over it.
  void add_signature(ReportOutline& outline, const SignatureResult& signature,
                     const std::string& name) const {
    const bool counters = signature.part->name.empty();
    for (const TimeStampResult& stamp : std::views::reverse(signature.time_stamps)) {
      outline.steps.push_back(steps_.of(stamp));
      std::string& title = outline.steps.back().title;
      if (counters || result_.signatures.size() > 1) title = text(say(kStampOf, title, name));
    }
    outline.steps.push_back(steps_.of(signature));
    if (counters) outline.steps.back().title = name;
    std::int64_t number = 0;
    for (const SignatureResult& counter : signature.counter_signatures)
      add_signature(outline, counter, text(say(kCounterSignature, ++number, name)));
  }

  void add_verdict(ReportOutline& outline) const {
    const std::optional<Conclusion> overall = result_.overall();
    if (!overall) {
      outline.verdict = text(kNothing);
      return;
    }
    outline.indication = overall->indication;
    outline.verdict = explained(
        result_.signatures.empty() ? time_stamp_verdict(*overall) : signature_verdict(*overall),
        overall->indication, options_.language);
    outline.reasons = {text(kWhyVerdict), steps_.texts(overall->reasons)};
  }

  void add_overview(ReportOutline& outline) const {
    if (outline.steps.size() < 2) return;
    outline.overview = {text(kOverview), {"", text(kWho), text(kWhen), text(kVerdict)}, {}};
    for (const ReportStep& step : outline.steps)
      outline.overview.rows.push_back({step.title, step.who, step.when, step.verdict});
  }

  void add_facts(ReportOutline& outline) const {
    const auto add = [&](const Sentence& label, std::string content) {
      outline.facts.push_back({text(label), std::move(content)});
    };
    // The document stays verifiable for as long as all of its signatures do.
    std::optional<Time> until;
    for (const SignatureResult& signature : result_.signatures) {
      if (!signature.verifiable_until) {
        until.reset();
        break;
      }
      until = until ? std::min(*until, *signature.verifiable_until) : *signature.verifiable_until;
    }
    if (until) add(kUntil, text(*until));
    add(kAt, text(result_.policy.at));
    add(kFormat, std::string(name_of(result_.document->format)));
    if (result_.document->pages) add(kPages, fmt::format("{}", *result_.document->pages));
    if (!options_.document_digest.empty()) add(kDigest, printable(options_.document_digest));
    if (result_.policy.suite) add(kSuite, printable(result_.policy.suite->name()));
  }

  std::string what_to_set(const std::vector<ReaderView>& views) const {
    if (views.front().all_valid()) return text(kDefaultIsFine);
    if (const ReaderView* const best = best_setting(views))
      return text(say(kSetThis, text(best->reader)));
    const std::optional<Conclusion> overall = result_.overall();
    return text(overall && overall->passed() ? kNothingHelps : kNotValidHere);
  }

  void add_other_readers(ReportOutline& outline) const {
    const std::vector<ReaderView> views = other_readers(result_);
    if (views.empty()) return;
    ReportSection section{text(kOtherReaders), {what_to_set(views)}, {}};
    std::size_t lines = 0;
    for (const ReaderView& view : views) {
      ReportTable grid{
          text(view.reader), {text(kElement), text(kJudgedAt), text(kShows), text(kWhy)}, {}};
      for (const ReaderVerdict& each : view.verdicts) {
        if (++lines > kMostLines) break;
        grid.rows.push_back(
            {each.name, text(each.judged_at), text(word_of(each.shown)), text(each.why)});
      }
      if (!grid.rows.empty()) section.grids.push_back(std::move(grid));
    }
    outline.sections.push_back(std::move(section));
  }

  const ValidationResult& result_;
  const ReportOptions& options_;
  const StepWriter steps_;
};

}  // namespace

ReportOutline outline_of(const ValidationResult& result, const ReportOptions& options) {
  return OutlineWriter(result, options).write();
}

}  // namespace signet::validation
