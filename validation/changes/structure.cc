// The structure tree of a tagged document (ISO 32000-2, 14.7): elements of new fields and annotations may be added, nothing else.
#include "validation/changes/step.h"

namespace signet::validation {

namespace {

constexpr int kDeepestStructure = 200;

constexpr Sentence kStructureAdded{"elements of new fields were added to the document's structure",
                                   "do struktury dokumentu byly přidány prvky nových polí"};
constexpr Sentence kAnnotationsInStructure{
    "elements of new annotations were added to the document's structure",
    "do struktury dokumentu byly přidány prvky nových anotací"};
constexpr Sentence kStructureChanged{
    "the document's structure, which screen readers read, was changed",
    "struktura dokumentu, kterou čtou odečítače obrazovky, byla změněna"};

bool grows(const std::string& key) {
  return key == "/K" || key == "/Nums" || key == "/Kids";
}

}  // namespace

void RevisionStep::find_annotations() {
  const auto each = [&](pdf::Document& document, std::uint32_t page, const FormTree& form,
                        const auto& take) {
    Handle all = object_of(document, page).getKeyIfDict("/Annots");
    if (!all.isArray()) return;
    for (const Handle& one : all.getArrayAsVector()) {
      budget_.spend_object();
      if (one.isIndirect() && form.owner_of(one) == nullptr)
        take(static_cast<std::uint32_t>(one.getObjectID()));
    }
  };
  for (const auto& [page, index] : changed_pages_) {
    each(before_, page, *old_form_, [&](std::uint32_t one) { old_annotations_.insert(one); });
    each(after_, page, *new_form_, [&](std::uint32_t one) {
      if (!old_annotations_.contains(one)) new_annotations_.insert(one);
    });
  }
}

void RevisionStep::compare_structure(Handle before, Handle after) {
  if (comparison_->same(before, after)) return;
  find_annotations();
  if (!before.isDictionary() || !only_adds(before, after, "", 0)) {
    add(ChangeKind::structure, Need::never, say(kStructureChanged));
  } else if (structure_annotates_) {
    add(ChangeKind::structure, Need::annotating, say(kAnnotationsInStructure));
  } else {
    add(ChangeKind::structure, Need::filling, say(kStructureAdded));
  }
}

bool RevisionStep::only_adds(Handle before, Handle after, const std::string& key, int depth) {
  if (depth > kDeepestStructure) throw BeyondBudget("the structure is nested too deep");
  budget_.spend_object();
  if (before.isIndirect() && after.isIndirect()) {
    if (before.getObjGen() == after.getObjGen()) {
      const auto number = static_cast<std::uint32_t>(before.getObjectID());
      if (!reached_.contains(number) || anchors_.contains(number)) return true;
      if (key == "/Obj" && old_annotations_.contains(number)) return true;
    }
    if (!structure_seen_.emplace(before.getObjGen(), after.getObjGen()).second) return true;
  }
  if (grows(key) && (before.isArray() || after.isArray()))
    return only_adds_items(before, after, key, depth);
  if (key == "/ParentTreeNextKey" || key == "/Limits") {
    if (!before.isArray()) {
      long long old = 0;
      long long now = 0;
      return before.getValueAsInt(old) && after.getValueAsInt(now) && old <= now;
    }
    if (before.getArrayNItems() != 2 || !after.isArray() || after.getArrayNItems() != 2)
      return false;
    return comparison_->same(before.getArrayItem(0), after.getArrayItem(0)) &&
           only_adds(before.getArrayItem(1), after.getArrayItem(1), "/ParentTreeNextKey",
                     depth + 1);
  }
  if (before.isStream() || after.isStream()) return comparison_->same(before, after);
  if (before.isDictionary() && after.isDictionary()) {
    std::set<std::string> keys = before.getKeys();
    keys.merge(after.getKeys());
    for (const std::string& one : keys) {
      const bool is_new = !before.hasKey(one);
      if (is_new ? !is_added(after.getKey(one), one, depth + 1)
                 : !only_adds(before.getKey(one), after.getKey(one), one, depth + 1))
        return false;
    }
    return true;
  }
  if (before.isArray() && after.isArray()) {
    if (before.getArrayNItems() != after.getArrayNItems()) return false;
    for (int at = 0; at < before.getArrayNItems(); ++at)
      if (!only_adds(before.getArrayItem(at), after.getArrayItem(at), "", depth + 1)) return false;
    return true;
  }
  return comparison_->same(before, after);
}

// What was there stays in front; a single value may have become the first of an array.
bool RevisionStep::only_adds_items(Handle before, Handle after, const std::string& key, int depth) {
  if (!after.isArray()) return false;
  const int all = after.getArrayNItems();
  const int old = before.isArray() ? before.getArrayNItems() : 1;
  if (all < old) return false;
  for (int at = 0; at < old; ++at)
    if (!only_adds(before.isArray() ? before.getArrayItem(at) : before, after.getArrayItem(at), "",
                   depth + 1))
      return false;
  for (int at = old; at < all; ++at) {
    // The parent tree's keys; in /K a number would be content of a page.
    if (key == "/Nums" && (at - old) % 2 == 0) {
      if (!after.getArrayItem(at).isInteger()) return false;
    } else if (!is_added(after.getArrayItem(at), "/K", depth + 1)) {
      return false;
    }
  }
  return true;
}

// An element that stands for a new field's widget or a new annotation, and for nothing else.
bool RevisionStep::is_added(Handle value, const std::string& key, int depth) {
  if (depth > kDeepestStructure) throw BeyondBudget("the structure is nested too deep");
  budget_.spend_object();
  if (key == "/ParentTreeNextKey") return value.isInteger();
  if (key == "/Nums") {
    return only_adds_items(Handle::newArray(), value, key, depth);
  }
  if (!grows(key)) return false;
  if (value.isArray()) {
    for (const Handle& one : value.getArrayAsVector())
      if (!is_added(one, "/K", depth + 1)) return false;
    return true;
  }
  if (!value.isDictionary()) return false;
  if (value.hasKey("/Obj")) {
    Handle object = value.getKey("/Obj");
    if (!object.isIndirect()) return false;
    const auto number = static_cast<std::uint32_t>(object.getObjectID());
    if (new_widgets_.contains(number)) return true;
    if (!new_annotations_.contains(number)) return false;
    structure_annotates_ = true;
    return true;
  }
  return value.hasKey("/S") && value.hasKey("/K") && is_added(value.getKey("/K"), "/K", depth + 1);
}

}  // namespace signet::validation
