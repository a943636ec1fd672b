#include "validation/changes/form_tree.h"

#include "common/printable.h"

namespace signet::validation {

namespace {

constexpr int kDeepestForm = 64;
constexpr std::size_t kMostNames = std::size_t{16} * 1024 * 1024;  // bytes in all

// Of itself or inherited. Where nothing is inherited, nobody looks at the value here: signatures are messages of many kilobytes, and
// each later revision has all of them.
QPDFObjectHandle value_of(QPDFObjectHandle node, QPDFObjectHandle inherited) {
  return inherited.isNull() || node.hasKey("/V") ? node.getKey("/V") : inherited;
}

}  // namespace

bool FormNode::is_signed() const {
  QPDFObjectHandle signature = value;
  return is_signature() && signature.isDictionary();
}

bool FormNode::is_time_stamp() const {
  QPDFObjectHandle signature = value;
  return is_signed() && (signature.getKey("/SubFilter").isNameAndEquals("/ETSI.RFC3161") ||
                         signature.getKey("/Type").isNameAndEquals("/DocTimeStamp"));
}

FormTree::FormTree(pdf::Document& document, Budget& budget) {
  QPDFObjectHandle catalog = document.catalog();
  QPDFObjectHandle form = catalog.getKey("/AcroForm");
  if (!form.isDictionary()) return;
  QPDFObjectHandle fields = form.getKey("/Fields");
  if (!fields.isArray()) return;
  FormNode root;
  root.value = QPDFObjectHandle::newNull();
  for (int at = 0; at < fields.getArrayNItems(); ++at)
    visit(fields.getArrayItem(at), root, 0, budget);
}

void FormTree::visit(QPDFObjectHandle node, const FormNode& above, int depth, Budget& budget) {
  budget.spend_object();
  if (!node.isDictionary()) return;
  if (depth > kDeepestForm) throw BeyondBudget("the form's fields are nested too deep");
  if (node.isIndirect() && own_.contains(node.getObjGen()))
    throw BeyondBudget("the form's fields form a loop, or one is there twice");
  FormNode made;
  made.name = above.name;
  std::string part;
  if (node.getKey("/T").getValueAsUTF8(part)) made.name += (made.name.empty() ? "" : ".") + part;
  budget.spend_bytes(made.name.size());
  if (made.name.size() > kMostNames / kDeepestForm)
    throw BeyondBudget("a field's name is too long");
  if (!node.getKey("/FT").getValueAsName(made.type)) made.type = above.type;
  made.dictionary = node;
  made.value = value_of(node, above.value);
  const std::size_t index = nodes_.size();
  if (node.isIndirect()) {
    by_object_[node.getObjGen()] = index;
    own_[node.getObjGen()] = index;
  }
  by_name_.emplace(made.name, index);
  nodes_.push_back(made);
  bool has_fields = false;
  std::vector<QPDFObjectHandle> widgets;
  QPDFObjectHandle kids = node.getKey("/Kids");
  const int all = kids.isArray() ? kids.getArrayNItems() : 0;
  for (int at = 0; at < all; ++at) {
    QPDFObjectHandle kid = kids.getArrayItem(at);
    if (!kid.isDictionary()) continue;
    if (kid.hasKey("/T")) {
      has_fields = true;
      visit(kid, made, depth + 1, budget);
      continue;
    }
    budget.spend_object();
    widgets.push_back(kid);
    if (kid.isIndirect()) by_object_[kid.getObjGen()] = index;
  }
  if (all == 0) widgets.push_back(node);
  nodes_[index].widgets = std::move(widgets);
  nodes_[index].is_field = !has_fields;
}

const FormNode* FormTree::find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &nodes_[found->second];
}

const FormNode* FormTree::counterpart_of(const FormNode& other) const {
  if (other.dictionary.isIndirect()) {
    const auto found = own_.find(other.dictionary.getObjGen());
    if (found != own_.end()) return &nodes_[found->second];
  }
  return find(other.name);
}

const FormNode* FormTree::owner_of(const QPDFObjectHandle& widget) const {
  if (!widget.isIndirect()) return nullptr;
  const auto found = by_object_.find(widget.getObjGen());
  return found == by_object_.end() ? nullptr : &nodes_[found->second];
}

std::string shown(const FormNode& node) {
  return printable(node.name);
}

}  // namespace signet::validation
