#include "tests/exhaustion/life.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "tests/support/x509.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;

// A member that was in trouble rests for up to a second or two before it is asked again.
constexpr int kAttempts = 20;
constexpr auto kBetweenAttempts = 250ms;

constexpr std::array<CK_BYTE, 10> kP256 = {0x06, 0x08, 0x2a, 0x86, 0x48,
                                           0xce, 0x3d, 0x03, 0x01, 0x07};

class Life {
 public:
  Life(const LoadedModule& module, std::string pin, const Under& under)
      : module_(module), pin_(std::move(pin)), under_(under) {}

  std::vector<Answered> run() {
    initialize();
    begin();
    sign();
    make();
    end();
    return std::move(failed_);
  }

 private:
  // The first attempt is under want; the others are not. A call that made half of a change (an outcome
  // that is not known) may find that it is done: `also_done`.
  void call(const char* function, const std::function<CK_RV()>& attempt, CK_RV also_done = CKR_OK) {
    CK_RV code = under_(function, attempt);
    if (code == CKR_OK) return;
    failed_.push_back({function, code});
    for (int i = 0; i < kAttempts; ++i) {
      code = attempt();
      if (code == CKR_OK || code == also_done) return;
      std::this_thread::sleep_for(kBetweenAttempts);
    }
    throw std::runtime_error(fmt::format("{} still answers 0x{:x} in plenty, after 0x{:x}",
                                         function, code, failed_.back().code));
  }

  void initialize() {
    call("C_Initialize", [&] { return module_.initialize(); });
    CK_ULONG count = 0;
    call("C_GetSlotList", [&] { return module_->C_GetSlotList(CK_TRUE, nullptr, &count); });
    if (count != 1) throw std::runtime_error("there is no slot");
    CK_TOKEN_INFO info{};
    call("C_GetTokenInfo", [&] { return module_->C_GetTokenInfo(0, &info); });
    std::array<CK_MECHANISM_TYPE, 100> mechanisms{};
    call("C_GetMechanismList", [&] {
      count = mechanisms.size();
      return module_->C_GetMechanismList(0, mechanisms.data(), &count);
    });
  }

