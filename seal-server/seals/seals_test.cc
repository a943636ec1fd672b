#include "seal-server/seals/seals.h"

#include "seal-server/seals/search.h"
#include "seal-server/testing/records_scene.h"

namespace signet::sealserver {
namespace {

class Seals : public RecordsScene {
 protected:
  Seals() { client_ = add(SealLimits{}); }

  Client add(const SealLimits& limits) {
    Client client;
    client.name = "Office";
    client.limits = limits;
    const std::string id =
        sequencer_->write([&](Group& group) { return add_client(group, client); });
    return find_client(*sql_, id).value();
  }

  static NewSeal seal(char digit, const std::string& reference = "") {
    NewSeal seal;
    seal.kind = "seal";
    seal.reference = reference;
    seal.digest = std::string(64, digit);
    seal.certificate = std::string(64, 'c');
    return seal;
  }

  std::vector<Opened> open(const Client& client, const std::vector<NewSeal>& seals) {
    return sequencer_->write([&](Group& group) { return open_seals(group, client, seals); });
  }
  std::string open_one(const NewSeal& seal) { return open(client_, {seal}).front().id; }

  std::optional<Receipt> end(const std::string& id, const SealResult& result) {
    return sequencer_->write([&](Group& group) { return end_seal(group, client_, id, result); });
  }

  static SealResult sealed() {
    SealResult result;
    result.state = "sealed";
    result.sealed_digest = std::string(64, 'e');
    result.signed_at = "2027-01-15T08:00:01.000Z";
    return result;
  }

  // The first digit of each seal's digest, from the newest seal on.
  std::string digits_of(const Client& client) {
    SealFilter filter;
    filter.client = client.id;
    std::string digits;
    for (const Seal& seal : search_seals(*sql_, filter, std::nullopt, 50).seals)
      digits += seal.opened.digest.front();
    return digits;
  }

  Client client_;
};

TEST_F(Seals, AreOpenedAndEndedOnce) {
  const auto opened = open(client_, {seal('1', "A/1"), seal('2', "A/2")});
  ASSERT_EQ(opened.size(), 2U);
  EXPECT_EQ(opened[1].receipt.sequence, opened[0].receipt.sequence + 1);
  const std::string& id = opened[0].id;
  EXPECT_EQ(find_seal(*sql_, client_.id, id)->result.state, "opened");
  const std::int64_t before = events();
  EXPECT_TRUE(end(id, sealed()));
  EXPECT_FALSE(end(id, sealed()));  // again
  EXPECT_EQ(events(), before + 1);
  const Seal ended = find_seal(*sql_, client_.id, id).value();
  EXPECT_EQ(ended.result, sealed());
  EXPECT_EQ(ended.ended_at, now());
  EXPECT_EQ(ended.opened.reference, "A/1");
  SealResult failed;
  failed.state = "failed";
  EXPECT_EQ(problem([&] { end(id, failed); }),
            "409 The transaction has ended with another result.");
}

TEST_F(Seals, BelongToTheirClient) {
  const Client other = add({});
  const std::string id = open(other, {seal('1')}).front().id;
  EXPECT_EQ(problem([&] { end(id, sealed()); }), "404 The client has no transaction " + id + ".");
  EXPECT_FALSE(find_seal(*sql_, client_.id, id));
  EXPECT_TRUE(digits_of(client_).empty());
}

TEST_F(Seals, WithoutAWordBecomeUnknownUntilTheClientSpeaks) {
  const std::string id = open_one(seal('1'));
  const std::string ended = open_one(seal('2'));
  end(ended, sealed());
  now_ += std::chrono::hours(25);
  const std::string day_ago = utc_text(now_ - std::chrono::hours(24));
  const auto give_up = [&] {
    return sequencer_->write([&](Group& group) { return give_up_seals(group, day_ago, 100); });
  };
  EXPECT_EQ(give_up(), 1U);
  EXPECT_EQ(give_up(), 0U);
  EXPECT_EQ(find_seal(*sql_, client_.id, id)->result.state, "unknown");
  EXPECT_TRUE(end(id, sealed()));
  EXPECT_EQ(find_seal(*sql_, client_.id, id)->result, sealed());
}

TEST_F(Seals, OfADayAreLimited) {
  client_ = add({.per_day = 3, .in_all = {}, .until = {}});
  open(client_, {seal('1'), seal('2')});
  EXPECT_EQ(problem([&] {
              open(client_, {seal('3'), seal('4')});
            }),
            "429 The client may open 3 seals a day; 2 were opened today.");
  open_one(seal('3'));
  EXPECT_EQ(problem([&] { open_one(seal('4')); }),
            "429 The client may open 3 seals a day; 3 were opened today.");
  now_ += std::chrono::hours(24);
  open_one(seal('4'));
  EXPECT_EQ(digits_of(client_), "4321");
}

TEST_F(Seals, OfAGrantAreLimitedInNumberAndTime) {
  client_ = add({.per_day = {}, .in_all = 2, .until = "2027-01-16T00:00:00.000Z"});
  open_one(seal('1'));
  EXPECT_EQ(problem([&] {
              open(client_, {seal('2'), seal('3')});
            }),
            "429 Of the client's grant of 2 seals, 1 are left.");
  EXPECT_EQ(find_client(*sql_, client_.id)->opened, 1);
  now_ += std::chrono::hours(24);
  EXPECT_EQ(problem([&] { open_one(seal('2')); }),
            "429 The client's grant ended at 2027-01-16T00:00:00.000Z.");
}

}  // namespace
}  // namespace signet::sealserver
