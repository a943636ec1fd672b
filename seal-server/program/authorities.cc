#include "seal-server/program/authorities.h"

#include <chrono>

#include "common/log.h"

namespace signet::sealserver {

namespace {

constexpr Milliseconds kAuthorityLimit = std::chrono::seconds(30);

std::unique_ptr<Authority> authority_of(const ServerFolder& folder, const std::string& way,
                                        const char* setting, const char* media_type) {
  if (way.empty()) {
    log::info("{} is not set: requests for such certificates wait", setting);
    return nullptr;
  }
  if (way.starts_with("https://") || way.starts_with("http://")) {
    return http_authority({.url = way,
                           .ca_file = folder.settings().ca_file,
                           .media_type = media_type,
                           .limit = kAuthorityLimit});
  }
  return command_authority(way, folder.requests(), kAuthorityLimit);
}

}  // namespace

Clerk::Authorities authorities_of(const ServerFolder& folder) {
  const Settings& settings = folder.settings();
  return {
      .authentication = authority_of(folder, settings.authentication_ca, "authentication_ca",
                                     "application/pkcs10"),
      .sealing = authority_of(folder, settings.sealing_ca, "sealing_ca", "application/pkcs7-mime")};
}

}  // namespace signet::sealserver
