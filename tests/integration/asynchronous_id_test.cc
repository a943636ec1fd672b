// Pending calls that outlive their program, over the wire: a successor fetches them by their ids.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <thread>

#include "common/testing/scratch_folder.h"
#include "crypto/base64.h"
#include "cryptoki/pkcs11_3_2.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/module.h"
#include "tests/support/process.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;

constexpr char kSignName[] = "C_Sign";
constexpr char kGenerateName[] = "C_GenerateKeyPair";

CK_UTF8CHAR_PTR name(const char* function) {
  return reinterpret_cast<CK_UTF8CHAR_PTR>(const_cast<char*>(function));
}

// The module, logged in, and the functions of asynchronous sessions.
class AsynchronousProgram {
 public:
  explicit AsynchronousProgram(const Emulator& emulator) : session_(module_) {
    session_.login(emulator.pin());
    key_ = session_.find_one({CKO_PRIVATE_KEY, "signer", {}});
  }

  CK_SESSION_HANDLE open() const {
    CK_SESSION_HANDLE session = 0;
    expect_ok(module_->C_OpenSession(module_.slot_of("seal"),
                                     CKF_SERIAL_SESSION | CKF_RW_SESSION | CKF_ASYNC_SESSION,
                                     nullptr, nullptr, &session),
              "C_OpenSession");
    return session;
  }

  void start_sign(CK_SESSION_HANDLE session, Bytes digest) {
    CK_MECHANISM ecdsa{CKM_ECDSA, nullptr, 0};
    expect_ok(module_->C_SignInit(session, &ecdsa, key_), "C_SignInit");
    CK_ULONG size = buffer_.size();
    const CK_RV rv = module_->C_Sign(session, digest.data(), digest.size(), buffer_.data(), &size);
    if (rv != CKR_PENDING) throw CryptokiError("C_Sign", rv);
  }

  void start_generate(CK_SESSION_HANDLE session, std::string label) {
    CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
    Bytes p256{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
    CK_BBOOL yes = CK_TRUE;
    CK_ATTRIBUTE curve{CKA_EC_PARAMS, p256.data(), p256.size()};
    std::array<CK_ATTRIBUTE, 2> names{
        {{CKA_LABEL, label.data(), label.size()}, {CKA_TOKEN, &yes, sizeof yes}}};
    CK_OBJECT_HANDLE public_key = 0;
    CK_OBJECT_HANDLE private_key = 0;
    const CK_RV rv = module_->C_GenerateKeyPair(session, &mechanism, &curve, 1, names.data(),
                                                names.size(), &public_key, &private_key);
    if (rv != CKR_PENDING) throw CryptokiError("C_GenerateKeyPair", rv);
  }

  CK_ULONG id_of(CK_SESSION_HANDLE session, const char* function) const {
    CK_ULONG id = 0;
    expect_ok(module_.symbol<CK_C_AsyncGetID>("C_AsyncGetID")(session, name(function), &id),
              "C_AsyncGetID");
    return id;
  }

  CK_RV join(CK_SESSION_HANDLE session, const char* function, CK_ULONG id) {
    return module_.symbol<CK_C_AsyncJoin>("C_AsyncJoin")(session, name(function), id,
                                                         buffer_.data(), buffer_.size());
  }

  CK_ASYNC_DATA await(CK_SESSION_HANDLE session, const char* function) const {
    const auto complete = module_.symbol<CK_C_AsyncComplete>("C_AsyncComplete");
    const auto latest = std::chrono::steady_clock::now() + 60s;
    CK_ASYNC_DATA data{};
    CK_RV rv = CKR_PENDING;
    while ((rv = complete(session, name(function), &data)) == CKR_PENDING &&
           std::chrono::steady_clock::now() < latest) {
      std::this_thread::sleep_for(1ms);
    }
    expect_ok(rv, "C_AsyncComplete");
    return data;
  }

  Session& session() { return session_; }
  CK_OBJECT_HANDLE key() const { return key_; }

 private:
  Module module_;
  Session session_;
  CK_OBJECT_HANDLE key_ = 0;
  Bytes buffer_ = Bytes(512);
};

class AsynchronousIdTest : public testing::Test {
 protected:
  AsynchronousIdTest() { use_config(emulator_.client_config()); }

  // What a program leaves to its successor.
  void leave(const std::vector<CK_ULONG>& ids) const {
    std::ofstream file(folder_ / "ids");
    for (const CK_ULONG id : ids) file << id << '\n';
  }
  std::vector<CK_ULONG> left() const {
    std::ifstream file(folder_ / "ids");
    std::vector<CK_ULONG> ids;
    for (CK_ULONG id = 0; file >> id;) ids.push_back(id);
    return ids;
  }

  // Requests that were carried out or not, and whose answers do not come.
  void hold_answers(bool after_processing) const {
    emulator_.member().queue_faults(fmt::format(
        R"({{"kind":"stall","ms":3000,"match":{{"method":"POST","path_prefix":"/dsa/v1/keys"}},"after_processing":{},"times":2}})",
        after_processing));
  }
  void wait_for_faults(std::uint64_t count) const {
    const auto latest = std::chrono::steady_clock::now() + 30s;
    while (emulator_.member().faults_met() < count && std::chrono::steady_clock::now() < latest)
      std::this_thread::sleep_for(5ms);
    ASSERT_GE(emulator_.member().faults_met(), count);
  }

