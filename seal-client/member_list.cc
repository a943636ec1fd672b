#include "seal-client/member_list.h"

#include <utility>

namespace signet::sealclient {

namespace {

constexpr std::size_t kMostUrl = 1024;  // characters
constexpr std::size_t kMostPins = 16;

std::optional<ApplianceMember> appliance_member_in(Members& members) {
  ApplianceMember member;
  member.url = members.text("url");
  std::vector<pinning::Pin> pins;
  for (const boost::json::value& value : members.list("pins")) {
    const auto* text = value.if_string();
    const auto pin = text == nullptr ? std::nullopt : pinning::Pin::parse(*text);
    if (!pin) return std::nullopt;
    pins.push_back(*pin);
  }
  if (!members.good() || !member.url.starts_with("https://") || member.url.size() > kMostUrl ||
      pins.empty() || pins.size() > kMostPins)
    return std::nullopt;
  member.pins = pinning::PinSet(std::move(pins));
  return member;
}

}  // namespace

boost::json::array write_member_list(const std::vector<ApplianceMember>& members,
                                     boost::json::storage_ptr memory) {
  boost::json::array list(memory);
  for (const ApplianceMember& member : members) {
    boost::json::array pins(memory);
    for (const pinning::Pin& pin : member.pins.all()) pins.emplace_back(pin.text());
    boost::json::object object(memory);
    object["url"] = member.url;
    object["pins"] = std::move(pins);
    list.push_back(std::move(object));
  }
  return list;
}

std::optional<std::vector<ApplianceMember>> read_member_list(Members& members) {
  std::vector<ApplianceMember> read;
  for (const boost::json::value& value : members.list("members")) {
    Members inside(&value);
    auto member = appliance_member_in(inside);
    if (!member) return std::nullopt;
    read.push_back(*std::move(member));
  }
  if (!members.good() || read.empty() || read.size() > kMostApplianceMembers) return std::nullopt;
  return read;
}

}  // namespace signet::sealclient
