// Time-stamps through the vendor interface (cryptoki/signet-pkcs11.h), from the emulated CSC service with a test authority
// behind it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "crypto/digest.h"
#include "cryptoki/cryptoki.h"
#include "cryptoki/signet-pkcs11.h"
#include "tests/support/csc_service.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/module.h"
#include "tests/support/test_authority.h"

namespace signet::tests {
namespace {

using testing::HasSubstr;

TestAuthority& stamp_authority() {
  static TestAuthority authority;
  return authority;
}

CscService service_with(const std::string& path) {
  return CscService({"--csc-tsa", stamp_authority().url() + path});
}

const signet_vendor_functions* vendor_in(const Module& module, CK_BYTE minor) {
  const auto ask = module.symbol<decltype(&C_GetInterface)>("C_GetInterface");
  CK_UTF8CHAR name[] = SIGNET_VENDOR_INTERFACE;
  CK_VERSION version{1, minor};
  CK_INTERFACE* found = nullptr;
  if (ask(name, &version, &found, 0) != CKR_OK) return nullptr;
  return static_cast<const signet_vendor_functions*>(found->pFunctionList);
}

// A program that asks for a time-stamp of "a document".
class Asker {
 public:
  Asker() : session_(module_), vendor_(*vendor_in(module_, 1)) {}

  CK_RV ask() {
    CK_ULONG size = token_.size();
    const CK_RV rv =
        vendor_.time_stamp(session_.handle(), hash, digest.data(), digest.size(), nonce.data(),
                           nonce.size(), milliseconds, token_.data(), &size);
    if (rv == CKR_OK) given = Bytes(token_.begin(), token_.begin() + static_cast<long>(size));
    return rv;
  }

  const signet_vendor_functions& vendor() const { return vendor_; }
  CK_SESSION_HANDLE handle() const { return session_.handle(); }
  Session& session() { return session_; }
  const Module& module() const { return module_; }

  CK_MECHANISM_TYPE hash = CKM_SHA256;
  Bytes digest = crypto::digest_of(crypto::Context::create().value(), crypto::Hash::sha256,
                                   view_of("a document"))
                     .value();
  Bytes nonce = {0x47, 0x11, 0x00, 0x01};
  CK_ULONG milliseconds = 0;
  Bytes given;

