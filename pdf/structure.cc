#include "pdf/structure.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

constexpr int kDeepestParentTree = 64;
constexpr int kLongestRoleChain = 16;
constexpr int kMostRootElements = 1000;  // of the root, that are looked at for a Document
constexpr long long kHighestKey = 0x7FFFFFFF;

Error damaged(const char* what) {
  return {ErrorKind::broken, std::string("the structure tree is broken: ") + what};
}

bool is_own_dictionary(QPDFObjectHandle value) {
  return value.isIndirect() && value.isDictionary();
}

// The standard type that the role map makes of one (14.8.6.2).
std::string standard_type(QPDFObjectHandle roles, std::string type) {
  for (int step = 0; step < kLongestRoleChain && type != "/Document"; ++step) {
    if (!roles.isDictionary() || !roles.getKey(type).getValueAsName(type)) break;
  }
  return type;
}

bool is_document(QPDFObjectHandle element, const QPDFObjectHandle& roles) {
  std::string type;
  return is_own_dictionary(element) && element.getKey("/S").getValueAsName(type) &&
         standard_type(roles, type) == "/Document";
}

// Where new elements go.
QPDFObjectHandle parent_below(QPDFObjectHandle root) {
  const QPDFObjectHandle roles = root.getKey("/RoleMap");
  QPDFObjectHandle kids = root.getKey("/K");
  if (!kids.isArray()) return is_document(kids, roles) ? kids : root;
  const int all = std::min(kids.getArrayNItems(), kMostRootElements);
  for (int at = 0; at < all; ++at) {
    const QPDFObjectHandle kid = kids.getArrayItem(at);
    if (is_document(kid, roles)) return kid;
  }
  return root;
}

// Appends to an array that the dictionary has under this key: an object of its own, a part of the dictionary, or not there; a
// single value becomes an array. `holder` is a dictionary of the update.
void append(QPDFObjectHandle holder, const char* key, const std::vector<QPDFObjectHandle>& items,
            Update& update) {
  QPDFObjectHandle present = holder.getKey(key);
  QPDFObjectHandle array;
  if (present.isArray() && present.isIndirect()) {
    array = update.change(present);
  } else {
    array = present.isArray() ? present.shallowCopy() : QPDFObjectHandle::newArray();
    if (!present.isArray() && !present.isNull()) array.appendItem(present);
    holder.replaceKey(key, array);
  }
  for (const QPDFObjectHandle& item : items) array.appendItem(item);
}

}  // namespace

bool is_tagged(const Document& document) {
  QPDFObjectHandle catalog = document.catalog();
  QPDFObjectHandle info = catalog.getKey("/MarkInfo");
  bool marked = false;
  return info.isDictionary() && info.getKey("/Marked").getValueAsBool(marked) && marked;
}

PdfResult<std::optional<Structure>> Structure::find(Document& document) {
  return document.examined([&]() -> PdfResult<std::optional<Structure>> {
    QPDFObjectHandle catalog = document.catalog();
    Structure found;
    found.root_ = catalog.getKey("/StructTreeRoot");
    if (found.root_.isNull()) return std::optional<Structure>();
    if (!is_own_dictionary(found.root_)) return damaged("its root is no dictionary of its own");
    found.parent_ = parent_below(found.root_);
    long long next = 0;
    if (found.root_.getKey("/ParentTreeNextKey").getValueAsInt(next) && next > 0)
      found.next_key_ = next;
    BOOST_OUTCOME_TRY(found.find_last_leaf());
    if (found.next_key_ > kHighestKey - 1000) return damaged("it has no number left");
    BOOST_OUTCOME_TRY(document.check());
    return std::optional(std::move(found));
  });
}

