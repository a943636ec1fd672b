#include "tests/soak/records.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace signet::tests {
namespace {

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace

RecordWriter::RecordWriter(const std::filesystem::path& file)
    : file_(open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  if (file_ < 0) throw std::runtime_error("cannot write " + file.string());
}

RecordWriter::~RecordWriter() {
  close(file_);
}

void RecordWriter::add(std::string_view line) const {
  const std::string whole = std::string(line) + '\n';
  if (write(file_, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) {
    throw std::runtime_error("a record could not be written");
  }
}

void RecordReader::read_on(const std::function<void(const std::vector<std::string>& words)>& take) {
  std::ifstream stream(file_);
  stream.seekg(at_);
  for (std::string line; std::getline(stream, line) && !stream.eof();) {
    at_ += static_cast<std::streamoff>(line.size()) + 1;
    take(words_of(line));
  }
}

}  // namespace signet::tests
