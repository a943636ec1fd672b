// Updates that put a signature into documents of every build: read again here and by qpdf. Whether the signatures in them
// verify is sealing's to test.
#include "pdf/signature.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "pdf/form.h"
#include "pdf/testing/pdf_maker.h"

namespace signet::pdf {
namespace {

using testing::HasSubstr;
using testing::Not;
using DocumentForm = MadeDocument::Form;

SignatureWish plain_wish() {
  SignatureWish wish;
  wish.room = 100;
  wish.digest = "SHA256";
  wish.reason = "Žluťoučký kůň (1)";
  wish.signed_at = std::chrono::system_clock::from_time_t(1'800'000'000);
  return wish;
}

PdfResult<std::string> sealed(const std::string& bytes, const SignatureWish& wish = plain_wish(),
                              std::string_view password = {}) {
  BOOST_OUTCOME_TRY(const auto document, Document::open(Source::of(view_of(bytes)), password));
  BOOST_OUTCOME_TRY(auto planned, plan_signature(*document, wish));
  EXPECT_EQ(planned.tail.offset, bytes.size());
  const Gap gap = planned.tail.gap.value();
  EXPECT_EQ(gap.room(), wish.room);
  EXPECT_FALSE(planned.tail.fill(Bytes(wish.room + 1, 0x30)));
  EXPECT_TRUE(planned.tail.fill(Bytes{0x30, 0x01, 0x02}));
  std::string out = bytes + std::string(text_of(planned.tail.bytes));
  EXPECT_EQ(out.substr(gap.begin, 9), "<30010200");
  EXPECT_EQ(out[gap.end - 1], '>');
  return out;
}

std::string refusal(const std::string& bytes, ErrorKind kind,
                    const SignatureWish& wish = plain_wish(), std::string_view password = {}) {
  const auto done = sealed(bytes, wish, password);
  if (done) return "it was sealed";
  EXPECT_EQ(done.error().kind, kind) << done.error().sentence;
  return done.error().sentence;
}

// It is whole for qpdf and for us, and the signature is where the dictionary says.
void expect_good(const std::string& bytes, const std::string& out,
                 const std::string& field = "SignetSeal1", const std::string& password = {},
                 std::size_t covered = 0) {
  const ScratchFolder folder;
  const std::string file = folder.write("sealed.pdf", out).string();
  const Ran checked = run(fmt::format("qpdf --check --password='{}' {}", password, file));
  EXPECT_TRUE(checked.good) << checked.output;
  EXPECT_THAT(checked.output, Not(HasSubstr("WARNING")));
  ASSERT_EQ(out.substr(0, bytes.size()), bytes);
  const auto document = Document::open(Source::of(view_of(out)), password);
  ASSERT_TRUE(document) << document.error().sentence;
  const auto form = Form::read(*document.value());
  ASSERT_TRUE(form);
  const Field* const found = form.value().find(field);
  ASSERT_NE(found, nullptr);
  QPDFObjectHandle signature = found->value;
  ASSERT_TRUE(signature.isDictionary());
  EXPECT_EQ(signature.getKey("/SubFilter").getName(), "/ETSI.CAdES.detached");
  EXPECT_EQ(signature.getKey("/M").getStringValue(), "D:20270115080000+00'00'");
  EXPECT_EQ(signature.getKey("/Reason").getUTF8Value(), "Žluťoučký kůň (1)");
  QPDFObjectHandle range = signature.getKey("/ByteRange");
  ASSERT_EQ(range.getArrayNItems(), 4);
  EXPECT_EQ(range.getArrayItem(0).getIntValue(), 0);
  const auto begin = static_cast<std::size_t>(range.getArrayItem(1).getIntValue());
  const auto end = static_cast<std::size_t>(range.getArrayItem(2).getIntValue());
  EXPECT_EQ(end + static_cast<std::size_t>(range.getArrayItem(3).getIntValue()),
            covered == 0 ? out.size() : covered);
  EXPECT_EQ(out.substr(begin, 9), "<30010200");
  EXPECT_EQ(out.substr(end - 1, 2), "> ");
  EXPECT_TRUE(document.value()->check());
}

void expect_sealable(const std::string& bytes, const std::string& password = {}) {
  const auto once = sealed(bytes, plain_wish(), password);
  ASSERT_TRUE(once) << once.error().sentence;
  expect_good(bytes, once.value(), "SignetSeal1", password);
  const auto twice = sealed(once.value(), plain_wish(), password);
  ASSERT_TRUE(twice) << twice.error().sentence;
  expect_good(once.value(), twice.value(), "SignetSeal1", password, once.value().size());
  expect_good(once.value(), twice.value(), "SignetSeal2", password);
}

std::string added(const std::string& before, const std::string& after) {
  return after.substr(before.size());
}

TEST(SignatureUpdates, OfEveryFormAreWhole) {
  for (const DocumentForm form :
       {DocumentForm::table, DocumentForm::stream, DocumentForm::hybrid}) {
    MadeDocument wish;
    wish.form = form;
    const std::string bytes = wish.make();
    expect_sealable(bytes);
    const std::string update = added(bytes, sealed(bytes).value());
    EXPECT_THAT(update,
                form == DocumentForm::stream ? HasSubstr("/Type /XRef") : HasSubstr("\nxref\n"));
    EXPECT_THAT(update, Not(HasSubstr("XRefStm")));
    EXPECT_THAT(update, HasSubstr("/Info 4 0 R"));
    EXPECT_THAT(update, HasSubstr("/ExtensionLevel 2"));
    // Catalog, first page, and what is new: nothing else.
    EXPECT_THAT(update, Not(HasSubstr("\n2 0 obj")));
    EXPECT_THAT(update, Not(HasSubstr("\n3 0 obj")));
  }
}

TEST(SignatureUpdates, OddDocumentsAreContinuedAsTheyAre) {
  MadeDocument fragmented;
  fragmented.fragmented = true;
  expect_sealable(fragmented.make());
  MadeDocument open_line;
  open_line.line_end = false;
  expect_sealable(open_line.make());
  MadeDocument without_id;
  without_id.id = false;
  const std::string bytes = without_id.make();
  expect_sealable(bytes);
  EXPECT_THAT(added(bytes, sealed(bytes).value()), Not(HasSubstr("/ID")));
  MadeDocument version2;
  version2.version = "2.0";
  EXPECT_THAT(sealed(version2.make()).value(), Not(HasSubstr("/ESIC")));
}

TEST(SignatureUpdates, TakeNumbersThatNothingHas) {
  for (const DocumentForm form : {DocumentForm::table, DocumentForm::stream}) {
    MadeDocument wish;
    wish.form = form;
    wish.size_too_small = 2;
    const std::string bytes = wish.make();
    const auto done = sealed(bytes);
    ASSERT_TRUE(done) << done.error().sentence;
    expect_good(bytes, done.value());
  }
}

TEST(SignatureUpdates, GiveNoReferenceToNothingAMeaning) {
  MadeDocument wish;
  wish.catalog = fmt::format("/AcroForm << /Fields [{} 0 R] >>", wish.first_free() + 2);
  wish.page = fmt::format("/Annots [{} 0 R]", wish.first_free() + 7);
  const std::string bytes = wish.make();
  const auto done = sealed(bytes);
  ASSERT_TRUE(done) << done.error().sentence;
  EXPECT_THAT(added(bytes, done.value()),
              HasSubstr(fmt::format("\n{} 0 obj", wish.first_free() + 8)));
  EXPECT_THAT(added(bytes, done.value()),
              Not(HasSubstr(fmt::format("\n{} 0 obj", wish.first_free() + 2))));
  wish.page = "/Annots [2147483647 0 R]";
  EXPECT_THAT(refusal(wish.make(), ErrorKind::broken), HasSubstr("absurd"));
}

TEST(SignatureUpdates, KeepTheFirstIdentifierAndRenewTheSecond) {
  const std::string bytes = MadeDocument().make();
  const auto done = Document::open(Source::of(view_of(bytes))).value();
  const std::string out = sealed(bytes).value();
  const auto again = Document::open(Source::of(view_of(out))).value();
  QPDFObjectHandle before = done->trailer().getKey("/ID");
  QPDFObjectHandle after = again->trailer().getKey("/ID");
  EXPECT_EQ(before.getArrayItem(0).getStringValue(), after.getArrayItem(0).getStringValue());
  EXPECT_NE(before.getArrayItem(1).getStringValue(), after.getArrayItem(1).getStringValue());
}

TEST(SignatureUpdates, CountAsTheFileDoesBehindJunk) {
  for (const bool from_header : {false, true}) {
    MadeDocument wish;
    wish.before = std::string(90, 'x') + "\n";
    wish.offsets_from_header = from_header;
    wish.behind = std::string(3000, '\0');
    const std::string bytes = wish.make();
    const auto once = sealed(bytes);
    ASSERT_TRUE(once) << once.error().sentence;
    const auto twice = sealed(once.value());
    ASSERT_TRUE(twice) << twice.error().sentence;
    const auto document = Document::open(Source::of(view_of(twice.value())));
    ASSERT_TRUE(document);
    EXPECT_EQ(document.value()->cross_reference().base(), from_header ? 91U : 0U);
    if (from_header) {
      expect_good(bytes, once.value());
      expect_good(once.value(), twice.value(), "SignetSeal2");
    }
  }
}

TEST(SignatureUpdates, LinearisedAndPackedDocumentsAreContinued) {
  const ScratchFolder folder;
  MadeDocument wish;
  wish.pages = 5;
  const std::string plain = folder.write("plain.pdf", wish.make()).string();
  for (const char* const options :
       {"--linearize", "--linearize --object-streams=generate", "--object-streams=generate"}) {
    ASSERT_TRUE(
        run(fmt::format("qpdf {} {} {}", options, plain, folder.path("made.pdf").string())).good);
    expect_sealable(folder.read("made.pdf"));
  }
}

TEST(SignatureUpdates, EncryptTheirStringsAsTheDocumentDoes) {
  const ScratchFolder folder;
  const std::string plain = folder.write("plain.pdf", MadeDocument().make()).string();
  for (const char* const options :
       {"--encrypt user owner 40 --", "--encrypt user owner 128 --use-aes=n --",
        "--encrypt user owner 128 --use-aes=y --",
        "--encrypt user owner 128 --use-aes=y --cleartext-metadata --",
        "--encrypt user owner 256 --force-R5 --", "--encrypt user owner 256 --",
        "--object-streams=generate --encrypt user owner 256 --"}) {
    SCOPED_TRACE(options);
    const Ran made = run(fmt::format("qpdf --allow-weak-crypto {} {} {}", options, plain,
                                     folder.path("locked.pdf").string()));
    ASSERT_TRUE(made.good) << made.output;
    const std::string bytes = folder.read("locked.pdf");
    expect_sealable(bytes, "owner");
    const std::string update = added(bytes, sealed(bytes, plain_wish(), "user").value());
    EXPECT_THAT(update, HasSubstr("/Encrypt "));
    EXPECT_THAT(update, Not(HasSubstr("SignetSeal1")));
    EXPECT_THAT(update, Not(HasSubstr("D:2027")));
  }
}

TEST(SignatureUpdates, WantThePermissionThatThePasswordGives) {
  const ScratchFolder folder;
  const std::string plain = folder.write("plain.pdf", MadeDocument().make()).string();
  ASSERT_TRUE(run(fmt::format("qpdf --encrypt '' owner 256 --modify=none -- {} {}", plain,
                              folder.path("locked.pdf").string()))
                  .good);
  const std::string bytes = folder.read("locked.pdf");
  EXPECT_THAT(refusal(bytes, ErrorKind::forbidden),
              HasSubstr("encryption does not allow new fields"));
  EXPECT_TRUE(sealed(bytes, plain_wish(), "owner"));
}

// A form that is an object of its own, with fields of every shape; and one that is a part of the catalog.
MadeDocument with_form(const std::string& fields, bool indirect, const std::string& more = {}) {
  MadeDocument made;
  const int form = made.first_free();
  const std::string body = fmt::format("<< /Fields {} /DA (/Helv 0 Tf) {} >>", fields, more);
  made.catalog = indirect ? fmt::format("/AcroForm {} 0 R", form) : "/AcroForm " + body;
  if (indirect) made.objects[form] = body;
  const std::string rect = "/Type /Annot /Subtype /Widget /Rect [10 10 110 60] /F 4 /P 5 0 R";
  made.objects[form + 1] = fmt::format("<< /FT /Sig /T (merged) /DA (keep) {} >>", rect);
  made.objects[form + 2] = fmt::format("<< /FT /Sig /T (split) /Kids [{} 0 R] >>", form + 3);
  made.objects[form + 3] =
      fmt::format("<< /Parent {} 0 R /AP << /N 3 0 R >> {} >>", form + 2, rect);
  made.objects[form + 4] = fmt::format("<< /T (office) /FT /Sig /Kids [{} 0 R] >>", form + 5);
  made.objects[form + 5] = fmt::format("<< /Parent {} 0 R /T (seal) {} >>", form + 4, rect);
  made.objects[form + 6] = fmt::format("<< /FT /Tx /T (SignetSeal1) /V (text) {} >>", rect);
  made.objects[form + 7] =
      fmt::format("[{} 0 R {} 0 R {} 0 R {} 0 R]", form + 1, form + 2, form + 4, form + 6);
  made.page =
      fmt::format("/Annots [{} 0 R {} 0 R {} 0 R {} 0 R]", form + 1, form + 3, form + 5, form + 6);
  return made;
}

std::string all_fields(int offset) {
  const int form = MadeDocument().first_free() + offset;
  return fmt::format("[{} 0 R {} 0 R {} 0 R {} 0 R]", form + 1, form + 2, form + 4, form + 6);
}

TEST(SignatureFields, OfEveryShapeAreFilled) {
  for (const bool indirect : {false, true}) {
    for (const bool list_is_object : {false, true}) {
      const std::string fields =
          list_is_object ? fmt::format("{} 0 R", MadeDocument().first_free() + 7) : all_fields(0);
      const std::string bytes = with_form(fields, indirect).make();
      for (const char* const name : {"merged", "split", "office.seal"}) {
        SCOPED_TRACE(name);
        SignatureWish wish = plain_wish();
        wish.field = name;
        const auto done = sealed(bytes, wish);
        ASSERT_TRUE(done) << done.error().sentence;
        expect_good(bytes, done.value(), name);
        EXPECT_THAT(refusal(done.value(), ErrorKind::settings, wish),
                    HasSubstr("is signed already"));
      }
      // The first free name is not the text field's.
      const auto done = sealed(bytes);
      ASSERT_TRUE(done) << done.error().sentence;
      expect_good(bytes, done.value(), "SignetSeal2");
    }
  }
}

TEST(SignatureFields, KeepWhatTheyHave) {
  const std::string bytes = with_form(all_fields(0), true).make();
  SignatureWish wish = plain_wish();
  wish.field = "merged";
  const std::string update = added(bytes, sealed(bytes, wish).value());
  EXPECT_THAT(update, HasSubstr("/DA (keep)"));
  EXPECT_THAT(update, HasSubstr("/Rect [10 10 110 60]"));
  EXPECT_THAT(update, HasSubstr("/BBox [0 0 100 50]"));
  wish.field = "split";  // its appearance is there already
  EXPECT_THAT(added(bytes, sealed(bytes, wish).value()), Not(HasSubstr("/BBox")));
}

TEST(SignatureFields, ThatAreNoneAreRefused) {
  const std::string bytes = with_form(all_fields(0), true).make();
  SignatureWish wish = plain_wish();
  wish.field = "seal";
  EXPECT_THAT(refusal(bytes, ErrorKind::settings, wish), HasSubstr("there is no field"));
  wish.field = "SignetSeal1";
  EXPECT_THAT(refusal(bytes, ErrorKind::settings, wish), HasSubstr("not one for signatures"));
  const std::string xfa = with_form(all_fields(0), true, "/XFA [(template) 3 0 R]").make();
  EXPECT_THAT(refusal(xfa, ErrorKind::forbidden), HasSubstr("XFA"));
  SignatureWish anyway = plain_wish();
  anyway.ignore_xfa = true;
  EXPECT_TRUE(sealed(xfa, anyway));
  const std::string loop = with_form("[7 0 R 7 0 R]", true).make();
  EXPECT_THAT(refusal(loop, ErrorKind::broken), HasSubstr("loop"));
}

TEST(SignatureFields, SharedAnnotationsStayTheOtherPages) {
  MadeDocument made;
  made.pages = 2;
  made.page = "/Annots 7 0 R";
  made.objects[7] = "[]";
  const std::string bytes = made.make();
  const std::string out = sealed(bytes).value();
  expect_good(bytes, out);
  EXPECT_THAT(added(bytes, out), Not(HasSubstr("\n7 0 obj")));
}

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
  visible.visible =
      VisibleSeal{[](ObjectSink& sink, const SealBox&) -> PdfResult<QPDFObjectHandle> {
                    return sink.allocate();
                  },
                  0,
                  {10, 10, 50, 50}};
  EXPECT_THAT(refusal(forms, ErrorKind::forbidden, visible), HasSubstr("no new visible field"));
  SignatureWish stamp = plain_wish();
  stamp.kind = SignatureKind::time_stamp;
  EXPECT_TRUE(sealed(closed, stamp));
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

TEST(VisibleSeals, PutTheirAppearanceOnThePage) {
  MadeDocument made;
  made.pages = 3;
  made.page = "/Rotate 90";
  const std::string bytes = made.make();
  SignatureWish wish = plain_wish();
  SealBox seen;
  wish.visible = VisibleSeal{
      [&](ObjectSink& sink, const SealBox& box) -> PdfResult<QPDFObjectHandle> {
        seen = box;
        QPDFObjectHandle form =
            QPDFObjectHandle::parse("<< /Type /XObject /Subtype /Form /BBox [0 0 200 50] >>");
        const QPDFObjectHandle reference = sink.allocate();
        sink.put_stream(reference, form, copy_of(view_of("0 0 200 50 re f")));
        return reference;
      },
      0,
      {100.5, 100, 300.5, 150}};
  const auto done = sealed(bytes, wish);
  ASSERT_TRUE(done) << done.error().sentence;
  expect_good(bytes, done.value());
  EXPECT_EQ(seen.width, 200);
  EXPECT_EQ(seen.height, 50);
  EXPECT_EQ(seen.page.rotate, 90);
  EXPECT_THAT(added(bytes, done.value()), HasSubstr("/Rect [100.5 100 300.5 150]"));
}

}  // namespace
}  // namespace signet::pdf
