#include "pkcs11-module/object/snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <set>
#include <thread>

#include "pkcs11-module/object/testing/test_objects.h"

namespace signet::object {
namespace {

using crypto::test_context;
using Handles = std::vector<CK_OBJECT_HANDLE>;

const std::vector<ObjectPtr>& builtin() {
  static const auto kObjects = [] {
    const CK_MECHANISM_TYPE mechanisms[] = {CKM_RSA_PKCS};
    return builtin_objects(mechanisms);
  }();
  return kObjects;
}

transport::ObjectSet small_set() {
  transport::ObjectSet set;
  set.keys = {rsa_key("k1"), ec_key("k2")};
  set.certificates = {certificate_info("c1", crypto::TestKey::rsa(2048).certificate()),
                      certificate_info("c2", root_certificate())};
  set.certificates[0].key_id = "k1";
  set.certificates[1].label = copy_of(view_of("root"));
  set.certificates[1].cka_id.clear();
  return set;
}

SnapshotPtr build(const transport::ObjectSet& set, HandleSource& handles,
                  const SnapshotPtr& before = nullptr, const KeyTraits& traits = {}) {
  return build_snapshot(test_context(), set, builtin(), traits, handles, before);
}

Wanted of_class(CK_OBJECT_CLASS object_class) {
  return Wanted().number(CKA_CLASS, object_class);
}

ObjectPtr only(const SnapshotPtr& snapshot, const AttributeSet& search) {
  const auto found = snapshot->find(search, true);
  EXPECT_EQ(found.size(), 1U);
  return found.empty() ? nullptr : snapshot->get(found.front());
}

TEST(HandleSource, NeverGivesAHandleTwice) {
  HandleSource handles;
  std::set<CK_OBJECT_HANDLE> seen;
  for (int i = 0; i < 100000; ++i) {
    const auto handle = handles.fresh();
    ASSERT_NE(handle, CK_INVALID_HANDLE);
    ASSERT_LT(handle, CK_OBJECT_HANDLE{1} << 48U);
    ASSERT_TRUE(seen.insert(handle).second);
  }
}

TEST(HandleSource, KeepsTheHandleOfAnApplianceObject) {
  HandleSource handles;
  const auto first = handles.of(CKO_PRIVATE_KEY, "k");
  EXPECT_EQ(handles.of(CKO_PRIVATE_KEY, "k"), first);
  EXPECT_NE(handles.of(CKO_PUBLIC_KEY, "k"), first);
  EXPECT_NE(handles.of(CKO_PRIVATE_KEY, "l"), first);
}

TEST(HandleSource, ForgetsWhatIsGoneOnceItIsMuch) {
  HandleSource handles;
  const auto kept = handles.of(CKO_PRIVATE_KEY, "kept");
  const auto gone = handles.of(CKO_PRIVATE_KEY, "gone");
  handles.forget_gone({"kept"});
  EXPECT_EQ(handles.of(CKO_PRIVATE_KEY, "gone"), gone) << "a few are remembered: it may come back";
  for (int i = 0; i < 10'000; ++i) {
    handles.of(CKO_PUBLIC_KEY, std::to_string(i));
    handles.forget_gone({"kept"});
    ASSERT_LE(handles.remembered(), HandleSource::kMostGone + 2);
  }
  EXPECT_EQ(handles.of(CKO_PRIVATE_KEY, "kept"), kept);
  EXPECT_NE(handles.of(CKO_PRIVATE_KEY, "gone"), gone) << "no handle is used twice";
}

TEST(HandleSource, GivesOtherHandlesInAnotherRun) {
  HandleSource one;
  HandleSource other;
  EXPECT_NE((Handles{one.fresh(), one.fresh()}), (Handles{other.fresh(), other.fresh()}));
}

TEST(HandleSource, ServesManyThreads) {
  HandleSource handles;
  std::vector<Handles> given(4);
  std::vector<std::thread> threads;
  for (auto& mine : given)
    threads.emplace_back([&handles, &mine] {
      for (int i = 0; i < 5000; ++i) {
        mine.push_back(handles.fresh());
        handles.of(CKO_DATA, std::to_string(i % 50));
      }
    });
  for (auto& thread : threads) thread.join();
  std::set<CK_OBJECT_HANDLE> all;
  for (const auto& mine : given) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 20000U);
}

TEST(Snapshot, HasBothHalvesOfEachKeyAndEachCertificate) {
  HandleSource handles;
  const auto snapshot = build(small_set(), handles);
  EXPECT_EQ(snapshot->find(of_class(CKO_PRIVATE_KEY), true).size(), 2U);
  EXPECT_EQ(snapshot->find(of_class(CKO_PUBLIC_KEY), true).size(), 2U);
  EXPECT_EQ(snapshot->find(of_class(CKO_CERTIFICATE), true).size(), 2U);
  EXPECT_EQ(snapshot->find(of_class(CKO_MECHANISM), true).size(), 1U);
  EXPECT_EQ(snapshot->find(of_class(CKO_PROFILE), true).size(), 4U);
  EXPECT_TRUE(snapshot->find(of_class(CKO_SECRET_KEY), true).empty());
  EXPECT_EQ(snapshot->find(AttributeSet(), true).size(), 10U);  // neither mechanism nor feature
}

TEST(Snapshot, FindsByEachIndexAndWithout) {
  HandleSource handles;
  const auto snapshot = build(small_set(), handles);
  const auto secret = only(snapshot, of_class(CKO_PRIVATE_KEY).text(CKA_ID, "\1"));
  EXPECT_EQ(secret->appliance_id, "k1");
  EXPECT_EQ(only(snapshot, of_class(CKO_PRIVATE_KEY).text(CKA_LABEL, "seal-ec"))->appliance_id,
            "k2");
  EXPECT_EQ(only(snapshot, Wanted().text(CKA_LABEL, "root"))->appliance_id, "c2");
  EXPECT_EQ(only(snapshot, Wanted().text(CKA_UNIQUE_ID, "k2.public"))->appliance_id, "k2");
  EXPECT_EQ(only(snapshot, Wanted().bytes(CKA_VALUE, root_certificate()))->appliance_id, "c2");
  EXPECT_EQ(only(snapshot, of_class(CKO_CERTIFICATE).text(CKA_ID, ""))->appliance_id, "c2");
  EXPECT_EQ(snapshot->find(Wanted().text(CKA_ID, "\1"), true).size(), 3U);
  EXPECT_TRUE(snapshot->find(Wanted().text(CKA_ID, "\1").text(CKA_LABEL, "root"), true).empty());
  EXPECT_TRUE(snapshot->find(Wanted().text(CKA_CLASS, "?"), true).empty());
  EXPECT_TRUE(snapshot->find(Wanted().text(CKA_ID, "nobody"), true).empty());
}

TEST(Snapshot, HidesPrivateObjectsWhereAsked) {
  HandleSource handles;
  const auto snapshot = build(small_set(), handles);
  EXPECT_TRUE(snapshot->find(of_class(CKO_PRIVATE_KEY), false).empty());
  EXPECT_EQ(snapshot->find(Wanted().text(CKA_ID, "\1"), false).size(), 2U);
  EXPECT_EQ(snapshot->find(AttributeSet(), false).size(), 8U);
}

TEST(Snapshot, GivesObjectsInTheAppliancesOrder) {
  HandleSource handles;
  transport::ObjectSet set;
  for (int i = 0; i < 50; ++i) set.keys.push_back(ec_key("k" + std::to_string(i)));
  const auto snapshot = build(set, handles);
  const auto found = snapshot->find(of_class(CKO_PRIVATE_KEY).text(CKA_LABEL, "seal-ec"), true);
  ASSERT_EQ(found.size(), 50U);
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(snapshot->get(found[i])->appliance_id, "k" + std::to_string(i));
}

TEST(Snapshot, GetsObjectsByHandle) {
  HandleSource handles;
  const auto snapshot = build(small_set(), handles);
  for (const auto& entry : snapshot->entries())
    EXPECT_EQ(snapshot->get(entry.handle), entry.object);
  EXPECT_EQ(snapshot->get(CK_INVALID_HANDLE), nullptr);
  EXPECT_EQ(snapshot->get(handles.fresh()), nullptr);
}

TEST(BuildSnapshot, UsesUnchangedObjectsAgain) {
  HandleSource handles;
  const auto before = build(small_set(), handles);
  const auto after = build(small_set(), handles, before);
  ASSERT_EQ(after->entries().size(), before->entries().size());
  for (const auto& entry : before->entries()) EXPECT_EQ(after->get(entry.handle), entry.object);
}

TEST(BuildSnapshot, KeepsTheHandlesOfChangedObjects) {
  HandleSource handles;
  const auto before = build(small_set(), handles);
  auto set = small_set();
  set.keys[0].label = copy_of(view_of("renamed"));
  set.keys[1].active = false;
  set.certificates[0].cka_id = {9};
  set.certificates[1].key_id = "k2";
  const auto after = build(set, handles, before);
  for (const auto& entry : before->entries()) {
    const auto now = after->get(entry.handle);
    ASSERT_TRUE(now);
    EXPECT_EQ(now->object_class, entry.object->object_class);
    EXPECT_EQ(now->appliance_id, entry.object->appliance_id);
    EXPECT_EQ(now == entry.object, entry.object->origin == Origin::none);
  }
  const auto renamed = only(after, of_class(CKO_PRIVATE_KEY).text(CKA_LABEL, "renamed"));
  const auto former = only(before, of_class(CKO_PRIVATE_KEY).text(CKA_LABEL, "seal"));
  EXPECT_EQ(renamed->public_key, former->public_key);
  EXPECT_FALSE(only(after, of_class(CKO_PRIVATE_KEY).text(CKA_ID, "\2"))->can_sign);
}

TEST(BuildSnapshot, FollowsTheAccountsTraits) {
  HandleSource handles;
  const auto before = build(small_set(), handles);
  KeyTraits traits;
  traits.always_authenticate = true;
  const auto list = std::make_shared<const Bytes>(8, std::uint8_t{1});
  traits.mechanisms[1] = {list, list, 256, 256};
  const auto after = build(small_set(), handles, before, traits);
  for (const auto handle : after->find(of_class(CKO_PRIVATE_KEY), true)) {
    EXPECT_TRUE(after->get(handle)->flag(CKA_ALWAYS_AUTHENTICATE));
    EXPECT_FALSE(before->get(handle)->flag(CKA_ALWAYS_AUTHENTICATE));
  }
  EXPECT_TRUE(
      only(after, of_class(CKO_PUBLIC_KEY).text(CKA_ID, "\2"))->find(CKA_ALLOWED_MECHANISMS));
}

// pkcs11-tool --sign takes the first private key, whatever --label says.
TEST(BuildSnapshot, FindsSupersededAndDisabledKeysLast) {
  HandleSource handles;
  transport::ObjectSet set;
  set.keys = {ec_key("superseded"), ec_key("disabled"), ec_key("a"), ec_key("b")};
  set.keys[0].label = copy_of(view_of("seal (until 2027-01-31)"));
  set.keys[1].active = false;
  set.certificates = {certificate_info("old", crypto::TestKey::rsa(2048).certificate()),
                      certificate_info("new", root_certificate())};
  set.certificates[0].label = copy_of(view_of("seal (until 2027-01-31)"));
  const auto snapshot = build(set, handles);
  for (const CK_OBJECT_CLASS object_class : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
    std::vector<std::string> order;
    for (const auto handle : snapshot->find(of_class(object_class), true))
      order.push_back(snapshot->get(handle)->appliance_id);
    EXPECT_EQ(order, (std::vector<std::string>{"a", "b", "superseded", "disabled"}));
  }
  const auto certificates = snapshot->find(of_class(CKO_CERTIFICATE), true);
  EXPECT_EQ(snapshot->get(certificates.front())->appliance_id, "new");
}

TEST(BuildSnapshot, TakesOnlyTheNameOfARenewalForOne) {
  HandleSource handles;
  transport::ObjectSet set;
  for (const char* label :
       {"(until 2027-01-31)", "seal (until today)", "seal (until 2027-01-31) 2", "seal"}) {
    set.keys.push_back(ec_key(label));
    set.keys.back().label = copy_of(view_of(label));
  }
  const auto found = build(set, handles)->find(of_class(CKO_PRIVATE_KEY), true);
  EXPECT_EQ(found.front(), handles.of(CKO_PRIVATE_KEY, "(until 2027-01-31)"));
  EXPECT_EQ(found.back(), handles.of(CKO_PRIVATE_KEY, "seal"));
}

TEST(BuildSnapshot, LeavesOutThePublicHalfThatWasDestroyedHere) {
  HandleSource handles;
  const auto before = build(small_set(), handles);
  KeyTraits traits;
  traits.without_public_half = {"k2"};
  for (const auto& former : {before, build(small_set(), handles, before, traits), SnapshotPtr()}) {
    const auto after = build(small_set(), handles, former, traits);
    EXPECT_EQ(after->find(of_class(CKO_PUBLIC_KEY), true).size(), 1U);
    EXPECT_EQ(after->find(of_class(CKO_PRIVATE_KEY), true),
              before->find(of_class(CKO_PRIVATE_KEY), true));
  }
}

TEST(BuildSnapshot, ForgetsDeletedObjectsButNotTheirHandles) {
  HandleSource handles;
  const auto before = build(small_set(), handles);
  const auto handle = before->find(of_class(CKO_PRIVATE_KEY), true).front();
  auto set = small_set();
  set.keys.erase(set.keys.begin());
  const auto without = build(set, handles, before);
  EXPECT_EQ(without->get(handle), nullptr);
  EXPECT_EQ(build(small_set(), handles, without)->get(handle)->appliance_id, "k1");
}

TEST(BuildSnapshot, SharesThePublicKeyWithItsCertificate) {
  HandleSource handles;
  const auto snapshot = build(small_set(), handles);
  const auto key = only(snapshot, of_class(CKO_PUBLIC_KEY).text(CKA_ID, "\1"));
  const auto certificate = only(snapshot, of_class(CKO_CERTIFICATE).text(CKA_ID, "\1"));
  EXPECT_EQ(key->public_key, certificate->public_key);
}

TEST(BuildSnapshot, LeavesOutWhatCannotBeShownAndWhatIsThereTwice) {
  HandleSource handles;
  auto set = small_set();
  set.keys[0].public_key = {1, 2, 3};
  set.keys.push_back(set.keys[1]);
  set.certificates[1].der.pop_back();
  set.certificates.push_back(set.certificates[0]);
  const auto snapshot = build(set, handles);
  EXPECT_EQ(snapshot->find(of_class(CKO_PRIVATE_KEY), true).size(), 1U);
  EXPECT_EQ(snapshot->find(of_class(CKO_CERTIFICATE), true).size(), 1U);
}

// `original` with another modulus: its top 32 bits (but the first and the last) count.
Bytes with_modulus(Bytes original, const Bytes& modulus, std::uint32_t number) {
  const auto place = std::search(original.begin(), original.end(), modulus.begin(), modulus.end());
  for (std::ptrdiff_t i = 1; i <= 4; ++i, number >>= 8U)
    place[i] = static_cast<std::uint8_t>(number);
  return original;
}

transport::ObjectSet large_set(std::uint32_t count) {
  const Bytes modulus = crypto::TestKey::rsa(2048).public_key()->modulus();
  const auto key = rsa_key("k");
  const auto certificate = certificate_info("c", crypto::TestKey::rsa(2048).certificate());
  transport::ObjectSet set;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto name = "3f2504e0-4f89-41d3-9a0c-" + std::to_string(100000000000ULL + i);
    set.keys.push_back(key);
    set.keys.back().id = name;
    set.keys.back().label = copy_of(view_of("seal " + std::to_string(i)));
    set.keys.back().cka_id = copy_of(view_of(name));
    set.keys.back().public_key = with_modulus(key.public_key, modulus, i);
    set.certificates.push_back(certificate);
    set.certificates.back().id = "c" + name;
    set.certificates.back().key_id = name;
    set.certificates.back().label = set.keys.back().label;
    set.certificates.back().cka_id = set.keys.back().cka_id;
    set.certificates.back().der = with_modulus(certificate.der, modulus, i);
  }
  return set;
}

