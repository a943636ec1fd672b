#include "activation/activate.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "activation/errors.h"
#include "common/printable.h"
#include "common/private_file.h"
#include "crypto/openssl.h"
#include "seal-client/credentials.h"
#include "seal-client/cryptogram.h"
#include "seal-client/key_pair.h"
#include "seal-client/seal_client.h"

namespace signet::activation {

namespace {

namespace fs = std::filesystem;
using keygen::Certificate;
using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenError;
using pkcs11::TokenResult;
using sealclient::Activation;
using sealclient::ActivationHeader;
using sealclient::SealClient;

constexpr Milliseconds kCall{30'000};
constexpr Milliseconds kFirstPause{200};
constexpr Milliseconds kLongestPause{10'000};
constexpr std::string_view kPart = ".part";

class Run {
 public:
  Run(const Card& card, const ActivationWish& wish, sealclient::Outbox& outbox,
      const std::function<void(ActivationStep)>& told)
      : card_(card),
        wish_(wish),
        told_(told),
        server_(sealclient::options_at(wish.server, {card.certificate().der()}, card.tls_key(),
                                       wish.user_agent),
                outbox) {}

  TokenResult<ActivationReport> run() {
    std::error_code none;
    if (fs::exists(fs::symlink_status(wish_.file, none))) {
      return token_error(Reason::exists,
                         fmt::format("{} is there already; import it, or remove it and activate "
                                     "again",
                                     printable(wish_.file.string())));
    }
    BOOST_OUTCOME_TRY(choose_hash());
    BOOST_OUTCOME_TRY(connect());
    BOOST_OUTCOME_TRY(make_key());
    BOOST_OUTCOME_TRY(order());
    BOOST_OUTCOME_TRY(const Certificate certificate, wait_for_certificate());
    BOOST_OUTCOME_TRY(write(wish_.file, kPart));
    told_(ActivationStep::written);
    return ActivationReport{header_.client, header_.file, header_.issued, certificate};
  }

 private:
  // What the card says of it comes before what the handshake or the decryption makes of that.
  TokenError told_by_card(TokenError otherwise) const {
    return card_.refusal().value_or(otherwise);
  }

  // The one on the card counts; a letter that says another one is of another card.
  TokenResult<void> choose_hash() {
    const auto& on_card = card_.content_key_hash();
    const auto& in_letter = wish_.content_key_hash;
    if (!on_card && !in_letter) {
      return token_error(Reason::not_found,
                         "the card has no hash of the client's content key: give the one in the "
                         "registration letter, --content-key-hash; where there is none, the card "
                         "was not enrolled to the end, and the registration authority enrols it "
                         "again");
    }
    if (on_card && in_letter && !equal(*on_card, *in_letter)) {
      return token_error(Reason::declined,
                         "the hash of the content key on the card is not the one that was given: "
                         "is the letter that of this card?");
    }
    hash_ = on_card ? *on_card : *in_letter;
    return success();
  }

  TokenResult<void> connect() {
    const auto status = server_.status(Deadline::after(kCall));
    if (!status) return told_by_card(error_of(status.assume_error()));
    header_.client = status.assume_value().id;
    const auto kept = server_.cryptogram(Deadline::after(kCall));
    if (!kept) return told_by_card(error_of(kept.assume_error()));
    auto content_key =
        sealclient::open_cryptogram(kept.assume_value().cryptogram, card_.decryption(), hash_);
    if (!content_key)
      return told_by_card(token_error(Reason::failed, content_key.assume_error().sentence));
    content_key_ = std::move(content_key).assume_value();
    const auto credentials = sealclient::decrypt_credentials(kept.assume_value().credentials,
                                                             content_key_, header_.client);
    if (!credentials) return token_error(Reason::failed, credentials.assume_error().sentence);
    told_(ActivationStep::connecting);
    return success();
  }

  TokenResult<void> make_key() {
    header_.file = sealclient::new_file_id();
    header_.issued = utc_text(std::chrono::system_clock::now());
    header_.recipient = wish_.recipient;
    if (wish_.passphrase) {
      auto made = sealclient::protect_key_pair(*wish_.passphrase);
      if (!made) return token_error(Reason::failed, "the passphrase's key cannot be made");
      header_.recipient = sealclient::public_key_of(made->key.get());
      header_.passphrase = std::move(made->form);
    }
    key_ = sealclient::make_key_pair();
    if (!key_ || header_.file.empty())
      return token_error(Reason::failed, "cannot make a key: " + crypto::openssl_reason());
    activation_.key = sealclient::private_key_of(key_.get());
    activation_.server = wish_.server;
    activation_.sealing = {card_.sealing().der()};
    for (const Certificate& issuer : card_.issuers()) activation_.sealing.push_back(issuer.der());
    activation_.content_key_hash = hash_;
    BOOST_OUTCOME_TRY(write(wish_.file.string() + std::string(kPart), {}));
    told_(ActivationStep::key_made);
    return success();
  }

  TokenResult<void> order() {
    const Bytes public_key = sealclient::public_key_of(key_.get());
    const auto cryptogram = sealclient::make_cryptogram(content_key_, {.public_key = public_key});
    if (!cryptogram) return token_error(Reason::failed, cryptogram.assume_error().sentence);
    const Bytes request = sealclient::request_for(key_.get(), card_.certificate().subject_der());
    if (request.empty())
      return token_error(Reason::failed, "the request cannot be made: " + crypto::openssl_reason());
    auto id =
        server_.order_authentication(request, cryptogram.assume_value(),
                                     sealclient::Succession::replaces, Deadline::after(kCall));
    if (!id) return told_by_card(error_of(id.assume_error()));
    activation_.order = std::move(id).assume_value();
    told_(ActivationStep::registered);
    return success();
  }

  TokenResult<Certificate> wait_for_certificate() {
    using State = sealclient::CertificateOrder::State;
    const Deadline end = Deadline::after(wish_.wait);
    Milliseconds pause = kFirstPause;
    while (true) {
      const auto order = server_.authentication_order(activation_.order, Deadline::after(kCall));
      if (order && order.assume_value().state == State::issued)
        return taken(order.assume_value().certificates);
      if (order && order.assume_value().state == State::refused) {
        return token_error(Reason::failed,
                           fmt::format("the certification authority refuses the certificate: {}",
                                       printable(order.assume_value().reason)));
      }
      if (!order && error_of(order.assume_error()).reason != Reason::no_answer)
        return told_by_card(error_of(order.assume_error()));
      if (end.left() <= pause) return too_late();
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, kLongestPause);
    }
  }

  TokenError too_late() const {
    return token_error(
        Reason::no_answer,
        fmt::format("the certificate was not issued within {} s; activate again, with a longer "
                    "--wait where the authority is slow",
                    std::chrono::duration_cast<std::chrono::seconds>(wish_.wait).count()));
  }

  TokenResult<Certificate> taken(const std::vector<Bytes>& certificates) {
    BOOST_OUTCOME_TRY(const auto certificate, Certificate::from_der(certificates.front()));
    if (!equal(certificate.public_key(), sealclient::public_key_of(key_.get()))) {
      return token_error(Reason::other_key,
                         "the certificate that the authority issued is for another key");
    }
    activation_.certificates = certificates;
    told_(ActivationStep::certified);
    return certificate;
  }

  // The whole file, as far as it is known, synced.
  TokenResult<void> write(const fs::path& file, std::string_view suffix) const {
    const auto content = sealclient::activation_content(header_, activation_);
    if (!content) return error_of(content.assume_error());
    BOOST_OUTCOME_TRY(const Bytes signed_content, card_.sign(content.assume_value()));
    const auto written = replace_private_file(
        file, view_of(sealclient::activation_text(signed_content)), Durability::durable, suffix);
    if (!written) return token_error(Reason::failed, written.assume_error().sentence);
    return success();
  }

  const Card& card_;
  const ActivationWish& wish_;
  const std::function<void(ActivationStep)>& told_;
  SealClient server_;
  Bytes hash_;  // SHA-256(K)
  Secret content_key_;
  PkeyPtr key_;
  ActivationHeader header_;
  Activation activation_;
};

}  // namespace

TokenResult<ActivationReport> activate(const Card& card, const ActivationWish& wish,
                                       sealclient::Outbox& outbox,
                                       const std::function<void(ActivationStep)>& told) {
  return Run(card, wish, outbox, told).run();
}

}  // namespace signet::activation
