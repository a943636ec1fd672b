#include "preservation/testing/scene.h"

#include <stdexcept>
#include <utility>

#include "crypto/suite.h"
#include "pdf/testing/pdf_maker.h"
#include "validation/testing/sealed_pdf.h"

namespace signet::preservation {

namespace {

pki::Party dated(const pki::Party& issuer, pki::CertificateWish wish, std::string_view from,
                 std::string_view to) {
  wish.not_before = pki::at(from);
  wish.not_after = pki::at(to);
  return pki::issue(issuer, wish);
}

}  // namespace

Scene::Scene()
    : root(pki::root(pki::authority("Root"))),
      ca(pki::issue(root, pki::authority("CA"))),
      signer(dated(ca, pki::signer("Seal"), "2012-01-01", "2015-01-01")),
      stamping_root(pki::root(pki::authority("TSA root"))),
      stamping_unit(dated(stamping_root, pki::time_stamper("TSU 1"), "2012-01-01", "2018-01-01")),
      now(pki::at("2012-06-01T10:00:00Z")) {
  request.policy.anchors = {{root.certificate, {}}, {stamping_root.certificate, {}}};
  request.policy.suite =
      std::make_shared<const crypto::Suite>(crypto::Suite::shipped("119312-1.5.1").value());
  request.clock = [this] { return now; };
  request.stamp = [this](crypto::Hash hash, ByteView imprint, const std::atomic<bool>*) {
    return stamp(hash, imprint);
  };
}

void Scene::change_unit(const std::string& name, std::string_view from, std::string_view to) {
  stamping_unit = dated(stamping_root, pki::time_stamper(name), from, to);
}

timestamps::StampResult Scene::stamp(crypto::Hash hash, ByteView imprint) {
  pki::TokenWish wish;
  wish.time = now;
  wish.imprint_hash = hash;
  wish.imprint = copy_of(imprint);
  wish.serial = static_cast<std::int64_t>(++stamps);
  timestamps::Stamp stamp;
  stamp.token.der = pki::token(stamping_unit, wish);
  stamp.authority = "the scene's authority";
  return stamp;
}

void Scene::add_crl(const pki::Party& issuer, Time time) {
  pki::CrlWish wish;
  wish.this_update = time;
  wish.next_update = time + std::chrono::hours(7 * 24);
  auto crl = validation::RevocationData::parse_crl(pki::crl(issuer, wish));
  if (!crl) throw std::runtime_error(crl.error());
  request.revocations.push_back(std::move(crl).value());
}

void Scene::publish(std::string_view time) {
  publish(pki::at(time));
}

void Scene::publish(Time time) {
  request.revocations.clear();
  for (const pki::Party* const issuer : {&root, &ca, &stamping_root}) add_crl(*issuer, time);
}

std::filesystem::path Scene::pdf(const std::string& name) const {
  pki::MessageWish message;
  message.certificates = {ca.der()};
  return folder.write(name, pki::sealed_pdf(pdf::MadeDocument().make(), signer, message));
}

std::filesystem::path Scene::message(const std::string& name, bool detached,
                                     std::string_view document) const {
  pki::MessageWish message;
  message.detached = detached;
  message.content = copy_of(view_of(document));
  message.signing_time = now;
  const Bytes der = pki::message(signer, message);
  if (detached) folder.write(name.substr(0, name.rfind('.')), document);
  return folder.write(name, signet::text_of(ByteView(der)));
}

ExtensionResult<Extended> Scene::extend(const std::filesystem::path& file, Level level) {
  request.level = level;
  return Extender(request).extend_file(file, {.out = file, .data = {}, .replace = true});
}

DocumentState Scene::examine(const std::filesystem::path& file) {
  auto state = Extender(request).examine_file(file);
  if (!state) throw std::runtime_error(state.error().sentence);
  return std::move(state).value();
}

std::string Scene::content(const std::filesystem::path& file) const {
  return folder.read(file.filename().string());
}

std::string text_of(const validation::Conclusion& verdict) {
  std::string text(total_name(verdict.indication));
  if (verdict.passed()) return text;
  text.append("/").append(name_of(verdict.sub_indication));
  for (const auto& reason : verdict.reasons)
    text.append("\n  ").append(validation::text_of(reason, validation::Language::english));
  return text;
}

}  // namespace signet::preservation
