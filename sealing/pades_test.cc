// PAdES seals by keys of a SoftHSM token and by keys elsewhere, read by pdfsig (poppler), by qpdf, and by our own. EU DSS and
// pyHanko read them in conformance/judges.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "crypto/cms/reader.h"
#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "crypto/testing/test_key.h"
#include "keygen/testing/test_issuer.h"
#include "pdf/form.h"
#include "pdf/testing/pdf_maker.h"
#include "pkcs11-client/testing/softhsm_token.h"
#include "sealing/sealer.h"
#include "sealing/two_steps.h"
#include "tests/support/sanitizers.h"

#ifdef SIGNET_ADDRESS_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif

namespace signet::sealing {
namespace {

using crypto::test_context;
using pkcs11::Padding;
using pkcs11::Signing;
using testing::HasSubstr;
using DocumentForm = pdf::MadeDocument::Form;

Bytes bytes_of(const std::string& text) {
  return copy_of(view_of(text));
}

class Pades : public testing::Test {
 protected:
  Sealer sealer(const std::string& type) {
    const auto made =
        token_->generate({pkcs11::KeyType::parse(type).value(), type, bytes_of(type)});
    if (!made) throw std::runtime_error(made.error().sentence);
    keygen::TestCertificate wish;
    wish.common_name = type;
    wish.public_key = made.value().public_key;
    store(issuing_.issue(wish), type);
    store(issuing_.certificate(), type + " issuing");
    SealKeyChoice choice;
    choice.module = token_.module();
    choice.token = token_->info();
    choice.pin = [](const pkcs11::TokenInfo&) {
      return std::optional(Secret(std::string_view("correct horse")));
    };
    choice.key.label = type;
    auto opened = SealKey::open(choice);
    if (!opened) throw std::runtime_error(opened.error().sentence);
    return Sealer(test_context(), std::move(opened).value(), nullptr);
  }

  void store(const keygen::Certificate& certificate, const std::string& label) {
    (void)token_->store(certificate.der(), label, bytes_of(label));
  }

  static SealWish wish_with(const Signing& signing = {{}, "SHA256"}) {
    SealWish wish;
    wish.signing = signing;
    return wish;
  }

  // What pdfsig says of a document.
  static std::string pdfsig(const std::string& document, const std::string& options = {}) {
    const ScratchFolder folder;
    const std::string file = folder.write("sealed.pdf", document).string();
    const pdf::Ran checked = pdf::run(
        fmt::format("qpdf --check {} {}", options.empty() ? "" : "--password=owner", file));
    EXPECT_TRUE(checked.good) << checked.output;
    return pdf::run(fmt::format("HOME={} pdfsig {} {}", folder.path().string(), options, file))
        .output;
  }

  static int times(const std::string& text, const std::string& part) {
    int found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
      ++found;
    return found;
  }

