// One run of the library, from C_Initialize to C_Finalize: its tokens (one slot each, always present) and its
// sessions.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_LIBRARY_H_
#define SIGNET_PKCS11_MODULE_TOKEN_LIBRARY_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "common/result.h"
#include "pinning/config.h"
#include "pkcs11-module/token/metrics_writer.h"
#include "pkcs11-module/token/session.h"
#include "pkcs11-module/token/session_objects.h"
#include "pkcs11-module/token/token.h"

namespace signet::token {

class Library {
 public:
  // Makes the appliance of a token; tests give their own.
  using ApplianceFactory =
      std::function<std::unique_ptr<transport::Appliance>(const pinning::TokenConfig&)>;

  // Never touches the network.
  static Result<std::unique_ptr<Library>> open(const pinning::Config& config,
                                               const ApplianceFactory& make_appliance);

  // Slot ids are the places in the configuration, from 0.
  std::size_t slot_count() const { return tokens_.size(); }
  Result<std::shared_ptr<Token>> token(CK_SLOT_ID slot) const;  // CKR_SLOT_ID_INVALID

  Result<CK_SESSION_HANDLE> open_session(CK_SLOT_ID slot, bool read_write);
  Result<void> close_session(CK_SESSION_HANDLE handle);
  Result<void> close_all_sessions(CK_SLOT_ID slot);
  Result<std::shared_ptr<Session>> session(
      CK_SESSION_HANDLE handle) const;  // CKR_SESSION_HANDLE_INVALID

  struct SessionCount {
    CK_ULONG all = 0;
    CK_ULONG read_write = 0;
  };
  SessionCount count_sessions(CK_SLOT_ID slot) const;  // of a slot that there is

  // After a logout: searches may hold private handles, and signatures need their user (5.6.9).
  void end_private_operations(CK_SLOT_ID slot);

  SessionObjects& session_objects() { return session_objects_; }

  // C_WaitForSlotEvent without CKF_DONT_BLOCK: there are no events, so it returns when the run ends.
  void wait_for_end();
  void release_waiters();

  // The figures of this run, where the configuration names a folder for them: at the end of a call;
  // and at the end of the run or of the process.
  void write_metrics_if_due() noexcept;
  void write_last_metrics(bool active) noexcept;

  // In a child after fork(), where this run belongs to the parent: lets go of the parent's connections. Takes
  // no lock (a thread that does not exist here may hold it); nothing else may be called afterwards.
  void abandon() noexcept;

 private:
  explicit Library(const pinning::MetricsConfig& metrics) : metrics_(metrics) {}
  std::vector<transport::TokenFigures> figures() const;

  MetricsWriter metrics_;
  std::shared_ptr<crypto::Context> context_;
  std::vector<std::shared_ptr<Token>> tokens_;
  SessionObjects session_objects_;

  mutable std::shared_mutex sessions_mutex_;
  std::unordered_map<CK_SESSION_HANDLE, std::shared_ptr<Session>> sessions_;
  std::vector<SessionCount> counts_;  // by slot
  object::HandleSource session_handles_;

  std::mutex end_mutex_;
  std::condition_variable end_condition_;
  bool ended_ = false;
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_LIBRARY_H_
