#include "validation/changes/form_tree.h"

#include <deque>
#include <utility>

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
  std::set<QPDFObjGen> listed;
  for (int at = 0; at < fields.getArrayNItems(); ++at) {
    QPDFObjectHandle field = fields.getArrayItem(at);
    // Met: one that is in the list twice. pdf::Form takes it for one as well.
    if (field.isIndirect() && !listed.insert(field.getObjGen()).second) continue;
    visit(field, std::nullopt, 0, budget);
  }
}

void FormTree::visit(QPDFObjectHandle node, std::optional<std::size_t> above, int depth,
                     Budget& budget) {
  budget.spend_object();
  if (!node.isDictionary()) return;
  if (depth > kDeepestForm) throw BeyondBudget("the form's fields are nested too deep");
  if (node.isIndirect() && own_.contains(node.getObjGen()))
    throw BeyondBudget("the form's fields form a loop, or one is there twice");
  FormNode made;
  made.above = above;
  made.value = QPDFObjectHandle::newNull();
  if (above) {
    made.name = nodes_[*above].name;
    made.type = nodes_[*above].type;
    made.flags = nodes_[*above].flags;
    made.value = nodes_[*above].value;
  }
  std::string part;
  if (node.getKey("/T").getValueAsUTF8(part)) made.name += (made.name.empty() ? "" : ".") + part;
  budget.spend_bytes(made.name.size());
  if (made.name.size() > kMostNames / kDeepestForm)
    throw BeyondBudget("a field's name is too long");
  node.getKey("/FT").getValueAsName(made.type);
  node.getKey("/Ff").getValueAsInt(made.flags);
  made.dictionary = node;
  made.value = value_of(node, made.value);
  const std::size_t index = nodes_.size();
  if (node.isIndirect()) {
    by_object_[node.getObjGen()] = index;
    own_[node.getObjGen()] = index;
  }
  names_.insert(made.name);
  nodes_.push_back(std::move(made));
  bool has_fields = false;
  std::vector<QPDFObjectHandle> widgets;
  QPDFObjectHandle kids = node.getKey("/Kids");
  const int all = kids.isArray() ? kids.getArrayNItems() : 0;
  for (int at = 0; at < all; ++at) {
    QPDFObjectHandle kid = kids.getArrayItem(at);
    if (!kid.isDictionary()) continue;
    if (kid.hasKey("/T")) {
      has_fields = true;
      visit(kid, index, depth + 1, budget);
      continue;
    }
    budget.spend_object();
    widgets.push_back(kid);
    if (kid.isIndirect()) by_object_[kid.getObjGen()] = index;
  }
  if (all == 0) widgets.push_back(node);
  nodes_[index].is_own_widget = all == 0;
  nodes_[index].widgets = std::move(widgets);
  nodes_[index].is_field = !has_fields;
}

std::vector<std::optional<std::size_t>> FormTree::continued_from(const FormTree& earlier) const {
  std::vector<std::optional<std::size_t>> found(earlier.nodes_.size());
  std::vector<bool> taken(nodes_.size(), false);
  for (std::size_t at = 0; at < found.size(); ++at) {
    const QPDFObjectHandle& node = earlier.nodes_[at].dictionary;
    if (!node.isIndirect()) continue;
    const auto same = own_.find(node.getObjGen());
    if (same == own_.end()) continue;
    found[at] = same->second;
    taken[same->second] = true;
  }
  std::map<std::string, std::deque<std::size_t>> left;
  for (std::size_t at = 0; at < nodes_.size(); ++at)
    if (!taken[at]) left[nodes_[at].name].push_back(at);
  for (std::size_t at = 0; at < found.size(); ++at) {
    if (found[at]) continue;
    const auto same = left.find(earlier.nodes_[at].name);
    if (same == left.end() || same->second.empty()) continue;
    found[at] = same->second.front();
    same->second.pop_front();
  }
  return found;
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
