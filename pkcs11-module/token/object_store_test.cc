#include "pkcs11-module/token/object_store.h"

#include <gtest/gtest.h>

#include <utility>

#include "common/testing/scratch_folder.h"
#include "crypto/testing/test_key.h"
#include "dsa-transport/testing/fake_appliance.h"

namespace signet::token {
namespace {

using Call = transport::FakeAppliance::Call;

class ObjectStoreTest : public testing::Test {
 protected:
  ObjectStoreTest() { appliance_.add_ec_key(); }

  CkResult<void> read(ObjectStore& store) {
    return store.read({"seal", Secret(std::string_view("secret"))}, false,
                      Deadline::after(Milliseconds(5000)));
  }

  // As in another process: with nothing but the cache folder in common.
  struct Process {
    explicit Process(ObjectStoreTest& test)
        : capabilities(test.appliance_, "seal", false),
          store(test.appliance_, capabilities, crypto::test_context(), test.folder_.path(), {}) {}
    Capabilities capabilities;
    ObjectStore store;
  };

  static std::size_t private_keys(ObjectStore& store) {
    object::AttributeSet search;
    search.set_number(CKA_CLASS, CKO_PRIVATE_KEY);
    return store.snapshot()->find(search, true).size();
  }

  const ScratchFolder folder_;
  transport::FakeAppliance appliance_;
  Process process_{*this};
  ObjectStore& store_ = process_.store;
};

TEST_F(ObjectStoreTest, ShowsWhatAnEarlierProcessReadUntilItHasReadItself) {
  ASSERT_TRUE(read(store_));
  appliance_.add_ec_key();
  Process later(*this);
  EXPECT_EQ(private_keys(later.store), 1U);
  EXPECT_TRUE(later.store.wants_reading());
  ASSERT_TRUE(read(later.store));
  EXPECT_EQ(private_keys(later.store), 2U);
  EXPECT_FALSE(later.store.wants_reading());
}

TEST_F(ObjectStoreTest, HandsWhatTheFileSaysOfTheApplianceToTheCapabilities) {
  ASSERT_TRUE(process_.capabilities.learn(Capabilities::Wanted::fresh,
                                          Deadline::after(Milliseconds(5000))));
  store_.show_capabilities();
  Process later(*this);
  later.store.load_cache();
  EXPECT_EQ(later.capabilities.info()->model, process_.capabilities.info()->model);
}

TEST_F(ObjectStoreTest, AsksAgainForAnAnswerThatMayLackAnOwnChange) {
  ASSERT_TRUE(read(store_));
  const auto made = appliance_.add_ec_key();
  bool changed = false;
  appliance_.on_call([&](Call call) {
    if (call == Call::objects && !std::exchange(changed, true)) store_.put(made);
  });
  const unsigned before = appliance_.calls(Call::objects);
  ASSERT_TRUE(read(store_));
  EXPECT_EQ(appliance_.calls(Call::objects), before + 2);
  EXPECT_EQ(private_keys(store_), 2U);
}

TEST_F(ObjectStoreTest, RestsAfterAFailedReadingUntilTheConfigurationChanges) {
  EXPECT_TRUE(store_.wants_reading());
  store_.note_failed_reading();
  EXPECT_FALSE(store_.wants_reading());
  store_.reconfigure({}, false);
  EXPECT_TRUE(store_.wants_reading());
}

TEST_F(ObjectStoreTest, IsRefreshedByOneCallOnly) {
  EXPECT_FALSE(store_.take_turn_to_refresh(Milliseconds(0))) << "never read";
  ASSERT_TRUE(read(store_));
  EXPECT_FALSE(store_.take_turn_to_refresh(Milliseconds(60'000)));
  store_.reconfigure({}, true);
  EXPECT_TRUE(store_.take_turn_to_refresh(Milliseconds(60'000))) << "of other members";
  EXPECT_FALSE(store_.take_turn_to_refresh(Milliseconds(60'000)));
}

TEST_F(ObjectStoreTest, AcceptsTheDestructionOfAnOrphanedPublicKeyOnce) {
  const auto key = appliance_.add_ec_key();
  store_.put(key);
  const CK_OBJECT_HANDLE public_half = store_.handles().of(CKO_PUBLIC_KEY, key.id);
  EXPECT_FALSE(store_.take_orphaned_public_key(public_half));
  store_.remove_key(key.id);
  EXPECT_EQ(store_.snapshot()->get(public_half), nullptr);
  EXPECT_TRUE(store_.take_orphaned_public_key(public_half));
  EXPECT_FALSE(store_.take_orphaned_public_key(public_half));
}

}  // namespace
}  // namespace signet::token
