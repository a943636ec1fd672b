#include "activation/installation.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string_view>
#include <vector>

#include "common/descriptor.h"
#include "common/printable.h"
#include "common/private_file.h"
#include "crypto/openssl.h"
#include "seal-client/installation_key.h"
#include "seal-client/key_pair.h"

namespace signet::activation {

namespace {

namespace fs = std::filesystem;
using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenError;
using pkcs11::TokenResult;

constexpr const char* kPem = "PRIVATE KEY";
constexpr mode_t kOwner = 0600;
constexpr mode_t kOwnerAndGroup = 0640;
constexpr mode_t kFolderOfGroup = 0750;

TokenError cannot_make(const fs::path& file) {
  return token_error(Reason::failed, fmt::format("cannot make {}: {}", printable(file.string()),
                                                 system_text(errno)));
}

TokenResult<std::optional<gid_t>> group_id(const std::string& name) {
  if (name.empty()) return std::optional<gid_t>();
  std::vector<char> room(64 * 1024);
  group entry{};
  group* found = nullptr;
  if (getgrnam_r(name.c_str(), &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
    return token_error(Reason::not_found, fmt::format("there is no group \"{}\"", printable(name)));
  return std::optional(entry.gr_gid);
}

bool give_to(int descriptor, std::optional<gid_t> group, mode_t mode) {
  return (!group || fchown(descriptor, static_cast<uid_t>(-1), *group) == 0) &&
         fchmod(descriptor, mode) == 0;
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(descriptor) == 0;
}

// Under its name only when it is whole; an existing file stays as it is.
TokenResult<void> write_new(const Descriptor& folder, const fs::path& shown, std::string_view pem,
                            std::optional<gid_t> group) {
  const std::string part = fmt::format("{}.{}.part", sealclient::kInstallationKeyFile, getpid());
  const Descriptor file(openat(folder.get(), part.c_str(),
                               O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kOwner));
  if (!file) return cannot_make(shown);
  const bool written =
      give_to(file.get(), group, group ? kOwnerAndGroup : kOwner) && write_all(file.get(), pem);
  const bool linked = written && linkat(folder.get(), part.c_str(), folder.get(),
                                        sealclient::kInstallationKeyFile, 0) == 0;
  const int reason = errno;
  unlinkat(folder.get(), part.c_str(), 0);
  errno = reason;
  if (!linked && written && errno == EEXIST) {
    return token_error(Reason::exists,
                       fmt::format("{} is there already; signet client code shows its client code",
                                   printable(shown.string())));
  }
  if (!linked || fsync(folder.get()) != 0) return cannot_make(shown);
  return success();
}

}  // namespace

TokenResult<Bytes> make_installation(const fs::path& folder, const std::string& group) {
  BOOST_OUTCOME_TRY(const auto owner, group_id(group));
  if (const auto prepared = prepare_folder(folder, Folder::own); !prepared)
    return token_error(Reason::failed, prepared.assume_error().sentence);
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened || (owner && !give_to(opened.get(), owner, kFolderOfGroup)))
    return cannot_make(folder);
  const PkeyPtr key = sealclient::make_key_pair();
  if (!key) return token_error(Reason::failed, "cannot make a key: " + crypto::openssl_reason());
  const Secret secret = sealclient::private_key_of(key.get());
  std::string pem = crypto::to_pem(kPem, secret.reveal());
  const auto written = write_new(opened, folder / sealclient::kInstallationKeyFile, pem, owner);
  wipe(pem.data(), pem.size());
  if (!written) return written.assume_error();
  return sealclient::public_key_of(key.get());
}

TokenResult<Bytes> installation_of(const fs::path& folder) {
  const auto key = sealclient::read_installation_key(folder / sealclient::kInstallationKeyFile);
  if (key) return sealclient::public_key_of(key.assume_value().get());
  if (!key.assume_error().missing)
    return token_error(Reason::unreadable, key.assume_error().sentence);
  return token_error(Reason::not_found,
                     fmt::format("there is no installation key in {}; signet client init makes it",
                                 printable(folder.string())));
}

}  // namespace signet::activation
