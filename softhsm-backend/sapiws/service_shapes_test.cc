// SOAP itself: versions, actions, paths, and the same request in the shapes in which foreign clients write it.
#include <fmt/format.h>

#include "softhsm-backend/sapiws/testing/soap_scene.h"

namespace signet::emulator::sapiws {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kSignAction = std::string(kNames) + "DssSign";

std::string header(const Answer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return {};
}

struct Shape {
  const char* client;
  const char* text;  // {0}: the password
};

// In the form in which the programs named write it.
constexpr Shape kShapes[] = {
    {"revenant", R"(<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"
               xmlns:arx="http://arx.com/SAPIWS/DSS/1.0">
  <soap:Body><DssSign xmlns="http://arx.com/SAPIWS/DSS/1.0/">
    <SignRequest xmlns="urn:oasis:names:tc:dss:1.0:core:schema"><OptionalInputs>
      <ClaimedIdentity><Name>seal</Name>
        <SupportingInfo><arx:LogonPassword>{0}</arx:LogonPassword></SupportingInfo></ClaimedIdentity>
      <SignatureType>http://arx.com/SAPIWS/DSS/1.0/enum-certificates</SignatureType>
    </OptionalInputs><InputDocuments></InputDocuments></SignRequest></DssSign></soap:Body></soap:Envelope>)"},
    {"zeep",
     R"(<soap-env:Envelope xmlns:soap-env="http://schemas.xmlsoap.org/soap/envelope/"><soap-env:Body>
<ns0:DssSign xmlns:ns0="http://arx.com/SAPIWS/DSS/1.0/"><ns1:SignRequest xmlns:ns1="urn:oasis:names:tc:dss:1.0:core:schema">
<ns1:OptionalInputs><ns1:ClaimedIdentity><ns1:Name NameQualifier=" ">seal</ns1:Name><ns1:SupportingInfo>
<ns2:LogonPassword xmlns:ns2="http://arx.com/SAPIWS/DSS/1.0">{0}</ns2:LogonPassword></ns1:SupportingInfo></ns1:ClaimedIdentity>
<ns1:SignatureType>http://arx.com/SAPIWS/DSS/1.0/enum-certificates</ns1:SignatureType></ns1:OptionalInputs>
</ns1:SignRequest></ns0:DssSign></soap-env:Body></soap-env:Envelope>)"},
    {"suds",
     R"(<SOAP-ENV:Envelope xmlns:ns0="http://arx.com/SAPIWS/DSS/1.0" xmlns:ns1="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:ns2="urn:oasis:names:tc:dss:1.0:core:schema" xmlns:ns3="http://arx.com/SAPIWS/DSS/1.0/"
 xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header/><ns1:Body><ns3:DssSign><ns2:SignRequest>
<ns2:OptionalInputs><ns2:ClaimedIdentity><ns2:Name>seal</ns2:Name><ns2:SupportingInfo><ns0:LogonPassword>{0}</ns0:LogonPassword>
</ns2:SupportingInfo></ns2:ClaimedIdentity><ns2:SignatureType>http://arx.com/SAPIWS/DSS/1.0/enum-certificates</ns2:SignatureType>
</ns2:OptionalInputs></ns2:SignRequest></ns3:DssSign></ns1:Body></SOAP-ENV:Envelope>)"},
    {"Savon, unqualified",
     R"(<?xml version="1.0" encoding="UTF-8"?><env:Envelope xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:tns="http://arx.com/SAPIWS/DSS/1.0/" xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Body><tns:DssSign>
<SignRequest><OptionalInputs><ClaimedIdentity><Name>seal</Name><SupportingInfo><LogonPassword>{0}</LogonPassword>
</SupportingInfo></ClaimedIdentity><SignatureType>http://arx.com/SAPIWS/DSS/1.0/enum-certificates</SignatureType>
</OptionalInputs></SignRequest></tns:DssSign></env:Body></env:Envelope>)"},
    {"PHP, one default namespace with the slash",
     R"(<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>
<DssSign xmlns="http://arx.com/SAPIWS/DSS/1.0/"><SignRequest><OptionalInputs><ClaimedIdentity><Name NameQualifier="">seal</Name>
<SupportingInfo><LogonPassword>{0}</LogonPassword></SupportingInfo></ClaimedIdentity>
<SignatureType>http://arx.com/SAPIWS/DSS/1.0/enum-certificates</SignatureType></OptionalInputs></SignRequest></DssSign>
</SOAP-ENV:Body></SOAP-ENV:Envelope>)"},
    {"the wrapper without the slash",
     R"(<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><DssSign xmlns="http://arx.com/SAPIWS/DSS/1.0">
<SignRequest xmlns="urn:oasis:names:tc:dss:1.0:core:schema"><OptionalInputs><ClaimedIdentity><Name>seal</Name><SupportingInfo>
<LogonPassword xmlns="http://arx.com/SAPIWS/DSS/1.0">{0}</LogonPassword></SupportingInfo></ClaimedIdentity>
<SignatureType>http://arx.com/SAPIWS/DSS/1.0/enum-certificates</SignatureType></OptionalInputs></SignRequest></DssSign></s:Body>
</s:Envelope>)"},
};

TEST_F(SoapTest, ServesEveryClientsShape) {
  for (const Shape& shape : kShapes) {
    const std::string text = fmt::format(fmt::runtime(shape.text), kTestPassword);
    for (const std::string& action : {kSignAction, std::string()}) {
      const Answer answer = current->handle(soap_request("/SAPIWS/dss.asmx", action, text));
      EXPECT_EQ(answer.status, 200U) << shape.client;
      EXPECT_EQ(base64_inside(answer.body, "AvailableCertificate"), certificate)
          << shape.client << answer.body;
      EXPECT_EQ(header(answer, "Content-Type"), "text/xml; charset=utf-8");
    }
  }
}

TEST_F(SoapTest, ServesSoap12) {
  std::string text = sign_request(seal(), kTypeEnumCertificates, "", "");
  text.replace(text.find(kSoap11), std::string(kSoap11).size(), kSoap12);
  Request made = soap_request("/SAPIWS/dss.asmx", "", text);
  for (const std::string parameters :
       {"; charset=utf-8", "",
        "; charset=utf-8; action=\"http://arx.com/SAPIWS/DSS/1.0/DssSign\""}) {
    made.set_header("Content-Type", "application/soap+xml" + parameters);
    const Answer answer = current->handle(made);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(kSoap12));
    EXPECT_EQ(header(answer, "Content-Type"), "application/soap+xml; charset=utf-8");
  }
  made.set_header("Content-Type", "application/soap+xml; action=\"urn:other\"");
  const Answer refused = current->handle(made);
  EXPECT_EQ(refused.status, 500U);
  EXPECT_THAT(refused.body, HasSubstr("<soap:Value>soap:Sender</soap:Value>"));
  made.set_header("Content-Type", "text/xml");
  EXPECT_THAT(current->handle(made).body, HasSubstr("soap:VersionMismatch"));
}

