#include "validation/changes/step.h"

#include <algorithm>

#include "common/printable.h"

namespace signet::validation {

namespace {

constexpr Sentence kSwapped{
    "object {0} was replaced by one that the earlier revision holds, where nothing referred to it",
    "objekt {0} byl nahrazen jiným, který byl v dřívější verzi a nic se na něj neodkazovalo"};
constexpr Sentence kReplacedUnused{"object {0} was replaced, although nothing referred to it",
                                   "objekt {0} byl nahrazen, ačkoli se na něj nic neodkazovalo"};

}  // namespace

RevisionStep::RevisionStep(const Revision& before, const Revision& after,
                           const ReferenceGraph& graph, const Touched& touched, Budget& budget)
    : before_(before.document),
      after_(after.document),
      graph_(graph),
      touched_(touched),
      budget_(budget),
      old_form_(&before.form),
      new_form_(&after.form) {}

std::vector<Difference> RevisionStep::run() {
  find_anchors();
  comparison_.emplace(touched_.objects, reached_, anchors_, budget_);
  find_hidden();
  compare_trailers();
  compare_catalogs();
  compare_pages();
  return std::move(found_);
}

QPDFObjectHandle RevisionStep::from_catalog(const pdf::Document& document, const char* key) {
  Handle catalog = document.catalog();
  return catalog.getKey(key);
}

QPDFObjectHandle RevisionStep::object_of(pdf::Document& document, std::uint32_t number) {
  const pdf::Entry* const entry = document.cross_reference().find(number);
  if (entry == nullptr || entry->kind == pdf::Entry::Kind::free) return QPDFObjectHandle::newNull();
  const bool plain = entry->kind == pdf::Entry::Kind::plain;
  return document.qpdf().getObjectByID(static_cast<int>(number),
                                       plain ? static_cast<int>(entry->generation) : 0);
}

void RevisionStep::find_anchors() {
  const auto number = [](const QPDFObjectHandle& value) {
    return static_cast<std::uint32_t>(value.getObjectID());
  };
  anchors_.insert(number(before_.catalog()));
  for (const FormNode& node : old_form_->nodes()) {
    if (node.dictionary.isIndirect()) anchors_.insert(number(node.dictionary));
    for (const QPDFObjectHandle& widget : node.widgets)
      if (widget.isIndirect()) anchors_.insert(number(widget));
  }
  for (const FormNode& node : new_form_->nodes())
    for (const QPDFObjectHandle& widget : node.widgets)
      if (widget.isIndirect() && old_form_->owner_of(widget) == nullptr)
        new_widgets_.insert(number(widget));
  const auto is_cut = [&](std::uint32_t object) {
    budget_.spend_object();
    QPDFObjectHandle value = object_of(before_, object);
    if (!value.isDictionary()) return anchors_.contains(object);
    if (const auto place = place_in_tree(before_, value, budget_)) {
      if (place->leaf) {
        changed_pages_[object] = place->index;
      } else {
        changed_nodes_.insert(object);
      }
      anchors_.insert(object);
    }
    return anchors_.contains(object);
  };
  reached_ = graph_.reaching(touched_.objects, is_cut, budget_);
}

void RevisionStep::find_hidden() {
  for (const std::uint32_t object : touched_.swapped)
    add(ChangeKind::hidden, Need::never, say(kSwapped, std::int64_t{object}));
  const ObjectSet used = graph_.reachable(roots_of(before_), budget_);
  for (const std::uint32_t object : touched_.old) {
    const pdf::Entry* const now = after_.cross_reference().find(object);
    const bool gone = now == nullptr || now->kind == pdf::Entry::Kind::free;
    if (gone || used.contains(object) || is_housekeeping(object) ||
        std::ranges::binary_search(touched_.swapped, object))
      continue;
    add(ChangeKind::hidden, Need::never, say(kReplacedUnused, std::int64_t{object}));
  }
}

// Streams of cross-references and of objects: no object refers to them, and writers use their numbers again.
bool RevisionStep::is_housekeeping(std::uint32_t object) {
  QPDFObjectHandle value = object_of(before_, object);
  if (!value.isStream()) return false;
  QPDFObjectHandle type = value.getDict().getKey("/Type");
  return type.isNameAndEquals("/XRef") || type.isNameAndEquals("/ObjStm");
}

Difference& RevisionStep::add(ChangeKind kind, Need need, Statement what) {
  Difference& made = found_.emplace_back();
  made.change.kind = kind;
  made.change.what = std::move(what);
  made.need = need;
  return made;
}

Difference& RevisionStep::add_for_field(ChangeKind kind, Need need, const FormNode& field,
                                        Statement what) {
  Difference& made = add(kind, need, std::move(what));
  made.field = field.name;
  made.change.field = printable(field.name);
  return made;
}

}  // namespace signet::validation