 private:
  Module module_;
  Session session_;
  const signet_vendor_functions& vendor_;
  Bytes token_ = Bytes(SIGNET_TIME_STAMP_SIZE);
};

TEST(VendorTimeStamp, IsGivenWithoutALoginAndOpensslVerifiesIt) {
  const CscService service = service_with("/tsa");
  service.configure("", service.oauth2());
  Asker asker;
  const auto before = stamp_authority().count("/tsa").requests;
  ASSERT_EQ(asker.ask(), CKR_OK) << service.log();
  EXPECT_EQ(stamp_authority().openssl_verdict(asker.given, "a document"), "good");
  const ScratchFolder folder;
  const auto file = folder.write("token", text_of(asker.given));
  const std::string shown = output_of(
      {"/usr/bin/openssl", "ts", "-reply", "-token_in", "-in", file, "-token_out", "-text"});
  EXPECT_THAT(shown, HasSubstr("Nonce: 0x47110001"));
  EXPECT_EQ(stamp_authority().count("/tsa").requests, before + 1);
  EXPECT_EQ(service.calls("signatures/timestamp"), 1U);
  EXPECT_EQ(service.calls("credentials/authorize"), 0U);
  // Beside a login as well, without a nonce, and of another hash.
  asker.session().login(service.pin());
  asker.nonce.clear();
  asker.hash = CKM_SHA512;
  asker.digest = Bytes(64, 1);
  EXPECT_EQ(asker.ask(), CKR_OK);
}

TEST(VendorTimeStamp, Version1OfTheApiGivesThemToo) {
  const CscService service = service_with("/tsa");
  service.configure("", service.oauth2());
  std::string config = read_file(service.folder() / "csc.toml");
  config.replace(config.find("/csc/v2"), 7, "/csc/v1");
  write_file(service.folder() / "csc1.toml", config);
  use_config(service.folder() / "csc1.toml");
  Asker asker;
  ASSERT_EQ(asker.ask(), CKR_OK) << service.log();
  EXPECT_EQ(stamp_authority().openssl_verdict(asker.given, "a document"), "good");
}

TEST(VendorTimeStamp, RefusesBadArgumentsWithoutARequest) {
  const CscService service = service_with("/tsa");
  service.configure("", service.oauth2());
  Asker asker;
  const auto& vendor = asker.vendor();
  Bytes room(SIGNET_TIME_STAMP_SIZE);
  const auto call = [&](CK_SESSION_HANDLE session, CK_MECHANISM_TYPE hash, const CK_BYTE* digest,
                        CK_ULONG digest_size, const CK_BYTE* nonce, CK_ULONG nonce_size,
                        CK_BYTE* token, CK_ULONG* size) {
    return vendor.time_stamp(session, hash, digest, digest_size, nonce, nonce_size, 0, token, size);
  };
  const CK_SESSION_HANDLE handle = asker.handle();
  const Bytes digest(32, 1);
  const Bytes nonce(65, 1);
  CK_ULONG size = room.size();
  EXPECT_EQ(call(handle + 1000, CKM_SHA256, digest.data(), 32, nullptr, 0, room.data(), &size),
            CKR_SESSION_HANDLE_INVALID);
  EXPECT_EQ(call(handle, CKM_SHA256, nullptr, 32, nullptr, 0, room.data(), &size),
            CKR_ARGUMENTS_BAD);
  EXPECT_EQ(call(handle, CKM_SHA256, digest.data(), 32, nullptr, 4, room.data(), &size),
            CKR_ARGUMENTS_BAD);
  EXPECT_EQ(call(handle, CKM_SHA256, digest.data(), 32, nullptr, 0, nullptr, &size),
            CKR_ARGUMENTS_BAD);
  EXPECT_EQ(call(handle, CKM_SHA256, digest.data(), 32, nullptr, 0, room.data(), nullptr),
            CKR_ARGUMENTS_BAD);
  EXPECT_EQ(call(handle, CKM_SHA_1, digest.data(), 20, nullptr, 0, room.data(), &size),
            CKR_MECHANISM_INVALID);
  EXPECT_EQ(call(handle, CKM_SHA256, digest.data(), 31, nullptr, 0, room.data(), &size),
            CKR_DATA_LEN_RANGE);
  EXPECT_EQ(call(handle, CKM_SHA256, digest.data(), 32, nonce.data(), 65, room.data(), &size),
            CKR_MECHANISM_PARAM_INVALID);
  EXPECT_EQ(size, room.size());
  CK_ULONG less = SIGNET_TIME_STAMP_SIZE - 1;
  EXPECT_EQ(call(handle, CKM_SHA256, digest.data(), 32, nullptr, 0, room.data(), &less),
            CKR_BUFFER_TOO_SMALL);
  EXPECT_EQ(service.calls("signatures/timestamp"), 0U);
  ASSERT_EQ(asker.module()->C_Finalize(nullptr), CKR_OK);
  EXPECT_EQ(call(handle, CKM_SHA256, digest.data(), 32, nullptr, 0, room.data(), &size),
            CKR_CRYPTOKI_NOT_INITIALIZED);
  ASSERT_EQ(asker.module().initialize(), CKR_OK);
}

TEST(VendorTimeStamp, IsNotSupportedWhereTheServiceOrTheDialectHasNone) {
  const CscService service;
  service.configure("", service.oauth2());
  {
    Asker asker;
    EXPECT_EQ(asker.ask(), CKR_FUNCTION_NOT_SUPPORTED);
    EXPECT_EQ(asker.ask(), CKR_FUNCTION_NOT_SUPPORTED);
    EXPECT_THAT(service.log(), HasSubstr("name the URL of a time-stamp authority"));
    // The service is well all the same.
    asker.session().login(service.pin());
    EXPECT_EQ(sign_and_verify(asker.session()), CKR_OK);
  }
  for (const char* dialect : {"sapiws", "native"}) {
    service.configure_dialect(dialect);
    Asker asker;
    EXPECT_EQ(asker.ask(), CKR_FUNCTION_NOT_SUPPORTED) << dialect;
  }
}

TEST(VendorTimeStamp, AnAuthorityThatRefusesIsAnErrorOfTheService) {
  const CscService service = service_with("/tsa/reject-systemFailure");
  service.configure("", service.oauth2());
  Asker asker;
  EXPECT_EQ(asker.ask(), CKR_DEVICE_ERROR);
  EXPECT_THAT(service.log(), HasSubstr("The time-stamp authority failed: it refuses (status 2)"));
}

TEST(VendorTimeStamp, EndsWithinTheTimeThatIsGiven) {
  const CscService service = service_with("/tsa/slow");
  service.configure("", service.oauth2());
  Asker asker;
  asker.milliseconds = 1500;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(asker.ask(), CKR_DEVICE_ERROR);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(4));
}

TEST(VendorTimeStamp, BelongsToVersion11OfTheInterface) {
  const CscService service;
  service.configure("", service.oauth2());
  const Module module;
  ASSERT_NE(vendor_in(module, 1), nullptr);
  EXPECT_EQ(vendor_in(module, 1)->version.minor, 1);
  ASSERT_NE(vendor_in(module, 0), nullptr);
  EXPECT_EQ(vendor_in(module, 0)->version.minor, 0);
  EXPECT_EQ(vendor_in(module, 0)->set_reference, vendor_in(module, 1)->set_reference);
  EXPECT_EQ(vendor_in(module, 2), nullptr);
}

}  // namespace
}  // namespace signet::tests
