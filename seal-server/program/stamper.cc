#include "seal-server/program/stamper.h"

#include <stdexcept>

#include "common/bounded_file.h"
#include "common/clock.h"
#include "crypto/openssl.h"
#include "seal-server/register/time_stamps.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMostRoots = std::size_t{1024} * 1024;  // bytes
constexpr std::chrono::seconds kStampPatience{30};

std::shared_ptr<crypto::Context> new_context() {
  auto context = crypto::Context::create();
  if (!context) throw std::runtime_error("OpenSSL has no context for time-stamps.");
  return std::move(context).assume_value();
}

std::vector<timestamps::Authority> authorities_of(const Settings& settings,
                                                  const std::shared_ptr<crypto::Context>& context) {
  std::shared_ptr<const timestamps::TrustAnchors> trusted;
  if (!settings.tsa_ca.empty()) {
    const auto text = read_file(settings.tsa_ca, kMostRoots);
    if (!text) throw std::runtime_error(text.assume_error().sentence);
    auto anchors = timestamps::TrustAnchors::from_pem(context, text_of(text.assume_value()));
    if (!anchors)
      throw std::runtime_error(settings.tsa_ca.string() + ": " + anchors.assume_error());
    trusted = std::move(anchors).assume_value();
  }
  std::vector<timestamps::Authority> authorities;
  for (const std::string& url : settings.tsa) {
    timestamps::Authority authority;
    authority.url = url;
    authority.trusted = trusted;
    authorities.push_back(std::move(authority));
  }
  if (authorities.empty()) throw std::runtime_error("The settings name no time-stamp authority.");
  return authorities;
}

}  // namespace

Stamper::Stamper(const ServerFolder& folder)
    : database_(folder.database()), context_(new_context()) {
  timestamps::ClientOptions options;
  options.user_agent = "signet-seald";
  options.connections = 1;
  client_ = std::make_unique<timestamps::Client>(authorities_of(folder.settings(), context_),
                                                 context_, std::move(options));
}

std::optional<std::uint64_t> Stamper::stamp(Sequencer& sequencer) {
  const auto sql = storage::SqlConnection::open(database_);
  const auto ask = [this](const StoredCheckpoint& checkpoint) {
    auto stamped = client_->stamp(crypto::Hash::sha256, crypto::sha256(view_of(checkpoint.note)),
                                  Deadline::after(kStampPatience));
    if (!stamped) throw std::runtime_error(stamped.assume_error().sentence);
    return std::move(stamped.assume_value().token.der);
  };
  return stamp_newest(*sql, sequencer, std::chrono::system_clock::now(), ask);
}

}  // namespace signet::sealserver
