// What every function answers in every situation of a pending call: the table of docs/pkcs11.md, row by row.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "cryptoki/rv_name.h"
#include "pkcs11-module/edge/testing/asynchronous_scene.h"

namespace signet::edge::testing {
namespace {

using namespace std::chrono_literals;

using Scene = AsynchronousScene;

struct Situation {
  const char* function;
  const char* situation;
  CK_RV code;
  CK_RV (*happens)(Scene& scene);
};

// Without an end, up to a page that nobody can read.
CK_RV complete_endless_name(Scene& scene) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const pages =
      mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  auto* const end = static_cast<CK_UTF8CHAR_PTR>(pages) + page;
  constexpr std::size_t kSize = 100;
  std::fill(end - kSize, end, CK_UTF8CHAR{'C'});
  mprotect(end, page, PROT_NONE);
  const CK_RV rv = C_AsyncComplete(scene.session_, end - kSize, &scene.data_);
  munmap(pages, 2 * page);
  return rv;
}

const Situation kSituations[] = {
    {"C_AsyncComplete", "no such session, and no name", CKR_SESSION_HANDLE_INVALID,
     [](Scene& s) { return C_AsyncComplete(s.session_ + 4711, nullptr, nullptr); }},
    {"C_AsyncComplete", "no name, and no result", CKR_ARGUMENTS_BAD,
     [](Scene& s) {
       s.pend();
       return C_AsyncComplete(s.session_, nullptr, nullptr);
     }},
    {"C_AsyncComplete", "an empty name", CKR_ARGUMENTS_BAD,
     [](Scene& s) { return s.complete(""); }},
    {"C_AsyncComplete", "a name that no function has", CKR_ARGUMENTS_BAD,
     [](Scene& s) { return s.complete("C_Seal"); }},
    {"C_AsyncComplete", "a name longer than any", CKR_ARGUMENTS_BAD, complete_endless_name},
    {"C_AsyncComplete", "a function of which no call is pending", CKR_OPERATION_NOT_INITIALIZED,
     [](Scene& s) { return s.complete(); }},
    {"C_AsyncComplete", "no result, where the function has output", CKR_ARGUMENTS_BAD,
     [](Scene& s) {
       s.pend();
       return testing::complete(s.session_, kSign, nullptr);
     }},
    {"C_AsyncComplete", "the appliance has not answered", CKR_PENDING,
     [](Scene& s) {
       s.pend();
       return s.complete();
     }},
    {"C_AsyncComplete", "the appliance has answered late, within the time of a call", CKR_OK,
     [](Scene& s) {
       s.pend();
       for (int i = 0; i < 20; ++i) (void)s.complete();
       s.answer();
       return s.await();
     }},
    {"C_AsyncComplete", "the appliance does not answer within the time of a call", CKR_DEVICE_ERROR,
     [](Scene& s) {
       s.pend();
       return s.await();
     }},
    {"C_AsyncComplete", "the appliance has answered with a wrong signature", CKR_DEVICE_ERROR,
     [](Scene& s) {
       s.appliance().spoil_next_signature(transport::FakeAppliance::Spoil::bit_flip);
       s.pend();
       s.answer();
       return s.await();
     }},
    {"C_AsyncComplete", "a second time", CKR_OPERATION_NOT_INITIALIZED,
     [](Scene& s) {
       s.pend();
       s.answer();
       must(s.await(), "C_AsyncComplete");
       return s.complete();
     }},
    {"C_AsyncComplete", "in another session", CKR_OPERATION_NOT_INITIALIZED,
     [](Scene& s) {
       s.pend();
       return testing::complete(s.open(), kSign, &s.data_);
     }},
    {"C_AsyncComplete", "by the name of another function of its kind",
     CKR_OPERATION_NOT_INITIALIZED,
     [](Scene& s) {
       s.pend();
       return s.complete("C_SignFinal");
     }},
    {"C_AsyncComplete", "after `C_SessionCancel`", CKR_OPERATION_NOT_INITIALIZED,
     [](Scene& s) {
       s.pend();
       must(C_SessionCancel(s.session_, CKF_SIGN), "C_SessionCancel");
       return s.complete();
     }},
    {"C_AsyncComplete", "after `C_SignInit` with a NULL mechanism", CKR_OPERATION_NOT_INITIALIZED,
     [](Scene& s) {
       s.pend();
       must(C_SignInit(s.session_, nullptr, 0), "C_SignInit");
       return s.complete();
     }},
    {"C_AsyncComplete", "after `C_Logout`", CKR_OK,
     [](Scene& s) {
       s.pend();
       s.log_out();
       s.answer();
       return s.await();
     }},
    {"C_AsyncComplete", "after `C_CloseSession`", CKR_SESSION_HANDLE_INVALID,
     [](Scene& s) {
       s.pend();
       must(C_CloseSession(s.session_), "C_CloseSession");
       return s.complete();
     }},
    {"C_AsyncComplete", "after `C_Finalize`", CKR_CRYPTOKI_NOT_INITIALIZED,
     [](Scene& s) {
       s.pend();
       must(C_Finalize(nullptr), "C_Finalize");
       const CK_RV rv = s.complete();
       must(C_Initialize(nullptr), "C_Initialize");
       return rv;
     }},
    {"C_AsyncComplete", "in a forked child", CKR_CRYPTOKI_NOT_INITIALIZED,
     [](Scene& s) {
       s.pend();
       return Scene::in_child([&] { return s.complete(); });
     }},
    {"C_AsyncComplete", "after `C_AsyncGetID`", CKR_OPERATION_NOT_INITIALIZED,
     [](Scene& s) {
       s.leave();
       s.answer();
       return s.complete();
     }},

    {"C_Sign", "while a signature is pending", CKR_OPERATION_ACTIVE,
     [](Scene& s) {
       s.pend();
       return s.sign(s.session_);
     }},
    {"C_Sign", "while another session's is pending", CKR_PENDING,
     [](Scene& s) {
       s.pend();
       return s.sign(s.open());
     }},
    {"C_Sign", "after `C_AsyncGetID`", CKR_PENDING,
     [](Scene& s) {
       s.leave();
       return s.sign(s.session_);
     }},

    {"C_AsyncGetID", "no such session, and no name", CKR_SESSION_HANDLE_INVALID,
     [](Scene& s) { return C_AsyncGetID(s.session_ + 4711, nullptr, nullptr); }},
    {"C_AsyncGetID", "a name that no function has, and no id", CKR_ARGUMENTS_BAD,
     [](Scene& s) { return C_AsyncGetID(s.session_, name_of("C_Seal"), nullptr); }},
    {"C_AsyncGetID", "no id, and no call is pending", CKR_ARGUMENTS_BAD,
     [](Scene& s) { return C_AsyncGetID(s.session_, name_of(kSign), nullptr); }},
    {"C_AsyncGetID", "a function of which no call is pending", CKR_OPERATION_NOT_INITIALIZED,
     [](Scene& s) { return s.get_id(); }},
    {"C_AsyncGetID", "a signature is pending", CKR_OK,
     [](Scene& s) {
       s.pend();
       return s.get_id();
     }},
    {"C_AsyncGetID", "a key pair is pending", CKR_OK,
     [](Scene& s) {
       s.pend_key();
       return s.get_id(kGenerate);
     }},
    {"C_AsyncGetID", "another kind of call is pending", CKR_STATE_UNSAVEABLE,
     [](Scene& s) {
       s.log_out();
       s.appliance().hold(Scene::Call::account);
       Bytes pin = copy_of(view_of(kPin));
       (void)C_Login(s.session_, CKU_USER, pin.data(), pin.size());
       return s.get_id("C_Login");
     }},
    {"C_AsyncGetID", "the service does not repeat its answers", CKR_STATE_UNSAVEABLE,
     [](Scene& s) {
       s.appliance().set_repeatable_for(0ms);
       s.pend();
       return s.get_id();
     }},
    {"C_AsyncGetID", "the signature has a second credential", CKR_STATE_UNSAVEABLE,
     [](Scene& s) {
       s.appliance().hold(Scene::Call::sign);
       CK_MECHANISM ecdsa{CKM_ECDSA, nullptr, 0};
       must(C_SignInit(s.session_, &ecdsa, ModuleSetup::find(s.usual_, CKO_PRIVATE_KEY, "ec")),
            "C_SignInit");
       Bytes second = copy_of(view_of("second"));
       must(C_Login(s.session_, CKU_CONTEXT_SPECIFIC, second.data(), second.size()), "C_Login");
       CK_ULONG size = s.buffer_.size();
       (void)C_Sign(s.session_, s.digest_.data(), s.digest_.size(), s.buffer_.data(), &size);
       return s.get_id();
     }},
    {"C_AsyncGetID", "the folder of the cache cannot be used", CKR_STATE_UNSAVEABLE,
     [](Scene& s) {
       std::filesystem::create_directories(s.cache());
       std::ofstream(s.cache() / "pending") << "a file in its place";
       s.pend();
       return s.get_id();
     }},
    {"C_AsyncGetID", "a second time", CKR_OPERATION_NOT_INITIALIZED,
     [](Scene& s) {
       s.leave();
       return s.get_id();
     }},
    {"C_AsyncGetID", "in another session", CKR_OPERATION_NOT_INITIALIZED,
     [](Scene& s) {
       s.pend();
       return C_AsyncGetID(s.open(), name_of(kSign), &s.id_);
     }},

    {"C_AsyncJoin", "no such session, and no name", CKR_SESSION_HANDLE_INVALID,
     [](Scene& s) { return C_AsyncJoin(s.session_ + 4711, nullptr, 1, nullptr, 64); }},
    {"C_AsyncJoin", "a name that no function has, and no buffer", CKR_ARGUMENTS_BAD,
     [](Scene& s) { return C_AsyncJoin(s.session_, name_of("C_Seal"), 1, nullptr, 64); }},
    {"C_AsyncJoin", "no buffer, but its length", CKR_ARGUMENTS_BAD,
     [](Scene& s) {
       s.leave();
       return C_AsyncJoin(s.session_, name_of(kSign), s.id_, nullptr, 64);
     }},
    {"C_AsyncJoin", "a synchronous session", CKR_SESSION_ASYNC_NOT_SUPPORTED,
     [](Scene& s) {
       s.leave();
       return s.join(s.usual_);
     }},
    {"C_AsyncJoin", "nobody is logged in", CKR_USER_NOT_LOGGED_IN,
     [](Scene& s) {
       s.leave();
       s.log_out();
       return s.join(s.session_);
     }},
    {"C_AsyncJoin", "an id that there is not", CKR_SAVED_STATE_INVALID,
     [](Scene& s) { return s.join(s.session_); }},
    {"C_AsyncJoin", "the id of another function's call", CKR_SAVED_STATE_INVALID,
     [](Scene& s) {
       s.leave();
       return s.join(s.session_, "C_SignFinal");
     }},
    {"C_AsyncJoin", "another account is logged in", CKR_SAVED_STATE_INVALID,
     [](Scene& s) {
       s.leave();
       s.log_out();
       s.appliance().set_account({.user = "other", .password = kPin});
       s.log_in("other");
       return s.join(s.session_);
     }},
    {"C_AsyncJoin", "the time is over in which the service repeats its answer",
     CKR_SAVED_STATE_INVALID,
     [](Scene& s) {
       s.appliance().set_repeatable_for(20ms);
       s.leave();
       std::this_thread::sleep_for(30ms);
       return s.join(s.session_);
     }},
    {"C_AsyncJoin", "the file of the call was changed", CKR_SAVED_STATE_INVALID,
     [](Scene& s) {
       s.leave();
       std::ofstream(s.saved_file(), std::ios::app) << "more\n";
       return s.join(s.session_);
     }},
    {"C_AsyncJoin", "a buffer that is too small", CKR_BUFFER_TOO_SMALL,
     [](Scene& s) {
       s.leave();
       return C_AsyncJoin(s.session_, name_of(kSign), s.id_, s.buffer_.data(), 63);
     }},
    {"C_AsyncJoin", "once more, with room enough", CKR_OK,
     [](Scene& s) {
       s.leave();
       (void)C_AsyncJoin(s.session_, name_of(kSign), s.id_, nullptr, 0);
       return s.join(s.session_);
     }},
    {"C_AsyncJoin", "the id of a key pair, in a read-only session", CKR_SESSION_READ_ONLY,
     [](Scene& s) {
       s.pend_key();
       must(s.get_id(kGenerate), "C_AsyncGetID");
       return s.join(s.open(CKF_ASYNC_SESSION), kGenerate);
     }},
    {"C_AsyncJoin", "a call of the kind is pending", CKR_OPERATION_ACTIVE,
     [](Scene& s) {
       s.leave();
       (void)s.sign(s.session_);
       return s.join(s.session_);
     }},
    {"C_AsyncJoin", "in the session that asked", CKR_OK,
     [](Scene& s) {
       s.leave();
       return s.join(s.session_);
     }},
    {"C_AsyncJoin", "a second time", CKR_SAVED_STATE_INVALID,
     [](Scene& s) {
       s.leave();
       must(s.join(s.session_), "C_AsyncJoin");
       return s.join(s.open());
     }},
    {"C_AsyncJoin", "after `C_CloseSession`", CKR_OK,
     [](Scene& s) {
       s.leave();
       must(C_CloseSession(s.session_), "C_CloseSession");
       return s.join(s.open());
     }},
    {"C_AsyncJoin", "after `C_SessionCancel` in the session that asked", CKR_SAVED_STATE_INVALID,
     [](Scene& s) {
       s.leave();
       must(C_SessionCancel(s.session_, CKF_SIGN), "C_SessionCancel");
       return s.join(s.session_);
     }},
    {"C_AsyncJoin", "after `C_SessionCancel` in another session", CKR_OK,
     [](Scene& s) {
       s.leave();
       must(C_SessionCancel(s.open(), CKF_SIGN), "C_SessionCancel");
       return s.join(s.session_);
     }},
    {"C_AsyncJoin", "after `C_Finalize` and `C_Initialize`", CKR_OK,
     [](Scene& s) {
       s.leave();
       s.restart();
       return s.join(s.session_);
     }},
    {"C_AsyncJoin", "by another process", CKR_OK,
     [](Scene& s) {
       s.leave();
       return Scene::in_child([&] {
         must(C_Initialize(nullptr), "C_Initialize");
         s.usual_ = s.open(CKF_RW_SESSION);
         s.log_in("seal");
         return s.join(s.open());
       });
     }},
    {"C_AsyncJoin", "after another process has joined", CKR_SAVED_STATE_INVALID,
     [](Scene& s) {
       s.leave();
       const CK_RV joined = Scene::in_child([&] {
         must(C_Initialize(nullptr), "C_Initialize");
         s.usual_ = s.open(CKF_RW_SESSION);
         s.log_in("seal");
         return s.join(s.open());
       });
       must(joined, "C_AsyncJoin of the child");
       return s.join(s.session_);
     }},
};

class AsynchronousTable : public ::testing::TestWithParam<Situation> {
 public:
  static void SetUpTestSuite() {
    ModuleSetup::furnish_with([](transport::FakeAppliance& appliance) {
      appliance.add_ec_key(transport::Curve::p256, copy_of(view_of("ec")), {0x02});
    });
  }
  static void TearDownTestSuite() { ModuleSetup::furnish_with({}); }
};

INSTANTIATE_TEST_SUITE_P(, AsynchronousTable, ::testing::ValuesIn(kSituations),
                         [](const auto& row) { return "row" + std::to_string(row.index + 1); });

TEST_P(AsynchronousTable, AnswersAsItsRowSays) {
  Scene scene;
  EXPECT_EQ(GetParam().happens(scene), GetParam().code)
      << GetParam().function << ": " << GetParam().situation;
}

TEST(AsynchronousTableOfThePage, HasTheseRows) {
  std::ostringstream page;
  page << std::ifstream(SIGNET_PKCS11_PAGE).rdbuf();
  std::string rows;
  for (const Situation& row : kSituations) {
    rows += "| " + std::string(row.situation) + " | `" + row.function + "` | `" +
            std::string(rv_name(row.code)) + "` |\n";
  }
  EXPECT_NE(page.str().find("|---|---|---|\n" + rows + "\n"), std::string::npos)
      << "the table in docs/pkcs11.md should be\n"
      << rows;
}

}  // namespace
}  // namespace signet::edge::testing
