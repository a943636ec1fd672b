#include "timestamps/testing/der_tree.h"

#include <algorithm>
#include <stdexcept>

#include "crypto/der.h"

namespace signet::timestamps {

DerTree DerTree::of(ByteView der) {
  DerTree tree;
  const auto content = der.empty() ? std::nullopt : der::only(der.front(), der);
  if (!content) throw std::runtime_error("not one element of DER");
  tree.tag = der.front();
  if (!tree.is_constructed()) {
    tree.content = copy_of(*content);
    return tree;
  }
  der::Reader reader(*content);
  while (!reader.at_end()) {
    const auto child = reader.read_any();
    if (!child) throw std::runtime_error("not DER within an element");
    tree.children.push_back(of(*child));
  }
  return tree;
}

Bytes DerTree::encoded() const {
  Bytes inner = content;
  for (const DerTree& child : children) der::append(inner, child.encoded());
  return der::encode(tag, inner);
}

DerTree& DerTree::at(std::initializer_list<std::size_t> path) {
  DerTree* found = this;
  for (const std::size_t place : path) found = &found->children.at(place);
  return *found;
}

bool DerTree::has_child(ByteView child) const {
  return std::ranges::any_of(children, [&](const DerTree& one) {
    return !one.is_constructed() && equal(one.encoded(), child);
  });
}

DerTree* DerTree::find_holder(ByteView child) {
  if (has_child(child)) return this;
  for (DerTree& one : children) {
    if (DerTree* const found = one.find_holder(child); found != nullptr) return found;
  }
  return nullptr;
}

DerTree& DerTree::holder_of(ByteView child) {
  DerTree* const found = find_holder(child);
  if (found == nullptr) throw std::runtime_error("there is no such element");
  return *found;
}

void DerTree::duplicate(ByteView child) {
  const auto place = std::ranges::find_if(
      children, [&](const DerTree& one) { return equal(one.encoded(), child); });
  if (place == children.end()) throw std::runtime_error("there is no such child");
  const DerTree copy = *place;
  children.insert(place, copy);
}

}  // namespace signet::timestamps
