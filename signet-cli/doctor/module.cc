// The module itself, and what keeps a user from a file.
#include "pkcs11-client/module.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "signet-cli/doctor/checks.h"

namespace signet::cli::doctor {

namespace fs = std::filesystem;

namespace {

std::string this_user() {
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(geteuid(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr)
    return found->pw_name;
  return std::to_string(geteuid());
}

bool is_denied(const fs::path& path, int right) {
  return faccessat(AT_FDCWD, path.c_str(), right, AT_EACCESS) != 0 && errno == EACCES;
}

}  // namespace

void check_module(Findings& findings) {
  const fs::path file = pkcs11::default_module();
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    return findings.wrong({}, "module", fmt::format("{}: there is no such file", file.string()),
                          "install the package signet-pkcs11, or name the file in SIGNET_MODULE");
  }
  void* const loaded = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  const bool usable = loaded != nullptr && dlsym(loaded, "C_GetFunctionList") != nullptr;
  if (!usable) {
    const char* const why = dlerror();
    findings.wrong(
        {}, "module",
        fmt::format("{} cannot be loaded: {}", file.string(), why == nullptr ? "?" : why),
        "install the package signet-pkcs11 again, with all that it depends on; or name "
        "another file in SIGNET_MODULE");
  } else {
    findings.well({}, "module", file.string());
  }
  if (loaded != nullptr) dlclose(loaded);
}

std::string advice_for_denied(const fs::path& file) {
  const fs::path whole = fs::absolute(file);
  const std::string user = this_user();
  fs::path folder;
  for (const fs::path& name : whole.parent_path()) {
    folder /= name;
    if (!is_denied(folder, X_OK)) continue;
    return fmt::format("the user {} may not enter the folder {}; as its owner run: chmod o+x {}",
                       user, folder.string(), folder.string());
  }
  if (!is_denied(whole, R_OK)) return {};
  return fmt::format("the user {} may not read the file; as its owner run: chmod o+r {}", user,
                     whole.string());
}

}  // namespace signet::cli::doctor
