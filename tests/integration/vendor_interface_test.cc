// What the module offers beside PKCS#11 (cryptoki/signet-pkcs11.h), as a program uses it, with the emulated appliance.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "cryptoki/cryptoki.h"
#include "cryptoki/signet-pkcs11.h"
#include "tests/support/client_config.h"
#include "tests/support/csc_service.h"
#include "tests/support/emulator.h"
#include "tests/support/module.h"

namespace signet::tests {
namespace {

const signet_vendor_functions& vendor_of(const Module& module) {
  const auto ask = module.symbol<decltype(&C_GetInterface)>("C_GetInterface");
  CK_UTF8CHAR name[] = SIGNET_VENDOR_INTERFACE;
  CK_VERSION version{1, 0};
  CK_INTERFACE* found = nullptr;
  if (ask(name, &version, &found, 0) != CKR_OK) throw std::runtime_error("no vendor interface");
  return *static_cast<const signet_vendor_functions*>(found->pFunctionList);
}

class Notes {
 public:
  explicit Notes(Session& session, const signet_vendor_functions& vendor)
      : session_(session), vendor_(vendor) {}

  CK_RV set(std::string_view text) const {
    return vendor_.set_reference(session_.handle(),
                                 reinterpret_cast<const CK_UTF8CHAR*>(text.data()), text.size());
  }

  std::string last_request_id() const {
    CK_ULONG size = 0;
    EXPECT_EQ(vendor_.last_request_id(session_.handle(), nullptr, &size), CKR_OK);
    std::string id(size, '\0');
    EXPECT_EQ(vendor_.last_request_id(session_.handle(), reinterpret_cast<CK_UTF8CHAR*>(id.data()),
                                      &size),
              CKR_OK);
    return id;
  }