  pkcs11::SoftHsmToken token_;
  keygen::TestIssuer root_{"root"};
  keygen::TestIssuer issuing_{"issuing", root_};
};

SealResult<std::string> seal(const Sealer& sealer, const std::string& document,
                             const SealWish& wish, const PdfWish& pdf = {},
                             Sealed* told = nullptr) {
  const Bytes in = bytes_of(document);
  Bytes sealed;
  Output out = Output::memory(sealed);
  BOOST_OUTCOME_TRY(auto done, sealer.seal_pades(Input::memory(in), out, wish, pdf));
  if (told != nullptr) *told = std::move(done);
  return std::string(text_of(sealed));
}

// The CMS message of a field's signature, and what it covers.
cms::Verdict verdict_of(const std::string& document, const std::string& name) {
  const auto opened = pdf::Document::open(pdf::Source::of(view_of(document))).value();
  const auto form = pdf::Form::read(*opened).value();
  QPDFObjectHandle value = form.find(name)->value;
  QPDFObjectHandle range = value.getKey("/ByteRange");
  const auto at = [&](int index) {
    return static_cast<std::size_t>(range.getArrayItem(index).getIntValue());
  };
  Bytes covered = bytes_of(document.substr(0, at(1)) + document.substr(at(2), at(3)));
  std::string der = value.getKey("/Contents").getStringValue();
  const auto length = 4 + static_cast<std::size_t>(static_cast<unsigned char>(der[2]) << 8U |
                                                   static_cast<unsigned char>(der[3]));
  der.resize(length);
  const auto message = cms::read_signed_data(cms::Source::of(view_of(der)));
  if (!message) throw std::runtime_error(message.error().sentence);
  EXPECT_FALSE(message.value().has_content);
  std::map<crypto::Hash, Bytes> digests;
  for (const crypto::Hash hash : cms::hashes_of(message.value().parts))
    digests[hash] = crypto::digest_of(test_context(), hash, covered).value();
  return cms::verify(test_context(), message.value().parts, digests).at(0);
}

TEST_F(Pades, EveryKeyIsAcceptedByPdfsigAndByUs) {
  const std::string document = pdf::MadeDocument().make();
  for (const auto& [type, signing] :
       {std::pair<const char*, Signing>{"rsa:3072", {Padding::pkcs1, "SHA256"}},
        {"rsa:2048", {Padding::pss, "SHA384"}},
        {"ec:P-256", {{}, "SHA256"}},
        {"ec:P-384", {{}, "SHA512"}},
        {"Ed25519", {{}, "SHA256"}}}) {
    SCOPED_TRACE(type);
#ifdef SIGNET_ADDRESS_SANITIZER
    const __lsan::ScopedDisabler softhsm_leaks;  // see cades_test.cc
#endif
    Sealed told;
    const auto done = seal(sealer(type), document, wish_with(signing), {}, &told);
    ASSERT_TRUE(done) << done.error().sentence;
    EXPECT_EQ(told.field, "SignetSeal1");
    EXPECT_EQ(told.level, Level::b_b);
    EXPECT_EQ(told.signatures, 1U);
    EXPECT_EQ(done.value().substr(0, document.size()), document);
    const cms::Verdict verdict = verdict_of(done.value(), "SignetSeal1");
    EXPECT_THAT(verdict.problems, testing::IsEmpty());
    EXPECT_FALSE(verdict.signing_time);
    if (std::string(type) == "Ed25519") continue;  // which NSS does not know
    const std::string said = pdfsig(done.value());
    EXPECT_THAT(said, HasSubstr("Signature is Valid."));
    EXPECT_THAT(said, HasSubstr("Total document signed"));
    EXPECT_THAT(said, HasSubstr("ETSI.CAdES.detached"));
  }
}

TEST_F(Pades, DocumentsOfEveryBuildHoldSeveralSeals) {
  const ScratchFolder folder;
  const Sealer sealer = this->sealer("ec:P-256");
  std::vector<std::string> documents;
  for (const DocumentForm form :
       {DocumentForm::table, DocumentForm::stream, DocumentForm::hybrid}) {
    pdf::MadeDocument wish;
    wish.form = form;
    wish.line_end = false;
    documents.push_back(wish.make());
  }
  pdf::MadeDocument junk;
  junk.before = "some junk\n";
  junk.offsets_from_header = true;
  junk.behind = std::string(5000, '\n');
  documents.push_back(junk.make());
  pdf::MadeDocument pages;
  pages.pages = 9;
  const std::string plain = folder.write("plain.pdf", pages.make()).string();
  for (const char* const options :
       {"--linearize", "--object-streams=generate", "--linearize --object-streams=generate"}) {
    ASSERT_TRUE(
        pdf::run(fmt::format("qpdf {} {} {}", options, plain, folder.path("made.pdf").string()))
            .good);
    documents.push_back(folder.read("made.pdf"));
  }
  for (const std::string& document : documents) {
    const auto once = seal(sealer, document, wish_with());
    ASSERT_TRUE(once) << once.error().sentence;
    const auto twice = seal(sealer, once.value(), wish_with());
    ASSERT_TRUE(twice) << twice.error().sentence;
    const std::string said = pdfsig(twice.value());
    EXPECT_EQ(times(said, "Signature is Valid."), 2) << said;
    EXPECT_EQ(times(said, "Total document signed"), 1) << said;
    EXPECT_THAT(verdict_of(twice.value(), "SignetSeal1").problems, testing::IsEmpty());
    EXPECT_THAT(verdict_of(twice.value(), "SignetSeal2").problems, testing::IsEmpty());
  }
}

TEST_F(Pades, EncryptedDocumentsStayEncrypted) {
  const ScratchFolder folder;
  const std::string plain = folder.write("plain.pdf", pdf::MadeDocument().make()).string();
  const Sealer sealer = this->sealer("ec:P-256");
  for (const char* const options :
       {"40 --", "128 --use-aes=n --", "128 --use-aes=y --", "256 --force-R5 --", "256 --"}) {
    SCOPED_TRACE(options);
    ASSERT_TRUE(pdf::run(fmt::format("qpdf --allow-weak-crypto --encrypt user owner {} {} {}",
                                     options, plain, folder.path("locked.pdf").string()))
                    .good);
    const std::string document = folder.read("locked.pdf");
    PdfWish pdf;
    pdf.reason = "Schváleno";
    EXPECT_EQ(seal(sealer, document, wish_with(), pdf).error().failure, Failure::forbidden);
    pdf.password = Secret(std::string_view("owner"));
    const auto once = seal(sealer, document, wish_with(), pdf);
    ASSERT_TRUE(once) << once.error().sentence;
    const auto twice = seal(sealer, once.value(), wish_with(), pdf);
    ASSERT_TRUE(twice) << twice.error().sentence;
    const std::string said = pdfsig(twice.value(), "-upw user");
    EXPECT_EQ(times(said, "Signature is Valid."), 2) << said;
  }
}

TEST_F(Pades, WhatExcludesEachOtherIsRefused) {
  const Sealer sealer = this->sealer("ec:P-256");
  const std::string document = pdf::MadeDocument().make();
  const auto refused = [&](const SealWish& wish, const PdfWish& pdf, const char* why) {
    const auto done = seal(sealer, document, wish, pdf);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().failure, Failure::settings);
    EXPECT_THAT(done.error().sentence, HasSubstr(why));
  };
  PdfWish pdf;
  pdf.reason = "a reason";
  pdf.location = "Brno";
  SealWish wish = wish_with();
  wish.attributes.commitment = "1.2.840.113549.1.9.16.6.1";
  refused(wish, pdf, "not both");
  wish = wish_with();
  wish.attributes.locality = "Brno";
  refused(wish, pdf, "not both");
  wish = wish_with();
  wish.attributes.file_name = "a.pdf";
  refused(wish, pdf, "names no file");
  wish = wish_with();
  wish.level = Level::b_t;
  refused(wish, pdf, "time-stamp authority");
  pdf.certify = 4;
  refused(wish_with(), pdf, "1, 2 or 3");
}

TEST_F(Pades, BrokenAndForbiddenDocumentsLeaveNothing) {
  const Sealer sealer = this->sealer("ec:P-256");
  EXPECT_EQ(seal(sealer, "%PDF-1.7\n", wish_with()).error().failure, Failure::broken);
  EXPECT_EQ(seal(sealer, "", wish_with()).error().failure, Failure::broken);
  PdfWish certify;
  certify.certify = 1;
  const auto certified = seal(sealer, pdf::MadeDocument().make(), wish_with(), certify);
  ASSERT_TRUE(certified) << certified.error().sentence;
  const auto more = seal(sealer, certified.value(), wish_with());
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().failure, Failure::forbidden);
  EXPECT_THAT(more.error().sentence, HasSubstr("the signature \"SignetSeal1\" forbids it"));
}

