#include "softhsm-backend/sapiws/testing/soap_scene.h"

#include <fmt/format.h>
#include <openssl/ec.h>

#include "softhsm-backend/public_key.h"

namespace signet::emulator::sapiws {

namespace {

void store(State& state, const std::string& id, const Bytes& der, const Bytes& key) {
  state.write([&](Database& database) {
    insert_certificate(database, {.seq = 0,
                                  .id = id,
                                  .owner = "seal",
                                  .label = copy_of(view_of(std::string_view("seal certificate"))),
                                  .cka_id = {1},
                                  .der = der,
                                  .public_key = key,
                                  .key_id = {}});
  });
}

}  // namespace

void SoapTest::SetUpTestSuite() {
  ServiceTest::SetUpTestSuite();
  State& state = appliance->state;
  Token& token = appliance->token;
  current = std::make_unique<Service>(state, token, "primary", Settings{});
  alternate = std::make_unique<Service>(state, token, "alternate", Settings{});
  old = std::make_unique<Service>(state, token, "primary", Settings{.profile = Profile::v5_2});
  for (const KeyRow& key :
       state.read([](Database& database) { return keys_after(database, "seal", 0, 10); })) {
    if (key.rsa()) public_key = key.public_key;
  }
  const PkeyPtr authority(EVP_EC_gen("P-256"));
  const Bytes authority_key = public_key_der(*authority);
  certificate = certificate_for(public_key, false);
  issuer = certificate_for(authority_key, true);
  store(state, "certificate", certificate, public_key);
  store(state, "issuer", issuer, authority_key);
}

void SoapTest::TearDownTestSuite() {
  old.reset();
  alternate.reset();
  current.reset();
  ServiceTest::TearDownTestSuite();
}

Request SoapTest::soap_request(const std::string& path, const std::string& action,
                               const std::string& envelope) {
  Request made;
  made.method = "POST";
  made.target = path;
  made.set_header("Content-Type", "text/xml; charset=utf-8");
  if (!action.empty()) made.set_header("SOAPAction", "\"" + action + "\"");
  made.body = envelope;
  made.id = new_uuid();
  return made;
}

std::string SoapTest::envelope(const std::string& operation, const std::string& content) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"{}\" xmlns:arx=\"{}\" "
      "xmlns:ds=\"{}\"><s:Body><{} xmlns=\"{}\">{}</{}></s:Body></s:Envelope>",
      kSoap11, kDssTypes, kXmlDsig, operation, kNames, content, operation);
}

std::string SoapTest::sign_request(const std::string& identity, const std::string& type,
                                   const std::string& options, const std::string& inputs) {
  const std::string type_element =
      type.empty() ? "" : "<SignatureType>" + type + "</SignatureType>";
  return envelope("DssSign", fmt::format("<SignRequest xmlns=\"{}\" RequestID=\"r1\">"
                                         "<OptionalInputs>{}{}{}</OptionalInputs>"
                                         "<InputDocuments>{}</InputDocuments></SignRequest>",
                                         kDssCore, identity, type_element, options, inputs));
}

std::string SoapTest::identity(const std::string& user, const std::string& password,
                               const std::string& more) {
  return fmt::format(
      "<ClaimedIdentity><Name NameQualifier=\"\">{}</Name><SupportingInfo>"
      "<arx:LogonPassword>{}</arx:LogonPassword>{}</SupportingInfo></ClaimedIdentity>",
      user, password, more);
}

std::string SoapTest::document(ByteView data, const std::string& mime_type) {
  return fmt::format("<Document><Base64Data MimeType=\"{}\">{}</Base64Data></Document>", mime_type,
                     to_base64(data));
}

std::string SoapTest::document_hash(ByteView digest, const std::string& method) {
  const std::string element =
      method.empty() ? "" : "<ds:DigestMethod Algorithm=\"" + method + "\"/>";
  return fmt::format("<DocumentHash>{}<ds:DigestValue>{}</ds:DigestValue></DocumentHash>", element,
                     to_base64(digest));
}

std::string SoapTest::flags(std::uint32_t bits) {
  return fmt::format("<arx:Flags>{}</arx:Flags>", bits);
}

std::string SoapTest::certificate_selector() {
  return fmt::format(
      "<KeySelector><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate>"
      "</ds:X509Data></ds:KeyInfo></KeySelector>",
      to_base64(certificate));
}

std::string SoapTest::sign(const std::string& envelope, Service& service) {
  const Answer answer =
      service.handle(soap_request("/SAPIWS/dss.asmx", std::string(kNames) + "DssSign", envelope));
  EXPECT_EQ(answer.status, 200U) << answer.body;
  return answer.body;
}

std::string SoapTest::verify(const std::string& type, const std::string& options,
                             const std::string& inputs, Service& service) {
  const std::string request =
      envelope("DssVerify", fmt::format("<VerifyRequest xmlns=\"{}\"><OptionalInputs>"
                                        "<SignatureType>{}</SignatureType>{}</OptionalInputs>{}"
                                        "</VerifyRequest>",
                                        kDssCore, type, options, inputs));
  const Answer answer =
      service.handle(soap_request("/SAPIWS/dss.asmx", std::string(kNames) + "DssVerify", request));
  EXPECT_EQ(answer.status, 200U) << answer.body;
  return answer.body;
}

std::string SoapTest::spml(const std::string& operation, const std::string& content) {
  const std::string request = fmt::format(
      "<s:Envelope xmlns:s=\"{}\"><s:Body><{} xmlns=\"{}\"><{}Request xmlns=\"{}\">{}</{}Request>"
      "</{}></s:Body></s:Envelope>",
      kSoap11, operation, kSpmlOperations, operation, kSpmlCore, content, operation, operation);
  return current
      ->handle(soap_request("/SAPIWS/spml.asmx", std::string(kSpmlOperations) + operation, request))
      .body;
}

std::string SoapTest::inside(const std::string& body, const std::string& name) {
  const std::size_t begin = body.find("<" + name);
  const std::size_t open = body.find('>', begin);
  const std::size_t end = body.find("</" + name + ">", begin);
  if (begin == std::string::npos || end == std::string::npos || open > end) return {};
  return body.substr(open + 1, end - open - 1);
}

Bytes SoapTest::base64_inside(const std::string& body, const std::string& name) {
  return from_base64(inside(body, name)).value_or(Bytes{});
}

std::vector<std::string> SoapTest::journal(const std::string& column) {
  return appliance->state.read([&](Database& database) {
    std::vector<std::string> values;
    auto rows = database.query("SELECT " + column + " FROM journal ORDER BY seq");
    while (rows.next()) values.push_back(rows.text(0));
    return values;
  });
}

}  // namespace signet::emulator::sapiws
