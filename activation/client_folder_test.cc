#include "activation/client_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "activation/installation.h"
#include "common/testing/scratch_folder.h"

namespace signet::activation {
namespace {

using pkcs11::Reason;

const ImportRecord kFirst{"c1", "f1", "2026-03-01T12:00:00.000Z", ""};
const ImportRecord kSecond{"c2", "f2", "2026-03-02T12:00:00.000Z", "2026-03-03T12:00:00.000Z"};

const pinning::Pin kMemberPin = pinning::Pin::of_public_key(Bytes{1});
const sealclient::Credentials kAccount{
    .client = "c1",
    .user = "seal \"1\"",
    .password = Secret("secret"),
    .members = {{"https://dsa.example:8081/dsa/v1", pinning::PinSet({kMemberPin})}},
    .enrol_key = {}};

TEST(ClientFolder, KeepsRecordsByFile) {
  const ScratchFolder scratch;
  ImportRecord ended = kFirst;
  ended.imported = "2026-03-01T13:00:00.000Z";
  {
    const auto folder = ClientFolder::open(scratch.path());
    ASSERT_TRUE(folder);
    EXPECT_TRUE(folder.value().records().value().empty());
    ASSERT_TRUE(folder.value().keep(kFirst));
    ASSERT_TRUE(folder.value().keep(kSecond));
    ASSERT_TRUE(folder.value().keep(ended));
  }
  const auto again = ClientFolder::open(scratch.path());
  EXPECT_EQ(again.value().records().value(), (std::vector{ended, kSecond}));
}

TEST(ClientFolder, IsForOneProcessAtATime) {
  const ScratchFolder scratch;
  const auto first = ClientFolder::open(scratch.path());
  const auto second = ClientFolder::open(scratch.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::exists);
}

TEST(ClientFolder, WithoutRecordsThatCanBeReadNothingIsImported) {
  const ScratchFolder scratch;
  scratch.write("imported.json", "[{\"client\": 1}]");
  const auto folder = ClientFolder::open(scratch.path());
  EXPECT_EQ(folder.value().records().error().reason, Reason::unreadable);
  EXPECT_FALSE(folder.value().keep(kFirst));
}

TEST(ClientFolder, ThatIsNotThereSaysHowToMakeIt) {
  const ScratchFolder scratch;
  const auto folder = ClientFolder::open(scratch / "client");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().reason, Reason::not_found);
}

TEST(ClientFolder, WhoMayReadTheKeyMayReadTheActivation) {
  const ScratchFolder scratch;
  ASSERT_TRUE(make_installation(scratch / "client", "nogroup"));
  const auto folder = ClientFolder::open(scratch / "client");
  ASSERT_TRUE(folder) << folder.error().sentence;
  ASSERT_TRUE(folder.value().store("office", view_of("first"), kAccount));
  ASSERT_TRUE(folder.value().store("office", view_of("second"), kAccount));
  EXPECT_EQ(scratch.read("client/office.activation"), "second");
  struct stat key {};
  struct stat stored {};
  ASSERT_EQ(lstat((scratch / "client/installation.key").c_str(), &key), 0);
  ASSERT_EQ(lstat((scratch / "client/office.activation").c_str(), &stored), 0);
  EXPECT_EQ(stored.st_mode & 07777U, 0640U);
  EXPECT_EQ(stored.st_gid, key.st_gid);
  EXPECT_EQ(client_names(scratch / "client"), std::vector<std::string>{"office"});
}

TEST(ClientFolder, AccountHasNoPassword) {
  const ScratchFolder scratch;
  const auto folder = ClientFolder::open(scratch.path());
  ASSERT_TRUE(folder.value().store("office", view_of("x"), kAccount));
  EXPECT_EQ(scratch.read("office.account"),
            "# Written by signet client import.\nuser = \"seal \\\"1\\\"\"\n\n"
            "[[member]]\nurl  = \"https://dsa.example:8081/dsa/v1\"\n"
            "pins = [\"" +
                kMemberPin.text() + "\"]\n");
}

TEST(ClientFolder, NamesAreNoPaths) {
  for (const char* name : {"office", "a.b-c_d", "0f3a"}) EXPECT_TRUE(is_client_name(name)) << name;
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "a b", "\xc3\xa1"})
    EXPECT_FALSE(is_client_name(name)) << name;
  EXPECT_FALSE(is_client_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace signet::activation
