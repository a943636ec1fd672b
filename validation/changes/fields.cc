// Fields: filled in, signed, added, changed (ISO 32000-2, 12.7.4 and 12.7.5.5).
//
// What others permit with P = 2 was looked at for new signature fields: pyHanko allows them, empty and signed; pdfsig looks at the
// bytes that are covered alone; Acrobat offers none in a certified document, and takes one in a document that is not certified.
// Here they are allowed, since the table names signing without asking for the field, but one that is drawn over a page is shown
// with a warning (sneaky signature attack), and one that nobody signed must not be drawn at all.
#include <algorithm>
#include <utility>

#include "common/printable.h"
#include "validation/changes/step.h"

namespace signet::validation {

namespace {

constexpr Sentence kFieldRemoved{"the field {0} was removed", "pole {0} bylo odstraněno"};
constexpr Sentence kFieldRenamed{"the field {0} has another name", "pole {0} má jiný název"};
constexpr Sentence kFieldRebuilt{"the field {0} has other fields or widgets below it",
                                 "pole {0} má pod sebou jiná pole nebo jiné prvky"};
constexpr Sentence kFieldElsewhere{"the field {0} was put below another one",
                                   "pole {0} bylo přesunuto pod jiné pole"};
constexpr Sentence kFieldEntryChanged{"the entry {1} of the field {0} was changed",
                                      "položka {1} pole {0} byla změněna"};
constexpr Sentence kLookChanged{"the field {0} looks different, although its value is the same",
                                "pole {0} vypadá jinak, ačkoli jeho hodnota je stejná"};
constexpr Sentence kFilled{"the field {0} was filled in", "pole {0} bylo vyplněno"};
constexpr Sentence kAdapted{
    "the field {0} got an appearance, or its widgets were locked or set to be printed",
    "pole {0} dostalo vzhled, nebo byly jeho prvky zamčeny či nastaveny k tisku"};
constexpr Sentence kMadeReadOnly{"the field {0} was made read-only",
                                 "pole {0} bylo nastaveno jen pro čtení"};
constexpr Sentence kSignatureChanged{"the signature {0} was changed after it was made ({1})",
                                     "podpis {0} byl po vytvoření změněn ({1})"};
constexpr Sentence kSigned{"the field {0} was signed", "pole {0} bylo podepsáno"};
constexpr Sentence kSignedNew{"a signature was added in the new field {0}",
                              "do nového pole {0} byl přidán podpis"};
constexpr Sentence kStamped{"a document time-stamp was added in the field {0}",
                            "do pole {0} bylo přidáno časové razítko dokumentu"};
constexpr Sentence kNewField{"the field {0} was added", "bylo přidáno pole {0}"};
constexpr Sentence kSecondOfName{"a signature was added in a second field with the name {0}",
                                 "byl přidán podpis do druhého pole se jménem {0}"};
constexpr Sentence kNewSignatureField{"an empty signature field {0} was added",
                                      "bylo přidáno prázdné pole pro podpis {0}"};

// Nothing among these runs or opens anything.
bool is_plain_key(const std::string& key) {
  static const std::set<std::string> kPlain = {
      "/Type", "/Subtype", "/FT", "/T",    "/TU", "/TM",       "/V",    "/DV",
      "/Rect", "/F",       "/Ff", "/P",    "/AP", "/AS",       "/MK",   "/DA",
      "/Q",    "/Border",  "/BS", "/Lock", "/SV", "/Parent",   "/Kids", "/StructParent",
      "/M",    "/NM",      "/H",  "/DR",   "/OC", "/Contents", "/Lang", "/DS",
      "/RV"};
  return kPlain.contains(key);
}

bool is_plain(QPDFObjectHandle dictionary) {
  return std::ranges::all_of(dictionary.getKeys(), is_plain_key);
}

}  // namespace

void RevisionStep::compare_fields() {
  const std::vector<FormNode>& all = new_form_->nodes();
  const auto became = new_form_->continued_from(*old_form_);
  std::vector<bool> known(all.size(), false);
  for (std::size_t at = 0; at < became.size(); ++at) {
    budget_.spend_object();
    const FormNode& node = old_form_->nodes()[at];
    const std::optional<std::size_t> place = became[at];
    if (!place) {
      add_for_field(node.is_signed() ? ChangeKind::signature_changed : ChangeKind::form_field,
                    Need::never, node, say(kFieldRemoved, shown(node)));
      continue;
    }
    known[*place] = true;
    const FormNode& now = all[*place];
    if (now.name != node.name) {
      add_for_field(ChangeKind::form_field, Need::never, node, say(kFieldRenamed, shown(node)));
    } else if (now.above != (node.above ? became[*node.above] : std::nullopt)) {
      // It inherits from others, and its name may still be the same.
      add_for_field(ChangeKind::form_field, Need::never, node, say(kFieldElsewhere, shown(node)));
    } else if (!is_untouched(node, now)) {
      compare_node(node, now);
    }
  }
  for (std::size_t at = 0; at < all.size(); ++at)
    if (!known[at] && (all[at].is_field || !all[at].widgets.empty())) new_field(all[at]);
}

// Where the update reaches nothing of a field, neither of the two is looked at: qpdf would have to read a signature's whole message.
bool RevisionStep::is_untouched(const FormNode& before, const FormNode& after) const {
  const auto same = [&](const Handle& a, const Handle& b) {
    return a.isIndirect() && a.getObjGen() == b.getObjGen() && !comparison_->is_reached(a);
  };
  return before.is_field == after.is_field && before.is_own_widget == after.is_own_widget &&
         same(before.dictionary, after.dictionary) && same(before.value, after.value) &&
         std::ranges::equal(before.widgets, after.widgets, same);
}

void RevisionStep::compare_node(const FormNode& before, const FormNode& after) {
  if (before.is_field != after.is_field || before.is_own_widget != after.is_own_widget) {
    add_for_field(before.is_signed() ? ChangeKind::signature_changed : ChangeKind::form_field,
                  Need::never, before, say(kFieldRebuilt, shown(before)));
    return;
  }
  if (before.is_signed() && before.is_field) {
    compare_signed(before, after);
    return;
  }
  if (before.is_field) {
    compare_filled(before, after);
    return;
  }
  const Widgets widgets = match_widgets(before, after);
  report_widgets(before, after, widgets);
  const ChangedKeys changed = keys_changed(before, after, widgets);
  for (const KeyChange& change : changed.keys)
    add_for_field(ChangeKind::form_field, Need::never, before,
                  say(kFieldEntryChanged, shown(before), printable(change.key)));
  if (changed.made_read_only) report_read_only(before);
}

// Nothing may change in it but that it is locked, and not even what is the same may be written again: /Contents would lie where /ByteRange has no gap.
void RevisionStep::compare_signed(const FormNode& before, const FormNode& after) {
  std::string changed;
  Handle value = before.value;
  const bool own = value.isIndirect();
  if (own ? comparison_->is_reached(value) : comparison_->is_touched(before.dictionary))
    changed = "/V";
  Handle now = after.value;
  if (own && value.getObjGen() != now.getObjGen()) changed = "/V";
  const Widgets widgets = match_widgets(before, after);
  const ChangedKeys keys = keys_changed(before, after, widgets);
  if (changed.empty() && !keys.keys.empty()) changed = keys.keys.front().key;
  if (widgets.removed || !widgets.added.empty()) changed = "/Kids";
  if (changed.empty()) {
    if (keys.made_read_only) report_read_only(before);
    return;
  }
  add_for_field(ChangeKind::signature_changed, Need::never, before,
                say(kSignatureChanged, shown(before), printable(changed)));
}

void RevisionStep::compare_filled(const FormNode& before, const FormNode& after) {
  const bool can_fill = !before.is_signature() && !before.is_push_button();
  const FieldChange field = {before, after,
                             can_fill && !comparison_->same(before.value, after.value),
                             before.is_signature() && after.is_signed()};
  const Widgets widgets = match_widgets(before, after);
  report_widgets(before, after, widgets);
  bool adapted = false;
  const ChangedKeys changed = keys_changed(before, after, widgets);
  for (const KeyChange& change : changed.keys) {
    if (may_change(change, field)) {
      adapted = true;
      continue;
    }
    const bool look = change.key == "/AP" || change.key == "/AS";
    add_for_field(ChangeKind::form_field, Need::never, before,
                  look ? say(kLookChanged, shown(before))
                       : say(kFieldEntryChanged, shown(before), printable(change.key)));
  }
  if (after.is_signed()) {
    report_signature(after, false);
  } else if (field.is_filled) {
    Difference& made =
        add_for_field(ChangeKind::form_field, Need::filling, before, say(kFilled, shown(before)));
    look_at_widgets(after, made);
    made.change.warning.reset();
  } else if (adapted) {
    add_for_field(ChangeKind::form_field, Need::filling, before, say(kAdapted, shown(before)));
  } else if (changed.made_read_only) {
    report_read_only(before);
  }
}

void RevisionStep::report_read_only(const FormNode& field) {
  add_for_field(ChangeKind::form_field, Need::filling, field, say(kMadeReadOnly, shown(field)))
      .passes_locks = true;
}

void RevisionStep::report_widgets(const FormNode& before, const FormNode& after,
                                  const Widgets& widgets) {
  if (widgets.removed)
    add_for_field(ChangeKind::form_field, Need::never, before, say(kFieldRebuilt, shown(before)));
  if (widgets.added.empty()) return;
  FormNode added = after;
  added.widgets = widgets.added;
  Difference& made = add_for_field(ChangeKind::new_field, Need::annotating, before,
                                   say(kFieldRebuilt, shown(before)));
  report_on_pages(added);
  look_at_widgets(added, made);
}

RevisionStep::ChangedKeys RevisionStep::keys_changed(const FormNode& before, const FormNode& after,
                                                     const Widgets& widgets) {
  ChangedKeys found;
  const auto compare = [&](const Handle& old, const Handle& now,
                           const std::set<std::string>& passed_over) {
    if (pdf::same_object(old, now) && !comparison_->is_reached(old)) return;
    for (const std::string& key : comparison_->differing_keys(old, now, passed_over)) {
      KeyChange change{key, old, now};
      if (only_adds_annotation_type(change)) continue;
      if (only_makes_read_only(change, before, after))
        found.made_read_only = true;
      else
        found.keys.push_back(std::move(change));
    }
  };
  compare(before.dictionary, after.dictionary, {"/Kids"});
  // Below a widget there is nothing: /Kids that one has are compared as any entry is.
  if (!before.is_own_widget)
    for (const auto& [old, now] : widgets.kept) compare(old, now, {});
  return found;
}

// The comparison of the pages needs not tell of these.
void RevisionStep::report_on_pages(const FormNode& field) {
  for (const Handle& widget : field.widgets)
    if (widget.isIndirect()) reported_widgets_.insert(widget.getObjGen());
}

void RevisionStep::new_field(const FormNode& field) {
  report_on_pages(field);
  const bool plain =
      field.is_field && std::ranges::all_of(field.widgets, is_plain) && is_plain(field.dictionary);
  if (field.is_signed() && plain) {
    // Rules and reports know a signature by the name of its field (ISO 32000-2, 12.7.4.2: one field has it).
    if (!field.name.empty() && old_form_->has_name(field.name)) {
      Difference& made = add_for_field(ChangeKind::new_field, Need::never, field,
                                       say(kSecondOfName, shown(field)));
      look_at_widgets(field, made);
      return;
    }
    report_signature(field, true);
    return;
  }
  Handle value = field.value;
  const bool empty = field.is_signature() && plain && value.isNull();
  Difference& made =
      add_for_field(ChangeKind::new_field, empty ? Need::filling : Need::annotating, field,
                    say(empty ? kNewSignatureField : kNewField, shown(field)));
  look_at_widgets(field, made);
  if (made.change.warning) made.need = Need::annotating;
}

void RevisionStep::report_signature(const FormNode& field, bool is_new) {
  const bool stamp = field.is_time_stamp();
  Difference& made = add_for_field(stamp ? ChangeKind::time_stamp : ChangeKind::signature,
                                   stamp ? Need::nothing : Need::filling, field,
                                   say(stamp    ? kStamped
                                       : is_new ? kSignedNew
                                                : kSigned,
                                       shown(field)));
  look_at_widgets(field, made);
  made.warns_of_new_field = !is_new;
  // Anybody can have a time-stamp: what it draws is no more than what a signature may.
  if (stamp && made.change.warning) made.need = Need::filling;
}

}  // namespace signet::validation
