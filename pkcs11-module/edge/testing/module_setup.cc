#include "pkcs11-module/edge/testing/module_setup.h"

#include <array>
#include <cstdlib>
#include <stdexcept>

#include "integrity/self_check.h"
#include "pkcs11-module/edge/appliance_factory.h"
#include "pkcs11-module/edge/testing/certificates.h"

namespace signet::edge {

namespace {

transport::FakeAppliance* newest_appliance = nullptr;

void furnish_as_usual(transport::FakeAppliance& appliance) {
  const auto rsa = appliance.add_rsa_key(2048, copy_of(view_of("rsa")), {0x01});
  const auto ec = appliance.add_ec_key(transport::Curve::p256, copy_of(view_of("ec")), {0x02});
  for (const auto& key : {rsa, ec}) {
    const auto private_key = appliance.private_key(key.id);
    appliance.add_certificate(
        testing::self_signed(private_key.get(), std::string(text_of(key.label))), key.label,
        key.cka_id);
  }
}

testing::ModuleSetup::Furnish& furnish() {
  static testing::ModuleSetup::Furnish chosen = furnish_as_usual;
  return chosen;
}

}  // namespace

// The link-time choice of these tests (see appliance_factory.h).
std::unique_ptr<transport::Appliance> make_appliance(const config::TokenConfig& /*token*/,
                                                     bool /*may_create_threads*/) {
  auto appliance = std::make_unique<transport::FakeAppliance>();
  appliance->set_account({.user = "seal", .password = testing::kPin});
  appliance->set_account({.user = "officer", .password = "officer-secret", .administrator = true});
  furnish()(*appliance);
  newest_appliance = appliance.get();
  return appliance;
}

}  // namespace signet::edge

namespace signet::integrity {

// Likewise: a test has no code of the module to look at.
CkResult<void> check_self(const std::shared_ptr<crypto::Context>& /*context*/) {
  return success();
}

}  // namespace signet::integrity

namespace signet::edge::testing {

namespace {

std::string config_text(const std::string& folder, const std::string& extra) {
  // A pin is demanded of every member; this one belongs to nobody.
  return "cache_dir = \"" + folder + "/cache\"\n" +
         "[[token]]\nlabel = \"seal\"\nuser = \"seal\"\n" + extra +
         "\n[[token.member]]\nurl = \"https://127.0.0.1:1/dsa/v1\"\n"
         "pins = [\"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]\n";
}

}  // namespace

void must(CK_RV rv, const std::string& what) {
  if (rv != CKR_OK) throw std::runtime_error(what + " answered " + std::to_string(rv));
}

void ModuleSetup::furnish_with(Furnish furnish) {
  edge::furnish() = furnish ? std::move(furnish) : furnish_as_usual;
}

ModuleSetup::ModuleSetup(const std::string& extra) {
  const auto file = folder_.write("signet.toml", config_text(folder_.path().string(), extra));
  setenv("SIGNET_CONFIG", file.c_str(), 1);
  must(C_Initialize(nullptr), "C_Initialize");
}

ModuleSetup::~ModuleSetup() {
  C_Finalize(nullptr);
}

void ModuleSetup::restart() {
  must(C_Finalize(nullptr), "C_Finalize");
  must(C_Initialize(nullptr), "C_Initialize");
}

transport::FakeAppliance& ModuleSetup::appliance() {
  return *newest_appliance;
}

CK_SESSION_HANDLE ModuleSetup::open(CK_FLAGS flags) const {
  CK_SESSION_HANDLE session = 0;
  must(C_OpenSession(kSlot, CKF_SERIAL_SESSION | flags, nullptr, nullptr, &session),
       "C_OpenSession");
  return session;
}

void ModuleSetup::login(CK_SESSION_HANDLE session) const {
  Bytes pin = copy_of(view_of(kPin));
  must(C_Login(session, CKU_USER, pin.data(), pin.size()), "C_Login");
}

void ModuleSetup::login_officer(CK_SESSION_HANDLE session) const {
  Bytes name = copy_of(view_of("officer"));
  Bytes pin = copy_of(view_of("officer-secret"));
  must(C_LoginUser(session, CKU_SO, pin.data(), pin.size(), name.data(), name.size()),
       "C_LoginUser");
}

CK_OBJECT_HANDLE ModuleSetup::find(CK_SESSION_HANDLE session, CK_OBJECT_CLASS object_class,
                                   const std::string& label) {
  std::string text = label;
  const auto found = find_all(session, {{CKA_CLASS, &object_class, sizeof object_class},
                                        {CKA_LABEL, text.data(), text.size()}});
  if (found.size() != 1) throw std::runtime_error("not one object labelled " + label);
  return found.front();
}

CK_OBJECT_HANDLE ModuleSetup::make_spare_key(CK_SESSION_HANDLE session) {
  CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  Bytes p256{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
  CK_ATTRIBUTE curve{CKA_EC_PARAMS, p256.data(), p256.size()};
  CK_OBJECT_HANDLE public_key = 0;
  CK_OBJECT_HANDLE private_key = 0;
  must(C_GenerateKeyPair(session, &mechanism, &curve, 1, nullptr, 0, &public_key, &private_key),
       "C_GenerateKeyPair");
  return private_key;
}

CK_OBJECT_HANDLE ModuleSetup::make_disabled_key(CK_SESSION_HANDLE session) {
  const auto key =
      appliance().add_ec_key(transport::Curve::p256, copy_of(view_of("disabled")), {0x03});
  appliance().set_key_active(key.id, false);
  // The object list is read again with the login.
  must(C_Logout(session), "C_Logout");
  login(session);
  return find(session, CKO_PRIVATE_KEY, "disabled");
}

CK_OBJECT_HANDLE ModuleSetup::make_certificate(CK_SESSION_HANDLE session, Bytes der,
                                               CK_BBOOL on_token) {
  CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
  CK_CERTIFICATE_TYPE type = CKC_X_509;
  std::array<CK_ATTRIBUTE, 4> attributes{{{CKA_CLASS, &object_class, sizeof object_class},
                                          {CKA_CERTIFICATE_TYPE, &type, sizeof type},
                                          {CKA_TOKEN, &on_token, sizeof on_token},
                                          {CKA_VALUE, der.data(), der.size()}}};
  CK_OBJECT_HANDLE handle = 0;
  must(C_CreateObject(session, attributes.data(), attributes.size(), &handle), "C_CreateObject");
  return handle;
}

Bytes ModuleSetup::signature_by_ec_key(CK_SESSION_HANDLE session, Bytes digest) {
  CK_MECHANISM mechanism{CKM_ECDSA, nullptr, 0};
  must(C_SignInit(session, &mechanism, find(session, CKO_PRIVATE_KEY, "ec")), "C_SignInit");
  Bytes signature(64);
  CK_ULONG size = signature.size();
  must(C_Sign(session, digest.data(), digest.size(), signature.data(), &size), "C_Sign");
  return signature;
}

std::vector<CK_OBJECT_HANDLE> ModuleSetup::find_all(CK_SESSION_HANDLE session,
                                                    std::vector<CK_ATTRIBUTE> search) {
  must(C_FindObjectsInit(session, search.data(), search.size()), "C_FindObjectsInit");
  std::vector<CK_OBJECT_HANDLE> all;
  std::array<CK_OBJECT_HANDLE, 16> some{};
  for (CK_ULONG count = 1; count != 0;) {
    must(C_FindObjects(session, some.data(), some.size(), &count), "C_FindObjects");
    all.insert(all.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
  }
  must(C_FindObjectsFinal(session), "C_FindObjectsFinal");
  return all;
}

}  // namespace signet::edge::testing
