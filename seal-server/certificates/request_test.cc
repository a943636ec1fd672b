#include "seal-server/certificates/request.h"

#include <gtest/gtest.h>

#include "seal-server/store/problem.h"
#include "seal-server/testing/test_identity.h"

namespace signet::sealserver {
namespace {

template <typename Call>
std::string refusal_of(Call call) {
  try {
    call();
  } catch (const Problem& problem) {
    return std::to_string(problem.status()) + " " + problem.what();
  }
  return "taken";
}

TEST(CertificateRequests, AreReadWhereTheyProveTheirKey) {
  const TestIdentity office("office");
  const CertificateRequest request = read_request(office.request());
  EXPECT_EQ(request.key, office.spki());
  EXPECT_EQ(refusal_of([&] { expect_authentication_key(request); }), "taken");
  EXPECT_EQ(refusal_of([&] { expect_sealing_key(request); }), "taken");
  Bytes spoiled = request.der;
  spoiled.back() ^= 1U;
  EXPECT_EQ(refusal_of([&] { read_request(spoiled); }),
            "422 The request's own signature does not fit its key.");
  spoiled = request.der;
  spoiled.push_back(0);
  for (const Bytes& other : {Bytes(), Bytes(3, 0x30), office.certificate(), spoiled}) {
    EXPECT_EQ(refusal_of([&] { read_request(other); }),
              "422 This is no certificate request (PKCS#10 in DER).");
  }
}

TEST(CertificateRequests, AreForKeysThatAreStrongEnough) {
  const char* kAuthentication =
      "422 An authentication key is on P-256, or of RSA with 2048 bits at least.";
  const CertificateRequest p384 = read_request(TestIdentity("a", "P-384").request());
  EXPECT_EQ(refusal_of([&] { expect_authentication_key(p384); }), kAuthentication);
  EXPECT_EQ(refusal_of([&] { expect_sealing_key(p384); }), "taken");
  const CertificateRequest rsa = read_request(TestIdentity("a", "2048").request());
  EXPECT_EQ(refusal_of([&] { expect_authentication_key(rsa); }), "taken");
  EXPECT_EQ(refusal_of([&] { expect_sealing_key(rsa); }), "taken");
  const CertificateRequest weak = read_request(TestIdentity("a", "1024").request());
  EXPECT_EQ(refusal_of([&] { expect_authentication_key(weak); }), kAuthentication);
  EXPECT_EQ(refusal_of([&] { expect_sealing_key(weak); }),
            "422 A sealing key is of RSA with 2048 bits at least, or on a curve with 256 bits at "
            "least.");
}

TEST(CertificateRequests, AreReadOutOfTheirSeal) {
  const TestIdentity seal("seal");
  const TestIdentity next("seal");
  const Bytes certificate = seal.certificate();
  const Bytes cms = seal.sealed(next.request(), certificate);
  const SealedRequest sealed = read_sealed_request(cms);
  EXPECT_EQ(sealed.request.key, next.spki());
  EXPECT_EQ(sealed.signer, certificate);
  Bytes spoiled = cms;
  spoiled.back() ^= 1U;  // of the signature
  EXPECT_EQ(refusal_of([&] { read_sealed_request(spoiled); }),
            "422 The seal does not fit the request.");
  EXPECT_TRUE(refusal_of([&] {
                read_sealed_request(next.request());
              }).starts_with("422 The request must be a PKCS#10 in a CMS SignedData (DER): "));
  EXPECT_EQ(refusal_of([&] { read_sealed_request(seal.sealed(view_of("text"), certificate)); }),
            "422 This is no certificate request (PKCS#10 in DER).");
}

}  // namespace
}  // namespace signet::sealserver