TEST_F(Pades, DamagedDocumentsAreRepairedWhereThatIsWished) {
  const Sealer sealer = this->sealer("ec:P-256");
  const std::string good = pdf::MadeDocument().make();
  const std::string damaged = good.substr(0, good.rfind("startxref"));
  const auto refused = seal(sealer, damaged, wish_with());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().failure, Failure::broken);
  PdfWish pdf;
  pdf.repair_ok = true;
  Sealed told;
  const auto sealed = seal(sealer, damaged, wish_with(), pdf, &told);
  ASSERT_TRUE(sealed) << sealed.error().sentence;
  EXPECT_THAT(told.remarks, testing::Contains(HasSubstr("was damaged")));
  EXPECT_EQ(sealed.value().substr(0, damaged.size()), damaged);
  EXPECT_THAT(pdfsig(sealed.value()), HasSubstr("Signature is Valid"));
  const auto again =
      seal(sealer, sealed.value().substr(0, sealed.value().rfind("startxref")), wish_with(), pdf);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().failure, Failure::forbidden);
}

TEST_F(Pades, AreCancelledWhileTheDocumentIsLookedAt) {
  const Sealer with = sealer("ec:P-256");
  pdf::MadeDocument made;
  made.behind = std::string(200'000, '\n');
  const std::string document = made.make();
  std::atomic<bool> cancelled{false};
  const Input input = Input::callback(document.size(), [&](std::uint64_t offset,
                                                           std::span<std::uint8_t> out) {
    cancelled = true;
    std::copy_n(document.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return true;
  });
  Bytes sealed;
  Output out = Output::memory(sealed);
  Control control;
  control.cancelled = &cancelled;
  for (const bool repair_ok : {false, true}) {
    PdfWish pdf;
    pdf.repair_ok = repair_ok;
    const auto done = with.seal_pades(input, out, wish_with(), pdf, control);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().failure, Failure::cancelled) << done.error().sentence;
  }
}

TEST_F(Pades, ADocumentThatChangesInBetweenIsRefused) {
  const Sealer sealer = this->sealer("ec:P-256");
  const std::string document = pdf::MadeDocument().make();
  int passes = 0;
  const Input changing = Input::callback(document.size(), [&](std::uint64_t offset,
                                                              std::span<std::uint8_t> out) {
    std::copy_n(document.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    if (out.size() == document.size() && ++passes == 2 + 1) out[out.size() / 2] ^= 1U;
    return true;
  });
  Output out = Output::callback([](ByteView) { return true; });
  const auto done = sealer.seal_pades(changing, out, wish_with(), {});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().failure, Failure::changed);
}

TEST_F(Pades, AnOutputThatNobodySeesGetsWhatIsDigested) {
  const Sealer sealer = this->sealer("ec:P-256");
  const std::string document = pdf::MadeDocument().make();
  int passes = 0;
  const Input counted = Input::callback(document.size(), [&](std::uint64_t offset,
                                                             std::span<std::uint8_t> out) {
    std::copy_n(document.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    if (out.size() == document.size()) ++passes;
    return true;
  });
  Bytes sealed;
  Output out = Output::memory(sealed);
  ASSERT_TRUE(out.write(bytes_of(std::string("left over"))));
  ASSERT_TRUE(sealer.seal_pades(counted, out, wish_with(), {}));
  EXPECT_EQ(passes, 1 + 1);  // planned, and copied
  EXPECT_EQ(text_of(sealed).substr(0, document.size()), document);
}

TEST(PadesTwoSteps, AreSignedElsewhere) {
  keygen::TestIssuer root("root");
  const PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  keygen::TestCertificate certificate;
  certificate.public_key = crypto::der_of(key.get(), i2d_PUBKEY);
  const Signatory signatory{root.issue(certificate).der(), {root.certificate().der()}};
  const std::string text = pdf::MadeDocument().make();
  const Bytes document = bytes_of(text);
  SealWish wish;
  wish.signing.hash = "SHA256";
  PdfWish pdf;
  pdf.reason = "Elsewhere";
  const auto prepared =
      prepare_pades(test_context(), signatory, Input::memory(document), wish, pdf);
  ASSERT_TRUE(prepared) << prepared.error().sentence;
  EXPECT_THAT(prepared.value().remarks, testing::IsEmpty());
  const PkeyContextPtr work(
      EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), key.get(), nullptr));
  ASSERT_EQ(EVP_PKEY_sign_init(work.get()), 1);
  Bytes signature(200);
  std::size_t size = signature.size();
  ASSERT_EQ(EVP_PKEY_sign(work.get(), signature.data(), &size, prepared.value().digest.data(),
                          prepared.value().digest.size()),
            1);
  signature.resize(size);
  const auto finish = [&](const Bytes& state, const Bytes& value, const Bytes& of) {
    Bytes sealed;
    Output out = Output::memory(sealed);
    auto done = finish_pades(test_context(), nullptr, state, value, Input::memory(of), out, wish);
    EXPECT_EQ(sealed.empty(), !done);
    return done ? SealResult<std::string>(std::string(text_of(sealed)))
                : SealResult<std::string>(done.error());
  };
  const auto sealed = finish(prepared.value().state, signature, document);
  ASSERT_TRUE(sealed) << sealed.error().sentence;
  EXPECT_THAT(verdict_of(sealed.value(), "SignetSeal1").problems, testing::IsEmpty());
  Bytes other = document;
  other[other.size() / 2] ^= 1U;
  EXPECT_EQ(finish(prepared.value().state, signature, other).error().failure, Failure::changed);
  other.pop_back();
  EXPECT_EQ(finish(prepared.value().state, signature, other).error().failure, Failure::changed);
  signature[10] ^= 1U;
  EXPECT_EQ(finish(prepared.value().state, signature, document).error().failure, Failure::token);
  signature[10] ^= 1U;
  const Bytes& state = prepared.value().state;
  for (std::size_t at = 0; at < state.size(); at += 7) {
    Bytes changed = state;
    changed[at] ^= 1U;
    const auto done = finish(changed, signature, document);
    // Issuers' certificates are not signed: whatever else is changed fits no signature.
    if (done) {
      EXPECT_THAT(verdict_of(done.value(), "SignetSeal1").problems, testing::IsEmpty()) << at;
    }
  }
  const auto cades = prepare_cades(test_context(), signatory, Input::memory(document), wish);
  EXPECT_EQ(finish(cades.value().state, signature, document).error().failure, Failure::broken);
  EXPECT_TRUE(is_pades_state(prepared.value().state));
  EXPECT_FALSE(is_pades_state(cades.value().state));
  EXPECT_FALSE(is_pades_state({}));
}

}  // namespace
}  // namespace signet::sealing
