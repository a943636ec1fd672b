// Answers as services write them, and algorithms by their identifiers.
#include "dsa-transport/csc/answers.h"

#include <gtest/gtest.h>

#include "dsa-transport/csc/algorithms.h"

namespace signet::transport::csc {
namespace {

ServiceCredential credential_of(const std::string& members) {
  const auto read = read_credential(
      R"({"key":{"status":"enabled","algo":["1.2.3"],"len":2048})" + members + "}", "id");
  EXPECT_TRUE(read) << (read ? "" : read.error().what);
  return read ? read.value() : ServiceCredential{};
}

TEST(Credential, IsReadInTheWordsOfBothVersionsAndOfServices) {
  for (
      const char* members : {
          R"(,"authMode":"explicit","PIN":{"presence":"true"},"SCAL":"1","multisign":10)",
          R"(,"authMode":"explicit","PIN":{"presence":true},"SCAL":1,"multisign":"10")",
          R"(,"auth":{"mode":"explicit","objects":[{"type":"Password","id":"PIN"}]},"SCAL":"1","multisign":10)",
          R"(,"authDto":{"mode":"explicit","objects":[{"type":"Password","id":"PIN"}]},"scal":"1","multisign":10)",
      }) {
    const ServiceCredential credential = credential_of(members);
    EXPECT_EQ(credential.mode, AuthMode::is_explicit) << members;
    EXPECT_EQ(credential.pin_object, "PIN") << members;
    EXPECT_EQ(credential.otp_object, "") << members;
    EXPECT_FALSE(credential.scal2) << members;
    EXPECT_EQ(credential.multisign, 10U) << members;
  }
  const ServiceCredential silent =
      credential_of(R"(,"auth":"implicit","cert":{"status":"not yet valid"})");
  EXPECT_EQ(silent.mode, AuthMode::implicit);
  EXPECT_TRUE(silent.scal2) << "the stricter one where nothing is said";
  EXPECT_EQ(silent.multisign, 1U);
  EXPECT_TRUE(silent.certificate_valid);
  EXPECT_EQ(credential_of(R"(,"authMode":"oauth2code")").mode, AuthMode::oauth2code);
  EXPECT_EQ(credential_of(R"(,"multisign":0)").multisign, 1U);
}

TEST(Info, HasItsAuthorizationServerAsATextOrAnObject) {
  EXPECT_EQ(read_info(R"({"specs":"1.0.4.0","oauth2":"https://a/"})").value().oauth2, "https://a/");
  EXPECT_EQ(
      read_info(R"({"specs":"2.2.0.0","oauth2":{"tokenUrl":"https://a/token"}})").value().oauth2,
      "https://a/token");
  EXPECT_FALSE(read_info("{}"));
  EXPECT_FALSE(read_info("[]"));
}

TEST(Tokens, AreRefusedWhereTheyCannotBeSent) {
  EXPECT_TRUE(read_token(R"({"access_token":"a.b-c_~+/="})"));
  EXPECT_EQ(read_token(R"({"access_token":"a","expires_in":"60"})").value().lifetime.count(), 60);
  for (const char* body : {R"({"access_token":""})", R"({"access_token":"a b"})",
                           R"({"access_token":"a\nb"})", R"({"access_token":7.5})", "{}"}) {
    EXPECT_FALSE(read_token(body)) << body;
  }
}

TEST(SignAnswers, HaveExactlyAsManySignaturesAsWereAskedFor) {
  EXPECT_TRUE(read_signatures(R"({"signatures":["AAAA"]})", 1));
  EXPECT_TRUE(read_signatures("{\"signatures\":[\"AA\\r\\nAA\"]}", 1)) << "line ends in base64";
  for (const char* body :
       {R"({"signatures":[]})", R"({"signatures":["AAAA","AAAA"]})", R"({"signatures":["!"]})",
        R"({"signatures":[""]})", R"({"signatures":"AAAA"})", R"({"responseID":""})", "{}"}) {
    EXPECT_FALSE(read_signatures(body, 1)) << body;
  }
}

TEST(Pages, RefuseIdsThatAreNone) {
  EXPECT_EQ(read_credential_page(R"({"credentialIDs":["a"],"nextPageToken":7})").value().next, "7");
  for (const std::string& body :
       {std::string(R"({"credentialIDs":[7]})"), std::string(R"({"credentialIDs":[""]})"),
        R"({"credentialIDs":[")" + std::string(1025, 'a') + "\"]}", std::string("{}")}) {
    EXPECT_FALSE(read_credential_page(body)) << body;
  }
}

// A page that was taken for the last one would hide credentials.
TEST(Pages, RefuseAnInvalidToken) {
  for (const std::string& token : {std::string("true"), std::string("{}"), std::string("[\"a\"]"),
                                   "\"" + std::string(1025, 'a') + "\""}) {
    EXPECT_FALSE(read_credential_page(R"({"credentialIDs":["a"],"nextPageToken":)" + token + "}"))
        << token;
  }
  for (const char* const last : {"null", "\"\""}) {
    const auto page = read_credential_page(
        std::string(R"({"credentialIDs":["a"],"nextPageToken":)") + last + "}");
    ASSERT_TRUE(page) << last;
    EXPECT_TRUE(page.value().next.empty());
  }
}

TEST(Credentials, KeepTheAlgorithmsThatAreKnownAndEachOnce) {
  const auto credential = read_credential(
      R"({"key":{"algo":["1.2.3","1.2.840.10045.4.3.2","1.2.840.10045.4.3.2"]}})", "c");
  ASSERT_TRUE(credential);
  EXPECT_EQ(credential.value().algorithms, std::vector<std::string>{"1.2.840.10045.4.3.2"});
  const auto other = read_credential(R"({"key":{"algo":["1.2.3"]}})", "c");
  ASSERT_TRUE(other);
  EXPECT_TRUE(other.value().algorithms.empty());
  EXPECT_TRUE(other.value().names_algorithms) << "the service's own are not for this key";
}

TEST(Credentials, HaveChainsOfABoundedLength) {
  const auto body = [](std::size_t certificates) {
    std::string list;
    for (std::size_t i = 0; i < certificates; ++i) list += ",\"AAAA\"";
    return R"({"key":{},"cert":{"certificates":[)" + list.substr(1) + "]}}";
  };
  EXPECT_TRUE(read_credential(body(100), "c"));
  EXPECT_FALSE(read_credential(body(101), "c"));
}

TEST(Algorithms, AreChosenByWhatTheyName) {
  const std::vector<std::string> rsa = {"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11",
                                        "1.2.840.113549.1.1.10"};
  EXPECT_EQ(choose_algorithm(rsa, Scheme::rsa_pkcs1, Hash::sha256)->oid, "1.2.840.113549.1.1.11");
  EXPECT_EQ(choose_algorithm(rsa, Scheme::rsa_pkcs1, Hash::sha512)->oid, "1.2.840.113549.1.1.1");
  EXPECT_EQ(choose_algorithm(rsa, Scheme::rsa_pss, Hash::sha384)->oid, "1.2.840.113549.1.1.10");
  EXPECT_EQ(choose_algorithm(rsa, Scheme::ecdsa, Hash::sha256), nullptr);
  const std::vector<std::string> ec = {"0.4.0.127.0.7.1.1.4.1.3", "1.2.840.10045.4.3.2", "9.9"};
  EXPECT_EQ(choose_algorithm(ec, Scheme::ecdsa, Hash::sha256)->oid, "1.2.840.10045.4.3.2");
  EXPECT_EQ(choose_algorithm(ec, Scheme::ecdsa, Hash::sha384), nullptr);
}

// As OpenSSL writes them for SHA-256 and a salt of 32 bytes.
TEST(Algorithms, HavePssParametersAsOpensslWritesThem) {
  EXPECT_EQ(
      to_hex(pss_parameters(Hash::sha256, 32)),
      "3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d0609608648016503"
      "04020105"
      "00a203020120");
  EXPECT_EQ(pss_parameters(Hash::sha256, 0).back(), 0);
}

}  // namespace
}  // namespace signet::transport::csc
