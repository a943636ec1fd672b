// All token objects of one token at one moment: immutable, indexed by class, id and label, swapped whole.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_SNAPSHOT_H_
#define SIGNET_PKCS11_MODULE_OBJECT_SNAPSHOT_H_

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "pkcs11-module/object/object.h"

namespace signet::object {

// Gives random handles that are never used again in this run, and the same handle to the same appliance
// object (class and appliance id) for as long as the run lasts. Thread-safe.
class HandleSource {
 public:
  CK_OBJECT_HANDLE fresh();
  CK_OBJECT_HANDLE of(CK_OBJECT_CLASS object_class, const std::string& appliance_id);

 private:
  // ...
};

class Snapshot {
 public:
  struct Entry {
    CK_OBJECT_HANDLE handle;
    ObjectPtr object;
  };

  explicit Snapshot(std::vector<Entry> entries);

  ObjectPtr get(CK_OBJECT_HANDLE handle) const;  // nullptr where there is none

  // Handles of the objects that match, private ones only with `with_private`. Uses an index where the
  // search names CKA_ID, CKA_LABEL or CKA_CLASS; order is stable: newest certificates and keys keep the appliance's order.
  std::vector<CK_OBJECT_HANDLE> find(const AttributeSet& search, bool with_private) const;

  std::span<const Entry> entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  // indexes
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

// Builds the snapshot of what the appliance listed, reusing `before`'s parsed objects where an appliance object is
// unchanged. An object that cannot be shown (foreign key type) is left out and logged, the rest is shown.
SnapshotPtr build_snapshot(std::shared_ptr<crypto::Context> context, const transport::ObjectSet& set,
                           const std::vector<ObjectPtr>& builtin, bool always_authenticate,
                           HandleSource& handles, const SnapshotPtr& before);

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_SNAPSHOT_H_
