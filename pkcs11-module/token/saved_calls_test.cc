#include "pkcs11-module/token/saved_calls.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/testing/scratch_folder.h"

namespace signet::token {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::system_clock;

constexpr char kUuid[] = "0f8fad5b-d9cb-469f-a165-70867728950e";

SavedCall signature_call() {
  SavedCall::Signature signing;
  signing.request.key_id = "00000002-0000-4000-8000-a00000000000";
  signing.request.algorithm = crypto::Scheme::rsa_pss;
  signing.request.hash = crypto::Hash::sha384;
  signing.request.salt_length = 48;
  signing.request.digests = {Bytes(48, 1), Bytes(48, 2), Bytes()};
  signing.request.reference = "file 7\nend";
  signing.request.idempotency_key = kUuid;
  signing.position = 1;
  signing.public_key = {0x30, 0x00};
  return {.function = "C_SignFinal",
          .service = "seal\nhttps://127.0.0.1:1/dsa/v1",
          .user = "seal",
          .end = std::chrono::floor<Milliseconds>(Clock::now() + 5min),
          .request = signing};
}

SavedCall key_call() {
  SavedCall call = signature_call();
  call.function = "C_GenerateKeyPair";
  call.request = transport::KeySpec{crypto::KeyType::ec, 0,    crypto::Curve::p384, {'a', 0, '\n'},
                                    {0x77, 0x88},        kUuid};
  return call;
}

class SavedCallsTest : public testing::Test {
 protected:
  std::filesystem::path place() const { return folder_.path() / "cache" / "pending"; }
  std::filesystem::path only_file() const {
    return std::filesystem::directory_iterator(place())->path();
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(place()), {}));
  }

  const ScratchFolder folder_;
  SavedCalls calls_{place()};
};

TEST_F(SavedCallsTest, ASignatureIsFoundAsItWasSaved) {
  const SavedCall saved = signature_call();
  const CK_ULONG id = calls_.save(saved).value();
  const auto found = SavedCalls(place()).find(id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->function, saved.function);
  EXPECT_EQ(found->service, saved.service);
  EXPECT_EQ(found->user, saved.user);
  EXPECT_EQ(found->end, saved.end);
  const auto& one = std::get<SavedCall::Signature>(saved.request);
  const auto& other = std::get<SavedCall::Signature>(found->request);
  EXPECT_EQ(other.request.key_id, one.request.key_id);
  EXPECT_EQ(other.request.algorithm, one.request.algorithm);
  EXPECT_EQ(other.request.hash, one.request.hash);
  EXPECT_EQ(other.request.salt_length, one.request.salt_length);
  EXPECT_EQ(other.request.digests, one.request.digests);
  EXPECT_EQ(other.request.reference, one.request.reference);
  EXPECT_EQ(other.request.idempotency_key, kUuid);
  EXPECT_EQ(other.position, 1U);
  EXPECT_EQ(other.public_key, one.public_key);
}

TEST_F(SavedCallsTest, AKeyGenerationIsFoundAsItWasSaved) {
  const CK_ULONG id = calls_.save(key_call()).value();
  const auto found = calls_.find(id);
  ASSERT_TRUE(found);
  const auto& spec = std::get<transport::KeySpec>(found->request);
  EXPECT_EQ(spec.type, crypto::KeyType::ec);
  EXPECT_EQ(spec.curve, crypto::Curve::p384);
  EXPECT_EQ(spec.label, (Bytes{'a', 0, '\n'}));
  EXPECT_EQ(spec.cka_id, (Bytes{0x77, 0x88}));
  EXPECT_EQ(spec.idempotency_key, kUuid);
}

