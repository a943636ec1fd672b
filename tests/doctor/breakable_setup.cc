#include "tests/doctor/breakable_setup.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <stdexcept>

#include "config/testing/test_keys.h"
#include "tests/support/files.h"
#include "tests/support/module.h"
#include "tests/support/process.h"

namespace signet::tests {

Verdict::Verdict(const std::vector<std::string>& words, const std::vector<std::string>& before) {
  std::vector<std::string> command = {"doctor", "--json"};
  command.insert(command.end(), words.begin(), words.end());
  const Ran ran = run_signet(command, before);
  status_ = ran.status;
  const auto json = boost::json::parse(ran.out);
  for (const auto& value : json.at("checks").as_array()) {
    const auto& check = value.as_object();
    for (const char* part : {"check", "sentence", "advice"}) {
      if (!check.contains(part)) continue;
      text_ += value_to<std::string>(check.at(part));
      text_ += std::string(part) == "check" ? ": " : "\n";
    }
  }
}

std::string Verdict::between(const std::string& begin, const std::string& end) const {
  const auto from = text_.find(begin);
  if (from == std::string::npos) throw std::runtime_error(begin + " is not said in\n" + text_);
  const auto start = from + begin.size();
  return text_.substr(start, text_.find(end, start) - start);
}

void carry_out(const Verdict& verdict) {
  output_of({"/bin/sh", "-c", verdict.between("run: ", "\n")});
}

BreakableSetup::BreakableSetup(DoctorSetup::Members members)
    : setup_(members, {"ec:P-256:signer"}) {
  pin_ = setup_.pin();
}

void BreakableSetup::rewrite(const std::string& from, const std::string& to) const {
  std::string text = read_file(setup_.config());
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error(from + " is not in\n" + text);
  setup_.configure_text(text.replace(at, from.size(), to));
}

void BreakableSetup::point_to(const std::string& url) const {
  auto members = setup_.members();
  members.front().url = url;
  setup_.configure(members);
}

namespace {

CK_OBJECT_HANDLE public_half(Session& session, const std::string& key) {
  return session.find_one({CKO_PUBLIC_KEY, key, {}});
}

}  // namespace

Bytes BreakableSetup::public_key(const std::string& key) const {
  const Module module;
  Session session(module);
  session.login(pin_);
  return p256_public_key(session.attribute(public_half(session, key), CKA_EC_POINT));
}

void BreakableSetup::store(const std::string& key, const std::string& label,
                           const Validity& validity, const std::string& id_of) const {
  const Module module;
  Session session(module);
  session.login(pin_);
  const Bytes point = session.attribute(public_half(session, key), CKA_EC_POINT);
  session.write_certificate(certificate_for(p256_public_key(point), "Seal", validity), label,
                            session.attribute(public_half(session, id_of), CKA_ID));
}

void BreakableSetup::store_file(const std::string& file, const std::string& label,
                                const std::string& key) const {
  const Module module;
  Session session(module);
  session.login(pin_);
  const std::string der = read_file(setup_.file(file));
  const Bytes id = key.empty() ? Bytes() : session.attribute(public_half(session, key), CKA_ID);
  session.write_certificate(view_of(der), label, id);
}

void BreakableSetup::set_certificate_id(const std::string& label, const std::string& key) const {
  const Module module;
  Session session(module);
  session.login(pin_);
  Bytes id = session.attribute(public_half(session, key), CKA_ID);
  CK_ATTRIBUTE change{CKA_ID, id.data(), static_cast<CK_ULONG>(id.size())};
  const CK_OBJECT_HANDLE certificate = session.find_one({CKO_CERTIFICATE, label, {}});
  if (module->C_SetAttributeValue(session.handle(), certificate, &change, 1) != CKR_OK)
    throw std::runtime_error("the id cannot be changed");
}

void BreakableSetup::delete_certificates() const {
  const Module module;
  Session session(module);
  session.login(pin_);
  for (const CK_OBJECT_HANDLE each : session.find({CKO_CERTIFICATE, {}, {}}))
    module->C_DestroyObject(session.handle(), each);
}

void BreakableSetup::change_pin(const std::string& pin) {
  const Module module;
  Session session(module);
  std::string old = pin_;
  std::string wanted = pin;
  const auto bytes = [](std::string& text) { return reinterpret_cast<CK_UTF8CHAR*>(text.data()); };
  const CK_RV rv =
      module->C_SetPIN(session.handle(), bytes(old), old.size(), bytes(wanted), wanted.size());
  if (rv != CKR_OK) throw std::runtime_error(fmt::format("C_SetPIN: {:#x}", rv));
  pin_ = pin;
  setup_.set_pin(pin);
}

void BreakableSetup::signet(std::vector<std::string> words) const {
  words.insert(words.end(), {"--token", "seal", "--pin-file", setup_.pin_file().string()});
  const Ran ran = run_signet(words);
  if (ran.status != 0) throw std::runtime_error(ran.err);
}

void BreakableSetup::sign_config() const {
  const auto keys = config::make_test_key_pair();
  write_file(setup_.file("sign.key"), keys.private_pem);
  write_file(setup_.file("config.pub"), keys.public_pem);
  setenv("SIGNET_CONFIG_ANCHOR", setup_.file("config.pub").c_str(), 1);
  setenv("XDG_CACHE_HOME", setup_.file("cache-home").c_str(), 1);
  const Ran ran = run_signet(
      {"config", "sign", "--key", setup_.file("sign.key").string(), setup_.config().string()});
  if (ran.status != 0) throw std::runtime_error(ran.err);
}

void BreakableSetup::serve_plain() {
  plain_ = std::make_unique<PlainServer>("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  point_to(fmt::format("https://127.0.0.1:{}/dsa/v1", plain_->port()));
}

}  // namespace signet::tests
