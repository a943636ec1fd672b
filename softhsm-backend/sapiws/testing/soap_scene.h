// What the tests of the SOAP service share: both firmwares over one state and token, and requests as clients write them.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_TESTING_SOAP_SCENE_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_TESTING_SOAP_SCENE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "softhsm-backend/native/testing/service_scene.h"
#include "softhsm-backend/sapiws/service.h"
#include "softhsm-backend/sapiws/words.h"

namespace signet::emulator::sapiws {

inline constexpr std::string_view kNames = "http://arx.com/SAPIWS/DSS/1.0/";

// The account "seal" has an RSA key "rsa" with a certificate, stored beside an issuer's; every test has one more account,
// `user`, without any.
class SoapTest : public ServiceTest {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  static Request soap_request(const std::string& path, const std::string& action,
                              const std::string& envelope);

  // In a SOAP 1.1 envelope, as the vendor's samples write it. `options`: inside OptionalInputs behind SignatureType.
  static std::string envelope(const std::string& operation, const std::string& content);
  static std::string sign_request(const std::string& identity, const std::string& type,
                                  const std::string& options, const std::string& inputs);
  static std::string identity(const std::string& user, const std::string& password,
                              const std::string& more = "");
  static std::string seal() { return identity("seal", kTestPassword); }
  static std::string document(ByteView data, const std::string& mime_type = "application/pdf");
  static std::string document_hash(ByteView digest, const std::string& method = "");
  static std::string flags(std::uint32_t bits);
  static std::string certificate_selector();

  // The answer's body, of HTTP 200.
  static std::string sign(const std::string& envelope, Service& service);
  static std::string sign(const std::string& envelope) { return sign(envelope, *current); }
  static std::string verify(const std::string& type, const std::string& options,
                            const std::string& inputs, Service& service);
  static std::string spml(const std::string& operation, const std::string& content);

  // What lies between the first <name…> and its end; empty where there is none.
  static std::string inside(const std::string& body, const std::string& name);
  static Bytes base64_inside(const std::string& body, const std::string& name);

  static std::vector<std::string> journal(const std::string& column);

  static inline std::unique_ptr<Service> current;    // 8, the primary
  static inline std::unique_ptr<Service> alternate;  // 8
  static inline std::unique_ptr<Service> old;        // 5.2
  static inline Bytes public_key;                    // of "rsa"
  static inline Bytes certificate;
  static inline Bytes issuer;
};

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_TESTING_SOAP_SCENE_H_
