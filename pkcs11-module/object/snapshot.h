// All token objects of one token at one moment: immutable, indexed by class, id and label, swapped
// whole.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_SNAPSHOT_H_
#define SIGNET_PKCS11_MODULE_OBJECT_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "common/clock.h"
#include "pkcs11-module/object/handle_source.h"
#include "pkcs11-module/object/object.h"

namespace signet::object {

class Snapshot {
 public:
  struct Entry {
    CK_OBJECT_HANDLE handle;
    ObjectPtr object;
  };

  // No handle twice.
  explicit Snapshot(std::vector<Entry> entries);

  ObjectPtr get(CK_OBJECT_HANDLE handle) const;  // nullptr where there is none

  // Handles of the objects that match, private ones only with `with_private`, in the order of the
  // entries. Quick (an index) where the search names CKA_ID or CKA_LABEL, and where it names a
  // small CKA_CLASS.
  std::vector<CK_OBJECT_HANDLE> find(const AttributeSet& search, bool with_private) const;

  std::span<const Entry> entries() const { return entries_; }

 private:
  using Index = std::uint32_t;  // into entries_

  struct Slot {
    std::uint64_t key;  // a hash of the value, or a handle
    Index index;
    auto operator<=>(const Slot&) const = default;
  };

  void index_value(std::vector<Slot>& slots, CK_ATTRIBUTE_TYPE type, Index index);

  std::vector<Entry> entries_;
  std::vector<Slot> by_handle_;
  std::vector<Slot> by_id_;
  std::vector<Slot> by_label_;
  std::map<CK_OBJECT_CLASS, std::vector<Index>> by_class_;
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

// Builds the snapshot of what the appliance listed: its keys in its order (private half, public
// half), its certificates, then `builtin`. Among keys and among certificates those come last that a renewal has
// superseded, and keys that are disabled. Objects of `before` (nullptr: none) are used again where
// the appliance's are unchanged, and parsed public keys are shared. `builtin` keeps its handles as
// long as it holds the very same objects. What cannot be shown (a foreign key type, an unreadable
// certificate, an id that is there already) is left out and logged; the rest is shown. std::bad_alloc where memory
// is wanting, nullptr where the deadline passes.
SnapshotPtr build_snapshot(const std::shared_ptr<crypto::Context>& context,
                           const transport::ObjectSet& set, const std::vector<ObjectPtr>& builtin,
                           const KeyTraits& traits, HandleSource& handles,
                           const SnapshotPtr& before, std::optional<Deadline> deadline = {});

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_SNAPSHOT_H_
