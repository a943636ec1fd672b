// Which file a descriptor stands for, and what is done with one that stands for another by now.
#include "common/open_file.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "common/descriptor.h"
#include "common/testing/scratch_folder.h"
#include "common/wakeup.h"

namespace signet {
namespace {

// The host's: closes what has the number, and opens a file of its own there.
void put_in_place_of(int descriptor, const std::string& path) {
  ::close(descriptor);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file == descriptor) return;
  dup3(file, descriptor, O_CLOEXEC);
  ::close(file);
}

TEST(OpenFile, IsTheSameForEachDescriptorAndTheName) {
  const ScratchFolder folder;
  const Descriptor one(::open(folder.path("a").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const Descriptor other(::dup(one.get()));
  EXPECT_EQ(OpenFile::of(one.get()), OpenFile::of(other.get()));
  EXPECT_EQ(OpenFile::of(one.get()), OpenFile::named(folder.path("a").c_str()));
  folder.write("b", "");
  EXPECT_FALSE(one.file() == OpenFile::named(folder.path("b").c_str()));
}

TEST(OpenFile, OfAClosedDescriptorIsEqualToNothing) {
  const OpenFile none = OpenFile::of(-1);
  EXPECT_FALSE(none);
  EXPECT_FALSE(none == OpenFile());
}

TEST(OpenFile, TellsSocketsAndPipesFromEachOther) {
  std::array<int, 2> sockets{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()), 0);
  const Descriptor one(sockets[0]);
  const Descriptor other(sockets[1]);
  EXPECT_FALSE(one.file() == other.file());
}

TEST(Descriptor, DoesNotCloseWhatTheHostHasPutInItsPlace) {
  const ScratchFolder folder;
  int number = -1;
  {
    const Descriptor ours(::open(folder.path("ours").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    EXPECT_TRUE(ours.is_ours());
    number = ours.get();
    put_in_place_of(number, folder.path("theirs"));
    EXPECT_FALSE(ours.is_ours());
  }
  EXPECT_EQ(OpenFile::of(number), OpenFile::named(folder.path("theirs").c_str()));
  ::close(number);
}

TEST(Wakeup, WritesNothingIntoWhatTheHostHasPutInItsPlace) {
  const ScratchFolder folder;
  Wakeup wakeup;
  const int reading = wakeup.wait(SteadyTime::max()).descriptors.front().fd;
  for (const int number : {reading, reading + 1}) put_in_place_of(number, folder.path("theirs"));
  wakeup.wake();
  wakeup.reset();
  EXPECT_EQ(folder.read("theirs"), "");
  EXPECT_LT(wakeup.wait(SteadyTime::max()).until, SteadyTime::max()) << "it would wait for ever";
  for (const int number : {reading, reading + 1}) ::close(number);
}

}  // namespace
}  // namespace signet
