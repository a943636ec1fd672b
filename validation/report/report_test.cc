#include "validation/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libxml/parser.h>

#include <boost/json.hpp>

#include "validation/report/other_readers.h"
#include "validation/testing/report_cases.h"

namespace signet::validation {
namespace {

using pki::ReportCase;
using testing::HasSubstr;
using testing::Not;

ReportOptions named(Language language = Language::english) {
  ReportOptions options;
  options.language = language;
  options.file_name = "contract.pdf";
  options.document_digest = std::string(64, 'b');
  return options;
}

boost::json::object json_of(const ReportCase& report, const ReportOptions& options = named()) {
  return boost::json::parse(json_report(report.result, options)).as_object();
}

bool is_well_formed(const std::string& text) {
  const std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document(
      xmlReadMemory(text.data(), static_cast<int>(text.size()), "report", nullptr,
                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_HUGE),
      xmlFreeDoc);
  return document != nullptr;
}

std::vector<std::size_t> places(const std::string& text, const std::vector<std::string>& words) {
  std::vector<std::size_t> found;
  for (const std::string& word : words) found.push_back(text.find(word));
  return found;
}

TEST(TextReport, GoesFromTheNewestTimeStampToTheOldest) {
  const ReportCase report = pki::extended_case();
  const std::string text = text_report(report.result, named());
  const auto found = places(
      text, {"Validation of contract.pdf", "Overview:", "\n1. Document time-stamp \"Signature3\"",
             "\n2. Document time-stamp \"Signature2\"", "\n3. Signature time-stamp",
             "\n4. Seal \"Pečeť\": TOTAL-PASSED (valid)"});
  EXPECT_TRUE(std::ranges::is_sorted(found)) << text;
  EXPECT_NE(found.back(), std::string::npos) << text;
  EXPECT_THAT(text, HasSubstr("judged at   2023-06-01T12:00:00Z, the validation time"));
  EXPECT_THAT(text,
              HasSubstr("2022-02-01T07:00:00Z, proven by the document time-stamp \"Signature3\""));
  EXPECT_THAT(text, HasSubstr("2014-05-06T08:30:04Z, proven by the signature time-stamp"));
  EXPECT_THAT(text, HasSubstr("2026-05-11T00:00:00Z"));  // until when
  EXPECT_THAT(text, HasSubstr("revision 1 of 3"));
  EXPECT_THAT(text, HasSubstr("AdESeal-QC (CA/QC; tl-cz.xml)"));
  EXPECT_TRUE(text.ends_with('\n'));
}

TEST(TextReport, IsThereInCzech) {
  const ReportCase report = pki::extended_case();
  const std::string text = text_report(report.result, named(Language::czech));
  EXPECT_THAT(text, HasSubstr("Ověření: contract.pdf"));
  EXPECT_THAT(text, HasSubstr("TOTAL-PASSED (platné)"));
  EXPECT_THAT(text, HasSubstr("1. 6. 2023 12:00:00 UTC, kontrolní okamžik"));
  EXPECT_THAT(text, HasSubstr("1. Časové razítko dokumentu \"Signature3\""));
  EXPECT_THAT(text, HasSubstr("4. Pečeť \"Pečeť\""));
}

TEST(TextReport, ShowsCounterSignaturesBehindTheirSignature) {
  const ReportCase report = pki::countersigned_case();
  const std::string text = text_report(report.result, named());
  const auto found = places(text, {"\n1. Seal \"Seal\": TOTAL-PASSED",
                                   "\n2. Signature time-stamp of \"Counter-signature 1 of",
                                   "\n3. Counter-signature 1 of \"Seal\": TOTAL-PASSED (valid)"});
  EXPECT_TRUE(std::ranges::is_sorted(found)) << text;
  EXPECT_NE(found.back(), std::string::npos) << text;
  EXPECT_THAT(text_report(report.result, named(Language::czech)),
              HasSubstr("Kontrasignatura 1 podpisu \"Seal\""));
  const auto json = json_of(report);
  const auto& signature = json.at("signatures").as_array().at(0).as_object();
  const auto& counter = signature.at("counterSignatures").as_array().at(0).as_object();
  EXPECT_EQ(counter.at("indication"), "TOTAL-PASSED");
  EXPECT_EQ(counter.at("timestamps").as_array().size(), 1U);
}

TEST(TextReport, SaysWhatIsWrong) {
  const ReportCase revoked = pki::revoked_case();
  EXPECT_THAT(text_report(revoked.result, named()),
              HasSubstr("INDETERMINATE/REVOKED_NO_POE (cannot be decided)"));
  EXPECT_THAT(text_report(revoked.result, named()), HasSubstr("revoked at 2014-04-01T00:00:00Z"));
  const ReportCase changed = pki::changed_case();
  const std::string text = text_report(changed.result, named());
  EXPECT_THAT(text, HasSubstr("TOTAL-FAILED/"));
  EXPECT_LT(text.find("not allowed: the content of"), text.find("allowed: validation data"));
  EXPECT_THAT(text, HasSubstr("nothing allows changes of a page's content; look at it"));
}

TEST(TextReport, LetsNothingOfADocumentGovernTheTerminal) {
  const ReportCase changed = pki::changed_case();
  for (const std::string& text :
       {text_report(changed.result, named()), html_report(changed.result, named()),
        xml_report(changed.result, named()), json_report(changed.result, named())}) {
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
    EXPECT_EQ(text.find('\xff'), std::string::npos);
  }
}

TEST(TextReport, CountsWhatIsTooMuchToList) {
  ReportCase changed = pki::changed_case();
  auto& pdf = changed.story->parts.signatures[0].pdf;
  const PdfChange allowed = pdf->changes[0];
  const PdfChange forbidden = pdf->changes[1];
  pdf->changes.assign(250, allowed);
  pdf->changes.push_back(forbidden);
  const std::string text = text_report(changed.result, named());
  EXPECT_THAT(text, HasSubstr("not allowed: the content of"));
  EXPECT_THAT(text, HasSubstr("and 151 more"));
  EXPECT_EQ(json_of(changed).at("signatures").at(0).at("changesAfter").as_array().size(), 251U);
}

TEST(JsonReport, HasTheMembersThatScriptsRelyOn) {
  const ReportCase report = pki::extended_case();
  const auto json = json_of(report);
  EXPECT_EQ(json.at("document").at("format"), "PAdES");
  EXPECT_EQ(json.at("document").at("pages"), 3);
  EXPECT_EQ(json.at("indication"), "TOTAL-PASSED");
  EXPECT_TRUE(json.at("subIndication").is_null());
  EXPECT_EQ(json.at("validationTime"), "2023-06-01T12:00:00Z");
  const auto& signature = json.at("signatures").at(0).as_object();
  EXPECT_EQ(signature.at("name"), "Pečeť");
  EXPECT_EQ(signature.at("level"), "B-LTA");
  EXPECT_EQ(signature.at("indication"), "TOTAL-PASSED");
  EXPECT_EQ(signature.at("bestSignatureTime"), "2014-05-06T08:30:04Z");
  EXPECT_EQ(signature.at("covers"), "revision 1 of 3");
  EXPECT_EQ(signature.at("verifiableUntil"), "2026-05-11T00:00:00Z");
  EXPECT_EQ(signature.at("qualification").at("kind"), "AdESeal-QC");
  EXPECT_EQ(signature.at("signer").at("notAfter"), "2015-01-01T00:00:00Z");
  EXPECT_TRUE(signature.at("errors").as_array().empty());
  EXPECT_TRUE(signature.at("changesAfter").as_array().empty());
  const auto& stamp = signature.at("timestamps").at(0).as_object();
  EXPECT_EQ(stamp.at("kind"), "signature");
  EXPECT_EQ(stamp.at("time"), "2014-05-06T08:30:04Z");
  EXPECT_EQ(stamp.at("indication"), "PASSED");
  // Oldest first, and each names the one that proves it.
  const auto& stamps = json.at("timestamps").as_array();
  ASSERT_EQ(stamps.size(), 2U);
  EXPECT_EQ(stamps[0].at("time"), "2018-03-14T07:00:00Z");
  EXPECT_EQ(stamp.at("provenBy"), stamps[0].at("id"));
  EXPECT_EQ(stamps[0].at("provenBy"), stamps[1].at("id"));
  EXPECT_TRUE(stamps[1].at("provenBy").is_null());
  EXPECT_EQ(stamps[1].at("judgedAt"), "2023-06-01T12:00:00Z");
}

TEST(JsonReport, TellsErrorsFromExplanations) {
  const auto revoked = json_of(pki::revoked_case());
  EXPECT_EQ(revoked.at("indication"), "INDETERMINATE");
  EXPECT_EQ(revoked.at("subIndication"), "REVOKED_NO_POE");
  const auto& signature = revoked.at("signatures").at(0).as_object();
  EXPECT_FALSE(signature.at("errors").as_array().empty());
  EXPECT_TRUE(signature.at("explanation").as_array().empty());
  EXPECT_TRUE(signature.at("verifiableUntil").is_null());
  EXPECT_EQ(signature.at("chain").at(0).at("revocation").at("status"), "revoked");
  const auto changed = json_of(pki::changed_case());
  const auto& change = changed.at("signatures").at(0).at("changesAfter").at(1).as_object();
  EXPECT_EQ(change.at("kind"), "page-content");
  EXPECT_EQ(change.at("allowed"), false);
  EXPECT_EQ(change.at("revision"), 3);
  EXPECT_EQ(change.at("page"), 1);
}

TEST(JsonReport, OfATimeStampAloneAndOfNothing) {
  const auto token = json_of(pki::token_case());
  EXPECT_EQ(token.at("indication"), "PASSED");
  EXPECT_EQ(token.at("timestamps").at(0).at("kind"), "alone");
  const auto empty = json_of(pki::empty_case());
  EXPECT_TRUE(empty.at("indication").is_null());
  EXPECT_TRUE(empty.at("signatures").as_array().empty());
}

TEST(HtmlReport, IsOneFileWithoutScriptsWhateverTheDocumentSays) {
  for (const ReportCase& report : pki::report_cases()) {
    ReportOptions options = named(Language::czech);
    options.other_readers = true;
    options.first_page = Bytes{0x89, 'P', 'N', 'G'};
    const std::string html = html_report(report.result, options);
    EXPECT_TRUE(is_well_formed(html)) << html;
    EXPECT_THAT(html, HasSubstr("<html lang=\"cs\">"));
    EXPECT_THAT(html, HasSubstr("@media print"));
    EXPECT_THAT(html, HasSubstr("<main>"));
    EXPECT_THAT(html, HasSubstr("data:image/png;base64,iVBORw=="));
    EXPECT_THAT(html, Not(HasSubstr("<script")));
    EXPECT_THAT(html, Not(HasSubstr("http://")));
    EXPECT_THAT(html, Not(HasSubstr("https://")));
  }
}

TEST(HtmlReport, EscapesEveryText) {
  const std::string html = html_report(pki::changed_case().result, named());
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;"));
  EXPECT_THAT(html, HasSubstr("<html lang=\"en\">"));
}

TEST(XmlReport, HasTheUrnsOfTheStandard) {
  for (const ReportCase& report : pki::report_cases())
    EXPECT_TRUE(is_well_formed(xml_report(report.result, named()))) << report.name;
  const std::string passed = xml_report(pki::extended_case().result, named());
  EXPECT_THAT(passed, HasSubstr("urn:etsi:019102:mainindication:total-passed"));
  EXPECT_THAT(passed, HasSubstr("urn:etsi:019102:mainindication:passed"));
  EXPECT_THAT(passed, HasSubstr("urn:etsi:019102:validationprocess:LTA"));
  EXPECT_THAT(passed, HasSubstr("<POETime>2014-05-06T08:30:04Z</POETime>"));
  const std::string revoked = xml_report(pki::revoked_case().result, named());
  EXPECT_THAT(revoked, HasSubstr("urn:etsi:019102:subindication:REVOKED_NO_POE"));
  EXPECT_THAT(revoked, HasSubstr("<RevocationTime>2014-04-01T00:00:00Z</RevocationTime>"));
}

TEST(XmlReport, SaysWhatTheSignerClaimedAndWhatTheDictionaryHas) {
  ReportCase report = pki::extended_case();
  SignaturePart& part = report.story->parts.signatures[0];
  part.signer.claimed_roles = {"Registrar"};
  part.reason = "Approved";
  part.filter = "Adobe.PPKLite";
  part.sub_filter = "ETSI.CAdES.detached";
  part.byte_range = {0, 100, 200, 300};
  const std::string xml = xml_report(report.result, named());
  EXPECT_THAT(xml, HasSubstr("<Role>Registrar</Role>"));
  EXPECT_THAT(xml, HasSubstr("<EndorsementType>claimed</EndorsementType>"));
  EXPECT_THAT(xml, HasSubstr("<ReasonElement>Approved</ReasonElement>"));
  EXPECT_THAT(xml, HasSubstr("<Filter>Adobe.PPKLite</Filter>"));
  EXPECT_THAT(xml, HasSubstr("<SubFilterElement>ETSI.CAdES.detached</SubFilterElement>"));
  EXPECT_THAT(xml, HasSubstr("<ByteRange>0 100 200 300</ByteRange>"));
  EXPECT_THAT(xml, HasSubstr("<SigningTime Signed=\"true\">"));
  EXPECT_THAT(xml, HasSubstr("urn:signet:level:B-LTA"));
  report.result.signatures[0].level = Level::none;
  EXPECT_THAT(xml_report(report.result, named()), Not(HasSubstr("urn:signet:level:")));
}

TEST(XmlReport, LetsOnlyAValidTimeStampProveSomething) {
  ReportCase report = pki::extended_case();
  const std::string valid = xml_report(report.result, named());
  EXPECT_THAT(valid, HasSubstr("<PAdESFieldName>Pečeť</PAdESFieldName>"));
  report.result.document_time_stamps[0].conclusion.indication = Indication::indeterminate;
  report.result.document_time_stamps[1].conclusion.indication = Indication::indeterminate;
  report.result.signatures[0].time_stamps[0].conclusion.indication = Indication::indeterminate;
  EXPECT_THAT(xml_report(report.result, named()), Not(HasSubstr("<POEProvisioning>")));
}

TEST(TextReport, CallsASignatureOfAPersonSo) {
  ReportCase report = pki::extended_case();
  report.result.signatures[0].qualification.kind = QualificationKind::adesig_qc;
  EXPECT_THAT(text_report(report.result, named()), HasSubstr("4. Signature \"Pečeť\""));
  EXPECT_THAT(text_report(report.result, named(Language::czech)), HasSubstr("4. Podpis \"Pečeť\""));
  report.result.signatures[0].qualification.kind = QualificationKind::not_asked;
  EXPECT_THAT(text_report(report.result, named()), HasSubstr("4. Seal \"Pečeť\""));
}

TEST(HtmlReport, HasTheVerdictItsReasonsAndAnOverviewFirst) {
  const std::string html = html_report(pki::many_case().result, named());
  const auto found = places(
      html, {"class=\"verdict indeterminate\">INDETERMINATE/<wbr/>REVOKED_<wbr/>NO_<wbr/>POE",
             "class=\"reasons\"", "id=\"overview\"", "href=\"#step16\"", "id=\"step1\"",
             "id=\"step16\""});
  EXPECT_TRUE(std::ranges::is_sorted(found)) << html;
  EXPECT_NE(found.back(), std::string::npos) << html;
  EXPECT_THAT(html, HasSubstr("<bdi>ארכיון המדינה – חותם אלקטרוני</bdi>"));
  EXPECT_THAT(html, HasSubstr("<time>2014-05-06T08:30:04Z</time>"));
}

std::vector<Shown> shown(const ReaderView& view) {
  std::vector<Shown> all;
  for (const ReaderVerdict& each : view.verdicts) all.push_back(each.shown);
  return all;
}

// The signer ended in 2015, the document's time-stamps in 2022 and 2026; it is 2023.
TEST(OtherReaders, JudgeEachElementByItself) {
  using enum Shown;
  const ReportCase report = pki::extended_case();
  const std::vector<ReaderView> views = other_readers(report.result);
  ASSERT_EQ(views.size(), 6U);
  EXPECT_TRUE(views[0].is_default);
  EXPECT_EQ(shown(views[0]), (std::vector{valid, valid, valid}));    // creation, expired ones used
  EXPECT_EQ(shown(views[1]), (std::vector{valid, unknown, valid}));  // creation alone
  EXPECT_EQ(shown(views[2]), (std::vector{valid, valid, valid}));    // secure time
  EXPECT_EQ(shown(views[3]), (std::vector{unknown, unknown, valid}));    // secure time alone
  EXPECT_EQ(shown(views[4]), (std::vector{unknown, unknown, valid}));    // current time
  EXPECT_EQ(shown(views[5]), (std::vector{unknown, unknown, unknown}));  // pdfsig
  EXPECT_EQ(best_setting(views), nullptr);
  EXPECT_EQ(text_of(views[4].verdicts[0].why, Language::english),
            "the certificate of Seal ended at 2015-01-01T00:00:00Z");
}

TEST(OtherReaders, CallWhatIsBrokenInvalidAndWhatIsNotTrustedUnknown) {
  const ReportCase changed = pki::changed_case();
  for (const ReaderView& view : other_readers(changed.result))
    EXPECT_EQ(shown(view), std::vector{Shown::invalid});
  ReportCase untrusted = pki::extended_case();
  untrusted.result.signatures[0].trusted = false;
  EXPECT_EQ(other_readers(untrusted.result)[0].verdicts[0].shown, Shown::unknown);
  EXPECT_TRUE(other_readers(pki::token_case().result).empty());
  const ReportCase revoked = pki::revoked_case();
  EXPECT_EQ(other_readers(revoked.result)[0].verdicts[0].shown, Shown::invalid);
}

TEST(OtherReaders, ArePassedOverWhereNothingIsValid) {
  ReportOptions options = named();
  options.other_readers = true;
  EXPECT_THAT(text_report(pki::revoked_case().result, options),
              HasSubstr("Not everything is valid by this report either"));
}

TEST(OtherReaders, AreInTheReportWhereAskedFor) {
  const ReportCase report = pki::extended_case();
  ReportOptions options = named();
  EXPECT_THAT(text_report(report.result, options), Not(HasSubstr("Acrobat")));
  options.other_readers = true;
  EXPECT_THAT(text_report(report.result, options), HasSubstr("What another reader will show"));
  EXPECT_THAT(text_report(report.result, options),
              HasSubstr("the default preferences show everything as valid"));
  EXPECT_EQ(json_of(report, options).at("otherReaders").as_array().size(), 6U);
}

}  // namespace
}  // namespace signet::validation
