// Attributes: a set of type and value, and the caller's CK_ATTRIBUTE arrays read safely.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTES_H_
#define SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTES_H_

#include <optional>
#include <span>
#include <vector>

#include "common/bytes.h"
#include "common/cryptoki.h"
#include "common/result.h"

namespace signet::object {

// A value object, sorted by type. Values are in PKCS#11's own form (CK_BBOOL one byte, CK_ULONG in native
// order and size, CK_DATE eight characters).
class AttributeSet {
 public:
  struct Entry {
    CK_ATTRIBUTE_TYPE type;
    Bytes value;
  };

  void set(CK_ATTRIBUTE_TYPE type, ByteView value);
  void set_bool(CK_ATTRIBUTE_TYPE type, bool value);
  void set_ulong(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
  void erase(CK_ATTRIBUTE_TYPE type);

  const Bytes* find(CK_ATTRIBUTE_TYPE type) const;  // nullptr where absent
  bool flag(CK_ATTRIBUTE_TYPE type) const;          // false where absent
  std::optional<CK_ULONG> number(CK_ATTRIBUTE_TYPE type) const;
  std::span<const Entry> entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

// A template from a caller, copied before anything else looks at it, so that another thread of the host
// cannot change it under us. Any alignment. Duplicates with equal values are folded, with different
// values CKR_TEMPLATE_INCONSISTENT. A value pointer of NULL with a length, a length over 64 KiB for anything but CKA_VALUE (1 MiB), or a wrong length
// for a known boolean or number: CKR_ATTRIBUTE_VALUE_INVALID. A NULL template with a count: CKR_ARGUMENTS_BAD.
Result<AttributeSet> read_template(const CK_ATTRIBUTE* attributes, CK_ULONG count);

// For searches: as above, but values of the wrong length are kept (they match nothing).
Result<AttributeSet> read_search_template(const CK_ATTRIBUTE* attributes, CK_ULONG count);

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTES_H_
