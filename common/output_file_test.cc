#include "common/output_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <vector>

#include "common/longest_name.h"
#include "common/testing/scratch_folder.h"

namespace signet {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  return names;
}

// Ends a process between the moment at which the new file gets a name and the one at which it gets its own.
void leave_a_replacement(const fs::path& file) {
  const pid_t child = fork();
  if (child == 0) {
    auto made = OutputFile::create(file, OutputFile::Existing::replace);
    // Nothing takes the place of a folder, and without its destructor the file stays.
    const bool ready = made && fs::create_directory(file);
    static const bool committed = !ready || made.value().commit().has_value();
    _exit(committed ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_EQ(WEXITSTATUS(status), 0);
}

class OutputFileTest : public testing::Test {
 protected:
  // As long as the file system takes.
  std::string longest(char letter) const {
    return std::string(longest_name(folder_.path()), letter);
  }

  const ScratchFolder folder_;
};

TEST_F(OutputFileTest, ReplacesAFileOfTheLongestName) {
  for (std::size_t shorter = 0; shorter < 20; ++shorter) {
    const std::string name = longest('n').substr(shorter);
    const fs::path file = folder_.write(name, "old");
    auto made = OutputFile::create(file, OutputFile::Existing::replace);
    ASSERT_TRUE(made) << made.error().sentence;
    ASSERT_TRUE(made.value().write(view_of("new")));
    const auto committed = made.value().commit();
    ASSERT_TRUE(committed) << shorter << ": " << committed.error().sentence;
    EXPECT_EQ(folder_.read(name), "new");
    EXPECT_THAT(names_in(folder_.path()), ElementsAre(name));
    fs::remove(file);
  }
}

TEST_F(OutputFileTest, RemovesWhatAKillLeftBesideAFileOfAnyName) {
  for (const std::string& name : {std::string("short"), longest('n')}) {
    const fs::path file = folder_.path(name);
    leave_a_replacement(file);
    ASSERT_EQ(names_in(folder_.path()).size(), 2U) << name;
    fs::remove(file);
    const std::vector<fs::path> others = {folder_.path("other"), folder_.path(longest('m'))};
    OutputFile::remove_leftovers(others);
    EXPECT_EQ(names_in(folder_.path()).size(), 1U) << "of another file: " << name;
    OutputFile::remove_leftovers(std::vector<fs::path>{file});
    EXPECT_THAT(names_in(folder_.path()), IsEmpty()) << name;
  }
}

}  // namespace
}  // namespace signet
