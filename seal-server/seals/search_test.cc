#include "seal-server/seals/search.h"

#include "crypto/openssl.h"
#include "seal-server/testing/records_scene.h"

namespace signet::sealserver {
namespace {

using References = std::vector<std::string>;

class Search : public RecordsScene {
 protected:
  Search() {
    office_ = add("Office");
    other_ = add("Other");
  }

  Client add(const std::string& name) {
    Client client;
    client.name = name;
    const std::string id =
        sequencer_->write([&](Group& group) { return add_client(group, client); });
    return find_client(*sql_, id).value();
  }

  // Each a minute after the one before. Gives the ids.
  std::vector<std::string> open(const Client& client, const References& references) {
    std::vector<std::string> ids;
    for (const std::string& reference : references) {
      NewSeal seal;
      seal.kind = "seal";
      seal.reference = reference;
      seal.digest = digest(reference);
      seal.certificate = std::string(64, 'c');
      ids.push_back(
          sequencer_->write([&](Group& group) { return open_seals(group, client, {seal}); })
              .front()
              .id);
      now_ += std::chrono::minutes(1);
    }
    return ids;
  }

  void end(const Client& client, const std::string& id, const std::string& state,
           const std::string& certificate = "") {
    SealResult result;
    result.state = state;
    result.certificate = certificate;
    result.sealed_digest = digest("sealed " + id);
    sequencer_->write([&](Group& group) { return end_seal(group, client, id, result); });
  }

  static std::string digest(const std::string& text) {
    return to_hex(crypto::sha256(view_of(text)));
  }

  // All pages.
  References found(const SealFilter& filter, std::int64_t most = 50,
                   std::int64_t window = kSearchWindow) {
    References references;
    std::optional<std::int64_t> after;
    pages_ = 0;
    do {
      const SealPage page = search_seals(*sql_, filter, after, most, window);
      for (const Seal& seal : page.seals) references.push_back(seal.opened.reference);
      after = page.next;
      ++pages_;
    } while (after && pages_ < 100);
    return references;
  }

  static SealFilter by_reference(const std::string& reference, SealFilter::Match match) {
    SealFilter filter;
    filter.reference = reference;
    filter.match = match;
    return filter;
  }
  References with_part(const std::string& part) {
    return found(by_reference(part, SealFilter::Match::part));
  }
  References with_begin(const std::string& begin) {
    return found(by_reference(begin, SealFilter::Match::begin));
  }

