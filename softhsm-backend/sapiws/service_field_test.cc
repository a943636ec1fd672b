// The REST call that signs PDF documents in a new field.
#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>

#include "common/testing/scratch_folder.h"
#include "pdf/testing/pdf_maker.h"
#include "softhsm-backend/sapiws/field_request.h"
#include "softhsm-backend/sapiws/pdf_signatures.h"
#include "softhsm-backend/sapiws/testing/soap_scene.h"

namespace signet::emulator::sapiws {
namespace {

using testing::HasSubstr;
using testing::Not;

class FieldTest : public SoapTest {
 protected:
  static Answer put(const std::string& body, const std::string& password = kTestPassword) {
    Request request;
    request.method = "PUT";
    request.target = "/sapiws/v1/digital_signature";
    request.set_header("Authorization", basic("seal", password));
    request.set_header("Content-Type", "application/json");
    request.body = body;
    return current->handle(request);
  }
  // As the vendor's samples write it, with more members.
  static std::string order(const std::string& file, const std::string& more = "") {
    return R"({"CreateAndSignField":{"file":")" + to_base64(view_of(file)) +
           R"(","fileType":"PDF")" + more + "}}";
  }
  static std::string signed_file(const Answer& answer) {
    EXPECT_EQ(answer.status, 200U) << answer.body;
    const auto value = boost::json::parse(answer.body);
    const auto bytes =
        crypto::from_base64(std::string_view(value.as_object().at("signedFile").as_string()));
    return std::string(text_of(bytes.value()));
  }
  static std::string error_of(const Answer& answer) {
    return std::string(boost::json::parse(answer.body).as_object().at("error").as_string());
  }
};

const std::string kVisible =
    R"(,"x":"91","y":"164","width":"113","height":"38","page":"1","timeFormat":"h:mm:ss",)"
    R"("dateFormat":"dd/MM/yyyy","Reason":"Purchase approved",)"
    R"("appearance":["GRAPHICAL_IMAGE","SIGNED_BY","TIME"])";

TEST_F(FieldTest, SignsADocumentInANewField) {
  const std::string file = pdf::MadeDocument().make();
  const std::size_t before = journal("dialect").size();
  const std::string made = signed_file(put(order(file, kVisible)));
  EXPECT_EQ(made.substr(0, file.size()), file);
  EXPECT_THAT(made, HasSubstr("/Rect [91 164 204 202]"));
  EXPECT_THAT(made, HasSubstr("/SubFilter /adbe.pkcs7.detached"));
  EXPECT_THAT(made, HasSubstr("/Reason (Purchase approved)"));
  const auto found = pdf_signatures(made);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_TRUE(found->front().whole_file);
  EXPECT_TRUE(found->front().facts->right);
  EXPECT_EQ(found->front().facts->certificate, certificate);
  EXPECT_EQ(journal("dialect").size(), before + 1);
  const ScratchFolder folder;
  std::ofstream(folder.path() / "made.pdf", std::ios::binary) << made;
  EXPECT_THAT(pdf::run("HOME=" + folder.path().string() + " pdfsig " +
                       (folder.path() / "made.pdf").string())
                  .output,
              HasSubstr("Signature is Valid."));
}

TEST_F(FieldTest, WithoutASizeItIsInvisible) {
  const std::string made = signed_file(put(order(pdf::MadeDocument().make())));
  EXPECT_THAT(made, HasSubstr("/Rect [0 0 0 0]"));
  const std::string twice = signed_file(put(order(made)));
  EXPECT_EQ(pdf_signatures(twice)->size(), 2U);
  EXPECT_EQ(twice.substr(0, made.size()), made);
}

TEST_F(FieldTest, WhoIsNotAdmittedSignsNothing) {
  const Answer answer = put(order(pdf::MadeDocument().make()), "wrong");
  EXPECT_EQ(answer.status, 401U);
  EXPECT_EQ(answer.headers.back().first, "WWW-Authenticate");
}

TEST_F(FieldTest, WhatCannotBeSignedIsRefused) {
  const std::string file = pdf::MadeDocument().make();
  const std::pair<std::string, std::string> bodies[] = {
      {"[]", "must be a JSON object"},
      {"{}", "must be CreateAndSignField"},
      {R"({"CreateAndSignField":{}})", "fileType"},
      {R"({"CreateAndSignField":{"fileType":"DOC","file":"AAAA"}})", "fileType"},
      {R"({"CreateAndSignField":{"fileType":"PDF","file":"!"}})", "Base64"},
      {order("no document"), "%PDF"},
      {order(file, R"(,"page":"two")"), "must be a number"},
      {order(file, R"(,"page":9,"width":10,"height":10)"), "no page 9"},
      {order(file, R"(,"x":9000,"width":10,"height":10)"), "box"},
      {order(file, R"(,"reason":7)"), "must be a string"},
      {order(file, R"(,"appearance":"TIME")"), "must be a list"},
      {order(file, R"(,"appearance":["TICK"])"), "unknown part"},
  };
  for (const auto& [body, sentence] : bodies) {
    const Answer answer = put(body);
    EXPECT_EQ(answer.status, 400U) << body.substr(0, 200);
    EXPECT_THAT(error_of(answer), HasSubstr(sentence));
  }
  Request request;
  request.method = "POST";
  request.target = "/SAPIWS/v1/Digital_Signature";
  EXPECT_EQ(current->handle(request).status, 405U);
}

TEST(FieldRequests, TakeNumbersAndNamesAsTheVendorsSamplesWriteThem) {
  const auto read = read_field_request(
      R"({"createAndSignField":{"File":"AAAA","FileType":"pdf","X":12.5,"y":"7","WIDTH":"100","height":20,"Page":"-1"}})");
  ASSERT_TRUE(read) << read.error();
  EXPECT_EQ(read.value().page, -1);
  EXPECT_EQ(read.value().x, 12.5);
  EXPECT_EQ(read.value().y, 7);
  EXPECT_TRUE(read.value().is_visible());
}

TEST(FieldRequests, ShowTimesByFormatsOfDotnet) {
  setenv("TZ", "UTC", 1);
  tzset();
  const auto moment = std::chrono::system_clock::from_time_t(1'767'272'645);  // 2026-01-01 13:04:05
  EXPECT_EQ(dotnet_text(moment, "dd/MM/yyyy h:mm:ss tt"), "01/01/2026 1:04:05 PM");
  EXPECT_EQ(dotnet_text(moment, "d.M.yy HH:m:s"), "1.1.26 13:4:5");
  EXPECT_EQ(dotnet_text(moment, ""), "");
}

}  // namespace
}  // namespace signet::emulator::sapiws
