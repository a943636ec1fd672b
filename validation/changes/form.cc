// The form as a whole (ISO 32000-2, 12.7.3).
#include "common/printable.h"
#include "validation/changes/step.h"

namespace signet::validation {

namespace {

constexpr long long kSignatureFlags = 1 + 2;  // SignaturesExist, AppendOnly (table 225)

constexpr Sentence kFormRemoved{"the document's form was removed",
                                "formulář dokumentu byl odstraněn"};
constexpr Sentence kFlagsRemoved{"the form does not say any more that there are signatures",
                                 "formulář už neuvádí, že obsahuje podpisy"};
constexpr Sentence kNeedsAppearances{"viewers were asked to draw the fields themselves, or not to",
                                     "změnilo se, zda mají prohlížeče pole vykreslit samy"};
constexpr Sentence kResourcesAdded{"resources for fields were added to the form",
                                   "do formuláře byly přidány zdroje pro pole"};
constexpr Sentence kResourcesChanged{"resources of the form's fields were changed",
                                     "zdroje polí formuláře byly změněny"};
constexpr Sentence kDrawingsReplaced{
    "drawings among them were replaced: a viewer that takes them for a field without resources of "
    "its own shows other ones now",
    "kresby mezi nimi byly nahrazeny: prohlížeč, který je použije pro pole bez vlastních zdrojů, "
    "ukáže nyní jiné"};
constexpr Sentence kDefaultAdded{"a default appearance was added to the form",
                                 "do formuláře byl přidán výchozí vzhled"};
constexpr Sentence kFormEntryChanged{"the entry {0} of the form was changed",
                                     "položka {0} formuláře byla změněna"};
constexpr Sentence kXfaFilled{"data of the XFA form was changed ({0})",
                              "data formuláře XFA byla změněna ({0})"};
constexpr Sentence kXfaChanged{"the XFA form was changed", "formulář XFA byl změněn"};

}  // namespace

void RevisionStep::compare_forms() {
  Handle before = from_catalog(before_, "/AcroForm");
  Handle after = from_catalog(after_, "/AcroForm");
  if (!after.isDictionary()) {
    if (before.isDictionary()) add(ChangeKind::form_field, Need::never, say(kFormRemoved));
    return;
  }
  // Of a form whose fields viewers draw themselves, what they draw with is what is seen; otherwise it is for filling alone.
  viewers_draw_ = before.isDictionary() && before.getKey("/NeedAppearances").isBool() &&
                  before.getKey("/NeedAppearances").getBoolValue();
  const bool is_same = pdf::same_object(before, after) && !comparison_->is_reached(before);
  if (!is_same)
    for (const std::string& key : comparison_->differing_keys(before, after, {"/Fields"}))
      compare_form_entry(key, before.isDictionary() ? before.getKey(key) : Handle::newNull(),
                         after.getKey(key));
  compare_fields();
}

void RevisionStep::compare_form_entry(const std::string& key, Handle before, Handle after) {
  if (key == "/SigFlags") {
    long long old = 0;
    long long now = 0;
    before.getValueAsInt(old);
    const bool added =
        after.getValueAsInt(now) && (old & ~now) == 0 && (now & ~old & ~kSignatureFlags) == 0;
    if (!added) add(ChangeKind::form_field, Need::never, say(kFlagsRemoved));
  } else if (key == "/NeedAppearances") {
    add(ChangeKind::form_field, Need::filling, say(kNeedsAppearances));
  } else if (key == "/DR") {
    compare_resources_of_form(before, after);
  } else if (key == "/DA" && before.isNull()) {
    add(ChangeKind::form_field, viewers_draw_ ? Need::filling : Need::nothing, say(kDefaultAdded));
  } else if (key == "/XFA") {
    compare_xfa(before, after);
  } else {
    add(ChangeKind::form_field, Need::never, say(kFormEntryChanged, printable(key)));
  }
}

// New names only: those that are there may be what a field is drawn with.
void RevisionStep::compare_resources_of_form(Handle before, Handle after) {
  const auto keeps = [&](Handle old, Handle now) {
    if (old.isNull()) return true;
    if (!old.isDictionary() || !now.isDictionary()) return comparison_->same(old, now);
    for (const std::string& key : comparison_->differing_keys(old, now, {}))
      if (old.hasKey(key)) return false;
    return true;
  };
  bool kept = after.isDictionary() && (before.isDictionary() || before.isNull());
  bool drawings_kept = true;
  if (kept && before.isDictionary())
    for (const std::string& key : before.getKeys()) {
      const bool same = keeps(before.getKey(key), after.getKey(key));
      // A default appearance names fonts, and no drawings (12.7.4.3); PDFBox gives each visible signature the same name there.
      if (key == "/XObject")
        drawings_kept = same;
      else
        kept = kept && same;
    }
  if (!kept) {
    add(ChangeKind::resource, Need::never, say(kResourcesChanged));
  } else if (!drawings_kept) {
    add(ChangeKind::form_field, Need::filling, say(kResourcesChanged)).change.warning =
        say(kDrawingsReplaced);
  } else {
    add(ChangeKind::form_field, viewers_draw_ ? Need::filling : Need::nothing,
        say(kResourcesAdded));
  }
}

// Pairs of a name and a stream; what users fill in is in "datasets", and its state in "form".
void RevisionStep::compare_xfa(Handle before, Handle after) {
  const bool pairs = before.isArray() && after.isArray() &&
                     before.getArrayNItems() == after.getArrayNItems() &&
                     before.getArrayNItems() % 2 == 0;
  bool allowed = pairs;
  std::vector<std::string> filled;
  for (int at = 0; allowed && at < before.getArrayNItems(); at += 2) {
    std::string name;
    if (!comparison_->same(before.getArrayItem(at), after.getArrayItem(at)) ||
        !before.getArrayItem(at).getValueAsUTF8(name)) {
      allowed = false;
    } else if (!comparison_->same(before.getArrayItem(at + 1), after.getArrayItem(at + 1))) {
      allowed = name == "datasets" || name == "form";
      filled.push_back(name);
    }
  }
  if (!allowed) {
    add(ChangeKind::catalog, Need::never, say(kXfaChanged));
    return;
  }
  for (const std::string& name : filled)
    add(ChangeKind::form_field, Need::filling, say(kXfaFilled, name));
}

}  // namespace signet::validation
