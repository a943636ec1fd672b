// Every function, with every argument and in every state: see call_table.txt.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "cryptoki/rv_name.h"
#include "pkcs11-module/edge/testing/case_runner.h"

namespace signet::edge::testing {
namespace {

const std::vector<CallCase>& table() {
  static const auto cases = read_call_table(SIGNET_CALL_TABLE);
  return cases;
}

// C_GetFunctionStatus and C_CancelFunction: the same answer whatever the handle.
bool looks_at_session(const Function& function) {
  return !function.absent && function.place_of("session") != Function::npos &&
         function.name != "C_GetFunctionStatus" && function.name != "C_CancelFunction";
}

CK_RV call_with_zeros(const Function& function) {
  return function.call(std::vector<Value>(function.parameters.size()));
}

TEST(CallTable, EveryCaseAnswersAsWritten) {
  CaseRunner runner;
  for (const CallCase& item : table()) {
    SCOPED_TRACE(item.name());
    CK_RV rv = CKR_VENDOR_DEFINED;
    EXPECT_NO_THROW(rv = runner.play(item));
    EXPECT_EQ(rv_name(rv), "CKR_" + item.answer);
    for (const auto& [parameter, value] : item.written) {
      EXPECT_EQ(runner.written(item, parameter), value) << parameter;
    }
    const auto active = runner.active();
    for (const char* operation : {"find", "digest", "sign", "verify", "verify_signature",
                                  "message_sign", "message_verify"}) {
      EXPECT_EQ(active.contains(operation), item.active.contains(operation)) << operation;
    }
  }
}

TEST(CallTable, HasEveryFunctionThatIsServed) {
  for (const Function& function : all_functions()) {
    const bool listed = std::ranges::any_of(
        table(), [&](const CallCase& item) { return item.function == function.name; });
    EXPECT_EQ(listed, !function.absent) << function.name;
  }
}

TEST(CallTable, SaysForEveryPointerWhatNullDoes) {
  for (const Function& function : all_functions()) {
    if (function.absent) continue;
    for (const Parameter& parameter : function.parameters) {
      if (!parameter.is_pointer()) continue;
      const bool tried = std::ranges::any_of(table(), [&](const CallCase& item) {
        return item.function == function.name &&
               std::ranges::any_of(item.arguments, [&](const Assignment& assignment) {
                 return assignment.parameter == parameter.name && assignment.value == "NULL";
               });
      });
      EXPECT_TRUE(tried) << function.name << " " << parameter.name;
    }
  }
}

TEST(EveryFunction, AnswersNotInitializedBeforeInitialize) {
  for (const Function& function : all_functions()) {
    if (function.free) continue;
    EXPECT_EQ(call_with_zeros(function), CKR_CRYPTOKI_NOT_INITIALIZED) << function.name;
  }
}

TEST(EveryFunction, AnswersNotInitializedAfterFinalize) {
  { const ModuleSetup setup; }
  for (const Function& function : all_functions()) {
    if (function.free) continue;
    EXPECT_EQ(call_with_zeros(function), CKR_CRYPTOKI_NOT_INITIALIZED) << function.name;
  }
}

TEST(EveryFunction, AnswersNotInitializedInAForkedChild) {
  const ModuleSetup setup;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int wrong = 0;
    for (const Function& function : all_functions()) {
      if (!function.free && call_with_zeros(function) != CKR_CRYPTOKI_NOT_INITIALIZED) ++wrong;
    }
    _exit(wrong);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(EveryFunction, ThatIsAbsentSaysSoWhateverItsArguments) {
  const ModuleSetup setup;
  for (const Function& function : all_functions()) {
    if (!function.absent) continue;
    EXPECT_EQ(call_with_zeros(function), CKR_FUNCTION_NOT_SUPPORTED) << function.name;
    const std::vector<Value> nonsense(function.parameters.size(), Value{~CK_ULONG{0}, nullptr});
    EXPECT_EQ(function.call(nonsense), CKR_FUNCTION_NOT_SUPPORTED) << function.name;
  }
}

TEST(EveryFunction, RefusesSessionHandlesThatAreNone) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE closed = setup.open();
  C_CloseSession(closed);
  Bytes buffer(4096);
  for (const Function& function : all_functions()) {
    if (!looks_at_session(function)) continue;
    for (const CK_SESSION_HANDLE handle : {CK_SESSION_HANDLE{0}, ~CK_SESSION_HANDLE{0}, closed}) {
      std::vector<Value> values(function.parameters.size(), Value{0, buffer.data()});
      values[function.place_of("session")].number = handle;
      EXPECT_EQ(function.call(values), CKR_SESSION_HANDLE_INVALID)
          << function.name << " " << handle;
    }
  }
}

TEST(EveryFunction, RefusesSlotsThatAreNone) {
  const ModuleSetup setup;
  Bytes buffer(4096);
  for (const Function& function : all_functions()) {
    const std::size_t place = function.place_of("slot");
    if (function.absent || place == Function::npos) continue;
    for (const CK_SLOT_ID slot : {CK_SLOT_ID{1}, ~CK_SLOT_ID{0}}) {
      std::vector<Value> values(function.parameters.size(),
                                Value{CKF_SERIAL_SESSION, buffer.data()});
      values[place].number = slot;
      EXPECT_EQ(function.call(values), CKR_SLOT_ID_INVALID) << function.name;
    }
  }
}

TEST(Tables, AreFilledWithTheExportsThemselves) {
  CK_ULONG count = 3;
  CK_INTERFACE interfaces[3];
  ASSERT_EQ(C_GetInterfaceList(interfaces, &count), CKR_OK);
  ASSERT_EQ(count, 3U);
  const auto& usual = *static_cast<CK_FUNCTION_LIST_3_0*>(interfaces[0].pFunctionList);
  const auto& newest = *static_cast<CK_FUNCTION_LIST_3_2*>(interfaces[1].pFunctionList);
  const auto& older = *static_cast<CK_FUNCTION_LIST*>(interfaces[2].pFunctionList);
  EXPECT_EQ(usual.version.major, 3);
  EXPECT_EQ(usual.version.minor, 0);
  EXPECT_EQ(newest.version.major, 3);
  EXPECT_EQ(newest.version.minor, 2);
  EXPECT_EQ(older.version.major, 2);
  EXPECT_EQ(older.version.minor, 40);
#define SIGNET_CHECK_2(name)             \
  EXPECT_EQ(newest.C_##name, &C_##name); \
  EXPECT_EQ(usual.C_##name, &C_##name);  \
  EXPECT_EQ(older.C_##name, &C_##name);
#define SIGNET_CHECK_3(name)             \
  EXPECT_EQ(newest.C_##name, &C_##name); \
  EXPECT_EQ(usual.C_##name, &C_##name);
#define SIGNET_CHECK_32(name) EXPECT_EQ(newest.C_##name, &C_##name);
#define SIGNET_FUNCTION(version, name, parameters, arguments) SIGNET_CHECK_##version(name)
#define SIGNET_FREE_FUNCTION SIGNET_FUNCTION
#define SIGNET_ABSENT_FUNCTION SIGNET_FUNCTION
#include "pkcs11-module/edge/functions.inc"
}

// By their places too, as a program sees them that knows no C++: 104 pointers behind the version, in the standard's order.
TEST(Tables, Of32HasNoEmptyEntryAndTheNewFunctionsAtItsEnd) {
  CK_VERSION version{3, 2};
  CK_INTERFACE* found = nullptr;
  ASSERT_EQ(C_GetInterface(nullptr, &version, &found, 0), CKR_OK);
  const auto entry = [&](std::size_t place) {
    void* pointer = nullptr;
    std::memcpy(&pointer,
                static_cast<const char*>(found->pFunctionList) + (1 + place) * sizeof pointer,
                sizeof pointer);
    return pointer;
  };
  for (std::size_t place = 0; place < 104; ++place) EXPECT_NE(entry(place), nullptr) << place;
  EXPECT_EQ(entry(0), reinterpret_cast<void*>(&C_Initialize));
  EXPECT_EQ(entry(91), reinterpret_cast<void*>(&C_MessageVerifyFinal));
  EXPECT_EQ(entry(92), reinterpret_cast<void*>(&C_EncapsulateKey));
  EXPECT_EQ(entry(99), reinterpret_cast<void*>(&C_AsyncComplete));
  EXPECT_EQ(entry(103), reinterpret_cast<void*>(&C_UnwrapKeyAuthenticated));
}

}  // namespace
}  // namespace signet::edge::testing
