#include "tests/pdf/mutate/soft_seal.h"

#include <fmt/format.h>

#include <map>
#include <stdexcept>

#include "crypto/cms/reader.h"
#include "crypto/cms/verify.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "crypto/testing/test_key.h"
#include "pdf/form.h"
#include "pdf/signature_value.h"
#include "sealing/two_steps.h"

namespace signet::tests {

namespace {

using crypto::test_context;

Bytes signature_of(EVP_PKEY* key, const Bytes& digest) {
  const PkeyContextPtr work(EVP_PKEY_CTX_new_from_pkey(crypto::library_context(), key, nullptr));
  Bytes signature(200);
  std::size_t size = signature.size();
  if (EVP_PKEY_sign_init(work.get()) != 1 ||
      EVP_PKEY_sign(work.get(), signature.data(), &size, digest.data(), digest.size()) != 1)
    throw std::runtime_error("no signature");
  signature.resize(size);
  return signature;
}

// The last signed field whose signature covers the whole document.
std::string fault_of_last(pdf::Document& document, const std::string& sealed) {
  const auto form = pdf::Form::read(document);
  if (!form) return "its form: " + form.error().sentence;
  for (const pdf::Field* const field : form.value().signed_fields()) {
    const auto value = pdf::read_signature(document, *field);
    if (!value || value.value().end != sealed.size()) continue;
    const auto message = cms::read_signed_data(cms::Source::of(value.value().contents));
    if (!message) return "its message: " + message.error().sentence;
    const pdf::Gap gap = value.value().gap;
    const std::string covered = sealed.substr(0, static_cast<std::size_t>(gap.begin)) +
                                sealed.substr(static_cast<std::size_t>(gap.end));
    std::map<crypto::Hash, Bytes> digests;
    for (const crypto::Hash hash : cms::hashes_of(message.value().parts))
      digests[hash] = crypto::digest_of(test_context(), hash, view_of(covered)).value();
    const auto verdicts = cms::verify(test_context(), message.value().parts, digests);
    if (verdicts.size() != 1) return fmt::format("{} signers", verdicts.size());
    return verdicts[0].problems.empty() ? std::string() : "its signature is not valid";
  }
  return "no signature covers the document";
}

}  // namespace

SoftSealer::SoftSealer() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")) {
  keygen::TestCertificate wish;
  wish.public_key = crypto::der_of(key_.get(), i2d_PUBKEY);
  certificate_ = root_.issue(wish).der();
}

sealing::SealResult<std::string> SoftSealer::seal(const std::string& document,
                                                  const sealing::PdfWish& pdf, bool stamped) const {
  sealing::SealWish wish;
  wish.signing.hash = "SHA256";
  if (stamped) wish.level = sealing::Level::b_t;
  const Bytes bytes = copy_of(view_of(document));
  const auto input = sealing::Input::memory(bytes);
  const sealing::Signatory signatory{certificate_, {root_.certificate().der()}};
  BOOST_OUTCOME_TRY(const auto prepared,
                    sealing::prepare_pades(test_context(), signatory, input, wish, pdf));
  wish.level = sealing::Level::b_b;
  Bytes sealed;
  auto out = sealing::Output::memory(sealed);
  BOOST_OUTCOME_TRY(sealing::finish_pades(test_context(), nullptr, prepared.state,
                                          signature_of(key_.get(), prepared.digest), input, out,
                                          wish));
  return std::string(text_of(sealed));
}

std::string SoftSealer::root() const {
  return crypto::to_pem("CERTIFICATE", root_.certificate().der());
}

SoftWish soft_wish(std::uint64_t seed) {
  SoftWish wish;
  wish.pdf.password = Secret(std::string_view("owner"));
  wish.pdf.reason = "Schváleno";
  switch (seed % 10) {
    case 0:
    case 1: {
      auto visible = std::make_shared<sealing::VisibleWish>();
      visible->look.text = "Sealed by {signer}";
      visible->position = {pdf::look::Corner::bottom_right, 20, 20, 160, 50};
      visible->page = seed % 4 < 2 ? 1 : -1;
      wish.pdf.visible = std::move(visible);
      wish.words = "visible";
      break;
    }
    case 2:
      wish.pdf.certify = 2;
      wish.words = "certified";
      break;
    case 3:
      wish.pdf.field = "office";
      wish.words = "in a field";
      break;
    case 4:
      wish.stamped = true;
      wish.words = "with room for a time-stamp";
      break;
    default:
      wish.words = "plain";
  }
  return wish;
}

std::string fault_of(const std::string& sealed, const std::string& original,
                     const std::string& password) {
  if (!sealed.starts_with(original)) return "the original was changed";
  const auto document = pdf::Document::open(pdf::Source::of(view_of(sealed)), password);
  if (!document) return "it is not opened: " + document.error().sentence;
  std::string fault = fault_of_last(*document.value(), sealed);
  if (const auto checked = document.value()->check(); fault.empty() && !checked)
    fault = "it is broken: " + checked.error().sentence;
  return fault;
}

}  // namespace signet::tests
