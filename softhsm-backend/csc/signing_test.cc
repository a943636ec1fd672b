// What is asked for when hashes are authorised and signed, and what becomes of an authorisation where nothing is signed.
#include <gmock/gmock.h>

#include "softhsm-backend/csc/testing/csc_scene.h"

namespace signet::emulator::csc {
namespace {

using boost::json::array;
using boost::json::object;
using testing::HasSubstr;

constexpr const char* kSha256 = "2.16.840.1.101.3.4.2.1";
constexpr const char* kSha512 = "2.16.840.1.101.3.4.2.3";
constexpr const char* kPss = "1.2.840.113549.1.1.10";

class CscSigningTest : public CscServiceTest {
 protected:
  object order(const std::string& sad, const array& over) const {
    return {{"credentialID", key_},
            {"SAD", sad},
            {"hashes", over},
            {"signAlgo", "1.2.840.10045.4.3.2"}};
  }

  Answer sign_order(const object& body) { return call("signatures/signHash", body, token_); }

  std::int64_t left(const std::string& column) const {
    return appliance->state.read([&](Database& database) {
      auto rows = database.query(column, user);
      return rows.next() ? rows.number(0) : -1;
    });
  }

  void SetUp() override {
    CscServiceTest::SetUp();
    token_ = token();
  }

