// The objects of one token: read from the appliance, shown from disk before that, kept up to date with what this process
// changes.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_OBJECT_STORE_H_
#define SIGNET_PKCS11_MODULE_TOKEN_OBJECT_STORE_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "common/clock.h"
#include "common/mutex.h"
#include "config/config.h"
#include "crypto/ck_result.h"
#include "dsa-transport/appliance.h"
#include "pkcs11-module/object/public_cache.h"
#include "pkcs11-module/object/snapshot.h"
#include "pkcs11-module/token/capabilities.h"

namespace signet::token {

// Thread-safe; no lock is held over a request. Locks are taken in this order: saving_, mutex_, those of Capabilities and
// of HandleSource.
class ObjectStore {
 public:
  ObjectStore(transport::Appliance& appliance, Capabilities& capabilities,
              std::shared_ptr<crypto::Context> context, const std::filesystem::path& cache_dir,
              const config::TokenConfig& config);

  // --- What is shown; never a request ------------------------------------------------------------
  // The objects last read; before the first reading, those on disk.
  object::SnapshotPtr snapshot() SIGNET_EXCLUDES(mutex_);

  // Nothing was read yet, and no reading has failed just now.
  bool wants_reading() const SIGNET_EXCLUDES(mutex_);
  void note_failed_reading() SIGNET_EXCLUDES(mutex_);

  // The account requires a second credential for each signature.
  bool always_authenticate() const SIGNET_EXCLUDES(mutex_);

  std::optional<transport::KeyInfo> key_with(ByteView public_key) const SIGNET_EXCLUDES(mutex_);
  object::HandleSource& handles() { return handles_; }

  // The file of an earlier process, once: its objects are shown here, and what it tells of the appliance goes to the
  // capabilities.
  void load_cache() SIGNET_EXCLUDES(mutex_);

  // The appliance has said what it offers; the objects show it.
  void show_capabilities() SIGNET_EXCLUDES(saving_, mutex_);

  // --- What is asked of the appliance --------------------------------------------------------------
  // The credential outlives the task.
  Task<CkResult<void>> start_read(const transport::Credential& who, bool always_authenticate,
                                  Deadline deadline) SIGNET_EXCLUDES(saving_, mutex_);
  CkResult<void> read(const transport::Credential& who, bool always_authenticate, Deadline deadline)
      SIGNET_EXCLUDES(saving_, mutex_) {
    return start_read(who, always_authenticate, deadline).finish();
  }

  // True for one thread where the list is older than that: it is to read(), while the others go on.
  bool take_turn_to_refresh(Milliseconds age) SIGNET_EXCLUDES(mutex_);

  // A change was given up, and may have been carried out all the same: the list is old from now on.
  void note_unknown_change() SIGNET_EXCLUDES(mutex_);

  // --- What this process changed there: shown at once ------------------------------------------------
  void put(transport::KeyInfo key);
  void put(transport::CertificateInfo certificate);
  void remove_key(const std::string& id);
  void remove_certificate(const std::string& id);

  // Not shown any more; the key stays.
  void hide_public_half(const std::string& key_id);

  // True once for the public half of a key that was removed: callers destroy both handles.
  bool take_orphaned_public_key(CK_OBJECT_HANDLE handle) SIGNET_EXCLUDES(mutex_);

  // Other members may know other objects.
  void reconfigure(const config::TokenConfig& config, bool other_members) SIGNET_EXCLUDES(mutex_);

 private:
  void edit(const std::function<void(transport::ObjectSet&)>& change)
      SIGNET_EXCLUDES(saving_, mutex_);
  void save() SIGNET_EXCLUDES(saving_, mutex_);
  void load() SIGNET_REQUIRES(mutex_);
  void rebuild() SIGNET_REQUIRES(mutex_);         // the snapshot of objects_
  void describe_offer() SIGNET_REQUIRES(mutex_);  // what objects show of the mechanisms
  void forget_gone_handles() SIGNET_REQUIRES(mutex_);

  // What an answer is shown on.
  struct Basis {
    unsigned long edits = 0;
    OfferPtr offer;
    std::vector<object::ObjectPtr> builtin;
    object::KeyTraits traits;
    object::SnapshotPtr snapshot;
  };
  Basis present_basis() SIGNET_REQUIRES(mutex_);

  // Takes an answer that was asked for on that basis.
  enum class Taken { outdated, unchanged, changed };
  CkResult<Taken> take(std::optional<transport::ObjectSet> fresh, Basis basis, Deadline deadline)
      SIGNET_EXCLUDES(mutex_);
  void leave_out_hidden(transport::ObjectSet& set, const object::Snapshot& snapshot,
                        std::size_t builtin);

  transport::Appliance& appliance_;
  Capabilities& capabilities_;
  const std::shared_ptr<crypto::Context> context_;
  const std::filesystem::path cache_dir_;
  object::HandleSource handles_;

  mutable Mutex mutex_;
  Mutex saving_ SIGNET_ACQUIRED_BEFORE(mutex_);  // held while the cache file is written
  std::shared_ptr<const object::PublicCache> cache_ SIGNET_GUARDED_BY(mutex_);  // of these members
  bool cache_loaded_ SIGNET_GUARDED_BY(mutex_) = false;
  transport::ObjectSet objects_ SIGNET_GUARDED_BY(mutex_);
  bool read_ SIGNET_GUARDED_BY(mutex_) = false;  // from the appliance, not only from disk
  SteadyTime asked_at_ SIGNET_GUARDED_BY(mutex_){};
  std::optional<SteadyTime> failed_at_ SIGNET_GUARDED_BY(mutex_);
  // Own changes, and of the members: an answer asked for before one is out of date.
  unsigned long edits_ SIGNET_GUARDED_BY(mutex_) = 0;
  OfferPtr described_offer_ SIGNET_GUARDED_BY(mutex_);  // that builtin_ and traits_ are made from
  std::vector<object::ObjectPtr> builtin_ SIGNET_GUARDED_BY(mutex_);
  object::KeyTraits traits_ SIGNET_GUARDED_BY(mutex_);
  object::SnapshotPtr snapshot_ SIGNET_GUARDED_BY(mutex_);
  std::unordered_set<CK_OBJECT_HANDLE> orphaned_public_keys_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_OBJECT_STORE_H_
