// A SOAP service that answers as a test says, and what the test asks of it.
#ifndef SIGNET_DSA_TRANSPORT_SAPIWS_TESTING_SAPIWS_SCENE_H_
#define SIGNET_DSA_TRANSPORT_SAPIWS_TESTING_SAPIWS_SCENE_H_

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "crypto/base64.h"
#include "crypto/openssl_ptr.h"
#include "dsa-transport/factory.h"
#include "dsa-transport/sapiws/messages.h"
#include "dsa-transport/testing/test_server.h"

namespace signet::transport::sapiws {

using namespace std::chrono_literals;
using Ending = TestReply::Ending;

// Self-signed, for so many seconds from now.
inline Bytes rsa_certificate(EVP_PKEY* key, long seconds) {
  const X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 4711);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), seconds);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("jan"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_sign(certificate.get(), key, EVP_sha256());
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

// Of an RSA key of 2048 bits.
inline Bytes rsa_certificate() {
  const PkeyPtr key(EVP_RSA_gen(2048));
  return rsa_certificate(key.get(), 3600);
}

inline std::string result(const std::string& major, const std::string& minor,
                          const std::string& message, const std::string& outputs = {}) {
  return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
         "<DssSignResponse xmlns=\"http://arx.com/SAPIWS/DSS/1.0/\"><DssSignResult "
         "xmlns=\"urn:oasis:names:tc:dss:1.0:core:schema\"><Result><ResultMajor>"
         "urn:oasis:names:tc:dss:1.0:resultmajor:" +
         major + "</ResultMajor><ResultMinor>urn:oasis:names:tc:dss:1.0:resultminor:" + minor +
         "</ResultMinor><ResultMessage>" + message + "</ResultMessage></Result>" + outputs +
         "</DssSignResult></DssSignResponse></s:Body></s:Envelope>";
}

inline std::string good(const std::string& outputs) {
  return result("Success", "", "", outputs);
}

inline std::string listed(const std::vector<Bytes>& certificates) {
  std::string outputs = "<OptionalOutputs>";
  for (const Bytes& certificate : certificates) {
    outputs +=
        "<AvailableCertificate>" + crypto::to_base64(certificate) + "</AvailableCertificate>";
  }
  return good(outputs + "</OptionalOutputs>");
}

inline std::string fault(const std::string& code, const std::string& text) {
  return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>"
         "<faultcode>s:" +
         code + "</faultcode><faultstring>" + text +
         "</faultstring></s:Fault></s:Body></s:Envelope>";
}

inline std::string signature(std::size_t size) {
  return good("<SignatureObject><Base64Signature>" + crypto::to_base64(Bytes(size, 7)) +
              "</Base64Signature></SignatureObject>");
}

class SapiwsTest : public testing::Test {
 protected:
  SapiwsTest() {
    on(kEnumCertificates, {.body = listed({certificate_})});
    on(kCosignInfo, {.body = good("<OptionalOutputs><CoSignInfo SerialNumber=\"CSN1\" Major=\"8\" "
                                  "Minor=\"2\" ClusterID=\"1\"/></OptionalOutputs>")});
    on(kTimeGet, {.body = good("<SAPITime>2026-01-01T12:00:00Z</SAPITime>")});
    on(kCaInfoGet, {.body = good("")});
    on(kPkcs1, {.body = signature(256)});
    on(kChangePassword, {.body = good("")});
  }

  void on(std::string_view type, TestReply reply) {
    const std::lock_guard lock(mutex_);
    replies_[std::string(type)] = std::move(reply);
  }

  Settings settings() const {
    Settings settings;
    std::string url = server_.url();
    url.replace(url.find("/dsa/v1"), 7, "/SAPIWS");
    settings.members = {{url, pinning::PinSet({identity_->pin()}), {}}};
    settings.user = "jan";
    settings.dialect = config::Dialect::sapiws;
    settings.limits.connect = 20s;
    settings.limits.sign_attempt = 20s;
    return settings;
  }

  std::string key_id(Appliance& client) {
    const auto set = client.objects(who_, {}, Deadline::after(10s));
    EXPECT_TRUE(set && set.value() && set.value()->keys.size() == 1);
    return set && set.value() && !set.value()->keys.empty() ? set.value()->keys.front().id : "";
  }

  Answer<Signatures> sign(Appliance& client, Hash hash = Hash::sha256) {
    SignRequest request;
    request.key_id = key_id(client);
    request.hash = hash;
    request.digests = {Bytes(crypto_size(hash), 1)};
    return client.sign(who_, request, Deadline::after(10s));
  }

  static std::size_t crypto_size(Hash hash) { return hash == Hash::sha512 ? 64 : 32; }

  // Bodies of the requests of that type.
  std::vector<std::string> bodies(std::string_view type) const {
    std::vector<std::string> found;
    for (const TestRequest& request : server_.requests()) {
      if (request.body.find(type) != std::string::npos) found.push_back(request.body);
    }
    return found;
  }

  const Bytes certificate_ = rsa_certificate();
  const Credential who_{"jan", Secret(std::string_view("pass<&>word"))};
  std::shared_ptr<TestIdentity> identity_ = std::make_shared<TestIdentity>();

 private:
  std::mutex mutex_;
  std::map<std::string, TestReply> replies_;

 protected:
  TlsTestServer server_{identity_, [this](const TestRequest& request) {
                          const std::lock_guard lock(mutex_);
                          for (const auto& [type, reply] : replies_) {
                            if (request.body.find(type) != std::string::npos) return reply;
                          }
                          return TestReply{.status = 404};
                        }};
};

}  // namespace signet::transport::sapiws

#endif  // SIGNET_DSA_TRANSPORT_SAPIWS_TESTING_SAPIWS_SCENE_H_
