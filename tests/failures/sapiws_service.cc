// The appliance's SOAP services: an account with one RSA certificate, and an administrator.
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <array>
#include <stdexcept>

#include "crypto/base64.h"
#include "crypto/openssl_ptr.h"
#include "tests/failures/scripted_service.h"
#include "tests/failures/soap.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

using https::TestReply;
using https::TestRequest;

// What of a request's body tells its call.
struct CallMark {
  const char* call;
  const char* text;
};
constexpr auto kMarks = std::to_array<CallMark>({{"enum-certificates", "/enum-certificates<"},
                                                 {"cosign-info", "/cosign-info<"},
                                                 {"time-get", "/time-get<"},
                                                 {"ca-info-get", "/ca-info-get<"},
                                                 {"change-password", "/change-password<"},
                                                 {"sign", "RSASSA-PKCS1-v1_5<"},
                                                 {"setPassword", "<setPasswordRequest"},
                                                 {"lookup", "<lookupRequest"}});

// The text of the last element of that name whose tag may have attributes.
std::string text_in(const std::string& body, const std::string& element) {
  const auto tag = body.rfind("<" + element);
  if (tag == std::string::npos) return {};
  const auto begin = body.find('>', tag) + 1;
  return body.substr(begin, body.find('<', begin) - begin);
}

PkeyPtr rsa_key() {
  PkeyPtr key(EVP_RSA_gen(2048));
  if (key == nullptr) throw std::runtime_error("no RSA key");
  return key;
}

Bytes public_part(const EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) throw std::runtime_error("no public key");
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

class SapiwsScript : public ScriptedService {
 public:
  explicit SapiwsScript(Situation situation)
      : ScriptedService(Dialect::sapiws, std::move(situation)) {
    start(std::make_shared<https::TestIdentity>());
  }

 private:
  std::string path() const override { return "/SAPIWS"; }
  std::string token_config() const override {
    return fmt::format(
        "dialect = \"sapiws\"\nadministrator = \"officer\"\n[token.sapiws]\nprompt_for_sign = {}\n",
        situation_.prompt_for_sign);
  }

  std::string call_of(const TestRequest& request) const override {
    for (const CallMark& mark : kMarks) {
      if (request.body.find(mark.text) != std::string::npos) return mark.call;
    }
    return "unknown";
  }

  TestReply answer(const std::string& call, const TestRequest& request) override {
    if (call == "enum-certificates") {
      return dss_success("<OptionalOutputs><AvailableCertificate>" +
                         crypto::to_base64(certificate_) +
                         "</AvailableCertificate></OptionalOutputs>");
    }
    if (call == "cosign-info") {
      return dss_success(
          R"(<OptionalOutputs><CoSignInfo SerialNumber="CSN1" Major="8" Minor="2" ClusterID="1"/></OptionalOutputs>)");
    }
    if (call == "time-get") {
      return dss_success(
          "<OptionalOutputs><SAPITime>2026-01-01T12:00:00Z</SAPITime></OptionalOutputs>");
    }
    if (call == "sign") {
      const std::string digest = text_in(request.body, "Base64Data");
      note_signed(digest);
      return dss_success("<SignatureObject><Base64Signature>" + signature_of(digest) +
                         "</Base64Signature></SignatureObject>");
    }
    if (call == "lookup") {
      return spml_success("lookup", R"(<pso><psoID ID="officer"/><data><UserRecord )"
                                    R"(UserLoginName="officer" RightsMask="13"/></data></pso>)");
    }
    if (call == "setPassword") return spml_success("setPassword", "");
    return call == "unknown" ? TestReply{.status = 404} : dss_success("");
  }

  std::string signature_of(const std::string& text) const {
    const auto digest = crypto::from_base64(text);
    const OpensslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
        EVP_PKEY_CTX_new(key_.get(), nullptr));
    Bytes signature(256);
    std::size_t size = signature.size();
    if (!digest || EVP_PKEY_sign_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) != 1 ||
        EVP_PKEY_sign(context.get(), signature.data(), &size, digest->data(), digest->size()) !=
            1) {
      throw std::runtime_error("no signature");
    }
    return crypto::to_base64(signature);
  }

  const PkeyPtr key_ = rsa_key();
  const Bytes certificate_ = certificate_for(public_part(key_.get()), "signer");
};

}  // namespace

std::unique_ptr<ScriptedService> make_sapiws_service(Situation situation) {
  return std::make_unique<SapiwsScript>(std::move(situation));
}

}  // namespace signet::tests