TEST_F(SavedCallsTest, OnlyItsOwnerCanReadIt) {
  ASSERT_TRUE(calls_.save(signature_call()));
  struct stat status {};
  ASSERT_EQ(stat(only_file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  ASSERT_EQ(stat(place().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0700U);
}

TEST_F(SavedCallsTest, OneOfManyTakesIt) {
  const CK_ULONG id = calls_.save(signature_call()).value();
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      if (SavedCalls(place()).take(id)) ++taken;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 1);
  EXPECT_FALSE(calls_.find(id));
}

TEST_F(SavedCallsTest, EachHasAnIdOfItsOwn) {
  std::set<CK_ULONG> ids;
  for (int i = 0; i < 20; ++i) ids.insert(calls_.save(key_call()).value());
  EXPECT_EQ(ids.size(), 20U);
  EXPECT_FALSE(ids.contains(0));
}

TEST_F(SavedCallsTest, NothingIsFoundWhoseTimeIsOverOrUnknown) {
  SavedCall call = key_call();
  call.end = Clock::now() - 1ms;
  EXPECT_FALSE(calls_.find(calls_.save(call).value()));
  call.end = Clock::now() + SavedCalls::kLongest + 1h;  // the clock was turned back since
  EXPECT_FALSE(calls_.find(calls_.save(call).value()));
  EXPECT_FALSE(calls_.find(4711));
}

TEST_F(SavedCallsTest, WhatWasChangedOnDiskIsIgnored) {
  const CK_ULONG id = calls_.save(signature_call()).value();
  const auto file = only_file();
  ASSERT_EQ(chmod(file.c_str(), 0640), 0);
  EXPECT_FALSE(calls_.find(id));
  ASSERT_EQ(chmod(file.c_str(), 0600), 0);
  EXPECT_TRUE(calls_.find(id));
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  EXPECT_FALSE(calls_.find(id));
  std::filesystem::remove(file);
  std::filesystem::create_symlink("/etc/hostname", file);
  EXPECT_FALSE(calls_.find(id));
}

TEST_F(SavedCallsTest, OldFilesAreRemoved) {
  ASSERT_TRUE(calls_.save(signature_call()));
  std::ofstream(place() / "0000000000000001.call.Ab12Cd") << "left behind";
  for (const auto& each : std::filesystem::directory_iterator(place())) {
    const timespec old[2] = {{1'000'000, 0}, {1'000'000, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, each.path().c_str(), old, 0), 0);
  }
  ASSERT_EQ(files(), 2U);
  ASSERT_TRUE(SavedCalls(place()).save(key_call()));
  EXPECT_EQ(files(), 1U);
}

TEST_F(SavedCallsTest, WhereNothingCanBeWrittenNothingIsSaved) {
  std::ofstream(folder_.path() / "cache") << "a file in the folder's place";
  const auto saved = calls_.save(signature_call());
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().rv, CKR_STATE_UNSAVEABLE);
}

// One change of a line each.
class DamagedSavedCall : public testing::TestWithParam<std::pair<const char*, const char*>> {};

INSTANTIATE_TEST_SUITE_P(
    Lines, DamagedSavedCall,
    testing::Values(std::pair("signet-pending-call 1", "signet-pending-call 2"),
                    std::pair("function ", "Function "), std::pair("function 43", "function 4"),
                    std::pair("end 1", "end -1"), std::pair("end 1", "end 99999999999991"),
                    std::pair("request 1", "request 2"), std::pair("request 1", "request 0"),
                    std::pair("algorithm 1", "algorithm 5"), std::pair("hash 4", "hash 400"),
                    std::pair("salt 48", "salt 48 "), std::pair("salt 48", "salt "),
                    std::pair("position 1", "position 3"), std::pair("count 3", "count 2"),
                    std::pair("count 3", "count 4"), std::pair("0f8fad5b-d9cb", "0f8fad5b\r\nd9c"),
                    std::pair("0f8fad5b", "0F8fad5b"), std::pair("digest 01", "digest 0g")));

TEST_P(DamagedSavedCall, IsNone) {
  std::string text = encode_saved_call(signature_call());
  ASSERT_TRUE(decode_saved_call(text));
  const auto [from, to] = GetParam();
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << text;
  text.replace(at, std::string(from).size(), to);
  EXPECT_FALSE(decode_saved_call(text)) << text;
}

TEST(SavedCall, EveryCutIsNone) {
  for (const SavedCall& call : {signature_call(), key_call()}) {
    const std::string text = encode_saved_call(call);
    for (std::size_t size = 0; size < text.size(); ++size)
      EXPECT_FALSE(decode_saved_call(std::string_view(text).substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace signet::token
