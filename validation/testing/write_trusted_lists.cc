// Writes a folder of trusted lists out of a description: write_trusted_lists DESCRIPTION.json FOLDER
#include <cstdio>
#include <exception>

#include "common/bounded_file.h"
#include "validation/testing/list_description.h"

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s DESCRIPTION.json FOLDER\n", arguments[0]);
    return 2;
  }
  constexpr std::size_t most = std::size_t{16} * 1024 * 1024;
  const auto description = signet::read_file(arguments[1], most);
  if (!description) {
    std::fprintf(stderr, "%s\n", description.error().sentence.c_str());
    return 1;
  }
  try {
    signet::validation::lists::write_described(signet::text_of(description.value()), arguments[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", arguments[1], error.what());
    return 1;
  }
  return 0;
}