// And the number that follows all others.
PdfResult<void> Structure::find_last_leaf() {
  QPDFObjectHandle node = root_.getKey("/ParentTree");
  if (node.isNull()) return success();
  std::set<QPDFObjGen> seen;
  const auto raise = [&](QPDFObjectHandle key) {
    long long number = 0;
    if (key.getValueAsInt(number) && number >= next_key_) next_key_ = number + 1;
  };
  for (int depth = 0; depth < kDeepestParentTree; ++depth) {
    // The root alone may be a part of what refers to it (7.9.7).
    if (!node.isDictionary() || (depth > 0 && !node.isIndirect()))
      return damaged("a node of the parent tree is no dictionary of its own");
    if (node.isIndirect() && !seen.insert(node.getObjGen()).second)
      return damaged("the parent tree has a loop");
    QPDFObjectHandle limits = node.getKey("/Limits");
    if (depth > 0 && (!limits.isArray() || limits.getArrayNItems() != 2))
      return damaged("a node of the parent tree has no /Limits");
    path_.push_back(node);
    QPDFObjectHandle kids = node.getKey("/Kids");
    if (!kids.isArray() || kids.getArrayNItems() == 0) break;
    for (QPDFObjectHandle kid : kids.getArrayAsVector()) {
      if (!kid.isDictionary()) return damaged("a node of the parent tree is no dictionary");
      QPDFObjectHandle range = kid.getKey("/Limits");
      if (range.isArray() && range.getArrayNItems() == 2) raise(range.getArrayItem(1));
    }
    node = kids.getArrayItem(kids.getArrayNItems() - 1);
  }
  QPDFObjectHandle leaf = path_.back();
  if (!leaf.getKey("/Kids").isNull() && leaf.getKey("/Kids").getArrayNItems() > 0)
    return damaged("the parent tree is nested too deep");
  QPDFObjectHandle numbers = leaf.getKey("/Nums");
  if (numbers.isNull()) return success();
  if (!numbers.isArray() || numbers.getArrayNItems() % 2 != 0)
    return damaged("/Nums of the parent tree is no array of pairs");
  for (int at = 0; at < numbers.getArrayNItems(); at += 2) raise(numbers.getArrayItem(at));
  return success();
}

void Structure::keep_off(Update& update) const {
  update.keep_off(root_);
  update.keep_off(parent_);
  for (QPDFObjectHandle holder : {root_, parent_}) update.keep_off(holder.getKey("/K"));
  for (QPDFObjectHandle node : path_) {
    update.keep_off(node);
    update.keep_off(node.getKey("/Nums"));
  }
}

long long Structure::add(const QPDFObjectHandle& widget, const QPDFObjectHandle& page,
                         Update& update) {
  QPDFObjectHandle reference = QPDFObjectHandle::newDictionary();
  reference.replaceKey("/Type", named("/OBJR"));
  reference.replaceKey("/Obj", widget);
  QPDFObjectHandle element = QPDFObjectHandle::newDictionary();
  element.replaceKey("/Type", named("/StructElem"));
  element.replaceKey("/S", named("/Form"));
  element.replaceKey("/P", parent_);
  if (is_own_dictionary(page)) {
    reference.replaceKey("/Pg", page);
    element.replaceKey("/Pg", page);
  }
  element.replaceKey("/K", reference);
  const QPDFObjectHandle place = update.allocate();
  update.put(place, element);
  append(update.change(parent_), "/K", {place}, update);
  put_into_parent_tree(place, update);
  update.change(root_).replaceKey("/ParentTreeNextKey",
                                  QPDFObjectHandle::newInteger(next_key_ + 1));
  return next_key_++;
}

void Structure::put_into_parent_tree(const QPDFObjectHandle& element, Update& update) {
  const QPDFObjectHandle key = QPDFObjectHandle::newInteger(next_key_);
  QPDFObjectHandle root = update.change(root_);
  if (path_.empty()) {
    root.replaceKey("/ParentTree", QPDFObjectHandle::newDictionary());
    path_.push_back(root.getKey("/ParentTree"));
  } else if (!path_.front().isIndirect()) {
    path_.front() = path_.front().shallowCopy();
    root.replaceKey("/ParentTree", path_.front());
  }
  const auto changed = [&](const QPDFObjectHandle& node) {
    return node.isIndirect() ? update.change(node) : node;
  };
  changed(path_.back()).removeKey("/Kids");  // an empty one
  append(changed(path_.back()), "/Nums", {key, element}, update);
  // All but the tree's root say from where to where they go.
  for (std::size_t at = 1; at < path_.size(); ++at) {
    QPDFObjectHandle node = changed(path_[at]);
    QPDFObjectHandle limits = QPDFObjectHandle::newArray();
    limits.appendItem(node.getKey("/Limits").getArrayItem(0));
    limits.appendItem(key);
    node.replaceKey("/Limits", limits);
  }
}

}  // namespace signet::pdf
