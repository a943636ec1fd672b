// All nodes of a form (ISO 32000-2, 12.7.4), those between its root and its fields included, for the comparison of two forms.
#ifndef SIGNET_VALIDATION_CHANGES_FORM_TREE_H_
#define SIGNET_VALIDATION_CHANGES_FORM_TREE_H_

#include <cstdint>
#include <map>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>
#include <unordered_map>
#include <vector>

#include "pdf/document.h"
#include "validation/changes/budget.h"

namespace signet::validation {

struct FormNode {
  std::string name;  // full; UTF-8 as the document has it
  std::string type;  // of itself or inherited: "/Sig"
  QPDFObjectHandle dictionary;
  QPDFObjectHandle value;                 // of itself or inherited; null: none; not looked at yet
  std::vector<QPDFObjectHandle> widgets;  // the node itself where the two are one
  bool is_field = true;                   // false: other fields are below it

  bool is_signature() const { return type == "/Sig"; }
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
  // The node that is this object, else the one with that name; null: none.
  const FormNode* counterpart_of(const FormNode& other) const;
  const FormNode* find(const std::string& name) const;
  // Of a widget that is an object of its own; null: it is none of the form's.
  const FormNode* owner_of(const QPDFObjectHandle& widget) const;

 private:
  void visit(QPDFObjectHandle node, const FormNode& above, int depth, Budget& budget);

  std::vector<FormNode> nodes_;
  std::map<QPDFObjGen, std::size_t> by_object_;  // nodes and widgets
  std::map<std::string, std::size_t> by_name_;   // the first one
  std::map<QPDFObjGen, std::size_t> own_;        // nodes alone
};

// As people write it.
std::string shown(const FormNode& node);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHANGES_FORM_TREE_H_
