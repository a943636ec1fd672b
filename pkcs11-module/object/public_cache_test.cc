#include "pkcs11-module/object/public_cache.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <string>

#include "common/testing/scratch_folder.h"
#include "pkcs11-module/object/cache_format.h"
#include "pkcs11-module/object/testing/test_objects.h"

namespace signet::object {
namespace {

using crypto::test_context;
namespace fs = std::filesystem;

PublicCache::Content sample() {
  PublicCache::Content content;
  auto& appliance = content.appliance.emplace();
  appliance.manufacturer = "Maker";
  appliance.serial_number = "42";
  appliance.firmware = {8, 5};
  appliance.max_digests_per_request = 16;
  appliance.rsa_bits = {2048, 3072};
  appliance.curves = {transport::Curve::p256, transport::Curve::p521};
  appliance.algorithms = {transport::Scheme::ecdsa};
  appliance.hashes = {transport::Hash::sha512};
  appliance.raw_pkcs1 = true;
  content.objects.keys = {rsa_key("k1"), ec_key("k2")};
  content.objects.keys[0].created_at =
      std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
  content.objects.keys[1].active = false;
  content.objects.certificates = {certificate_info("c1", leaf_certificate())};
  content.objects.certificates[0].key_id = "k2";
  content.objects.etag = "\"state\"";
  return content;
}

class PublicCacheFile : public ::testing::Test {
 protected:
  PublicCache cache(const std::string& identity = "seal|https://dsa1.example") const {
    return {test_context(), root_ / "state" / "signet", identity};
  }

