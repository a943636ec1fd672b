#include <algorithm>

#include "config/config.h"
#include "pkcs11-client/uri.h"

namespace signet::config {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const MemberConfig& member,
                               const std::optional<ClientCertificate>& certificate) {
  std::vector<fs::path> files;
  if (!member.ca_file.empty()) files.emplace_back(member.ca_file);
  if (!certificate) return files;
  for (const std::string& place : {certificate->certificate, certificate->key}) {
    if (!pkcs11::is_uri(place)) files.emplace_back(place);
  }
  return files;
}

std::vector<fs::path> files_of(const TokenConfig& token) {
  std::vector<fs::path> files;
  for (const MemberConfig& member : token.members) {
    for (const fs::path& file : files_of(member, token.client_certificate)) {
      if (std::ranges::find(files, file) == files.end()) files.push_back(file);
    }
  }
  return files;
}

}  // namespace signet::config
