// What a descriptor's number stands for. In a process that is somebody else's the number alone says little: a daemon closes
// all descriptors, and the next file, pipe or socket that it opens has the number of one of ours.
#ifndef SIGNET_COMMON_OPEN_FILE_H_
#define SIGNET_COMMON_OPEN_FILE_H_

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace signet {

// A file, pipe or socket, by device and inode; while one is open no other has the same. errno stays as it was. (Event
// descriptors, timers and the like share one inode: what is to be recognised must be none of them.)
class OpenFile {
 public:
  OpenFile() = default;  // none

  // Of an open descriptor; none where it is closed.
  static OpenFile of(int descriptor) noexcept {
    const int before = errno;
    OpenFile file;
    file.there_ = fstat(descriptor, &file.status_) == 0;
    errno = before;
    return file;
  }

  // Of a name, which may be a link's; none where there is nothing.
  static OpenFile named(const char* path) noexcept {
    const int before = errno;
    OpenFile file;
    file.there_ = lstat(path, &file.status_) == 0;
    errno = before;
    return file;
  }

  explicit operator bool() const { return there_; }
  mode_t mode() const { return status_.st_mode; }
  ino_t inode() const { return status_.st_ino; }

  // None is equal to nothing.
  friend bool operator==(const OpenFile& a, const OpenFile& b) {
    return a.there_ && b.there_ && a.status_.st_dev == b.status_.st_dev &&
           a.status_.st_ino == b.status_.st_ino;
  }

 private:
  struct stat status_ {};
  bool there_ = false;
};

}  // namespace signet

#endif  // SIGNET_COMMON_OPEN_FILE_H_