// Of this thread: other programs of the machine have no part in it.
double processor_microseconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

TEST(LargeSnapshot, FindsOneOfTenThousandKeysWithCertificatesQuickly) {
  constexpr std::uint32_t kKeys = 10000;
  constexpr std::uint32_t kFinds = 500;
#ifdef NDEBUG
  constexpr double kLimit = 20;  // microseconds a find
#else
  constexpr double kLimit = 200;  // unoptimised, perhaps with a sanitizer
#endif
  HandleSource handles;
  const auto set = large_set(kKeys);
  const auto snapshot = build(set, handles);
  ASSERT_EQ(snapshot->entries().size(), 3 * kKeys + builtin().size());
  const auto start = processor_microseconds();
  for (std::uint32_t i = 0; i < kFinds; ++i) {
    const auto& key = set.keys[i * 20];
    const auto by_id = snapshot->find(of_class(CKO_PRIVATE_KEY).bytes(CKA_ID, key.cka_id), true);
    const auto by_label =
        snapshot->find(of_class(CKO_CERTIFICATE).bytes(CKA_LABEL, key.label), true);
    ASSERT_EQ(by_id.size(), 1U);
    ASSERT_EQ(by_label.size(), 1U);
    ASSERT_EQ(snapshot->get(by_id.front())->appliance_id, key.id);
  }
  EXPECT_LT((processor_microseconds() - start) / (2 * kFinds), kLimit);
}

TEST(BuildSnapshot, OfAnEmptyApplianceHasTheBuiltinObjects) {
  HandleSource handles;
  EXPECT_EQ(build({}, handles)->entries().size(), builtin().size());
}

}  // namespace
}  // namespace signet::object
