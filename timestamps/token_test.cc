// Tokens of a sound authority with one thing changed in each: what is read, and which defect is found. What needs another
// signature is tests/timestamps/'s.
#include "timestamps/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "crypto/der.h"
#include "crypto/testing/test_key.h"
#include "timestamps/testing/der_tree.h"
#include "timestamps/token_check.h"

namespace signet::timestamps {
namespace {

using namespace std::chrono_literals;
using crypto::test_context;
using testing::HasSubstr;
using Edit = std::function<void(DerTree&)>;

// Answers of tools/testca.
Bytes answer_named(const std::string& name) {
  std::ifstream file(std::string(SIGNET_TEST_ANSWERS) + "/" + name + ".der", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Bytes oid(std::string_view hex) {
  return der::encode(der::kObjectIdentifier, from_hex(hex).value());
}

const Bytes kSha1 = oid("2b0e03021a");
const Bytes kSha256 = oid("608648016503040201");
const Bytes kSha384 = oid("608648016503040202");
const Bytes kEcdsaWithSha256 = oid("2a8648ce3d040302");
const Bytes kEcdsaWithSha384 = oid("2a8648ce3d040303");
const Bytes kP256 = oid("2a8648ce3d030107");
const Bytes kSecp256k1 = oid("2b8104000a");
const Bytes kExtendedKeyUsage = oid("551d25");
const Bytes kContentType = oid("2a864886f70d010903");
const Bytes kMessageDigest = oid("2a864886f70d010904");
const Bytes kSigningCertificateV2 = oid("2a864886f70d010910022f");
const Bytes kMgf1 = oid("2a864886f70d010108");
const Bytes kUnknown = oid("2b060104018b3a0101");

// The places in an answer.
DerTree& signed_data(DerTree& answer) {
  return answer.at({1, 1, 0});
}
DerTree& signer_info(DerTree& answer) {
  return signed_data(answer).at({4, 0});
}
// Of a signed attribute, which has no other.
DerTree& value_of(DerTree& answer, const Bytes& type) {
  return signer_info(answer).holder_of(type).at({1, 0});
}

void swap_oid(DerTree& tree, const Bytes& old, const Bytes& now) {
  DerTree& holder = tree.holder_of(old);
  for (DerTree& child : holder.children) {
    if (equal(child.encoded(), old)) child = DerTree::of(now);
  }
}

// The TSTInfo is DER within an OCTET STRING.
Edit in_info(const Edit& edit) {
  return [=](DerTree& answer) {
    Bytes& content = signed_data(answer).at({2, 1, 0}).content;
    DerTree info = DerTree::of(content);
    edit(info);
    content = info.encoded();
  };
}

Edit with_time(std::string_view text) {
  return in_info([=](DerTree& info) { info.at({4}).content = copy_of(view_of(text)); });
}

Edit twice(const Bytes& type) {
  return [=](DerTree& answer) {
    signer_info(answer).at({3}).duplicate(signer_info(answer).holder_of(type).encoded());
  };
}

Bytes edited(const std::string& name, const Edit& edit) {
  DerTree answer = DerTree::of(answer_named(name));
  edit(answer);
  return answer.encoded();
}

Result<void, TokenError> verdict_on(const Bytes& answer, bool signature_only = false) {
  BOOST_OUTCOME_TRY(const auto token, parse_answer(test_context(), answer));
  if (!signature_only) {
    BOOST_OUTCOME_TRY(check_signer(test_context(), token));
  }
  return check_signature(test_context(), token);
}

struct Case {
  std::string says;
  Defect defect;
  Edit edit;
  std::string base = "good";
  bool signature_only = false;
};

std::vector<Case> malformed_ones() {
  return {
      {"another version", Defect::malformed,
       in_info([](DerTree& info) { info.at({0}).content = {2}; })},
      {"serial number is negative", Defect::malformed,
       in_info([](DerTree& info) { info.at({3}).content = {0x80}; })},
      {"nonce is negative", Defect::malformed,
       in_info([](DerTree& info) { info.at({6}).content = {0x80}; })},
      {"accuracy cannot be read", Defect::malformed, in_info([](DerTree& info) {
         info.at({5, 1}).content = {0x03, 0xE8};
       })},
      {"accuracy cannot be read", Defect::malformed, in_info([](DerTree& info) {
         info.at({5, 0}).content = {0xFF};
       })},
      {"time of the time-stamp cannot be read", Defect::malformed, with_time("20260301120000")},
      {"time of the time-stamp cannot be read", Defect::malformed, with_time("202603011200Z")},
      {"time of the time-stamp cannot be read", Defect::malformed, with_time("20260301120000.Z")},
      {"time of the time-stamp cannot be read", Defect::malformed, with_time("20261301120000Z")},
      {"time of the time-stamp cannot be read", Defect::malformed,
       with_time("20260301120000.2x Z")},
      {"time of the time-stamp cannot be read", Defect::malformed,
       with_time("20260301120000+0100")},
      {"TSTInfo cannot be read", Defect::malformed,
       [](DerTree& answer) {
         signed_data(answer).at({2, 1, 0}).content.push_back(0);
       }},
      {"has no content", Defect::malformed,
       [](DerTree& answer) { signed_data(answer).at({2}).children.pop_back(); }},
      {"does not sign a TSTInfo", Defect::malformed,
       [](DerTree& answer) {
         signed_data(answer).at({2, 0}) = DerTree::of(oid("2a864886f70d010701"));
       }},
      {"not a CMS structure", Defect::malformed,
       [](DerTree& answer) { answer.at({1}).tag = der::kSet; }},
      {"status of the answer cannot be read", Defect::malformed,
       [](DerTree& answer) {
         answer.at({0, 0}).content = Bytes(9, 0x7F);
       }},
  };
}

std::vector<Case> refused_ones() {
  return {
      {"refuses (status 7)", Defect::rejected,
       [](DerTree& answer) {
         answer.at({0, 0}).content = {7};
       }},
      {"refuses (status -1)", Defect::rejected,
       [](DerTree& answer) {
         answer.at({0, 0}).content = {0xFF};
       }},
      {"refuses (rejection, failure 3)", Defect::rejected,
       [](DerTree& answer) {
         answer.at({0}).children.back().content = {4, 0x10};
       },
       "reject-badAlg"},
  };
}

std::vector<Case> wrong_signers() {
  return {
      {"has its extended key usage twice", Defect::key_purpose,
       [](DerTree& answer) {
         const Bytes extension = signed_data(answer).at({3}).holder_of(kExtendedKeyUsage).encoded();
         for (DerTree& certificate : signed_data(answer).at({3}).children) {
           DerTree& extensions = certificate.at({0}).children.back().at({0});
           try {
             extensions.duplicate(extension);
           } catch (const std::runtime_error&) {
             continue;  // the issuer's
           }
         }
       }},
      {"uses a weak or unknown hash", Defect::certificate_id,
       [](DerTree& answer) {
         auto& id = value_of(answer, kSigningCertificateV2).at({0, 0});
         id.children.insert(id.children.begin(), DerTree{der::kSequence, {}, {DerTree::of(kSha1)}});
       }},
      {"signing-certificate cannot be read", Defect::certificate_id,
       [](DerTree& answer) {
         value_of(answer, kSigningCertificateV2) = DerTree{der::kNull, {}, {}};
       }},
      {"signing-certificate occurs twice", Defect::certificate_id, twice(kSigningCertificateV2)},
      {"another issuer or serial number", Defect::certificate_id,
       [](DerTree& answer) {
         value_of(answer, kSigningCertificateV2).at({0, 0, 1, 1}).content.back() ^= 1;
       }},
      {"another certificate than the signer's", Defect::certificate_id,
       [](DerTree& answer) {
         value_of(answer, kSigningCertificateV2).at({0, 0, 0}).content.back() ^= 1;
       }},
      {"content-type does not say, once,", Defect::signed_attributes, twice(kContentType)},
      {"message-digest does not occur once", Defect::signed_attributes, twice(kMessageDigest)},
      {"message-digest does not occur once", Defect::signed_attributes,
       [](DerTree& answer) {
         signer_info(answer).holder_of(kMessageDigest).at({1}).children.clear();
       }},
  };
}

std::vector<Case> wrong_algorithms() {
  return {
      {"an algorithm that is not known here", Defect::algorithm,
       [](DerTree& answer) {
         signer_info(answer).at({4, 0}) = DerTree::of(kUnknown);
       }},
      {"name different hashes", Defect::algorithm,
       [](DerTree& answer) {
         signer_info(answer).at({4, 0}) = DerTree::of(kEcdsaWithSha384);
       }},
      {"less than 256 bits (SHA-1 among them), or an unknown one", Defect::algorithm,
       [](DerTree& answer) {
         signer_info(answer).at({2, 0}) = DerTree::of(kUnknown);
       }},
      {"among its digests", Defect::algorithm,
       [](DerTree& answer) {
         signed_data(answer).at({1, 0, 0}) = DerTree::of(kSha384);
       }},
      {"Ed25519 goes with SHA-512", Defect::algorithm,
       [](DerTree& answer) {
         const Bytes digest =
             crypto::digest_of(crypto::Hash::sha256, signed_data(answer).at({2, 1, 0}).content);
         signed_data(answer).at({1, 0, 0}) = DerTree::of(kSha256);
         signer_info(answer).at({2, 0}) = DerTree::of(kSha256);
         value_of(answer, kMessageDigest).content = digest;
       },
       "ed25519"},
      {"weak hash in its PSS padding", Defect::algorithm,
       [](DerTree& answer) {
         swap_oid(signer_info(answer).at({4}).holder_of(kMgf1), kSha256, kSha1);
       },
       "pss"},
      {"is not one of the signer's key", Defect::algorithm,
       [](DerTree& answer) {
         signer_info(answer).at({4}).children = {DerTree::of(kEcdsaWithSha256)};
       },
       "rsa"},
      {"of a kind that is not known here", Defect::algorithm,
       [](DerTree& answer) {
         DerTree& certificates = signed_data(answer).at({3});
         for (DerTree& certificate : certificates.children)
           swap_oid(certificate, kP256, kSecp256k1);
       },
       "good", true},
      {"signature is not that of its signer", Defect::signature,
       [](DerTree& answer) { signer_info(answer).at({5}).content.resize(20); }},
      {"signature is not that of its signer", Defect::signature,
       [](DerTree& answer) { signer_info(answer).at({5}).content.back() ^= 1; }, "rsa"},
      {"signature is not that of its signer", Defect::signature,
       [](DerTree& answer) { signer_info(answer).at({5}).content.back() ^= 1; }, "pss"},
      {"signature is not that of its signer", Defect::signature,
       [](DerTree& answer) { signer_info(answer).at({5}).content.back() ^= 1; }, "ed25519"},
  };
}

TEST(TokenTest, EachChangeIsFound) {
  for (const auto& cases :
       {malformed_ones(), refused_ones(), wrong_signers(), wrong_algorithms()}) {
    for (const Case& one : cases) {
      const auto verdict = verdict_on(edited(one.base, one.edit), one.signature_only);
      ASSERT_FALSE(verdict) << one.says;
      EXPECT_THAT(verdict.error().sentence, HasSubstr(one.says));
      EXPECT_EQ(verdict.error().defect, one.defect) << verdict.error().sentence;
    }
  }
}

TEST(TokenTest, UnchangedTheyAreGood) {
  for (const std::string name : {"good", "rsa", "pss", "p384", "ed25519", "ess-v1"}) {
    const auto verdict = verdict_on(answer_named(name));
    EXPECT_TRUE(verdict) << name << ": " << verdict.error().sentence;
  }
}

// Of writers that share no code with ours or with tools/testca.
TEST(TokenTest, TokensOfOtherWritersAreGood) {
  for (const std::string name : {"openssl", "certomancer", "bouncy-castle"}) {
    const auto verdict = verdict_on(answer_named(name));
    EXPECT_TRUE(verdict) << name << ": " << verdict.error().sentence;
  }
}

TEST(TokenTest, TheFieldsAreRead) {
  const auto token = parse_answer(test_context(), edited("good", with_time("20260301120000.25Z")));
  ASSERT_TRUE(token) << token.error().sentence;
  using namespace std::chrono;
  EXPECT_EQ(token.value().time, sys_days{2026y / March / 1} + 12h + 250ms);
  EXPECT_EQ(token.value().time_text, "20260301120000.25Z");
  EXPECT_EQ(token.value().accuracy, 1'100'500us);
  EXPECT_EQ(token.value().imprint, Bytes(32, 0));
  EXPECT_EQ(token.value().certificates.size(), 2U);
  EXPECT_FALSE(token.value().ordering);
  const auto named = parse_answer(test_context(), answer_named("openssl"));
  ASSERT_TRUE(named);
  EXPECT_THAT(named.value().authority, HasSubstr("CN=Signet trial time-stamp unit"));
}

TEST(TokenTest, AnUnknownHashOfTheImprintIsNoOther) {
  const auto token =
      parse_answer(test_context(), edited("good", in_info([](DerTree& info) {
                                            info.at({2, 0, 0}) = DerTree::of(kUnknown);
                                          })));
  ASSERT_TRUE(token);
  EXPECT_EQ(token.value().hash, crypto::Hash::none);
  EXPECT_EQ(token.value().hash_oid, "1.3.6.1.4.1.1466.1.1");
  Expected expected;
  expected.hash = crypto::Hash::sha256;
  expected.imprint = token.value().imprint;
  EXPECT_EQ(check_request_fields(token.value(), expected).error().defect, Defect::imprint);
}

TEST(TokenTest, AnAnswerIsOneWholeElement) {
  Bytes answer = answer_named("good");
  answer.push_back(0);
  EXPECT_THAT(verdict_on(answer).error().sentence, HasSubstr("not a TimeStampResp"));
  // Of indefinite length (X.690, 8.1.3.6), as some authorities write.
  const DerTree tree = DerTree::of(answer_named("good"));
  Bytes open = {der::kSequence, 0x80};
  for (const DerTree& child : tree.children) der::append(open, child.encoded());
  EXPECT_THAT(verdict_on(open).error().sentence, HasSubstr("not a TimeStampResp"));
  open.insert(open.end(), 2, 0);
  EXPECT_TRUE(verdict_on(open));
  EXPECT_THAT(verdict_on(Bytes(kLargestAnswer + 1)).error().sentence,
              HasSubstr("larger than 64 KiB"));
}

TEST(TokenTest, TheSignerMayComeFromElsewhere) {
  const auto whole = parse_answer(test_context(), answer_named("good"));
  ASSERT_TRUE(whole);
  DerTree bare = DerTree::of(answer_named("no-certificates"));
  const Bytes der = bare.at({1}).encoded();
  const auto alone = parse_token(test_context(), der);
  ASSERT_TRUE(alone);
  EXPECT_EQ(check_signer(test_context(), alone.value()).error().defect, Defect::no_certificate);
  EXPECT_EQ(check_signature(test_context(), alone.value()).error().defect, Defect::no_certificate);
  const auto together = parse_token(test_context(), der, whole.value().certificates);
  ASSERT_TRUE(together);
  EXPECT_TRUE(check_signer(test_context(), together.value()));
  EXPECT_TRUE(check_signature(test_context(), together.value()));
}

TEST(TokenTest, TheDistanceFromTheClockIsMeasuredBothWays) {
  const auto token = parse_answer(test_context(), answer_named("good"));
  ASSERT_TRUE(token);
  const auto at = [&](std::chrono::system_clock::time_point now) {
    Expected expected;
    expected.clock = {now, 300s};
    return check_token(test_context(), token.value(), expected);
  };
  const auto time = token.value().time;
  EXPECT_TRUE(at(time));
  EXPECT_TRUE(at(time + 300s));
  EXPECT_TRUE(at(time - 300s));
  EXPECT_THAT(at(time + 300s + 1ms).error().sentence, HasSubstr("is 301 s behind the clock here"));
  EXPECT_THAT(at(time - 301s).error().sentence, HasSubstr("is 301 s ahead of the clock here"));
  EXPECT_EQ(at(std::chrono::system_clock::time_point::min()).error().defect, Defect::time);
  EXPECT_EQ(at(std::chrono::system_clock::time_point::max()).error().defect, Defect::time);
}

}  // namespace
}  // namespace signet::timestamps