TEST_F(SoapTest, AWrongActionIsAFault) {
  const std::string text = sign_request(seal(), kTypeEnumCertificates, "", "");
  for (const std::string& action :
       {std::string("urn:other"), std::string(kNames) + "Other", std::string(kNames) + "DssVerify",
        std::string(kSpmlOperations) + "lookup"}) {
    const Answer answer = current->handle(soap_request("/SAPIWS/dss.asmx", action, text));
    EXPECT_EQ(answer.status, 500U) << action;
    EXPECT_THAT(answer.body, HasSubstr("<faultcode>soap:Client</faultcode>"));
  }
  Request unquoted = soap_request("/SAPIWS/dss.asmx", "", text);
  unquoted.set_header("SOAPAction", kSignAction);
  EXPECT_EQ(current->handle(unquoted).status, 200U);
}

TEST_F(SoapTest, HeadersAreIgnoredUnlessTheyMustBeUnderstood) {
  const auto with_header = [&](const std::string& attributes) {
    std::string text = sign_request(seal(), kTypeEnumCertificates, "", "");
    text.insert(text.find("<s:Body>"), "<s:Header><x " + attributes + "/></s:Header>");
    return current->handle(soap_request("/SAPIWS/dss.asmx", "", text));
  };
  for (const char* attributes : {"", "s:mustUnderstand='0'", "mustUnderstand='1'"}) {
    EXPECT_EQ(with_header(attributes).status, 200U) << attributes;
  }
  for (const char* attributes : {"s:mustUnderstand='1'", "s:mustUnderstand='true'"}) {
    const Answer answer = with_header(attributes);
    EXPECT_EQ(answer.status, 500U);
    EXPECT_THAT(answer.body, HasSubstr("<faultcode>soap:MustUnderstand</faultcode>"));
  }
}