  Client office_;
  Client other_;
  int pages_ = 0;
};

TEST_F(Search, ListsTheNewestFirstPageByPage) {
  open(office_, {"1", "2"});
  open(other_, {"3"});
  open(office_, {"4", "5"});
  EXPECT_EQ(found({}), (References{"5", "4", "3", "2", "1"}));
  EXPECT_EQ(found({}, 2), (References{"5", "4", "3", "2", "1"}));
  EXPECT_EQ(pages_, 3);
  SealFilter of_office;
  of_office.client = office_.id;
  EXPECT_EQ(found(of_office, 3), (References{"5", "4", "2", "1"}));
  EXPECT_EQ(pages_, 2);
}

TEST_F(Search, KeepsToTimes) {
  open(office_, {"1", "2", "3", "4"});  // from 08:00 on
  SealFilter filter;
  filter.from = "2027-01-15T08:01:00.000Z";
  filter.to = "2027-01-15T08:03:00.000Z";
  EXPECT_EQ(found(filter, 1), (References{"3", "2"}));
  filter.client = other_.id;
  EXPECT_EQ(found(filter), References{});
}

TEST_F(Search, FindsADocumentByAnyOfItsDigests) {
  const auto ids = open(office_, {"1", "2", "3"});
  open(other_, {"2"});
  end(office_, ids[0], "sealed");
  SealFilter filter;
  filter.digests = {digest("sealed " + ids[0]), digest("2"), digest("none")};
  EXPECT_EQ(found(filter), (References{"2", "2", "1"}));
  EXPECT_EQ(found(filter, 1), (References{"2", "2", "1"}));
  filter.client = office_.id;
  EXPECT_EQ(found(filter), (References{"2", "1"}));
  filter.digests.assign(kMostDigests + 1, digest("1"));
  EXPECT_EQ(problem([&] { found(filter); }), "422 There are too many digests.");
}

TEST_F(Search, FindsReferencesByTheirBeginning) {
  open(office_, {"B-2", "A-10", "A-1", "a-1", "A-1", "Žádost 7", "Žádost 1", "%A-1"});
  open(other_, {"A-3"});
  EXPECT_EQ(with_begin("A-"), (References{"A-1", "A-1", "A-10", "A-3"}));
  EXPECT_EQ(found(by_reference("A-", SealFilter::Match::begin), 1),
            (References{"A-1", "A-1", "A-10", "A-3"}));
  EXPECT_EQ(with_begin("Žá"), (References{"Žádost 1", "Žádost 7"}));
  EXPECT_EQ(with_begin("%"), References{"%A-1"});
  SealFilter filter = by_reference("A-", SealFilter::Match::begin);
  filter.client = other_.id;
  EXPECT_EQ(found(filter), References{"A-3"});
}

TEST_F(Search, FindsReferencesByAnyPart) {
  open(office_,
       {"MV-123/2027", "MV-1234/2027", "50% _off_ \"now\"", "Žádost č. 5", "\\path\\", ""});
  EXPECT_EQ(with_part("123/"), References{"MV-123/2027"});
  EXPECT_EQ(with_part("/2027"), (References{"MV-1234/2027", "MV-123/2027"}));
  EXPECT_EQ(with_part("0% _o"), References{"50% _off_ \"now\""});
  EXPECT_EQ(with_part(" \"now\""), References{"50% _off_ \"now\""});
  EXPECT_EQ(with_part("MV%2027"), References{});
  EXPECT_EQ(with_part("ost č."), References{"Žádost č. 5"});
  EXPECT_EQ(with_part("\\path"), References{"\\path\\"});
  EXPECT_EQ(with_part("mv-123"), References{});  // letters as they are
  // Each trigram of it, but not in this order.
  EXPECT_EQ(with_part("34/2027MV-"), References{});
  EXPECT_EQ(problem([&] { with_part("č."); }),
            "422 A part of a reference has three characters or more.");
}

TEST_F(Search, FindsByStateAndCertificate) {
  const auto ids = open(office_, {"1", "2", "3", "4"});
  end(office_, ids[0], "failed");
  end(office_, ids[2], "failed", std::string(64, 'd'));
  SealFilter failed;
  failed.state = "failed";
  EXPECT_EQ(found(failed, 1), (References{"3", "1"}));
  SealFilter certificate;
  certificate.certificate = std::string(64, 'd');
  EXPECT_EQ(found(certificate), References{"3"});
  certificate.certificate = std::string(64, 'c');
  EXPECT_EQ(found(certificate), (References{"4", "2", "1"}));
  certificate.state = "failed";
  EXPECT_EQ(found(certificate), References{"1"});
}

// What an index does not find costs a page no more than its window.
TEST_F(Search, ContinuesWhereAPageHasFoundNothing) {
  const auto ids = open(office_, {"A-1", "A-2", "A-3", "A-4", "A-5", "A-6", "A-7", "A-8"});
  end(office_, ids[0], "failed");
  end(office_, ids[7], "failed");
  SealFilter by_part;
  by_part.client = office_.id;
  by_part.state = "failed";
  by_part.reference = "A/2";
  by_part.match = SealFilter::Match::part;
  const auto more = open(office_, {"A/2-1", "A/2-2", "A/2-3", "A/2-4", "A/2-5", "A/2-6", "A/2-7"});
  end(office_, more[0], "failed");
  end(office_, more[6], "failed");
  EXPECT_EQ(found(by_part, 50, 3), (References{"A/2-7", "A/2-1"}));
  EXPECT_EQ(pages_, 3);
  SealFilter filter = by_reference("A-", SealFilter::Match::begin);
  filter.state = "failed";
  const SealPage first = search_seals(*sql_, filter, std::nullopt, 50, 3);
  EXPECT_EQ(first.seals.size(), 1U);
  ASSERT_TRUE(first.next);
  const SealPage second = search_seals(*sql_, filter, first.next, 50, 3);
  EXPECT_EQ(second.seals.size(), 0U);
  EXPECT_TRUE(second.next);
  EXPECT_EQ(problem([&] { search_seals(*sql_, filter, 999'999, 50); }),
            "422 The search cannot be continued there.");
}

}  // namespace
}  // namespace signet::sealserver
