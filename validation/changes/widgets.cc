// Widgets of fields: what became of each, and the pages that show it (ISO 32000-2, 12.5.6.19).
#include "validation/changes/step.h"

namespace signet::validation {

// The same objects first, then those that are left, in their order: direct ones, and such that took the place of others.
RevisionStep::Widgets RevisionStep::match_widgets(const FormNode& before, const FormNode& after) {
  Widgets found;
  std::multimap<QPDFObjGen, std::size_t> places;
  for (std::size_t at = 0; at < after.widgets.size(); ++at)
    if (after.widgets[at].isIndirect()) places.emplace(after.widgets[at].getObjGen(), at);
  std::vector<bool> met(after.widgets.size(), false);
  std::vector<Handle> left;
  for (const Handle& widget : before.widgets) {
    const auto place = widget.isIndirect() ? places.find(widget.getObjGen()) : places.end();
    if (place == places.end()) {
      left.push_back(widget);
      continue;
    }
    met[place->second] = true;
    found.kept.emplace_back(widget, after.widgets[place->second]);
    places.erase(place);
  }
  std::size_t used = 0;
  for (std::size_t at = 0; at < met.size(); ++at) {
    if (met[at]) continue;
    if (used < left.size()) {
      found.kept.emplace_back(left[used++], after.widgets[at]);
    } else {
      found.added.push_back(after.widgets[at]);
    }
  }
  found.removed = used < left.size();
  return found;
}

void RevisionStep::look_at_widgets(const FormNode& field, Difference& difference) {
  for (Handle widget : field.widgets) {
    std::map<std::size_t, Handle> pages = pages_with(widget);
    // What no page lists is not drawn, unless a viewer goes by this.
    Handle own = widget.getKey("/P");
    if (pages.empty() && own.isDictionary())
      if (const auto place = place_in_tree(after_, own, budget_)) pages.emplace(place->index, own);
    for (const auto& [index, page] : pages) {
      if (difference.change.warning) break;
      difference.change.warning = covering(index, page, widget);
      if (difference.change.warning || !difference.change.page) difference.change.page = index;
    }
  }
}

std::map<std::size_t, QPDFObjectHandle> RevisionStep::pages_with(const Handle& widget) {
  if (!widget.isIndirect()) return {};
  if (listed_pages_.empty())
    for (const auto& [number, index] : changed_pages_) list_annotations(number, index);
  // Pages that the update does not reach list what they listed: by themselves, or by an array of its own.
  const auto own = static_cast<std::uint32_t>(widget.getObjectID());
  const auto is_cut = [&](std::uint32_t object) {
    return object != own && !object_of(before_, object).isArray();
  };
  for (const std::uint32_t object : graph_.reaching({own}, is_cut, budget_)) {
    if (changed_pages_.contains(object) || listed_pages_.contains(object)) continue;
    Handle page = object_of(after_, object);
    if (!page.isDictionary() || !page.getKey("/Annots").isArray()) continue;
    if (const auto place = place_in_tree(after_, page, budget_))
      list_annotations(object, place->index);
  }
  const auto found = pages_of_annotations_.find(widget.getObjGen());
  return found == pages_of_annotations_.end() ? std::map<std::size_t, Handle>() : found->second;
}

void RevisionStep::list_annotations(std::uint32_t number, std::size_t index) {
  if (!listed_pages_.insert(number).second) return;
  Handle page = object_of(after_, number);
  Handle annotations = page.isDictionary() ? page.getKey("/Annots") : Handle::newNull();
  const int all = annotations.isArray() ? annotations.getArrayNItems() : 0;
  for (int at = 0; at < all; ++at) {
    budget_.spend_bytes(64);
    const Handle annotation = annotations.getArrayItem(at);
    if (annotation.isIndirect()) pages_of_annotations_[annotation.getObjGen()].emplace(index, page);
  }
}

}  // namespace signet::validation
