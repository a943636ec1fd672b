// All nodes of a form (ISO 32000-2, 12.7.4), those between its root and its fields included, for the comparison of two forms.
#ifndef SIGNET_VALIDATION_CHANGES_FORM_TREE_H_
#define SIGNET_VALIDATION_CHANGES_FORM_TREE_H_

#include <map>
#include <optional>
#include <qpdf/QPDFObjectHandle.hh>
#include <set>
#include <string>
#include <vector>

#include "pdf/document.h"
#include "validation/changes/budget.h"

namespace signet::validation {

struct FormNode {
  static constexpr long long kPushButton = 65536;  // table 229

  std::string name;     // full; UTF-8 as the document has it
  std::string type;     // of itself or inherited: "/Sig"
  long long flags = 0;  // /Ff, of itself or inherited (table 227)
  QPDFObjectHandle dictionary;
  QPDFObjectHandle value;                 // of itself or inherited; null: none; not looked at yet
  std::vector<QPDFObjectHandle> widgets;  // the node itself where the two are one
  std::optional<std::size_t>
      above;                   // the place of the node whose /Kids has it; nothing: the form's
  bool is_field = true;        // false: other fields are below it
  bool is_own_widget = false;  // and not only above its widgets

  bool is_signature() const { return type == "/Sig"; }
  bool is_push_button() const { return type == "/Btn" && (flags & kPushButton) != 0; }
  // A signature field with a signature.
  bool is_signed() const;
  // A document time-stamp, or what says that it is one.
  bool is_time_stamp() const;
};

class FormTree {
 public:
  // Throws where it loops or is nested too deep: inside Document::examined().
  FormTree(pdf::Document& document, Budget& budget);

  const std::vector<FormNode>& nodes() const { return nodes_; }
  // For each node of an earlier form the place of the one here that it became: that is the same object, else the next one of its
  // name that is no other node's. No two of them became the same one: what is left over here is new.
  std::vector<std::optional<std::size_t>> continued_from(const FormTree& earlier) const;
  bool has_name(const std::string& name) const { return names_.contains(name); }
  // Of a widget that is an object of its own; null: it is none of the form's.
  const FormNode* owner_of(const QPDFObjectHandle& widget) const;

 private:
  void visit(QPDFObjectHandle node, std::optional<std::size_t> above, int depth, Budget& budget);

  std::vector<FormNode> nodes_;
  std::map<QPDFObjGen, std::size_t> by_object_;  // nodes and widgets
  std::set<std::string> names_;
  std::map<QPDFObjGen, std::size_t> own_;  // nodes alone
};

// As people write it.
std::string shown(const FormNode& node);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHANGES_FORM_TREE_H_
