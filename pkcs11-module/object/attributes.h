// Attributes: a set of type and value, and the caller's CK_ATTRIBUTE arrays read safely.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTES_H_
#define SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "common/bytes.h"
#include "crypto/ck_result.h"
#include "cryptoki/cryptoki.h"

namespace signet::object {

struct Attribute {
  CK_ATTRIBUTE_TYPE type;
  ByteView value;
};

// A value object, sorted by type. Values are in PKCS#11's own form (CK_BBOOL one byte, CK_ULONG in
// native order and size, CK_DATE eight characters). A token can have tens of thousands of these in
// memory, so all values of a set lie in one block.
class AttributeSet {
 public:
  // `value` may lie in this very set.
  void set(CK_ATTRIBUTE_TYPE type, ByteView value);
  void set_bool(CK_ATTRIBUTE_TYPE type, bool value);
  void set_number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);

  // `type` gets a part of the value of `whole` (a certificate's subject, say) without a copy. The
  // part must lie within that value.
  void set_part(CK_ATTRIBUTE_TYPE type, CK_ATTRIBUTE_TYPE whole, std::size_t offset,
                std::size_t length);
  void erase(CK_ATTRIBUTE_TYPE type);

  // Gives back memory that is not needed. Views stay valid only until the set changes.
  void shrink();

  std::optional<ByteView> find(CK_ATTRIBUTE_TYPE type) const;
  bool contains(CK_ATTRIBUTE_TYPE type) const { return find(type).has_value(); }
  bool flag(CK_ATTRIBUTE_TYPE type) const;                       // false where absent
  std::optional<CK_ULONG> number(CK_ATTRIBUTE_TYPE type) const;  // nothing for a wrong length

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  Attribute at(std::size_t index) const;  // in the order of types

 private:
  struct Entry {
    CK_ATTRIBUTE_TYPE type;
    std::uint32_t offset;
    std::uint32_t length;
  };

  std::vector<Entry>::const_iterator position(CK_ATTRIBUTE_TYPE type) const;
  void insert(Entry entry);
  ByteView value_of(const Entry& entry) const;

  std::vector<Entry> entries_;
  Bytes values_;
};

// The number in a value; nothing where its length is not that of a CK_ULONG.
std::optional<CK_ULONG> number_in(ByteView value);

inline constexpr CK_ULONG kMaxTemplateCount = 1024;
inline constexpr CK_ULONG kMaxValueLength = 64UL * 1024;              // of one attribute, in bytes
inline constexpr CK_ULONG kMaxObjectValueLength = 1024UL * 1024;      // of CKA_VALUE
inline constexpr std::size_t kMaxTemplateLength = 4UL * 1024 * 1024;  // of all values together

// A template from a caller, copied before anything else looks at it, so that another thread of the
// host cannot change it under us. Any alignment.
//   CKR_ARGUMENTS_BAD            a NULL template with a count; more than kMaxTemplateCount
//   CKR_TEMPLATE_INCONSISTENT    one type twice with different values (equal ones are folded)
//   CKR_ATTRIBUTE_VALUE_INVALID  a NULL value with a length; a value over the limits above; a wrong
//                                length for what is known to be a boolean, a number, a date or a
//                                list of mechanisms
// Any boolean but zero becomes CK_TRUE. The values of attributes that are templates themselves
// (CKA_UNWRAP_TEMPLATE and its like) are kept as bytes; nobody follows the pointers in them.
CkResult<AttributeSet> read_template(const CK_ATTRIBUTE* attributes, CK_ULONG count);

// For searches: as above, but values of the wrong length are kept (they match nothing), and one
// type with two values is CKR_ATTRIBUTE_VALUE_INVALID, since C_FindObjectsInit knows no
// inconsistent templates.
CkResult<AttributeSet> read_search_template(const CK_ATTRIBUTE* attributes, CK_ULONG count);

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTES_H_
