// The last known public objects of a token on disk, so that certificates and public keys are there
// before the first login. Public data only. The file is owner-only, replaced whole, and checked on
// reading: whatever is not exactly as expected (owner, mode, size, format, another account or
// member list) is ignored and logged, never trusted further than to be shown.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_PUBLIC_CACHE_H_
#define SIGNET_PKCS11_MODULE_OBJECT_PUBLIC_CACHE_H_

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "common/file_error.h"
#include "common/result.h"
#include "crypto/context.h"
#include "dsa-transport/appliance.h"

namespace signet::object {

// Safe in several threads and processes at once: the last writer wins, readers see one whole file.
class PublicCache {
 public:
  // `identity` names token, account and members: another identity never reads this one's file.
  PublicCache(std::shared_ptr<crypto::Context> context, std::filesystem::path folder,
              std::string identity);

  struct Content {
    std::optional<transport::ApplianceInfo> appliance;
    std::chrono::system_clock::time_point appliance_read_at;  // whole seconds; 1970: not known
    // The etag is not kept: what comes from a file never tells the appliance that we know its
    // objects.
    transport::ObjectSet objects;
  };

  // Nothing where there is no file (not logged) or not a good one. Whether keys and certificates
  // can be parsed is not looked at here; build_snapshot leaves out those that cannot.
  std::optional<Content> read() const;

  // Best effort: a failure is logged and forgotten; the folder is made where it is missing (0700).
  void write(const Content& content) const;

  const std::filesystem::path& file() const { return file_; }

  static constexpr std::size_t kMaxFileSize = 64UL * 1024 * 1024;  // bytes

 private:
  Result<std::optional<Bytes>, FileError> load() const;  // nothing: there is no file
  Result<void, FileError> store(ByteView bytes) const;

  std::shared_ptr<crypto::Context> context_;
  std::filesystem::path folder_;
  std::string identity_;
  std::filesystem::path file_;  // empty where its name could not be made
};

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_PUBLIC_CACHE_H_
