// The scripted server of https/testing as a member of an appliance.
#ifndef SIGNET_DSA_TRANSPORT_TESTING_TEST_SERVER_H_
#define SIGNET_DSA_TRANSPORT_TESTING_TEST_SERVER_H_

#include "config/config.h"
#include "https/testing/tls_test_server.h"

namespace signet::transport {

using https::BlackHole;
using https::closed_port;
using https::TestIdentity;
using https::TestReply;
using https::TestRequest;
using https::TlsTestServer;

inline config::MemberConfig member_of(const TlsTestServer& server) {
  return {server.url(), pinning::PinSet({server.pin()}), {}};
}

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_TESTING_TEST_SERVER_H_