  void begin() {
    call("C_OpenSession", [&] {
      return module_->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                    &session_);
    });
    Bytes pin = copy_of(view_of(pin_));
    call(
        "C_Login", [&] { return module_->C_Login(session_, CKU_USER, pin.data(), pin.size()); },
        CKR_USER_ALREADY_LOGGED_IN);
    key_ = find(CKO_PRIVATE_KEY, "signer");
    const auto public_key = find(CKO_PUBLIC_KEY, "signer");
    std::array<CK_BYTE, 256> point{};
    CK_ATTRIBUTE wanted = {CKA_EC_POINT, point.data(), point.size()};
    call("C_GetAttributeValue", [&] {
      wanted.ulValueLen = point.size();
      return module_->C_GetAttributeValue(session_, public_key, &wanted, 1);
    });
    spki_ = p256_public_key(ByteView(point).first(wanted.ulValueLen));
    certificate_ = certificate_for(spki_, "Signer");
  }

  CK_OBJECT_HANDLE find(CK_OBJECT_CLASS object_class, std::string_view label) {
    std::array<CK_ATTRIBUTE, 2> wanted = {
        {{CKA_CLASS, &object_class, sizeof object_class},
         {CKA_LABEL, const_cast<char*>(label.data()), label.size()}}};
    call("C_FindObjectsInit",
         [&] { return module_->C_FindObjectsInit(session_, wanted.data(), wanted.size()); });
    std::array<CK_OBJECT_HANDLE, 64> found{};
    CK_ULONG count = 0;
    call("C_FindObjects",
         [&] { return module_->C_FindObjects(session_, found.data(), found.size(), &count); });
    call("C_FindObjectsFinal", [&] { return module_->C_FindObjectsFinal(session_); });
    return count == 0 ? CK_INVALID_HANDLE : found.front();
  }

  CK_OBJECT_HANDLE find_known(CK_OBJECT_CLASS object_class, std::string_view label) {
    const auto found = find(object_class, label);
    if (found == CK_INVALID_HANDLE) throw std::runtime_error(fmt::format("no \"{}\"", label));
    return found;
  }

  void sign() {
    Bytes data = copy_of(view_of("a document"));
    CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
    Bytes signature(64);
    CK_ULONG size = 0;
    const auto begin = [&] { return module_->C_SignInit(session_, &mechanism, key_); };
    // A failed C_Sign ends the operation: the attempt after it starts again.
    const auto sign_whole = [&] {
      size = signature.size();
      const CK_RV code =
          module_->C_Sign(session_, data.data(), data.size(), signature.data(), &size);
      return code == CKR_OPERATION_NOT_INITIALIZED ? (begin(), code) : code;
    };
    call("C_SignInit", begin, CKR_OPERATION_ACTIVE);
    call("C_Sign", sign_whole);
    expect_good(data, signature);
    call("C_SignInit", begin, CKR_OPERATION_ACTIVE);
    CK_RV updated = CKR_OK;
    const auto update = [&] {
      updated = module_->C_SignUpdate(session_, data.data(), data.size());
      return updated == CKR_OPERATION_NOT_INITIALIZED ? (begin(), updated) : updated;
    };
    call("C_SignUpdate", update);
    call("C_SignFinal", [&] {
      size = signature.size();
      const CK_RV code = module_->C_SignFinal(session_, signature.data(), &size);
      if (code != CKR_OPERATION_NOT_INITIALIZED) return code;
      begin();
      update();
      return code;
    });
    expect_good(data, signature);
    CK_MECHANISM sha256 = {CKM_SHA256, nullptr, 0};
    call(
        "C_DigestInit", [&] { return module_->C_DigestInit(session_, &sha256); },
        CKR_OPERATION_ACTIVE);
    Bytes digest(32);
    call("C_Digest", [&] {
      size = digest.size();
      const CK_RV code =
          module_->C_Digest(session_, data.data(), data.size(), digest.data(), &size);
      if (code == CKR_OPERATION_NOT_INITIALIZED) module_->C_DigestInit(session_, &sha256);
      return code;
    });
    const auto public_key = find_known(CKO_PUBLIC_KEY, "signer");
    const auto begin_verifying = [&] {
      return module_->C_VerifyInit(session_, &mechanism, public_key);
    };
    call("C_VerifyInit", begin_verifying, CKR_OPERATION_ACTIVE);
    call("C_Verify", [&] {
      const CK_RV code =
          module_->C_Verify(session_, data.data(), data.size(), signature.data(), signature.size());
      if (code == CKR_OPERATION_NOT_INITIALIZED) begin_verifying();
      return code;
    });
  }

  void expect_good(const Bytes& data, const Bytes& signature) const {
    if (!certificate_verifies(certificate_, data, signature)) {
      throw std::runtime_error("a wrong signature was handed out");
    }
  }

  void make() {
    generate();
    store_certificate();
    const auto certificate = find_known(CKO_CERTIFICATE, "made");
    std::string label = "changed";
    CK_ATTRIBUTE change = {CKA_LABEL, label.data(), label.size()};
    call("C_SetAttributeValue",
         [&] { return module_->C_SetAttributeValue(session_, certificate, &change, 1); });
    destroy_all(CKO_CERTIFICATE, "changed");
    destroy_all(CKO_CERTIFICATE, "made");
    destroy_all(CKO_PRIVATE_KEY, "made");
  }

  void generate() {
    CK_MECHANISM mechanism = {CKM_EC_KEY_PAIR_GEN, nullptr, 0};
    CK_BBOOL yes = CK_TRUE;
    auto params = kP256;
    std::string label = "made";
    std::array<CK_ATTRIBUTE, 3> both = {{{CKA_TOKEN, &yes, sizeof yes},
                                         {CKA_LABEL, label.data(), label.size()},
                                         {CKA_EC_PARAMS, params.data(), params.size()}}};
    CK_OBJECT_HANDLE public_key = 0;
    CK_OBJECT_HANDLE private_key = 0;
    call("C_GenerateKeyPair", [&] {
      return module_->C_GenerateKeyPair(session_, &mechanism, both.data(), 3, both.data(), 2,
                                        &public_key, &private_key);
    });
  }

  void store_certificate() {
    Bytes der = certificate_;
    Bytes subject = subject_of(der);
    CK_BBOOL yes = CK_TRUE;
    CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
    CK_CERTIFICATE_TYPE type = CKC_X_509;
    std::string label = "made";
    std::array<CK_ATTRIBUTE, 6> all = {{{CKA_CLASS, &object_class, sizeof object_class},
                                        {CKA_CERTIFICATE_TYPE, &type, sizeof type},
                                        {CKA_TOKEN, &yes, sizeof yes},
                                        {CKA_VALUE, der.data(), der.size()},
                                        {CKA_SUBJECT, subject.data(), subject.size()},
                                        {CKA_LABEL, label.data(), label.size()}}};
    CK_OBJECT_HANDLE made = 0;
    call("C_CreateObject",
         [&] { return module_->C_CreateObject(session_, all.data(), all.size(), &made); });
  }

  void destroy_all(CK_OBJECT_CLASS object_class, std::string_view label) {
    for (auto object = find(object_class, label); object != CK_INVALID_HANDLE;
         object = find(object_class, label)) {
      call(
          "C_DestroyObject", [&] { return module_->C_DestroyObject(session_, object); },
          CKR_OBJECT_HANDLE_INVALID);
    }
  }

  void end() {
    call(
        "C_Logout", [&] { return module_->C_Logout(session_); }, CKR_USER_NOT_LOGGED_IN);
    call(
        "C_CloseSession", [&] { return module_->C_CloseSession(session_); },
        CKR_SESSION_HANDLE_INVALID);
    call(
        "C_Finalize", [&] { return module_->C_Finalize(nullptr); }, CKR_CRYPTOKI_NOT_INITIALIZED);
  }

  const LoadedModule& module_;
  const std::string pin_;
  const Under& under_;
  std::vector<Answered> failed_;
  CK_SESSION_HANDLE session_ = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE key_ = CK_INVALID_HANDLE;
  Bytes spki_;
  Bytes certificate_;
};

}  // namespace

std::vector<Answered> live(const LoadedModule& module, const std::string& pin, const Under& under) {
  return Life(module, pin, under).run();
}

CK_RV in_plenty(const char* /*function*/, const std::function<CK_RV()>& call) {
  return call();
}

}  // namespace signet::tests