 private:
  Session& session_;
  const signet_vendor_functions& vendor_;
};

TEST(VendorInterface, PutsAReferenceIntoTheAppliancesJournal) {
  const Emulator emulator({"ec:P-256:ec"});
  use_config(emulator.client_config());
  const Module module;
  Session session(module);
  session.login(emulator.pin());
  Session other(module);
  const auto key = session.find_one({CKO_PRIVATE_KEY, "ec", {}});
  const Notes notes(session, vendor_of(module));
  EXPECT_EQ(notes.last_request_id(), "");
  EXPECT_EQ(notes.set("č. 4711/2026"), CKR_OK);
  session.sign(CKM_ECDSA_SHA256, key, view_of("a"));
  const std::string first = notes.last_request_id();
  session.sign(CKM_ECDSA_SHA256, key, view_of("b"));
  other.sign(CKM_ECDSA_SHA256, key, view_of("c"));
  EXPECT_EQ(notes.set(""), CKR_OK);
  session.sign(CKM_ECDSA_SHA256, key, view_of("d"));
  const auto journal = emulator.journal();
  ASSERT_EQ(journal.size(), 4U);
  EXPECT_EQ(journal[0].reference, "č. 4711/2026");
  EXPECT_EQ(journal[1].reference, "č. 4711/2026");
  EXPECT_EQ(journal[2].reference, "") << "of another session";
  EXPECT_EQ(journal[3].reference, "");
  EXPECT_EQ(first, journal[0].request_id);
  EXPECT_EQ(notes.last_request_id(), journal[3].request_id);
}

TEST(VendorInterface, RefusesWhatIsNoReference) {
  const Emulator emulator({"ec:P-256:ec"});
  use_config(emulator.client_config());
  const Module module;
  Session session(module);
  const auto& vendor = vendor_of(module);
  const Notes notes(session, vendor);
  EXPECT_EQ(notes.set(std::string(256, 'x')), CKR_OK);
  EXPECT_EQ(notes.set(std::string(257, 'x')), CKR_DATA_LEN_RANGE);
  for (const char* text : {"two\nlines", "\xff", "\x1b[2J", "\xe2\x80\xae turned"})
    EXPECT_EQ(notes.set(text), CKR_DATA_INVALID) << text;
  EXPECT_EQ(vendor.set_reference(session.handle(), nullptr, 5), CKR_ARGUMENTS_BAD);
  EXPECT_EQ(vendor.set_reference(session.handle() + 1000, nullptr, 0), CKR_SESSION_HANDLE_INVALID);
  EXPECT_EQ(vendor.last_request_id(session.handle(), nullptr, nullptr), CKR_ARGUMENTS_BAD);
  session.login(emulator.pin());
  session.sign(CKM_ECDSA_SHA256, session.find_one({CKO_PRIVATE_KEY, "ec", {}}), view_of("a"));
  EXPECT_EQ(emulator.journal().front().reference, std::string(256, 'x')) << "what was set stays";
  CK_ULONG room = 3;
  CK_UTF8CHAR id[3];
  EXPECT_EQ(vendor.last_request_id(session.handle(), id, &room), CKR_BUFFER_TOO_SMALL);
  EXPECT_GT(room, 3U);
}

TEST(VendorInterface, IsFoundByNameAndVersionOnly) {
  const Emulator emulator({"ec:P-256:ec"});
  use_config(emulator.client_config());
  const Module module;
  const auto ask = module.symbol<decltype(&C_GetInterface)>("C_GetInterface");
  CK_UTF8CHAR name[] = SIGNET_VENDOR_INTERFACE;
  CK_VERSION version{1, 0};
  CK_VERSION later{1, 2};
  CK_INTERFACE* found = nullptr;
  EXPECT_EQ(ask(name, nullptr, &found, 0), CKR_OK);
  EXPECT_EQ(static_cast<const signet_vendor_functions*>(found->pFunctionList)->version.major, 1);
  EXPECT_EQ(ask(name, &later, &found, 0), CKR_ARGUMENTS_BAD);
  EXPECT_EQ(ask(nullptr, &version, &found, 0), CKR_ARGUMENTS_BAD);
  EXPECT_EQ(ask(name, &version, &found, CKF_INTERFACE_FORK_SAFE), CKR_ARGUMENTS_BAD);
}

TEST(VendorInterface, NeedsTheModuleToBeInitialised) {
  const Emulator emulator({"ec:P-256:ec"});
  use_config(emulator.client_config());
  const Module module;
  const auto& vendor = vendor_of(module);
  ASSERT_EQ(module->C_Finalize(nullptr), CKR_OK);
  CK_ULONG size = 0;
  EXPECT_EQ(vendor.set_reference(1, nullptr, 0), CKR_CRYPTOKI_NOT_INITIALIZED);
  EXPECT_EQ(vendor.last_request_id(1, nullptr, &size), CKR_CRYPTOKI_NOT_INITIALIZED);
  ASSERT_EQ(module.initialize(), CKR_OK);
}

// In CSC the reference is the request's clientData.
TEST(VendorInterface, GoesWithTheRequestsOfCsc) {
  const CscService service;
  service.configure("", service.oauth2());
  const Module module;
  Session session(module);
  session.login(service.pin());
  const Notes notes(session, vendor_of(module));
  EXPECT_EQ(notes.set("order 4711"), CKR_OK);
  session.sign(CKM_ECDSA_SHA256, session.find_one({CKO_PRIVATE_KEY, "signer", {}}), view_of("a"));
  const auto journal = journal_in(service.state());
  ASSERT_FALSE(journal.empty());
  EXPECT_EQ(journal.back().reference, "order 4711");
}

TEST(VendorInterface, SapiwsHasNoPlaceForAReference) {
  const CscService service;
  service.configure_dialect("sapiws");
  const Module module;
  Session session(module);
  const Notes notes(session, vendor_of(module));
  EXPECT_EQ(notes.set("order 4711"), CKR_FUNCTION_NOT_SUPPORTED);
  EXPECT_EQ(notes.set(""), CKR_OK);
}

}  // namespace
}  // namespace signet::tests
