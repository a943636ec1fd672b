// Other libraries of the process define C_GetInterface and C_GetFunctionList too: callers get ours. The module is
// loaded here with dlopen() and not with tests/support/loaded_module.h: it has to share the global scope with those libraries
// (RTLD_GLOBAL), which the shared loader keeps it out of.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "cryptoki/pkcs11_3_2.h"
#include "tests/support/module.h"

namespace signet::tests {
namespace {

// In the order in which a process meets them; each puts its symbols into the global scope.
constexpr std::array kForeign = {"libp11-kit.so.0", "libnss3.so", "libsoftokn3.so"};

std::filesystem::path file_of(const void* address) {
  Dl_info where{};
  if (dladdr(address, &where) == 0) return {};
  return std::filesystem::canonical(where.dli_fname);
}

template <typename Function>
const void* address_of(Function function) {
  return reinterpret_cast<const void*>(function);
}

template <typename Function>
Function symbol(void* library, const char* name) {
  return reinterpret_cast<Function>(dlsym(library, name));
}

class ForeignModulesTest : public testing::Test {
 protected:
  ForeignModulesTest() {
    for (const char* file : kForeign) {
      // Never closed: they are not made for that.
      EXPECT_NE(dlopen(file, RTLD_NOW | RTLD_GLOBAL), nullptr) << dlerror();
    }
    library_ = dlopen(module_file().c_str(), RTLD_NOW | RTLD_GLOBAL);
    EXPECT_NE(library_, nullptr) << dlerror();
  }

  ~ForeignModulesTest() override { dlclose(library_); }

  static bool is_ours(const void* address) {
    return file_of(address) == std::filesystem::canonical(module_file());
  }

  // A function table is its version and then one pointer after the other.
  static void expect_every_entry_ours(void* table, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(table);
    std::size_t entries = 0;
    for (std::size_t at = alignof(void*); at < size; at += sizeof(void*), ++entries) {
      const void* function = nullptr;
      std::memcpy(&function, bytes + at, sizeof function);
      EXPECT_TRUE(is_ours(function)) << "entry " << entries << " lies in " << file_of(function);
    }
    RecordProperty("entries", static_cast<int>(entries));
  }

  void* library_ = nullptr;
};

TEST_F(ForeignModulesTest, TheGlobalScopeKnowsTheNamesFromElsewhere) {
  // Or the other cases would prove nothing.
  for (const char* name : {"C_GetInterface", "C_GetFunctionList"}) {
    const void* found = dlsym(RTLD_DEFAULT, name);
    ASSERT_NE(found, nullptr) << name;
    EXPECT_FALSE(is_ours(found)) << name << " lies in " << file_of(found);
  }
}

TEST_F(ForeignModulesTest, EverythingThatOurHandleGivesLiesInOurFile) {
  for (const char* name :
       {"C_GetInterface", "C_GetInterfaceList", "C_GetFunctionList", "C_Initialize", "C_Sign"}) {
    EXPECT_TRUE(is_ours(dlsym(library_, name))) << name;
  }
}

TEST_F(ForeignModulesTest, EveryEntryOfTheFunctionListIsOurs) {
  CK_FUNCTION_LIST* list = nullptr;
  const auto get = symbol<CK_C_GetFunctionList>(library_, "C_GetFunctionList");
  ASSERT_EQ(get(&list), CKR_OK);
  expect_every_entry_ours(list, sizeof *list);
  EXPECT_TRUE(is_ours(address_of(list->C_GetFunctionList)));
}

TEST_F(ForeignModulesTest, EveryEntryOfEveryInterfaceIsOurs) {
  const auto get_list = symbol<CK_C_GetInterfaceList>(library_, "C_GetInterfaceList");
  const auto get_one = symbol<CK_C_GetInterface>(library_, "C_GetInterface");
  std::array<CK_INTERFACE, 3> interfaces{};
  CK_ULONG count = interfaces.size();
  ASSERT_EQ(get_list(interfaces.data(), &count), CKR_OK);
  ASSERT_EQ(count, interfaces.size());
  expect_every_entry_ours(interfaces[0].pFunctionList, sizeof(CK_FUNCTION_LIST_3_0));
  expect_every_entry_ours(interfaces[1].pFunctionList, sizeof(CK_FUNCTION_LIST_3_2));
  expect_every_entry_ours(interfaces[2].pFunctionList, sizeof(CK_FUNCTION_LIST));

  CK_INTERFACE* best = nullptr;
  ASSERT_EQ(get_one(nullptr, nullptr, &best, 0), CKR_OK);
  EXPECT_EQ(best->pFunctionList, interfaces[0].pFunctionList);
  EXPECT_TRUE(is_ours(best));
}

}  // namespace
}  // namespace signet::tests
