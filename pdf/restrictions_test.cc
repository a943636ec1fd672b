// What signatures in a document and the fields for more of them forbid or demand.
#include "pdf/restrictions.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pdf/signature.h"
#include "pdf/testing/pdf_maker.h"
#include "pdf/testing/sealed_document.h"

namespace signet::pdf {
namespace {

using testing::HasSubstr;
using testing::Not;

// A document with one field "first", signed with these entries in its signature, and an empty field "second".
std::string with_signature(const std::string& signature, const std::string& field = {},
                           const std::string& catalog = {}, const std::string& second = {}) {
  MadeDocument made;
  const int at = made.first_free();
  made.catalog =
      fmt::format("/AcroForm << /SigFlags 3 /Fields [{} 0 R {} 0 R] >> {}", at, at + 2, catalog);
  const std::string rect = "/Type /Annot /Subtype /Widget /Rect [0 0 0 0] /F 132 /P 5 0 R";
  made.objects[at] = fmt::format("<< /FT /Sig /T (first) /V {} 0 R {} {} >>", at + 1, field, rect);
  made.objects[at + 1] = fmt::format(
      "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] "
      "/Contents <00> {} >>",
      signature);
  made.objects[at + 2] = fmt::format("<< /FT /Sig /T (second) {} {} >>", second, rect);
  made.page = fmt::format("/Annots [{} 0 R {} 0 R]", at, at + 2);
  return made.make();
}

std::string transform(const std::string& method, const std::string& parameters) {
  return fmt::format(
      "/Reference [<< /Type /SigRef /TransformMethod /{} /TransformParams << /Type "
      "/TransformParams /V /1.2 {} >> >>]",
      method, parameters);
}

SignatureWish into(const std::string& field) {
  SignatureWish wish = plain_wish();
  wish.field = field;
  return wish;
}

TEST(Restrictions, OfCertifyingSignaturesAreKept) {
  const std::string closed =
      with_signature(transform("DocMDP", "/P 1"), {}, "/Perms << /DocMDP 7 0 R >>");
  for (const char* const field : {"", "second"})
    EXPECT_THAT(refusal(closed, ErrorKind::forbidden, into(field)),
                HasSubstr("the signature \"first\" forbids it"));
  const std::string forms =
      with_signature(transform("DocMDP", "/P 2"), {}, "/Perms << /DocMDP 7 0 R >>");
  EXPECT_TRUE(sealed(forms));
  EXPECT_TRUE(sealed(forms, into("second")));
  SignatureWish visible = plain_wish();
  look::Look text;
  text.text = "Seal";
  visible.visible = VisibleSeal{
      std::make_shared<look::Look>(text), {}, 1, {look::Corner::top_left, 10, 10, 40, 40}};
  EXPECT_THAT(refusal(forms, ErrorKind::forbidden, visible), HasSubstr("no new visible field"));
  SignatureWish stamp = plain_wish();
  stamp.kind = SignatureKind::time_stamp;
  EXPECT_TRUE(sealed(closed, stamp));
}

TEST(Restrictions, CertifiedOnceIsCertified) {
  MadeDocument made;
  const int other = made.first_free();
  made.objects[other] =
      "<< /Type /Sig /Reference [<< /TransformMethod /DocMDP /TransformParams << /P 2 >> >>] >>";
  made.catalog = fmt::format("/Perms << /DocMDP {} 0 R >>", other);  // in no field
  SignatureWish wish = plain_wish();
  wish.certify = 3;
  EXPECT_THAT(refusal(made.make(), ErrorKind::forbidden, wish), HasSubstr("certified already"));
}

TEST(Restrictions, OfLocksAreKeptByWholeNames) {
  const auto locked = [](const std::string& parameters) {
    return with_signature(transform("FieldMDP", parameters));
  };
  EXPECT_THAT(refusal(locked("/Action /All"), ErrorKind::forbidden, into("second")),
              HasSubstr("locks the field \"second\""));
  EXPECT_THAT(
      refusal(locked("/Action /Include /Fields [(second)]"), ErrorKind::forbidden, into("second")),
      HasSubstr("first"));
  EXPECT_TRUE(sealed(locked("/Action /Include /Fields [(sec) (secon)]"), into("second")));
  EXPECT_TRUE(sealed(locked("/Action /Exclude /Fields [(second)]"), into("second")));
  EXPECT_THAT(
      refusal(locked("/Action /Exclude /Fields [(sec)]"), ErrorKind::forbidden, into("second")),
      HasSubstr("first"));
  EXPECT_THAT(
      refusal(locked("/Action /Include /Fields [(x)] /P 1"), ErrorKind::forbidden, into("second")),
      HasSubstr("DocMDP 1"));
  EXPECT_THAT(
      refusal(with_signature("", "/Lock << /Action /All >>"), ErrorKind::forbidden, into("second")),
      HasSubstr("first"));
}

TEST(Certification, IsTheFirstSignaturesAlone) {
  SignatureWish wish = plain_wish();
  wish.certify = 2;
  const std::string bytes = MadeDocument().make();
  const auto done = sealed(bytes, wish);
  ASSERT_TRUE(done);
  expect_good(bytes, done.value());
  EXPECT_THAT(
      added(bytes, done.value()),
      HasSubstr(
          "/TransformMethod /DocMDP /TransformParams << /P 2 /Type /TransformParams /V /1.2 >>"));
  EXPECT_THAT(added(bytes, done.value()), Not(HasSubstr("/Data ")));
  EXPECT_THAT(added(bytes, done.value()), HasSubstr("/Perms << /DocMDP "));
  EXPECT_THAT(refusal(done.value(), ErrorKind::forbidden, wish),
              HasSubstr("only the first signature"));
  wish.certify = 4;
  EXPECT_THAT(refusal(bytes, ErrorKind::settings, wish), HasSubstr("1, 2 or 3"));
}

TEST(Locks, OfAFieldGoIntoItsSignature) {
  const std::string bytes = with_signature(
      "", {}, {}, "/Lock << /Type /SigFieldLock /Action /Include /Fields [(x)] /P 2 >>");
  const std::string update = added(bytes, sealed(bytes, into("second")).value());
  EXPECT_THAT(update, HasSubstr("/TransformMethod /FieldMDP"));
  EXPECT_THAT(update,
              HasSubstr("/Action /Include /Fields [(x)] /P 2 /Type /TransformParams /V /1.2"));
  EXPECT_THAT(update, HasSubstr("/Data 1 0 R"));  // required of FieldMDP alone (table 256)
}

TEST(SeedValues, AreMetOrRefused) {
  const auto demanding = [](const std::string& seed) {
    return with_signature("", {}, {}, "/SV << /Type /SV " + seed + " >>");
  };
  EXPECT_TRUE(sealed(demanding("/Ff 66 /SubFilter [/adbe.pkcs7.detached /ETSI.CAdES.detached] "
                               "/DigestMethod [(SHA256) (SHA512)]"),
                     into("second")));
  const auto refused = [&](const std::string& seed, const char* why,
                           ErrorKind kind = ErrorKind::forbidden) {
    EXPECT_THAT(refusal(demanding(seed), kind, into("second")), HasSubstr(why));
  };
  refused("/Ff 2 /SubFilter [/adbe.pkcs7.detached]", "format");
  refused("/Ff 64 /DigestMethod [(SHA512)]", "digest other than SHA256");
  refused("/Ff 8 /Reasons [(I agree) (Approved)]", "\"I agree\", \"Approved\"");
  refused("/Ff 8 /Reasons [(.)]", "no reason");
  refused("/Ff 1 /Filter /Entrust.PPKEF", "handler");
  refused("/MDP << /P 2 >>", "permission 2");
  refused("/TimeStamp << /URL (http://tsa) /Ff 1 >>", "time-stamp");
  refused("/Ff 32 /AddRevInfo true", "revocation data", ErrorKind::unsupported);
  refused("/Cert << /Ff 1 /Subject [(x)] >>", "certain certificates", ErrorKind::unsupported);
  EXPECT_TRUE(sealed(demanding("/Reasons [(I agree)] /DigestMethod [(SHA512)]"), into("second")));
}

}  // namespace
}  // namespace signet::pdf
