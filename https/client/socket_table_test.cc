// A child lets go of every socket of its parent, however many there are.
#include "https/client/socket_table.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

namespace signet::https {
namespace {

bool is_open(int descriptor) {
  return fcntl(descriptor, F_GETFD) != -1;
}

TEST(SocketTable, ClosesWhatWasAddedAndNotWhatWasRemoved) {
  SocketTable table;
  std::vector<int> descriptors;
  for (int i = 0; i < 200; ++i) {
    descriptors.push_back(dup(STDERR_FILENO));
    table.add(descriptors.back());
  }
  const int spared = descriptors.at(150);
  EXPECT_TRUE(table.remove(spared));
  EXPECT_FALSE(table.remove(spared)) << "it was removed before";

  table.close_all();

  for (const int descriptor : descriptors) EXPECT_EQ(is_open(descriptor), descriptor == spared);
  EXPECT_FALSE(table.remove(descriptors.front())) << "it is closed already";
  close(spared);
}

}  // namespace
}  // namespace signet::https