  const ScratchFolder root_;
};

void write_to(const fs::path& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  const auto text = text_of(bytes);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
}

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777U;
}

TEST_F(PublicCacheFile, GivesBackWhatWasWritten) {
  cache().write(sample());
  const auto read = cache().read();
  ASSERT_TRUE(read);
  ASSERT_TRUE(read->appliance);
  EXPECT_EQ(read->appliance->manufacturer, "Maker");
  EXPECT_EQ(read->appliance->serial_number, "42");
  EXPECT_EQ(read->appliance->firmware.minor, 5U);
  EXPECT_EQ(read->appliance->max_digests_per_request, 16U);
  EXPECT_EQ(read->appliance->rsa_bits, (std::vector<unsigned>{2048, 3072}));
  EXPECT_EQ(read->appliance->curves.back(), transport::Curve::p521);
  EXPECT_EQ(read->appliance->algorithms.front(), transport::Scheme::ecdsa);
  EXPECT_EQ(read->appliance->hashes.front(), transport::Hash::sha512);
  EXPECT_TRUE(read->appliance->raw_pkcs1);
  ASSERT_EQ(read->objects.keys.size(), 2U);
  const auto& key = read->objects.keys[0];
  EXPECT_EQ(key.id, "k1");
  EXPECT_EQ(text_of(key.label), "seal");
  EXPECT_EQ(key.public_key, rsa_key("k1").public_key);
  EXPECT_EQ(key.created_at, sample().objects.keys[0].created_at);
  EXPECT_TRUE(key.active);
  EXPECT_FALSE(read->objects.keys[1].active);
  EXPECT_EQ(read->objects.keys[1].type, transport::KeyType::ec);
  ASSERT_EQ(read->objects.certificates.size(), 1U);
  EXPECT_EQ(read->objects.certificates[0].der, leaf_certificate());
  EXPECT_EQ(read->objects.certificates[0].key_id, "k2");
}

TEST_F(PublicCacheFile, NeverTellsTheApplianceThatItKnowsItsObjects) {
  cache().write(sample());
  EXPECT_TRUE(cache().read()->objects.etag.empty());
}

TEST_F(PublicCacheFile, IsForItsOwnerOnly) {
  cache().write(sample());
  EXPECT_EQ(mode_of(cache().file()), 0600U);
  EXPECT_EQ(mode_of(cache().file().parent_path()), 0700U);
}

TEST_F(PublicCacheFile, LeavesNothingButItselfBehind) {
  cache().write(sample());
  cache().write({});
  const auto folder = cache().file().parent_path();
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
  ASSERT_TRUE(cache().read());
  EXPECT_FALSE(cache().read()->appliance);
  EXPECT_TRUE(cache().read()->objects.keys.empty());
}

TEST_F(PublicCacheFile, GivesNothingWhereThereIsNone) {
  EXPECT_FALSE(cache().read());
}

TEST_F(PublicCacheFile, IsNotReadByAnotherIdentity) {
  cache().write(sample());
  const auto other = cache("seal|https://dsa2.example");
  EXPECT_NE(other.file(), cache().file());
  EXPECT_FALSE(other.read());
  fs::copy_file(cache().file(), other.file());
  fs::permissions(other.file(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(other.read());
}

TEST_F(PublicCacheFile, IsIgnoredWithAnyOtherMode) {
  cache().write(sample());
  for (const mode_t mode : {0644U, 0660U, 0400U, 0700U}) {
    ASSERT_EQ(::chmod(cache().file().c_str(), mode), 0);
    EXPECT_FALSE(cache().read()) << mode;
  }
  ASSERT_EQ(::chmod(cache().file().c_str(), 0600), 0);
  EXPECT_TRUE(cache().read());
}

TEST_F(PublicCacheFile, IsIgnoredBehindALinkOrAsAFolderOrPipe) {
  cache().write(sample());
  const auto file = cache().file();
  fs::rename(file, root_ / "elsewhere");
  fs::create_symlink(root_ / "elsewhere", file);
  EXPECT_FALSE(cache().read());
  fs::remove(file);
  fs::create_directory(file);
  EXPECT_FALSE(cache().read());
  fs::remove(file);
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  EXPECT_FALSE(cache().read());
}

TEST_F(PublicCacheFile, OfAnotherUserIsIgnored) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  cache().write(sample());
  ASSERT_EQ(::chown(cache().file().c_str(), 1, 1), 0);
  EXPECT_FALSE(cache().read());
}

TEST_F(PublicCacheFile, IsIgnoredWhenTooLarge) {
  cache().write(sample());
  ASSERT_EQ(::truncate(cache().file().c_str(), PublicCache::kMaxFileSize + 1), 0);
  EXPECT_FALSE(cache().read());
}

TEST_F(PublicCacheFile, IsIgnoredWhenCutShort) {
  cache().write(sample());
  const auto file = cache().file();
  const auto size = fs::file_size(file);
  for (const std::uintmax_t shorter : {size - 1, size / 2, std::uintmax_t{0}}) {
    fs::resize_file(file, shorter);
    EXPECT_FALSE(cache().read()) << shorter;
  }
}

TEST_F(PublicCacheFile, IsNotWrittenIntoAFolderThatOthersMayWriteTo) {
  fs::create_directories(root_ / "state" / "signet");
  ASSERT_EQ(::chmod((root_ / "state" / "signet").c_str(), 0777), 0);
  cache().write(sample());
  EXPECT_FALSE(fs::exists(cache().file()));
}

TEST_F(PublicCacheFile, IsNotWrittenWhereThereIsNoFolder) {
  write_to(root_ / "state", {1});
  cache().write(sample());
  EXPECT_FALSE(cache().read());
}

// A forged file: the body as given, with the right digest.
Bytes forged(const Bytes& body) {
  Bytes file = body;
  const Bytes digest = crypto::digest_of(crypto::Hash::sha256, file);
  file.insert(file.end(), digest.begin(), digest.end());
  return file;
}

TEST(CacheFormat, RefusesAnyByteLostOrChanged) {
  const auto good = encode_cache(test_context(), "me", sample());
  ASSERT_TRUE(good);
  for (std::size_t i = 0; i < good.value().size(); ++i) {
    const auto cut = ByteView(good.value()).first(i);
    ASSERT_FALSE(decode_cache(test_context(), "me", cut)) << i;
    Bytes changed = copy_of(good.value());
    changed[i] ^= 1U;
    ASSERT_FALSE(decode_cache(test_context(), "me", changed)) << i;
  }
}

TEST(CacheFormat, ReadsForgedFilesWithinTheirBounds) {
  const auto good = encode_cache(test_context(), "me", sample());
  ASSERT_TRUE(good);
  ASSERT_TRUE(decode_cache(test_context(), "me", good.value()));
  const Bytes body(good.value().begin(), good.value().end() - 32);
  std::mt19937 random(11);
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    Bytes changed = body;
    for (int i = 0; i < 3; ++i) {
      const std::size_t place = 24 + random() % (changed.size() - 24);
      changed[place] = static_cast<std::uint8_t>(random());
    }
    if (random() % 4 == 0) changed.resize(24 + random() % (changed.size() - 24));
    const auto content = decode_cache(test_context(), "me", forged(changed));
    if (!content) {
      ++refused;
      EXPECT_EQ(content.error().rv, CKR_DATA_INVALID);
    }
  }
  EXPECT_GT(refused, 500);
}

TEST(CacheFormat, RefusesIdsThatDoNotBelongInLogsAndAddresses) {
  for (const std::string id : {"a b", "line\nbreak", "\x01", "\xc3\xa9"}) {
    auto content = sample();
    content.objects.keys[0].id = id;
    const auto file = encode_cache(test_context(), "me", content);
    ASSERT_TRUE(file);
    EXPECT_FALSE(decode_cache(test_context(), "me", file.value())) << id;
  }
}

TEST(CacheFormat, RefusesBytesBehindTheEnd) {
  const auto file = encode_cache(test_context(), "me", sample());
  Bytes body(file.value().begin(), file.value().end() - 32);
  body.push_back(0);
  EXPECT_FALSE(decode_cache(test_context(), "me", forged(body)));
}

}  // namespace
}  // namespace signet::object
