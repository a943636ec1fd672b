#include "softhsm-backend/instance.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

#include "softhsm-backend/accounts.h"
#include "softhsm-backend/csc/grants.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/files.h"
#include "softhsm-backend/objects.h"
#include "softhsm-backend/passwords.h"
#include "softhsm-backend/ports.h"
#include "softhsm-backend/tls_identity.h"
#include "softhsm-backend/token.h"

namespace signet::emulator {

namespace {

namespace fs = std::filesystem;

void choose_port(Endpoint& endpoint) {
  if (endpoint.port == 0) endpoint.port = reserve_port(endpoint.host);
}

Secret random_secret() {
  return Secret(to_hex(random_bytes(16)));
}

void write_softhsm_config(const InstanceFiles& files) {
  write_private_file(files.softhsm_config(), fmt::format("directories.tokendir = {}\n"
                                                         "objectstore.backend = file\n"
                                                         "log.level = ERROR\n"
                                                         "slots.removable = false\n",
                                                         fs::absolute(files.tokens()).string()));
}

Member make_member(const InstanceFiles& files, const std::string& role, const Endpoint& listen) {
  const auto pin_of = [&](const char* name) {
    return make_identity(identity_files(files.dir, role, name), listen.host);
  };
  Member member{.role = role,
                .listen = listen.text(),
                .url = listen.url(),
                .live_pin = pin_of("live"),
                .backup_pin = pin_of("backup")};
  pin_of("foreign");
  return member;
}

std::string client_config(const InitOptions& options, const InstanceFiles& files,
                          const std::vector<Member>& members) {
  std::string text = fmt::format(
      "# A client of the Signet emulator: SIGNET_CONFIG={}\n\n"
      "[[token]]\nlabel = \"{}\"\nuser = \"{}\"\n"
      "# credential = \"file:{}\"\n",
      fs::absolute(files.client_config()).string(), options.user, options.user,
      fs::absolute(files.user_pin(options.user)).string());
  for (const Member& member : members) {
    text += fmt::format("\n  [[token.member]]\n  url = \"{}\"\n  pins = [\"{}\", \"{}\"]\n",
                        member.url, member.live_pin, member.backup_pin);
  }
  return text;
}

void make_keys(const InitOptions& options, State& state, const Secret& pin) {
  Token token(options.softhsm, kTokenLabel, pin);
  std::uint8_t number = 0;
  for (const NewKey& wanted : options.keys) {
    KeyRow key = new_key(options.user, wanted.spec);
    key.label = copy_of(view_of(wanted.label));
    key.cka_id = {++number};
    key.created_at = now_milliseconds();
    key.public_key = token.generate(wanted.spec, key.id);
    state.write([&](Database& database) { insert_key(database, key); });
  }
}

Secret make_token(const InitOptions& options, const InstanceFiles& files) {
  fs::create_directory(files.tokens());
  write_softhsm_config(files);
  point_softhsm_at(files);
  Secret pin = random_secret();
  write_private_file(files.token_pin(), text_of(pin.reveal()));
  value_of(load_softhsm(options.softhsm)->create_token(kTokenLabel, random_secret(), pin));
  return pin;
}

void require_empty(const InstanceFiles& files) {
  const std::string name = files.dir.string();
  if (fs::is_empty(files.dir)) return;
  if (!fs::exists(files.state()))
    throw std::runtime_error(name + " is there already and not an empty folder; name another one");
  (void)open_state(files);  // says so where init did not end
  throw std::runtime_error(
      name + " is an emulator's folder already; serve it with: signet-emulator run " + name);
}

void fill_folder(InitOptions& options, const InstanceFiles& files) {
  choose_port(options.listen);
  if (options.alternate) choose_port(*options.alternate);
  Secret password =
      options.password_file.empty() ? random_secret() : read_secret_file(options.password_file);
  fs::create_directories(files.dir / "tls");
  fs::permissions(files.dir, fs::perms::owner_all);
  write_private_file(files.user_pin(options.user), std::string(text_of(password.reveal())) + "\n");
  const Secret client_secret =
      random_secret();  // of the account's OAuth 2 client, which has its name
  write_private_file(files.client_secret(options.user),
                     std::string(text_of(client_secret.reveal())) + "\n");

  State state(files.state());
  fs::permissions(files.state(), fs::perms::owner_read | fs::perms::owner_write);
  std::vector<Member> members{make_member(files, "primary", options.listen)};
  if (options.alternate) members.push_back(make_member(files, "alternate", *options.alternate));
  Account account;
  account.user = options.user;
  account.common_name = options.user;
  account.password_hash = hash_password(password);
  state.write([&](Database& database) {
    set_setting(database, "serial_number", to_hex(random_bytes(8)));
    set_setting(database, "cluster_id", new_uuid());
    set_setting(database, "softhsm", fs::absolute(options.softhsm).string());
    for (const Member& member : members) save_member(database, member);
    add_account(database, account);
    csc::Policy policy;
    policy.client_secret = hash_password(client_secret);
    csc::save_policy(database, options.user, policy);
  });
  make_keys(options, state, make_token(options, files));
  write_private_file(files.client_config(), client_config(options, files, members));
  state.write([](Database& database) { set_setting(database, "initialised", "yes"); });
}

void empty_folder(const fs::path& dir) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(dir, ignored)) {
    fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

std::optional<Endpoint> Endpoint::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const auto port = read_unsigned(text.substr(colon + 1));
  if (!port || *port > 65'535) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  if (error) return std::nullopt;
  return Endpoint{.host = std::string(host), .port = static_cast<std::uint16_t>(*port)};
}

std::string Endpoint::text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return fmt::format("{}:{}", v6 ? "[" + host + "]" : host, port);
}

std::string Endpoint::url() const {
  return "https://" + text() + "/dsa/v1";
}

std::optional<NewKey> NewKey::parse(std::string_view text) {
  const std::size_t first = text.find(':');
  const std::size_t second = text.find(':', std::min(first, text.size() - 1) + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  const std::string_view type = text.substr(0, first);
  const std::string_view size = text.substr(first + 1, second - first - 1);
  NewKey key{.spec = {}, .label = std::string(text.substr(second + 1))};
  if (type == "rsa") {
    const auto bits = read_unsigned(size);
    if (!bits || std::ranges::find(kRsaSizes, *bits) == kRsaSizes.end()) return std::nullopt;
    key.spec.bits = *bits;
    return key;
  }
  const CurveRow* row = named(kCurves, size);
  if (type != "ec" || row == nullptr) return std::nullopt;
  key.spec = {.type = row_of(row->curve).type, .curve = row->curve};
  return key;
}

void init_instance(InitOptions options) {
  const InstanceFiles files(options.dir);
  fs::create_directories(files.dir);
  const Descriptor alone = lock_folder(files.dir);
  require_empty(files);
  try {
    fill_folder(options, files);
  } catch (...) {
    empty_folder(files.dir);
    throw;
  }
}

State open_state(const InstanceFiles& files) {
  const std::string name = files.dir.string();
  const std::string advice = "; make it with: signet-emulator init " + name;
  if (!fs::exists(files.state())) {
    throw std::runtime_error(name + " is not an emulator's folder" + advice);
  }
  State state(files.state());
  const bool complete = state.read(
      [](Database& database) { return optional_setting(database, "initialised").has_value(); });
  if (complete) return state;
  throw std::runtime_error(name + " was not completely initialised; remove it" + advice);
}

void point_softhsm_at(const InstanceFiles& files) {
  setenv("SOFTHSM2_CONF", fs::absolute(files.softhsm_config()).c_str(), 1);
}

}  // namespace signet::emulator
