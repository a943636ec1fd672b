// The templates of the pages (mustache) and the files beside them, as they lie in templates/ and static/; the build makes the
// source file of them.
#ifndef SIGNET_SEAL_SERVER_PAGES_ASSETS_H_
#define SIGNET_SEAL_SERVER_PAGES_ASSETS_H_

#include <span>
#include <string_view>

namespace signet::sealserver {

struct Asset {
  std::string_view name;  // of the file
  std::string_view content;
};

std::span<const Asset> page_templates();
std::span<const Asset> static_files();

// nullptr where there is none.
const Asset* find_asset(std::span<const Asset> assets, std::string_view name);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_ASSETS_H_
