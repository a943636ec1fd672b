#include "seal-server/enrol/office.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "common/bounded_file.h"
#include "common/private_file.h"
#include "config/toml_tree.h"
#include "config/url.h"
#include "seal-server/enrol/enrol_key.h"
#include "seal-server/enrol/failure.h"

namespace signet::sealserver::enrol {

namespace {

namespace fs = std::filesystem;
using config::TomlNode;

constexpr const char* kOfficeFile = "enrol.toml";
constexpr std::size_t kMaxOfficeFile = 64 * 1024;  // bytes
constexpr const char* kOfficeNames[] = {
    "server",     "server_pins", "certificate", "key",      "authentication_ca",
    "sealing_ca", "ca_file",     "roots",       "appliance"};
constexpr const char* kApplianceNames[] = {"administrator", "password", "member"};
constexpr const char* kMemberNames[] = {"url", "pins", "ca_file"};

[[noreturn]] void refuse_setting(const TomlNode& node, const std::string& sentence) {
  fail(Reason::unreadable,
       std::string(kOfficeFile) + ":" + std::to_string(node.at.line) + ": " + sentence);
}

// A table of the file, whose names are known.
class Settings {
 public:
  template <std::size_t n>
  Settings(const TomlNode& table, const char* const (&names)[n]) : table_(table) {
    if (table.kind != TomlNode::Kind::table) refuse_setting(table, "This must be a table.");
    for (const config::TomlEntry& entry : table.entries)
      if (std::ranges::find(names, entry.key) == std::end(names))
        refuse_setting(entry.value, "There is no setting " + entry.key + ".");
  }

  const TomlNode& demand(const char* name) const {
    const TomlNode* node = table_.find(name);
    if (node == nullptr)
      refuse_setting(table_, std::string("The setting ") + name + " is missing.");
    return *node;
  }

  std::string text(const char* name) const {
    const TomlNode& node = demand(name);
    if (node.kind != TomlNode::Kind::text || node.text.empty())
      refuse_setting(node, std::string(name) + " must be a text.");
    return node.text;
  }

  std::string optional_text(const char* name) const {
    return table_.find(name) == nullptr ? std::string() : text(name);
  }

  const std::vector<TomlNode>& list(const char* name) const {
    const TomlNode& node = demand(name);
    if (node.kind != TomlNode::Kind::list || node.items.empty())
      refuse_setting(node, std::string(name) + " must be a list.");
    return node.items;
  }

  std::string url(const char* name) const {
    const auto parsed = config::parse_url(text(name));
    if (!parsed)
      refuse_setting(demand(name), std::string(name) + " " + parsed.assume_error() + ".");
    return parsed.assume_value().text();
  }

  pinning::PinSet pins(const char* name) const {
    std::vector<pinning::Pin> pins;
    for (const TomlNode& item : list(name)) {
      const auto pin = pinning::Pin::parse(item.text);
      if (!pin)
        refuse_setting(item,
                       "A pin is \"sha256//\" and 44 characters; `signet pin show` prints it.");
      pins.push_back(*pin);
    }
    return pinning::PinSet(std::move(pins));
  }

 private:
  const TomlNode& table_;
};

config::CredentialSource credential_in(const Settings& settings) {
  auto source = config::CredentialSource::parse(settings.text("password"));
  if (!source)
    refuse_setting(settings.demand("password"), sentence_from("password " + source.assume_error()));
  return std::move(source).assume_value();
}

void read_appliance(const TomlNode& table, OfficeSettings& into) {
  const Settings appliance(table, kApplianceNames);
  into.appliance_administrator = appliance.text("administrator");
  into.appliance_password = credential_in(appliance);
  for (const TomlNode& node : appliance.list("member")) {
    const Settings member(node, kMemberNames);
    into.members.push_back({.url = member.url("url"),
                            .pins = member.pins("pins"),
                            .ca_file = member.optional_text("ca_file")});
  }
}

// A name of a file is one beside enrol.toml, where it is not absolute.
std::string place_in(const fs::path& folder, const std::string& name) {
  return name.empty() || name.starts_with("pkcs11:") ? name : (folder / name).string();
}

OfficeSettings read_settings(const fs::path& folder) {
  auto text = take(read_file(folder / kOfficeFile, kMaxOfficeFile));
  const auto tree = config::parse_toml(text_of(text));
  if (!tree)
    fail(Reason::unreadable, std::string(kOfficeFile) + ":" +
                                 std::to_string(tree.assume_error().at.line) + ": " +
                                 tree.assume_error().sentence);
  const Settings top(tree.assume_value(), kOfficeNames);
  OfficeSettings settings;
  settings.server = top.url("server");
  settings.server_pins = top.pins("server_pins");
  settings.administrator = {.certificate = place_in(folder, top.text("certificate")),
                            .key = place_in(folder, top.text("key"))};
  settings.authentication_ca = top.text("authentication_ca");
  settings.sealing_ca = top.text("sealing_ca");
  settings.ca_file = place_in(folder, top.optional_text("ca_file"));
  settings.roots = take(keygen::read_certificates(place_in(folder, top.text("roots"))));
  read_appliance(top.demand("appliance"), settings);
  return settings;
}

Descriptor lock_of(const fs::path& folder) {
  Descriptor lock(open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock) fail(Reason::failed, (folder / "lock").string() + ": " + system_text(errno) + ".");
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    fail(Reason::exists,
         "Another enrolment is at work in " + folder.string() + "; wait until it has ended.");
  return lock;
}

}  // namespace

Office Office::open(const fs::path& folder) {
  const auto good = check_folder(folder, Folder::own);
  if (!good)
    fail(Reason::failed, folder.string() + ": " + good.assume_error().sentence +
                             ". It must be yours, and nobody else may write to it.");
  OfficeSettings settings = read_settings(folder);
  Descriptor lock = lock_of(folder);
  return {folder, std::move(settings), std::move(lock)};
}

Bytes Office::enrol_key() const {
  return public_enrol_key(folder_ / "enrol.key", folder_ / "enrol.crt");
}

}  // namespace signet::sealserver::enrol
