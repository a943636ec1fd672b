// A machine without IPv6: an IPv6 address there is one that cannot be reached, not a want of descriptors.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "dsa-transport/testing/pair_test_scene.h"

namespace {

thread_local int refusal = 0;  // errno for IPv6 sockets of this thread; 0: as the system does it

}  // namespace

extern "C" int socket(int family, int type, int protocol) noexcept {
  if (family == AF_INET6 && refusal != 0) {
    errno = refusal;
    return -1;
  }
  return static_cast<int>(syscall(SYS_socket, family, type, protocol));
}

namespace signet::transport {
namespace {

class MissingFamilyTest : public PairTest {
 protected:
  ~MissingFamilyTest() override { refusal = 0; }

  config::MemberConfig member_over_ipv6() const { return member_at("https://[::1]:1/dsa/v1"); }
};

TEST_F(MissingFamilyTest, TheOtherMemberServesWhereTheMachineHasNoIpv6) {
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({member_over_ipv6(), member_of(alternate)});
  refusal = EAFNOSUPPORT;
  const auto answer = sign(*client);
  EXPECT_TRUE(answer) << answer.error().sentence;
}

TEST_F(MissingFamilyTest, AMemberThatNeedsIpv6IsUnreachableThere) {
  const auto client = patient_client_of({member_over_ipv6()});
  refusal = EAFNOSUPPORT;
  const auto answer = sign(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::unreachable) << answer.error().sentence;
}

TEST_F(MissingFamilyTest, AWantOfDescriptorsSaysNothingAboutAMember) {
  const auto client = patient_client_of({member_over_ipv6()});
  refusal = EMFILE;
  const auto answer = sign(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::no_resources) << answer.error().sentence;
}

}  // namespace
}  // namespace signet::transport
