// The module notices that its code or its constants are not those that were built. LoadedModule
// loads it wherever it is called; dlopen() beside it only finds out where a function lies, of a file that is to be changed or
// of the module that is loaded already.
#include <dlfcn.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "common/clock.h"
#include "common/testing/scratch_folder.h"
#include "tests/support/client_config.h"
#include "tests/support/figures.h"
#include "tests/support/files.h"
#include "tests/support/module.h"
#include "tests/support/process.h"
#include "tests/support/sanitizers.h"

namespace signet::tests {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// An exported function that no test here calls.
constexpr char kFunction[] = "C_WaitForSlotEvent";
// A constant of the module that no test here asks for.
constexpr std::string_view kConstant = "CKR_SESSION_PARALLEL_NOT_SUPPORTED";

class SelfCheckTest : public testing::Test {
 protected:
  SelfCheckTest() {
    fs::copy_file(module_file(), copy_);
    setenv("SIGNET_MODULE", copy_.c_str(), 1);
    configure("");
  }
  ~SelfCheckTest() override { unsetenv("SIGNET_MODULE"); }

  void configure(const std::string& self_check) {
    // Nobody listens there, and nobody is asked.
    write_config(dir_ / "client.toml", {{"https://127.0.0.1:1/dsa/v1", {kPin}}}, log_file_);
    write_file(dir_ / "client.toml",
               "[self_check]\n" + self_check + "\n" + read_file(dir_ / "client.toml"));
    use_config(dir_ / "client.toml");
  }

