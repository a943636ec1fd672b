#include "common/trusted_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <deque>
#include <utility>
#include <vector>

#include "common/bounded_file.h"

namespace signet {

namespace fs = std::filesystem;

namespace {

bool may_own(uid_t owner, Owners owners) {
  return owner == 0 || (owners == Owners::root_or_self && owner == geteuid());
}

std::string wrong_owner(std::string_view what, uid_t owner, Owners owners) {
  const std::string allowed =
      owners == Owners::root ? "root" : fmt::format("root or this process's user ({})", geteuid());
  return fmt::format("{} belongs to user {}, but only {} may own it; change its owner (chown)",
                     what, owner, allowed);
}

Result<void, FileError> check_folder(const fs::path& file, const fs::path& folder,
                                     const struct stat& status) {
  const std::string what = fmt::format("its folder {}", folder.string());
  const bool shared = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  if (shared && (status.st_mode & S_ISVTX) == 0) {
    return file_refused(
        file, fmt::format("{0} can be changed by others (mode {1:04o}); run: chmod go-w {2}", what,
                          status.st_mode & 07777U, folder.string()));
  }
  return success();
}

bool is_in_group(gid_t group) {
  if (geteuid() == 0 || getegid() == group) return true;
  const int count = getgroups(0, nullptr);
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(count, 0)));
  groups.resize(static_cast<std::size_t>(std::max(getgroups(count, groups.data()), 0)));
  return std::ranges::find(groups, group) != groups.end();
}

unsigned forbidden_bits(const struct stat& status, Readers readers) {
  switch (readers) {
    case Readers::anyone:
      return 022;
    case Readers::owner_group:
      return 027;
    case Readers::owner_own_group:
      if (status.st_uid == 0 && is_in_group(status.st_gid)) return 027;
      break;
    case Readers::owner_only:
      break;
  }
  return 077;
}

Result<void, FileError> check_file(const fs::path& file, const struct stat& status,
                                   const FileDemands& demands) {
  if (!S_ISREG(status.st_mode)) return file_refused(file, "it is not a regular file");
  if (!may_own(status.st_uid, demands.owners)) {
    return file_refused(file, wrong_owner("it", status.st_uid, demands.owners));
  }
  const unsigned mode = status.st_mode & 07777U;
  if ((mode & 022U) != 0) {
    return file_refused(
        file, fmt::format("it can be changed by others (mode {:04o}); run: chmod go-w {}", mode,
                          file.string()));
  }
  if ((mode & forbidden_bits(status, demands.readers)) != 0) {
    return file_refused(
        file, fmt::format("it can be read by others (mode {:04o}); run: chmod 600 {}", mode,
                          file.string()));
  }
  if (std::cmp_greater(status.st_size, demands.most)) {
    return file_refused(file, fmt::format("it is larger than {} bytes", demands.most));
  }
  return success();
}

// A name in a folder, which is open, so that both stay what they were when they were looked at.
struct Place {
  Descriptor folder;
  fs::path path;  // of the folder
  std::string name;
  struct stat status {};
};

// Follows a path from the root, a name at a time, and looks at each step as sshd does with its StrictModes: who may change
// a folder or a link on the way exchanges what the path ends at, whatever the last folder is like.
class Walk {
 public:
  Walk(const fs::path& file, Owners owners) : file_(file), owners_(owners) {}

  Result<Place, FileError> to_end() {
    std::error_code failure;
    const fs::path absolute = fs::absolute(file_, failure);
    if (failure) return file_refused_by_system(file_, failure.value());
    BOOST_OUTCOME_TRY(start_at_root());
    add_names(absolute);
    while (!names_.empty()) {
      const std::string name = std::move(names_.front());
      names_.pop_front();
      if (name.empty() || name == "." || name == "/") continue;
      BOOST_OUTCOME_TRY(const bool ended, step(name));
      if (!ended) continue;
      if (!names_.empty()) return file_refused_by_system(file_, ENOTDIR);
      return std::move(place_);
    }
    return file_refused(file_, "it is not a regular file");
  }

