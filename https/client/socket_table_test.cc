// A child lets go of every socket of its parent, however many there are.
#include "https/client/socket_table.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

namespace signet::https {
namespace {

int new_socket() {
  return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

bool is_open(int descriptor) {
  return fcntl(descriptor, F_GETFD) != -1;
}

TEST(SocketTable, ClosesWhatWasAddedAndNotWhatWasRemoved) {
  SocketTable table;
  std::vector<int> descriptors;
  for (int i = 0; i < 200; ++i) {
    descriptors.push_back(new_socket());
    EXPECT_TRUE(table.add(descriptors.back()));
  }
  const int spared = descriptors.at(150);
  EXPECT_TRUE(table.has(spared));
  EXPECT_TRUE(table.remove(spared));
  EXPECT_FALSE(table.remove(spared)) << "it was removed before";

  table.close_all();

  for (const int descriptor : descriptors) EXPECT_EQ(is_open(descriptor), descriptor == spared);
  EXPECT_FALSE(table.remove(descriptors.front())) << "it is closed already";
  close(spared);
}

TEST(SocketTable, LeavesAloneWhatTheHostHasPutInThePlaceOfASocket) {
  SocketTable table;
  const int number = new_socket();
  const int theirs = new_socket();
  ASSERT_TRUE(table.add(number));
  dup3(theirs, number, O_CLOEXEC);
  EXPECT_FALSE(table.has(number));
  table.close_all();
  EXPECT_TRUE(is_open(number));
  EXPECT_FALSE(table.remove(number));

  // A new one of ours with a number that was another's before.
  EXPECT_TRUE(table.add(number));
  EXPECT_TRUE(table.has(number));
  EXPECT_TRUE(table.remove(number));
  EXPECT_FALSE(table.remove(number));
  close(number);
  close(theirs);
}

}  // namespace
}  // namespace signet::https
