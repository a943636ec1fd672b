// The fields of a document's interactive form (ISO 32000-2, 12.7) by their full names, and the signatures in them.
#ifndef SIGNET_PDF_FORM_H_
#define SIGNET_PDF_FORM_H_

#include <qpdf/QPDFObjectHandle.hh>
#include <string>
#include <string_view>
#include <vector>

#include "pdf/document.h"
#include "pdf/error.h"

namespace signet::pdf {

struct Field {
  std::string name;                       // full: "form.office.seal"; UTF-8
  std::string type;                       // of itself or inherited: "/Sig"; may be empty
  bool read_only = false;                 // of itself or inherited
  QPDFObjectHandle dictionary;            // may be direct in a broken document
  QPDFObjectHandle value;                 // of itself or inherited; null: none
  std::vector<QPDFObjectHandle> widgets;  // the field itself where the two are one

  bool is_signature() const { return type == "/Sig"; }
};

class Form {
 public:
  // A document without a form has an empty one. Broken where the fields form a loop, are nested more than 64 levels deep or
  // more than a million.
  static PdfResult<Form> read(Document& document);

  bool has_xfa() const { return has_xfa_; }
  const std::vector<Field>& fields() const { return fields_; }
  const Field* find(std::string_view name) const;

  // Fields whose value is a signature or a document time-stamp, in the order of the form.
  std::vector<const Field*> signed_fields() const;

  // "SignetSeal1", or the first number that no field's name begins with.
  std::string free_name() const;

 private:
  friend class FormReader;

  bool has_xfa_ = false;
  std::vector<Field> fields_;
};

// Whether the second full name is the first one or below it, component by component: "a" contains "a.b", not "ab".
bool name_contains(std::string_view outer, std::string_view name);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_FORM_H_