 private:
  static constexpr unsigned kMostLinks = 40;  // as the kernel

  // In front of what is left.
  void add_names(const fs::path& path) { names_.insert(names_.begin(), path.begin(), path.end()); }

  Result<void, FileError> start_at_root() {
    place_.path = "/";
    struct stat root {};
    if (::stat("/", &root) == 0) owner_of_root_ = root.st_uid;
    return enter(Descriptor(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)));
  }

  Result<void, FileError> enter(Descriptor folder) {
    if (!folder || fstat(folder.get(), &place_.status) != 0) {
      return file_refused_by_system(file_, errno);
    }
    place_.folder = std::move(folder);
    BOOST_OUTCOME_TRY(check_owner(fmt::format("its folder {}", place_.path.string())));
    return check_folder(file_, place_.path, place_.status);
  }

  // Of a step on the way. Whoever owns "/" may exchange everything below it: in a user namespace that is not user 0.
  Result<void, FileError> check_owner(const std::string& what) const {
    const uid_t owner = place_.status.st_uid;
    if (owner == owner_of_root_ || may_own(owner, owners_)) return success();
    return file_refused(file_, wrong_owner(what, owner, owners_));
  }

  // True where the name is neither a folder nor a link.
  Result<bool, FileError> step(const std::string& name) {
    Descriptor found(::openat(place_.folder.get(), name.c_str(), O_PATH | O_CLOEXEC | O_NOFOLLOW));
    if (!found || fstat(found.get(), &place_.status) != 0)
      return file_refused_by_system(file_, errno);
    if (S_ISLNK(place_.status.st_mode)) {
      BOOST_OUTCOME_TRY(follow(found, name));
      return false;
    }
    if (!S_ISDIR(place_.status.st_mode)) {
      place_.name = name;
      return true;
    }
    place_.path = name == ".." ? place_.path.parent_path() : place_.path / name;
    BOOST_OUTCOME_TRY(enter(std::move(found)));
    return false;
  }

  Result<void, FileError> follow(const Descriptor& link, const std::string& name) {
    if (++links_ > kMostLinks) return file_refused_by_system(file_, ELOOP);
    BOOST_OUTCOME_TRY(check_owner(fmt::format("the link {}", (place_.path / name).string())));
    std::array<char, PATH_MAX> target{};
    const ssize_t size = ::readlinkat(link.get(), "", target.data(), target.size());
    if (size < 0) return file_refused_by_system(file_, errno);
    const fs::path path(std::string_view(target.data(), static_cast<std::size_t>(size)));
    add_names(path);
    if (path.is_absolute()) return start_at_root();
    return success();
  }

  const fs::path& file_;
  const Owners owners_;
  std::deque<std::string> names_;  // that are left
  Place place_;
  uid_t owner_of_root_ = 0;
  unsigned links_ = 0;
};

}  // namespace

Result<Descriptor, FileError> open_trusted(const fs::path& file, const FileDemands& demands) {
  BOOST_OUTCOME_TRY(const Place place, Walk(file, demands.owners).to_end());
  // Before it is opened: opening a device may move it.
  BOOST_OUTCOME_TRY(check_file(file, place.status, demands));
  Descriptor opened(::openat(place.folder.get(), place.name.c_str(),
                             O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (!opened || fstat(opened.get(), &status) != 0) return file_refused_by_system(file, errno);
  BOOST_OUTCOME_TRY(check_file(file, status, demands));
  return opened;
}

Result<Bytes, FileError> read_trusted(const fs::path& file, const FileDemands& demands) {
  BOOST_OUTCOME_TRY(const Descriptor opened, open_trusted(file, demands));
  return read_opened(opened, file, demands.most);
}

}  // namespace signet
