// A template as programs write it: attributes in a given order, with values that it owns.
//
//   Template search;
//   search.number(CKA_CLASS, CKO_PRIVATE_KEY).text(CKA_LABEL, "rsa");
//   C_FindObjectsInit(session, search.data(), search.size());
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_TEMPLATE_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_TEMPLATE_H_

#include <deque>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "cryptoki/cryptoki.h"

namespace signet::edge::testing {

class Template {
 public:
  Template() = default;
  Template(const Template&) = delete;  // the attributes point into the values
  Template& operator=(const Template&) = delete;
  Template(Template&&) = default;  // a moved deque keeps its elements where they are
  Template& operator=(Template&&) = default;
  ~Template() = default;

  Template& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
  Template& flag(CK_ATTRIBUTE_TYPE type, bool value);
  Template& text(CK_ATTRIBUTE_TYPE type, std::string_view value);
  Template& bytes(CK_ATTRIBUTE_TYPE type, Bytes value);

  CK_ATTRIBUTE* data() { return attributes_.data(); }
  CK_ULONG size() const { return attributes_.size(); }
  const std::vector<CK_ATTRIBUTE>& attributes() const { return attributes_; }

 private:
  std::deque<Bytes> values_;
  std::vector<CK_ATTRIBUTE> attributes_;
};

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_TEMPLATE_H_
