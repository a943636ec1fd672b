// Loaded into a program by LD_PRELOAD: what it writes to files fails, from one call on or that call alone.
//
//   FAIL_AT=N     the N-th call, counted from 1 over all threads
//   FAIL_HOW=     full: it and all later calls that need room fail with ENOSPC, as on a full disk
//                 once: it alone fails with EIO; names and modes that are changed count, too
//                 unnamed: files without a name are not to be had (O_TMPFILE), as on NFS; no other call fails
//
// Standard output and error, pipes and sockets never fail. The first failure is told on standard error.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace {

enum class How { never, full, once, unnamed };

struct Plan {
  long at = 0;
  How how = How::never;
};

const Plan& plan() {
  static const Plan made = [] {
    Plan one;
    const char* const at = std::getenv("FAIL_AT");
    const char* const how = std::getenv("FAIL_HOW");
    const std::string_view word = how == nullptr ? "" : how;
    one.at = at == nullptr ? 0 : std::atol(at);
    one.how = word == "full"      ? How::full
              : word == "once"    ? How::once
              : word == "unnamed" ? How::unnamed
                                  : How::never;
    return one;
  }();
  return made;
}

std::atomic<long> counted{0};
std::atomic<bool> told{false};

void tell(const char* call) {
  if (told.exchange(true)) return;
  char text[80];
  const int size = std::snprintf(text, sizeof text, "failing_writes: %s fails\n", call);
  syscall(SYS_write, STDERR_FILENO, text, static_cast<std::size_t>(size));
}

// Whether this call fails now, with errno.
bool fails(const char* call, bool needs_room) {
  const int before = errno;
  const Plan& wanted = plan();
  const bool counts = wanted.how == How::once || (wanted.how == How::full && needs_room);
  if (!counts) return false;
  const long number = ++counted;
  if (wanted.how == How::once ? number != wanted.at : number < wanted.at) {
    errno = before;
    return false;
  }
  tell(call);
  errno = wanted.how == How::full ? ENOSPC : EIO;
  return true;
}

// Of a file or a folder.
bool fails_at(const char* call, int descriptor, bool needs_room) {
  struct stat status {};
  if (descriptor <= STDERR_FILENO || fstat(descriptor, &status) != 0) return false;
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return false;
  return fails(call, needs_room);
}

// Of a file that opening may make.
bool fails_to_open(int flags) {
  if ((flags & O_TMPFILE) == O_TMPFILE && plan().how == How::unnamed) {
    errno = EOPNOTSUPP;
    return true;
  }
  return (flags & (O_CREAT | O_TMPFILE)) != 0 && (flags & O_ACCMODE) != O_RDONLY &&
         fails("open", true);
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

mode_t mode_in(int flags, va_list more) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(more, mode_t) : 0;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

ssize_t write(int descriptor, const void* data, size_t size) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t)>("write");
  return fails_at("write", descriptor, true) ? -1 : real(descriptor, data, size);
}

ssize_t pwrite(int descriptor, const void* data, size_t size, off_t offset) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  return fails_at("pwrite", descriptor, true) ? -1 : real(descriptor, data, size, offset);
}

ssize_t pwrite64(int descriptor, const void* data, size_t size, off64_t offset) {
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  return fails_at("pwrite64", descriptor, true) ? -1 : real(descriptor, data, size, offset);
}

int fsync(int descriptor) {
  static const auto real = next<int (*)(int)>("fsync");
  return fails_at("fsync", descriptor, false) ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
  static const auto real = next<int (*)(int)>("fdatasync");
  return fails_at("fdatasync", descriptor, false) ? -1 : real(descriptor);
}

int ftruncate(int descriptor, off_t size) {
  static const auto real = next<int (*)(int, off_t)>("ftruncate");
  return fails_at("ftruncate", descriptor, size > 0) ? -1 : real(descriptor, size);
}

int ftruncate64(int descriptor, off64_t size) {
  static const auto real = next<int (*)(int, off64_t)>("ftruncate64");
  return fails_at("ftruncate64", descriptor, size > 0) ? -1 : real(descriptor, size);
}

int fchmod(int descriptor, mode_t mode) {
  static const auto real = next<int (*)(int, mode_t)>("fchmod");
  return fails_at("fchmod", descriptor, false) ? -1 : real(descriptor, mode);
}

int rename(const char* from, const char* to) {
  static const auto real = next<int (*)(const char*, const char*)>("rename");
  return fails("rename", false) ? -1 : real(from, to);
}

int link(const char* from, const char* to) {
  static const auto real = next<int (*)(const char*, const char*)>("link");
  return fails("link", true) ? -1 : real(from, to);
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  static const auto real = next<int (*)(int, const char*, int, const char*, int)>("linkat");
  return fails("linkat", true) ? -1 : real(from_folder, from, to_folder, to, flags);
}

int open(const char* path, int flags, ...) {
  static const auto real = next<int (*)(const char*, int, mode_t)>("open");
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_in(flags, more);
  va_end(more);
  return fails_to_open(flags) ? -1 : real(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  static const auto real = next<int (*)(const char*, int, mode_t)>("open64");
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_in(flags, more);
  va_end(more);
  return fails_to_open(flags) ? -1 : real(path, flags, mode);
}

}  // extern "C"
#pragma GCC visibility pop