  std::size_t times_signed(ByteView digest) const {
    const auto journal = emulator_.journal();
    return static_cast<std::size_t>(
        std::ranges::count(journal, crypto::to_base64(digest),
                           [](const JournalEntry& entry) { return entry.digest; }));
  }

  void expect_one_signature_and_one_key(const std::vector<CK_ULONG>& ids, const Bytes& digest) {
    ASSERT_EQ(ids.size(), 2U);
    AsynchronousProgram successor(emulator_);
    const CK_SESSION_HANDLE session = successor.open();
    ASSERT_EQ(successor.join(session, kSignName, ids[0]), CKR_OK);
    ASSERT_EQ(successor.join(session, kGenerateName, ids[1]), CKR_OK);
    const CK_ASYNC_DATA made = successor.await(session, kSignName);
    EXPECT_EQ(made.ulValue, 64U);
    EXPECT_EQ(times_signed(digest), 1U);
    const CK_ASYNC_DATA pair = successor.await(session, kGenerateName);
    const auto keys = successor.session().find({CKO_PRIVATE_KEY, "late", {}});
    EXPECT_EQ(keys, std::vector<CK_OBJECT_HANDLE>{pair.hAdditionalObject});
    EXPECT_EQ(successor.session().sign(CKM_ECDSA, pair.hAdditionalObject, digest).size(), 64U);
    EXPECT_EQ(successor.join(session, kSignName, ids[0]), CKR_SAVED_STATE_INVALID);
  }

  const ScratchFolder folder_;
  const Emulator emulator_{{"ec:P-256:signer"}};
};

class KilledAsynchronousProgram : public AsynchronousIdTest,
                                  public testing::WithParamInterface<bool> {};

INSTANTIATE_TEST_SUITE_P(BeforeAndAfterTheApplianceHasWorked, KilledAsynchronousProgram,
                         testing::Bool());

TEST_P(KilledAsynchronousProgram, LeavesItsSignatureAndItsKeyToItsSuccessor) {
  const Bytes digest(32, 0x77);
  hold_answers(GetParam());
  EXPECT_FALSE(in_other_process([&] {
    AsynchronousProgram program(emulator_);
    const CK_SESSION_HANDLE session = program.open();
    program.start_sign(session, digest);
    program.start_generate(session, "late");
    leave({program.id_of(session, kSignName), program.id_of(session, kGenerateName)});
    // The requests are on their way as long as somebody calls.
    for (int i = 0; i < 3000 && emulator_.member().faults_met() < 2; ++i) {
      CK_SESSION_INFO info{};
      expect_ok(program.session().module()->C_GetSessionInfo(session, &info), "C_GetSessionInfo");
      std::this_thread::sleep_for(5ms);
    }
    ::kill(getpid(), SIGKILL);
  }));
  wait_for_faults(2);
  const bool carried_out = GetParam();
  EXPECT_EQ(times_signed(digest), carried_out ? 1U : 0U);
  emulator_.member().clear_faults();
  expect_one_signature_and_one_key(left(), digest);
}

TEST_F(AsynchronousIdTest, FinalizeLeavesThemToALaterRun) {
  const Bytes digest(32, 0x78);
  hold_answers(true);
  std::vector<CK_ULONG> ids;
  {
    AsynchronousProgram program(emulator_);
    const CK_SESSION_HANDLE session = program.open();
    program.start_sign(session, digest);
    program.start_generate(session, "late");
    ids = {program.id_of(session, kSignName), program.id_of(session, kGenerateName)};
  }
  expect_one_signature_and_one_key(ids, digest);
}

// More signatures than connections: most have not left yet, or left together with others.
TEST_F(AsynchronousIdTest, SignaturesThatTravelTogetherAreFetchedOneByOne) {
  constexpr std::size_t kSessions = 60;
  const auto digest_number = [](std::size_t i) {
    return Bytes(32, static_cast<std::uint8_t>(i + 1));
  };
  EXPECT_FALSE(in_other_process([&] {
    AsynchronousProgram program(emulator_);
    CK_ULONG count = 0;  // from here on it is known what a request can carry
    expect_ok(program.session().module()->C_GetMechanismList(
                  program.session().module().slot_of("seal"), nullptr, &count),
              "C_GetMechanismList");
    std::vector<CK_SESSION_HANDLE> sessions;
    for (std::size_t i = 0; i < kSessions; ++i) {
      sessions.push_back(program.open());
      program.start_sign(sessions.back(), digest_number(i));
    }
    std::vector<CK_ULONG> ids;
    for (const CK_SESSION_HANDLE session : sessions)
      ids.push_back(program.id_of(session, kSignName));
    leave(ids);
    ::kill(getpid(), SIGKILL);
  }));
  const auto ids = left();
  ASSERT_EQ(ids.size(), kSessions);
  AsynchronousProgram successor(emulator_);
  const CK_SESSION_HANDLE session = successor.open();
  for (std::size_t i = 0; i < kSessions; ++i) {
    ASSERT_EQ(successor.join(session, kSignName, ids[i]), CKR_OK) << i;
    EXPECT_EQ(successor.await(session, kSignName).ulValue, 64U) << i;
  }
  for (std::size_t i = 0; i < kSessions; ++i) EXPECT_EQ(times_signed(digest_number(i)), 1U) << i;
}

}  // namespace
}  // namespace signet::tests
