// Stands in for libFuzzer where a target is built without it: runs every input of the files and folders named, in
// the order of their names, and says how many there were.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& place) {
  if (!fs::is_directory(place)) return {place};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(place)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

bool replay(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "cannot read %s\n", file.c_str());
    return false;
  }
  const std::vector<char> content{std::istreambuf_iterator<char>(in), {}};
  // Said before it runs: where it crashes, this is the last line.
  std::fprintf(stderr, "%s: %zu bytes\n", file.c_str(), content.size());
  return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()),
                                content.size()) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  for (int i = 1; i < argc; ++i) {
    for (const fs::path& file : files_in(argv[i])) {
      if (!replay(file)) return 1;
      ++count;
    }
  }
  std::printf("%zu inputs were replayed\n", count);
  return count == 0 ? 1 : 0;
}
