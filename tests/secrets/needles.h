// What a search for a secret looks for, and where it was found.
#ifndef SIGNET_TESTS_SECRETS_NEEDLES_H_
#define SIGNET_TESTS_SECRETS_NEEDLES_H_

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace signet::tests {

struct Needle {
  std::string name;  // "first PIN, base64"
  std::string bytes;
};

// A password as it is, in base64 at each of its three alignments (so also inside "user:password"),
// and in hexadecimal; each in pieces, so that a copy that is half overwritten is found as well.
std::vector<Needle> needles_for(const std::string& name, const std::string& password);

struct Hit {
  std::string needle;
  std::string place;  // a file, or a mapping of a process
  std::size_t offset = 0;
  std::string around;  // printable bytes before and after
};

std::ostream& operator<<(std::ostream& out, const Hit& hit);
std::string list_of(const std::vector<Hit>& hits);  // a line for each

std::vector<Hit> search_text(std::string_view text, const std::string& place,
                             const std::vector<Needle>& needles);

// Every regular file below the folder but those named.
std::vector<Hit> search_folder(const std::filesystem::path& folder,
                               const std::vector<std::filesystem::path>& but,
                               const std::vector<Needle>& needles);

// Every mapping that the process can write to: what a core dump has, and what it leaves out on
// request besides. The process must stand still.
std::vector<Hit> search_memory(pid_t process, const std::vector<Needle>& needles);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SECRETS_NEEDLES_H_
