// xmlsec1 beside us: it verifies the lists that we take, refuses those that we refuse, and signs lists that we take.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <string>

#include "common/testing/scratch_folder.h"
#include "crypto/base64.h"
#include "crypto/openssl.h"
#include "validation/testing/list_description.h"
#include "validation/testing/list_maker.h"
#include "validation/testing/list_world.h"
#include "validation/trusted_lists/list_trust.h"
#include "validation/trusted_lists/trusted_lists.h"

namespace signet::validation {
namespace {

constexpr const char* kIdentifiers =
    "--id-attr:Id http://uri.etsi.org/01903/v1.3.2#:SignedProperties";

std::string described(const std::string& name) {
  std::ifstream file(SIGNET_SOURCE_DIR "/validation/testing/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool runs(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

bool xmlsec_accepts(const std::filesystem::path& list, const std::filesystem::path& certificate) {
  return runs(fmt::format("xmlsec1 --verify {} --pubkey-cert-pem {} {}", kIdentifiers,
                          certificate.string(), list.string()));
}

bool we_accept(const std::filesystem::path& list) {
  std::ifstream file(list, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto loaded = load_list("list", view_of(text));
  return loaded && loaded->signer && loaded->conclusion.passed();
}

std::string to_private_pem(const pki::Key& key) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  EXPECT_EQ(PEM_write_bio_PrivateKey(memory.get(), key.pkey, nullptr, nullptr, 0, nullptr, nullptr),
            1);
  return crypto::text_in(memory.get());
}

TEST(ListJudges, Xmlsec1IsThere) {
  ASSERT_TRUE(runs("xmlsec1 --version")) << "install it: scripts/install-dependencies.sh checks";
}

// All lists of the description but those signed by RSA-PSS, which xmlsec1 1.2.37 does not know.
TEST(ListJudges, Xmlsec1VerifiesWhatWeTake) {
  const ScratchFolder folder;
  const auto parties = lists::write_described(described("lists.json"), folder.path());
  const auto lists = folder / "lists";
  struct Row {
    const char *file, *signer;
  };
  std::filesystem::create_directory(folder / "certificates");
  int number = 0;
  for (const Row& row :
       {Row{"eu-lotl-pivot-9.xml", "Commission 1"}, Row{"eu-lotl.xml", "Commission 2"},
        Row{"CZ.xml", "Operator CZ"}, Row{"SK.xml", "Operator SK"}}) {
    const auto certificate =
        folder.write(fmt::format("certificates/{}.pem", ++number),
                     crypto::to_pem("CERTIFICATE", parties.at(row.signer).der()));
    EXPECT_TRUE(we_accept(lists / row.file)) << row.file;
    EXPECT_TRUE(xmlsec_accepts(lists / row.file, certificate)) << row.file;
    // A byte changed.
    std::ifstream file(lists / row.file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    text[text.find("<SchemeTerritory>") + 17] ^= 1;
    const auto changed = folder.write("changed.xml", text);
    EXPECT_FALSE(we_accept(changed)) << row.file;
    EXPECT_FALSE(xmlsec_accepts(changed, certificate)) << row.file;
  }
  EXPECT_TRUE(we_accept(lists / "AT.xml"));
}

// With what canonicalisation has to level out: prefixes, white space, the order of attributes, CDATA, references, comments, an
// unused namespace.
std::string crooked_template(const Bytes& certificate) {
  const std::string digest = crypto::to_base64(pki::digest(crypto::Hash::sha256, certificate));
  return fmt::format(R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- before --><tsl:TrustServiceStatusList  TSLTag='http://uri.etsi.org/19612/TSLTag'
   xmlns:unused="urn:unused" xmlns:tsl="http://uri.etsi.org/02231/v2#" Id = "list" >
  <tsl:SchemeInformation>
    <tsl:TSLVersionIdentifier><![CDATA[6]]></tsl:TSLVersionIdentifier>
    <tsl:TSLSequenceNumber>&#49;<!-- ten? --></tsl:TSLSequenceNumber>
    <tsl:TSLType>http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric</tsl:TSLType>
    <tsl:SchemeName><tsl:Name xml:lang="cs">Důvěryhodný seznam &amp; &lt;zkouška&gt;	&#13;</tsl:Name></tsl:SchemeName>
    <tsl:SchemeTerritory>CZ</tsl:SchemeTerritory>
    <tsl:ListIssueDateTime>2026-10-01T00:00:00Z</tsl:ListIssueDateTime>
    <tsl:NextUpdate><tsl:dateTime>2027-03-01T00:00:00Z</tsl:dateTime></tsl:NextUpdate>
    <tsl:DistributionPoints/>
  </tsl:SchemeInformation>
  <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="s">
    <ds:SignedInfo>
      <ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
      <ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"/>
      <ds:Reference URI="">
        <ds:Transforms>
          <ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
          <ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces
             xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="tsl unused"/></ds:Transform>
        </ds:Transforms>
        <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/><ds:DigestValue/>
      </ds:Reference>
      <ds:Reference URI="#p" Type="http://uri.etsi.org/01903#SignedProperties">
        <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/>
      </ds:Reference>
    </ds:SignedInfo>
    <ds:SignatureValue/>
    <ds:KeyInfo><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo>
    <ds:Object><x:QualifyingProperties xmlns:x="http://uri.etsi.org/01903/v1.3.2#" Target="#s">
      <x:SignedProperties Id="p"><x:SignedSignatureProperties>
        <x:SigningTime>2026-10-01T12:00:00+02:00</x:SigningTime>
        <x:SigningCertificateV2><x:Cert><x:CertDigest>
          <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
          <ds:DigestValue>{}</ds:DigestValue>
        </x:CertDigest></x:Cert></x:SigningCertificateV2>
      </x:SignedSignatureProperties></x:SignedProperties></x:QualifyingProperties></ds:Object>
  </ds:Signature>
</tsl:TrustServiceStatusList>
)",
                     digest);
}

TEST(ListJudges, WeTakeWhatXmlsec1Signs) {
  const ScratchFolder folder;
  const pki::Party signer = lists::list_operator("Operator of xmlsec", pki::KeyKind::rsa3072);
  const auto key = folder.write("key.pem", to_private_pem(*signer.key));
  const auto certificate =
      folder.write("certificate.pem", crypto::to_pem("CERTIFICATE", signer.der()));
  const auto unsigned_list = folder.write("template.xml", crooked_template(signer.der()));
  const auto list = folder / "list.xml";
  ASSERT_TRUE(
      runs(fmt::format("xmlsec1 --sign {} --privkey-pem {},{} --output {} {}", kIdentifiers,
                       key.string(), certificate.string(), list.string(), unsigned_list.string())));
  ASSERT_TRUE(xmlsec_accepts(list, certificate));
  EXPECT_TRUE(we_accept(list));
  std::string text = folder.read("list.xml");
  const auto loaded = load_list("list.xml", view_of(text));
  ASSERT_TRUE(loaded && loaded->list && loaded->signer);
  EXPECT_EQ(loaded->list->sequence, 1U);
  EXPECT_EQ(loaded->signer->signing_time, pki::at("2026-10-01T10:00:00Z"));
  text.insert(text.find("zkou"), "x");
  EXPECT_FALSE(we_accept(folder.write("changed.xml", text)));
}

// The description is of use to others: what it says comes out.
TEST(ListDescription, MakesTheListsThatItSays) {
  const ScratchFolder folder;
  const auto parties = lists::write_described(described("lists.json"), folder.path());
  const auto lists = TrustedLists::load(folder / "lists", {parties.at("Commission 1").certificate},
                                        pki::at("2026-11-01"));
  ASSERT_TRUE(lists);
  for (const auto& state : lists.value()->lists())
    EXPECT_TRUE(state.conclusion.passed()) << state.file;
  struct Row {
    const char *signer, *issuer, *time, *kind;
  };
  for (const Row& row : {Row{"CZ seal", "CZ CA", "2024-01-01", "QESeal"},
                         Row{"CZ seal in software", "CZ CA", "2024-01-01", "AdESeal-QC"},
                         Row{"CZ seal by qualifier", "CZ CA", "2024-01-01", "QESeal"},
                         Row{"CZ signature", "CZ CA", "2024-01-01", "QESig"},
                         Row{"CZ web site", "CZ CA", "2024-01-01", "Not AdES"},
                         Row{"CZ ordinary", "CZ CA", "2024-01-01", "AdES"},
                         Row{"CZ of 2009", "CZ old CA", "2012-01-01", "AdESig-QC"},
                         Row{"CZ of 2009", "CZ old CA", "2016-12-01", "AdESig-QC"},
                         Row{"SK seal", "SK CA", "2022-12-31", "QESeal"},
                         Row{"SK seal", "SK CA", "2023-01-01", "AdESeal"},
                         Row{"AT seal", "AT CA", "2024-01-01", "QESeal"}}) {
    const auto found = lists.value()->of_signature(
        {parties.at(row.signer).certificate, parties.at(row.issuer).certificate},
        Indication::passed, pki::at(row.time));
    EXPECT_EQ(name_of(found.kind), row.kind) << row.signer << " at " << row.time;
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "parties/CZ seal.key.pem"));
}

// EU DSS 6.4 was asked about the same lists: it differs in two cases, which say so. In one it lets a service for other
// certificates contradict; in the other it takes supervision of 2012 for granted for ever.
TEST(ListDescription, MakesTheCasesOfQualification) {
  const ScratchFolder folder;
  const std::string text = described("qualification_cases.json");
  const auto parties = lists::write_described(text, folder.path());
  const auto lists = TrustedLists::load(folder / "lists", {parties.at("Commission").certificate},
                                        pki::at("2026-11-01"));
  ASSERT_TRUE(lists);
  std::size_t count = 0;
  const boost::json::value description = boost::json::parse(text);
  for (const auto& one : description.at("cases").as_array()) {
    const auto certificate = [&](const char* member) {
      return parties.at(std::string(one.at(member).as_string())).certificate;
    };
    const auto found = lists.value()->of_signature({certificate("signer"), certificate("issuer")},
                                                   Indication::passed, pki::at("2026-11-01"));
    EXPECT_EQ(name_of(found.kind), std::string_view(one.at("kind").as_string()))
        << one.at("signer");
    ++count;
  }
  EXPECT_EQ(count, 43U);
}

TEST(ListDescription, ThatIsWrongIsTold) {
  const ScratchFolder folder;
  for (const char* const text : {"", "[]", "{\"lists\":[{}]}", "{\"parties\":[{}]}",
                                 "{\"lists\":[{\"file\":\"a.xml\",\"signer\":\"nobody\"}]}"})
    EXPECT_THROW(lists::write_described(text, folder.path()), std::runtime_error) << text;
}

}  // namespace
}  // namespace signet::validation
