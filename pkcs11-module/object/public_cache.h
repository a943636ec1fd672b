// The last known public objects of a token on disk, so that certificates and public keys are there before the
// first login. Public data only. The file is owner-only, replaced whole, and checked on reading: whatever is not exactly as expected
// (owner, mode, size, format, another account or member list) is ignored and logged, never trusted further than to be shown.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_PUBLIC_CACHE_H_
#define SIGNET_PKCS11_MODULE_OBJECT_PUBLIC_CACHE_H_

#include <filesystem>
#include <optional>
#include <string>

#include "dsa-transport/appliance.h"

namespace signet::object {

class PublicCache {
 public:
  // `identity` names token, account and members: another identity never reads this one's file.
  PublicCache(std::filesystem::path folder, std::string identity);

  struct Content {
    std::optional<transport::ApplianceInfo> appliance;
    transport::ObjectSet objects;
  };

  std::optional<Content> read() const;

  // Best effort: a failure is logged once and forgotten; the folder is made where it is missing (0700).
  void write(const Content& content) const;

 private:
  std::filesystem::path file_;
  std::string identity_;
};

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_PUBLIC_CACHE_H_