  std::string token_;
};

// RSASSA-PSS-params (RFC 4055, 3.1): the hash, MGF1 with a hash, a salt of so many bytes, an odd trailer where it is wanted.
std::string pss(const std::string& hash, const std::string& mask, int salt, bool trailer = false) {
  const auto identifier = [](const std::string& oid) {
    const Bytes der = oid == kSha256 ? from_hex("300d06096086480165030402010500").value()
                                     : from_hex("300d06096086480165030402030500").value();
    return der;
  };
  const auto wrap = [](std::uint8_t tag, const Bytes& content) {
    Bytes made{tag, static_cast<std::uint8_t>(content.size())};
    made.insert(made.end(), content.begin(), content.end());
    return made;
  };
  const auto add = [](Bytes& all, const Bytes& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  Bytes mgf = from_hex("06092a864886f70d010108").value();
  add(mgf, identifier(mask));
  Bytes all = wrap(0xA0, identifier(hash));
  add(all, wrap(0xA1, wrap(0x30, mgf)));
  const auto octet = static_cast<std::uint8_t>(salt);
  add(all, wrap(0xA2, wrap(0x02, salt > 127 ? Bytes{0, octet} : Bytes{octet})));
  if (trailer) add(all, wrap(0xA3, wrap(0x02, Bytes{2})));
  return to_base64(wrap(0x30, all));
}

// Whatever is wrong with a request is said before its authorisation is used up.
TEST_F(CscSigningTest, ReadsTheWholeRequestBeforeItSigns) {
  const std::string given = sad(token_, 1, hashes(1));
  const auto refused = [&](const char* name, const json& value, const char* words) {
    object body = order(given, hashes(1));
    body["operationMode"] = "A";
    body[name] = value;
    const Answer answer = sign_order(body);
    EXPECT_EQ(answer.status, 400U) << words;
    EXPECT_THAT(answer.body, HasSubstr(words));
    EXPECT_EQ(journal_entries(), 0) << words;
  };
  refused("validity_period", "soon", "validity_period");
  refused("validity_period", -1, "Out of bounds parameter validity_period");
  refused("validity_period", INT64_MAX, "Out of bounds parameter validity_period");
  refused("validity_period", "18446744073709551615", "validity_period");
  refused("operationMode", "X", "Invalid parameter operationMode");
  refused("operationMode", 1, "Invalid parameter operationMode");
  refused("clientData", 1, "clientData");
  refused("clientData", json(std::string(5000, 'x')), "clientData");
  EXPECT_EQ(sign_order(order(given, hashes(1))).status, 200U) << "it is not used up";
  EXPECT_EQ(journal_entries(), 1);
}

TEST_F(CscSigningTest, ASignatureThatFailsForCertainGivesTheAuthorisationBack) {
  for (const std::int64_t scal : {1, 2}) {
    key_ = make_certified_key();
    set_policy([&](Policy& policy) { policy.scal = scal; });
    const std::string given = sad(token_, 2, hashes(1, 2));
    appliance->token.destroy(key_);
    EXPECT_EQ(sign(token_, given, hashes(1, 2)).status, 500U);
    const std::int64_t before = journal_entries();
    // As it would be once the token is there again.
    appliance->token.generate({.type = crypto::KeyType::ec, .curve = crypto::Curve::p256}, key_);
    EXPECT_EQ(sign(token_, given, hashes(1, 2)).status, 200U) << "SCAL " << scal;
    EXPECT_EQ(sign(token_, given, hashes(1)).status, 400U) << "it is used up now";
    EXPECT_EQ(journal_entries(), before + 2);
  }
}

TEST_F(CscSigningTest, SaysOfAKeyThatIsGoneThatThereIsNone) {
  const std::string given = sad(token_, 1, hashes(1));
  EXPECT_EQ(ServiceTest::call("DELETE", "/keys/" + key_).status, 204U);
  EXPECT_THAT(sign(token_, given, hashes(1)).body, HasSubstr("Invalid parameter credentialID"));
}

TEST_F(CscSigningTest, AuthorisesOnlyWhatCanBeAHash) {
  const auto authorise = [&](const char* oid, const array& over, const std::string& version) {
    object body = authorisation(1, over);
    body.erase("hashAlgorithmOID");
    if (version == "v1") {
      body["PIN"] = kTestPassword;
      body["hash"] = body.at("hashes");
      body.erase("hashes");
    }
    if (oid != nullptr) body["hashAlgorithmOID"] = oid;
    return call("credentials/authorize", body, token_, {}, version).body;
  };
  const array odd{to_base64(Bytes(33, 1))};
  EXPECT_THAT(authorise(kSha256, hashes(1), "v2"), HasSubstr("SAD"));
  EXPECT_THAT(authorise(nullptr, hashes(1), "v2"), HasSubstr("hashAlgorithmOID"));
  EXPECT_THAT(authorise("1.2.3", hashes(1), "v2"), HasSubstr("Invalid parameter hashAlgorithmOID"));
  EXPECT_THAT(authorise(kSha512, hashes(1), "v2"), HasSubstr("Invalid digest value length"));
  EXPECT_THAT(authorise(kSha256, odd, "v2"), HasSubstr("Invalid digest value length"));
  EXPECT_THAT(authorise(nullptr, hashes(1), "v1"), HasSubstr("SAD"));
  EXPECT_THAT(authorise(nullptr, odd, "v1"), HasSubstr("Invalid digest value length"));
  set_policy([](Policy& policy) { policy.scal = 1; });
  EXPECT_THAT(authorise(kSha256, odd, "v2"), HasSubstr("Invalid digest value length"))
      << "where they are not needed, too";
}

TEST_F(CscSigningTest, ExtendsOnlyToWhatCanBeAHash) {
  const auto extend = [&](const std::string& given, const char* oid, const array& over) {
    object body{{"credentialID", key_}, {"SAD", given}, {"hashes", over}};
    if (oid != nullptr) body["hashAlgorithmOID"] = oid;
    return call("credentials/extendTransaction", body, token_).body;
  };
  const std::string given = sad(token_, 2, hashes(1));
  EXPECT_THAT(extend(given, nullptr, hashes(2)), HasSubstr("hashAlgorithmOID"));
  EXPECT_THAT(extend(given, kSha512, hashes(2)), HasSubstr("Invalid digest value length"));
  EXPECT_THAT(extend(given, kSha256, hashes(2)), HasSubstr("expiresIn"));
}

// RFC 4055, 3.1: what the parameters say is what is signed, or nothing is.
TEST_F(CscSigningTest, ComparesTheHashesInThePssParameters) {
  key_ = make_certified_key(make_key({{"type", "RSA"}, {"size", 2048}}));
  set_policy([](Policy& policy) { policy.scal = 1; });
  const auto with = [&](const std::string& parameters, const char* hash) {
    object body = order(sad(token_, 1), hashes(1));
    body["signAlgo"] = kPss;
    if (!parameters.empty()) body["signAlgoParams"] = parameters;
    if (hash != nullptr) body["hashAlgorithmOID"] = hash;
    return sign_order(body).body;
  };
  EXPECT_THAT(with(pss(kSha256, kSha256, 32), kSha256), HasSubstr("signatures"));
  EXPECT_THAT(with(pss(kSha256, kSha256, 20), kSha256), HasSubstr("signatures"));
  EXPECT_THAT(with(pss(kSha256, kSha256, 32), nullptr), HasSubstr("signatures"))
      << "the parameters name the hash";
  const auto refused = HasSubstr("Invalid parameter signAlgoParams");
  EXPECT_THAT(with(pss(kSha512, kSha512, 32), kSha256), refused);
  EXPECT_THAT(with(pss(kSha256, kSha512, 32), kSha256), refused) << "another hash in MGF1";
  EXPECT_THAT(with(pss(kSha256, kSha256, 32, true), kSha256), refused) << "another trailer";
  EXPECT_THAT(with("MAA=", kSha256), refused) << "the defaults are SHA-1";
  EXPECT_THAT(with("AAAA", kSha256), refused);
  EXPECT_THAT(with({}, kSha256), HasSubstr("signAlgoParams"));
  EXPECT_THAT(with(pss(kSha256, kSha256, -1), kSha256), refused);
  EXPECT_THAT(with(pss(kSha256, kSha256, 230), kSha256), refused) << "no room for the salt";
}

TEST_F(CscSigningTest, ForgetsAuthorisationsSomeTimeAfterTheirEnd) {
  const std::string given = sad(token_, 2, hashes(1, 2));
  const auto expire = [&](std::int64_t ago) {
    appliance->state.write([&](Database& database) {
      database.run("UPDATE csc_sads SET ends = ? WHERE account = ?", now_milliseconds() - ago,
                   user);
    });
  };
  const char* const sads = "SELECT count(*) FROM csc_sads WHERE account = ?";
  const char* const kept_hashes =
      "SELECT count(*) FROM csc_hashes WHERE sad IN (SELECT hash FROM csc_sads WHERE account = ?1)"
      " OR NOT EXISTS (SELECT 1 FROM csc_sads WHERE hash = sad)";
  expire(1000);
  sad(token_, 1, hashes(1));
  EXPECT_THAT(sign(token_, given, hashes(1)).body, HasSubstr("SAD expired"))
      << "it is known for a while";
  EXPECT_EQ(left(sads), 2);
  expire(7'200'000);
  sad(token_, 1, hashes(1));
  EXPECT_EQ(left(sads), 1);
  EXPECT_EQ(left(kept_hashes), 1);
  EXPECT_THAT(sign(token_, given, hashes(1)).body, HasSubstr("Invalid parameter SAD"));
}

// CSC API 2.0, 7.4: to tell requests from each other afterwards.
TEST_F(CscSigningTest, KeepsTheClientsDataInTheJournal) {
  object body = order(sad(token_, 1, hashes(1)), hashes(1));
  body["clientData"] = "transaction 4711";
  EXPECT_EQ(sign_order(body).status, 200U);
  EXPECT_EQ(left("SELECT count(*) FROM journal WHERE account = ? AND reference = 'transaction "
                 "4711' AND dialect = 'csc'"),
            1);
}

}  // namespace
}  // namespace signet::emulator::csc
