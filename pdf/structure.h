// A place for a seal's widget in the structure tree of a tagged document (ISO 32000-2, 14.7; PDF/UA, ISO 14289-1, 7.18): a Form
// element that refers to the widget, which itself names an entry of the parent tree. For this component alone.
#ifndef SIGNET_PDF_STRUCTURE_H_
#define SIGNET_PDF_STRUCTURE_H_

#include <optional>
#include <vector>

#include "pdf/document.h"
#include "pdf/error.h"
#include "pdf/update.h"

namespace signet::pdf {

// Whether the document says that it is tagged: /MarkInfo.
bool is_tagged(const Document& document);

class Structure {
 public:
  // Nothing where the document has no structure tree. Broken where the tree cannot take an element: its root is no object of its
  // own, its parent tree is no number tree, is nested more than 64 levels deep, or has no number left. What needs no change is
  // not looked at.
  static PdfResult<std::optional<Structure>> find(Document& document);

  // Of everything that may be changed.
  void keep_off(Update& update) const;

  // Adds an element for a widget, an object of its own, on this page: below the document's Document element, or the root where
  // there is none. Returns the widget's /StructParent.
  long long add(const QPDFObjectHandle& widget, const QPDFObjectHandle& page, Update& update);

 private:
  Structure() = default;
  PdfResult<void> find_last_leaf();
  void put_into_parent_tree(const QPDFObjectHandle& element, Update& update);

  QPDFObjectHandle root_;               // StructTreeRoot
  QPDFObjectHandle parent_;             // of new elements
  std::vector<QPDFObjectHandle> path_;  // from the parent tree's root to its last leaf; empty: none
  long long next_key_ = 0;
};

}  // namespace signet::pdf

#endif  // SIGNET_PDF_STRUCTURE_H_
