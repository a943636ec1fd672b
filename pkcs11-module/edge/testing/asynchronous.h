// An asynchronous session (PKCS#11 3.2) beside a usual one, and the polling of its user.
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_ASYNCHRONOUS_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_ASYNCHRONOUS_H_

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "pkcs11-module/edge/testing/client.h"
#include "pkcs11-module/edge/testing/module_setup.h"

namespace signet::edge::testing {

inline CK_UTF8CHAR_PTR name_of(const char* function) {
  return reinterpret_cast<CK_UTF8CHAR_PTR>(const_cast<char*>(function));
}

inline CK_RV complete(CK_SESSION_HANDLE session, const char* function, CK_ASYNC_DATA* data) {
  return C_AsyncComplete(session, name_of(function), data);
}

// Until it is no longer pending.
inline CK_RV await(CK_SESSION_HANDLE session, const char* function, CK_ASYNC_DATA* data) {
  const auto latest = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  CK_RV rv = CKR_PENDING;
  while ((rv = complete(session, function, data)) == CKR_PENDING &&
         std::chrono::steady_clock::now() < latest) {
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
  return rv;
}

// The user is logged in.
class AsynchronousSession : public ::testing::Test {
 protected:
  using Call = transport::FakeAppliance::Call;

  AsynchronousSession() {
    setup_.login(usual_);
    ec_ = ModuleSetup::find(usual_, CKO_PRIVATE_KEY, "ec");
    session_ = setup_.open(CKF_RW_SESSION | CKF_ASYNC_SESSION);
  }

  void begin(CK_SESSION_HANDLE session) {
    CK_MECHANISM ecdsa{CKM_ECDSA, nullptr, 0};
    ASSERT_EQ(C_SignInit(session, &ecdsa, ec_), CKR_OK);
  }

  CK_RV sign(CK_SESSION_HANDLE session) {
    size_ = signature_.size();
    return C_Sign(session, digest_.data(), digest_.size(), signature_.data(), &size_);
  }

  void expect_good(const CK_ASYNC_DATA& data) {
    EXPECT_EQ(data.ulVersion, 0U);
    ASSERT_EQ(data.ulValue, 64U);
    EXPECT_EQ(verify(usual_, CKM_ECDSA, ModuleSetup::find(usual_, CKO_PUBLIC_KEY, "ec"), digest_,
                     Bytes(data.pValue, data.pValue + data.ulValue)),
              CKR_OK);
  }

  ModuleSetup setup_;
  CK_SESSION_HANDLE usual_ = setup_.open();
  CK_SESSION_HANDLE session_ = 0;
  CK_OBJECT_HANDLE ec_ = 0;
  Bytes digest_ = Bytes(32, 7);
  Bytes signature_ = Bytes(64);
  CK_ULONG size_ = 0;
};

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_ASYNCHRONOUS_H_