TEST_F(SoapTest, WhatFailsInsideIsAFaultOfTheServer) {
  const json key = make_key({{"type", "RSA"}, {"size", 2048}});
  const Bytes der = certificate_for(bytes_in(key.at("publicKey")), false);
  EXPECT_EQ(
      call("POST", "/certificates", {{"label", ""}, {"ckaId", ""}, {"der", to_base64(der)}}).status,
      201U);
  appliance->token.destroy(value_to<std::string>(key.at("id")));
  const Answer answer = current->handle(
      soap_request("/SAPIWS/dss.asmx", kSignAction,
                   sign_request(identity(user, kTestPassword), kTypePkcs1, "", document(der))));
  EXPECT_EQ(answer.status, 500U);
  EXPECT_THAT(answer.body, HasSubstr("<faultcode>soap:Server</faultcode>"));
}

TEST_F(SoapTest, WhatIsNoRequestIsAFault) {
  for (const std::string& text :
       {std::string(), std::string("<a/>"), std::string("<a"),
        "<Envelope xmlns='" + std::string(kSoap11) + "'/>",
        "<Envelope xmlns='" + std::string(kSoap11) + "'><Body/></Envelope>", envelope("Other", ""),
        "<!DOCTYPE x>" + sign_request(seal(), kTypeCms, "", "")}) {
    const Answer answer = current->handle(soap_request("/SAPIWS/dss.asmx", "", text));
    EXPECT_EQ(answer.status, 500U) << text;
    EXPECT_THAT(answer.body, HasSubstr("soap:Fault"));
  }
  Request typed = soap_request("/SAPIWS/dss.asmx", "", sign_request(seal(), kTypeCms, "", ""));
  typed.set_header("Content-Type", "application/json");
  EXPECT_EQ(current->handle(typed).status, 415U);
}

TEST_F(SoapTest, SamlsNameIsNobodysName) {
  std::string text = sign_request(seal(), kTypeEnumCertificates, "", "");
  text.replace(text.find("<Name "), 6, "<Name xmlns=\"urn:oasis:names:tc:SAML:1.0:assertion\" ");
  EXPECT_THAT(sign(text), HasSubstr("900201e0"));
}

TEST_F(SoapTest, PathsHaveNoCase) {
  Request made = soap_request("/sapiws/DSS.ASMX", kSignAction,
                              sign_request(seal(), kTypeEnumCertificates, "", ""));
  EXPECT_TRUE(current->serves(made.target));
  EXPECT_EQ(current->handle(made).status, 200U);
  EXPECT_EQ(current->route_name(made), "POST /SAPIWS/dss.asmx DssSign");
  made.target = "/SAPIWS/other.asmx";
  EXPECT_EQ(current->handle(made).status, 404U);
  EXPECT_EQ(current->route_name(made), "other");
  made.target = "/SAPIWS/dss.asmx";
  made.method = "PUT";
  EXPECT_EQ(current->handle(made).status, 405U);
  EXPECT_EQ(header(current->handle(made), "Allow"), "GET, POST");
  EXPECT_FALSE(current->serves("/dsa/v1/account"));
  EXPECT_FALSE(current->serves("/SAPIWS"));
}

TEST_F(SoapTest, GetShowsAPageAndTheWsdl) {
  Request made;
  made.method = "GET";
  made.set_header("Host", "127.0.0.1:8443");
  for (const std::string service : {"dss", "spml"}) {
    made.target = "/SAPIWS/" + service + ".asmx";
    const Answer page = current->handle(made);
    EXPECT_EQ(page.status, 200U);
    EXPECT_THAT(header(page, "Content-Type"), StartsWith("text/html"));
    made.target += "?WSDL";
    const Answer wsdl = current->handle(made);
    EXPECT_THAT(wsdl.body, HasSubstr("https://127.0.0.1:8443/SAPIWS/" + service + ".asmx"));
  }
  made.set_header("Host", "\"/><evil");
  EXPECT_THAT(current->handle(made).body, Not(HasSubstr("evil")));
}

}  // namespace
}  // namespace signet::emulator::sapiws
