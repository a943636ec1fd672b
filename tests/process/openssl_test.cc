// The module beside the host's own use of OpenSSL.
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <stdlib.h>

#include <array>
#include <chrono>

#include "common/testing/scratch_folder.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/module.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

constexpr int kOwnStatus = 42;

TEST(OpensslTest, TheModuleWorksWhileTheHostsConfigurationIsBeingRead) {
  const Emulator emulator({"ec:P-256:p256"});
  use_config(emulator.client_config());
  setenv("SIGNET_TEST_PIN", emulator.pin().c_str(), 1);
  const ScratchFolder dir;
  write_file(dir / "openssl.cnf", "openssl_conf = main\n[main]\nsignet_probe = on\n");
  setenv("OPENSSL_CONF", (dir / "openssl.cnf").c_str(), 1);
  Process host({SIGNET_TEST_CONFIGURING_HOST}, dir / "output", dir / "output");
  EXPECT_EQ(host.wait(), kOwnStatus) << read_file(dir / "output");
  unsetenv("OPENSSL_CONF");
}

// Everything that the queue holds, oldest first; empties it.
std::vector<unsigned long> take_errors() {
  std::vector<unsigned long> errors;
  while (const unsigned long error = ERR_get_error()) errors.push_back(error);
  return errors;
}

void leave_errors(int count) {
  ERR_clear_error();
  for (int reason = 1; reason <= count; ++reason) ERR_raise(ERR_LIB_USER, reason);
}

std::vector<unsigned long> errors_left_behind(int count) {
  std::vector<unsigned long> errors;
  for (int reason = 1; reason <= count; ++reason) {
    errors.push_back(ERR_PACK(ERR_LIB_USER, 0, reason));
  }
  return errors;
}

// Calls of every kind; those that fail do so inside OpenSSL or on the wire.
class Calls {
 public:
  Calls(const LoadedModule& module, Session& session, const Emulator& emulator)
      : module_(module), session_(session), emulator_(emulator) {}

  void that_succeed() {
    session_.login(emulator_.pin());
    const auto key = session_.find_one({CKO_PRIVATE_KEY, "p256", {}});
    const Bytes message = copy_of(view_of("message"));
    const Bytes signature = session_.sign(CKM_ECDSA_SHA256, key, message);
    EXPECT_EQ(verify(message, signature), CKR_OK);
    session_.attribute(key, CKA_PUBLIC_KEY_INFO);
  }

  void that_fail() {
    const auto key = session_.find_one({CKO_PRIVATE_KEY, "p256", {}});
    const Bytes message = copy_of(view_of("message"));
    Bytes signature = session_.sign(CKM_ECDSA_SHA256, key, message);
    signature.back() ^= 1;
    EXPECT_EQ(verify(message, signature), CKR_SIGNATURE_INVALID);
    EXPECT_EQ(verify(message, Bytes(64, 0)), CKR_SIGNATURE_INVALID);
    EXPECT_NE(import_certificate(copy_of(view_of("no certificate"))), CKR_OK);
    EXPECT_EQ(session_.try_login("wrong"), CKR_USER_ALREADY_LOGGED_IN);
  }

 private:
  CK_RV verify(Bytes message, Bytes signature) {
    const auto key = session_.find_one({CKO_PUBLIC_KEY, "p256", {}});
    CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
    expect_ok(module_->C_VerifyInit(session_.handle(), &mechanism, key), "C_VerifyInit");
    return module_->C_Verify(session_.handle(), message.data(), message.size(), signature.data(),
                             signature.size());
  }

  CK_RV import_certificate(Bytes der) {
    CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
    CK_CERTIFICATE_TYPE type = CKC_X_509;
    CK_BBOOL yes = CK_TRUE;
    std::array<CK_ATTRIBUTE, 4> attributes = {{{CKA_CLASS, &object_class, sizeof object_class},
                                               {CKA_CERTIFICATE_TYPE, &type, sizeof type},
                                               {CKA_TOKEN, &yes, sizeof yes},
                                               {CKA_VALUE, der.data(), der.size()}}};
    CK_OBJECT_HANDLE object = 0;
    return module_->C_CreateObject(session_.handle(), attributes.data(), attributes.size(),
                                   &object);
  }

  const LoadedModule& module_;
  Session& session_;
  const Emulator& emulator_;
};

TEST(OpensslTest, TheHostsErrorQueueStaysAsItWas) {
  Emulator emulator({"ec:P-256:p256"});
  use_config(emulator.client_config());
  leave_errors(3);
  {
    const LoadedModule module;
    ASSERT_EQ(module.initialize(), CKR_OK);
    Session session(module);
    Calls calls(module, session, emulator);
    calls.that_succeed();
    calls.that_fail();
    emulator.kill();
    CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
    const auto key = session.find_one({CKO_PRIVATE_KEY, "p256", {}});
    EXPECT_THROW(session.sign(mechanism.mechanism, key, view_of("nobody answers")), CryptokiError);
    EXPECT_EQ(module->C_Finalize(nullptr), CKR_OK);
  }
  EXPECT_EQ(ERR_peek_error(), ERR_PACK(ERR_LIB_USER, 0, 1));
  EXPECT_EQ(ERR_peek_last_error(), ERR_PACK(ERR_LIB_USER, 0, 3));
  EXPECT_EQ(take_errors(), errors_left_behind(3));
}

TEST(OpensslTest, AnEmptyErrorQueueStaysEmpty) {
  const Emulator emulator({"ec:P-256:p256"});
  use_config(emulator.client_config());
  const Module module;
  Session session(module);
  ERR_clear_error();
  Calls calls(module, session, emulator);
  calls.that_succeed();
  calls.that_fail();
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(OpensslTest, CallsThatSucceedLeaveAFullErrorQueueAlone) {
  constexpr int most = 15;  // that ERR_get_error gives back
  const Emulator emulator({"ec:P-256:p256"});
  use_config(emulator.client_config());
  leave_errors(most);
  {
    const Module module;
    Session session(module);
    Calls(module, session, emulator).that_succeed();
  }
  EXPECT_EQ(take_errors(), errors_left_behind(most));
}

}  // namespace
}  // namespace signet::tests