  void flip_byte(std::size_t offset) const {
    std::fstream file(copy_, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(static_cast<std::streamoff>(offset));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(static_cast<char>(byte ^ 0x01));
    ASSERT_TRUE(file);
  }

  // Where the function's first byte lies in the file.
  std::size_t place_of_function() const {
    const std::string content = read_file(copy_);
    void* const library = dlopen(copy_.c_str(), RTLD_NOW | RTLD_LOCAL);
    Dl_info info{};
    dladdr(dlsym(library, kFunction), &info);
    const auto address = static_cast<std::size_t>(static_cast<const char*>(info.dli_saddr) -
                                                  static_cast<const char*>(info.dli_fbase));
    dlclose(library);
    ElfW(Ehdr) header;
    std::memcpy(&header, content.data(), sizeof header);
    for (std::size_t i = 0; i < header.e_phnum; ++i) {
      ElfW(Phdr) segment;
      std::memcpy(&segment, content.data() + header.e_phoff + i * sizeof segment, sizeof segment);
      const bool here = segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
                        address < segment.p_vaddr + segment.p_filesz;
      if (here) return address - segment.p_vaddr + segment.p_offset;
    }
    ADD_FAILURE() << "no segment holds " << kFunction;
    return 0;
  }

  std::size_t place_of_constant() const {
    const std::size_t at = read_file(copy_).find(kConstant);
    EXPECT_NE(at, std::string::npos);
    return at;
  }

  std::string log() const { return read_file(log_file_); }

  // Leaves no descriptor open, the log's least of all.
  static CK_RV initialize_and_finalize() {
    const LoadedModule module;
    const std::size_t descriptors = current_figures().descriptors;
    const CK_RV rv = module.initialize();
    if (rv == CKR_OK) expect_ok(module->C_Finalize(nullptr), "C_Finalize");
    EXPECT_EQ(current_figures().descriptors, descriptors);
    return rv;
  }

  static constexpr char kPin[] = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  ScratchFolder dir_;
  const fs::path copy_ = dir_ / "copy.so";
  const fs::path log_file_ = dir_ / "client.log";
};

TEST_F(SelfCheckTest, AnUnchangedCopyWorks) {
  EXPECT_EQ(initialize_and_finalize(), CKR_OK);
}

TEST_F(SelfCheckTest, AStrippedCopyWorks) {
  const auto before = fs::file_size(copy_);
  // NOLINTNEXTLINE(cert-env33-c): this test's own words
  ASSERT_EQ(std::system(fmt::format("strip '{}'", copy_.string()).c_str()), 0);
  ASSERT_LT(fs::file_size(copy_), before);
  EXPECT_EQ(initialize_and_finalize(), CKR_OK);
}

TEST_F(SelfCheckTest, AFlippedBitOfTheCodeIsRefusedAtTheStart) {
  flip_byte(place_of_function());
  EXPECT_EQ(initialize_and_finalize(), CKR_GENERAL_ERROR);
  EXPECT_NE(log().find("copy.so: its code or its constants are not those that were built"),
            std::string::npos)
      << log();
}

TEST_F(SelfCheckTest, AFlippedBitOfAConstantIsRefusedAtTheStart) {
  flip_byte(place_of_constant());
  EXPECT_EQ(initialize_and_finalize(), CKR_GENERAL_ERROR);
  EXPECT_NE(log().find("its code or its constants are not those that were built"),
            std::string::npos)
      << log();
}

TEST_F(SelfCheckTest, TheCheckCanBeTurnedOff) {
  flip_byte(place_of_constant());
  configure("enabled = false");
  EXPECT_EQ(initialize_and_finalize(), CKR_OK);
}

// Flips a bit of the loaded function, as an attacker with a hold on the process would.
void patch_memory(CK_C_WaitForSlotEvent function) {
  auto* const code = reinterpret_cast<std::uint8_t*>(function);
  const auto page_size = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a page is found by its number
  auto* const page =
      reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(code) & ~(page_size - 1));
  ASSERT_EQ(mprotect(page, page_size, PROT_READ | PROT_WRITE), 0);
  *code ^= 0x01U;
  ASSERT_EQ(mprotect(page, page_size, PROT_READ | PROT_EXEC), 0);
}

TEST_F(SelfCheckTest, CodeThatChangesInMemoryEndsAllCallsButFinalize) {
  configure("every = \"1s\"");
  const LoadedModule module;
  ASSERT_EQ(module.initialize(), CKR_OK);
  CK_INFO info{};
  ASSERT_EQ(module->C_GetInfo(&info), CKR_OK);
  void* const library = dlopen(copy_.c_str(), RTLD_NOW | RTLD_NOLOAD);
  auto* const other = reinterpret_cast<CK_C_WaitForSlotEvent>(dlsym(library, kFunction));
  dlclose(library);
  ASSERT_NE(other, nullptr);

  patch_memory(other);

  CK_RV rv = CKR_OK;
  for (int i = 0; i < 100 && rv == CKR_OK; ++i) {
    std::this_thread::sleep_for(100ms);
    rv = module->C_GetInfo(&info);
  }
  EXPECT_EQ(rv, CKR_GENERAL_ERROR);
  EXPECT_EQ(module->C_GetInfo(&info), CKR_GENERAL_ERROR) << "it stays so";
  EXPECT_EQ(module->C_Finalize(nullptr), CKR_OK);
}

// The best of several, for other programs use the processor as well.
Milliseconds::rep microseconds_of_initialize() {
  auto best = std::chrono::microseconds::max();
  for (int i = 0; i < 20; ++i) {
    const LoadedModule module;
    const auto began = std::chrono::steady_clock::now();
    expect_ok(module.initialize(), "C_Initialize");
    const auto took = std::chrono::steady_clock::now() - began;
    expect_ok(module->C_Finalize(nullptr), "C_Finalize");
    best = std::min(best, std::chrono::duration_cast<std::chrono::microseconds>(took));
  }
  return best.count();
}

TEST_F(SelfCheckTest, CostsCInitializeAFewMillisecondsAtMost) {
  const auto with = microseconds_of_initialize();
  configure("enabled = false");
  const auto without = microseconds_of_initialize();
  std::cout << "[ measured ] C_Initialize: " << with << " us, without the self-check " << without
            << " us\n";
#ifndef SIGNET_SANITIZED
  EXPECT_LT(with - without, 20'000);
#endif
}

}  // namespace
}  // namespace signet::tests
