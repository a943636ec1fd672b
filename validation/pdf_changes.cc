#include "validation/pdf_changes.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "validation/changes/file_structure.h"
#include "validation/changes/form_tree.h"
#include "validation/changes/references.h"
#include "validation/changes/rules.h"
#include "validation/changes/step.h"
#include "validation/changes/touched.h"

namespace signet::validation {

namespace {

constexpr Sentence kUnreadable{"the later revisions cannot be compared: {0}",
                               "pozdější verze nelze porovnat: {0}"};
constexpr Sentence kNoSignature{
    "the later revisions cannot be compared: revision {0} has no such signature",
    "pozdější verze nelze porovnat: verze {0} takový podpis neobsahuje"};
constexpr Sentence kNotPermitted{"what cannot be compared is not allowed",
                                 "co nelze porovnat, není dovoleno"};

using OpenResult = pdf::PdfResult<std::unique_ptr<pdf::Document>>;

PdfChange unreadable(std::size_t revision, Statement what) {
  PdfChange change;
  change.kind = ChangeKind::unreadable;
  change.revision = revision;
  change.what = std::move(what);
  change.rule = say(kNotPermitted);
  return change;
}

}  // namespace

class RevisionChanges::State {
 public:
  State(pdf::Document& document, std::string_view password, std::size_t first,
        const ChangeBounds& bounds)
      : document_(document), password_(password), first_(first), bounds_(bounds) {}

  void hand_on(Take take) { take_ = std::move(take); }

  std::vector<PdfChange> after(std::size_t revision, const std::string& field) {
    if (!compared_) {
      compared_ = true;
      budget_.emplace(bounds_);
      compare_all();
    }
    const Restriction* const own = find(revision, field);
    if (own == nullptr) {
      if (fault_) return {*fault_};
      return {unreadable(revision, say(kNoSignature, static_cast<std::int64_t>(revision) + 1))};
    }
    std::vector<PdfChange> changes;
    std::vector<const Restriction*> later;
    std::set<std::string> new_fields;
    for (std::size_t at = revision + 1 - first_; at < steps_.size(); ++at) {
      for (const Difference& difference : steps_[at].differences) {
        changes.push_back(judged(difference, *own, later));
        if (difference.change.kind == ChangeKind::new_field) new_fields.insert(difference.field);
        if (difference.warns_of_new_field && !new_fields.contains(difference.field))
          changes.back().warning.reset();
      }
      for (const Restriction& signature : steps_[at].signatures) later.push_back(&signature);
    }
    if (fault_ && fault_->revision > revision) changes.push_back(*fault_);
    return changes;
  }

 private:
  // A revision: what it changed, and the signatures that came with it; of the first one all.
  struct StepFound {
    std::vector<Difference> differences;
    std::vector<Restriction> signatures;
  };

  const Restriction* find(std::size_t revision, const std::string& field) const {
    if (revision < first_) return nullptr;
    for (std::size_t at = std::min(revision - first_ + 1, steps_.size()); at-- > 0;)
      for (const Restriction& signature : steps_[at].signatures)
        if (signature.field == field) return &signature;
    return nullptr;
  }

  void compare_all() {
    const std::size_t all = document_.cross_reference().revisions().size();
    auto before = open(first_);
    if (!before) return fail(first_, before.error());
    const auto read = before.value()->examined([&]() -> pdf::PdfResult<void> {
      form_.emplace(*before.value(), *budget_);
      take_signatures();
      return before.value()->check();
    });
    if (!read) return fail(first_, read.error());
    for (std::size_t revision = first_ + 1; revision < all; ++revision) {
      auto after = open(revision);
      if (!after) return fail(revision, after.error());
      const auto done = after.value()->examined(
          [&] { return compare(*before.value(), *after.value(), revision); });
      if (!done) return fail(revision, done.error());
      if (take_) take_(revision - 1, *before.value());
      before = std::move(after);
    }
    if (all == 0) return;
    for (Difference& found : look_behind_end(document_)) {
      found.change.revision = all - 1;
      // Behind the one revision that there is, it came after the signature as well.
      steps_.resize(std::max<std::size_t>(steps_.size(), 2));
      steps_.back().differences.push_back(std::move(found));
    }
  }

  OpenResult open(std::size_t revision) const {
    return document_.open_revision(revision, password_);
  }

  void fail(std::size_t revision, const pdf::Error& error) {
    fault_ = unreadable(revision, say(kUnreadable, error.sentence));
  }

  // Of the revision whose form was read last.
  // Broken forms have several fields of one name: what each of their signatures forbids holds.
  void take_signatures() {
    StepFound& step = steps_.emplace_back();
    for (const FormNode& node : form_->nodes()) {
      const auto key = std::pair(node.name, node.dictionary.getObjGen());
      if (node.is_field && !signed_.contains(key) && node.is_signed()) {
        signed_.insert(key);
        step.signatures.push_back(restriction_of(node));
      }
    }
  }

  pdf::PdfResult<void> compare(pdf::Document& before, pdf::Document& after, std::size_t revision) {
    const pdf::CrossReference& old = before.cross_reference();
    if (old.base() != after.cross_reference().base())
      return pdf::Error(pdf::ErrorKind::broken, "its offsets count from another place");
    if (!has_graph_) graph_.read(before, *budget_);
    has_graph_ = true;
    const Touched touched = touched_between(old, after.cross_reference());
    std::vector<Difference> differences = look_at_structure(after, old.end(), *budget_);
    FormTree form(after, *budget_);
    RevisionStep step({before, *form_}, {after, form}, graph_, touched, *budget_);
    for (Difference& found : step.run()) differences.push_back(std::move(found));
    BOOST_OUTCOME_TRY(before.check());
    for (Difference& found : differences) found.change.revision = revision;
    graph_.update(after, touched.objects, *budget_);
    form_ = std::move(form);
    take_signatures();
    steps_.back().differences = std::move(differences);
    return after.check();
  }

  pdf::Document& document_;
  const std::string password_;
  const std::size_t first_;
  const ChangeBounds bounds_;
  bool compared_ = false;
  std::optional<Budget> budget_;
  Take take_;
  ReferenceGraph graph_;
  bool has_graph_ = false;
  std::optional<FormTree> form_;  // of the revision that was looked at last
  std::vector<StepFound> steps_;
  std::set<std::pair<std::string, QPDFObjGen>> signed_;  // by name and object
  std::optional<PdfChange> fault_;
};

RevisionChanges::RevisionChanges(pdf::Document& document, std::string_view password,
                                 std::size_t first, const ChangeBounds& bounds)
    : state_(std::make_unique<State>(document, password, first, bounds)) {}

RevisionChanges::~RevisionChanges() = default;

void RevisionChanges::hand_on(Take take) {
  state_->hand_on(std::move(take));
}

std::vector<PdfChange> RevisionChanges::after(std::size_t revision, const std::string& field) {
  return state_->after(revision, field);
}

std::vector<PdfChange> changes_after(pdf::Document& document, std::string_view password,
                                     std::size_t revision, const std::string& field) {
  return RevisionChanges(document, password, revision).after(revision, field);
}

}  // namespace signet::validation
