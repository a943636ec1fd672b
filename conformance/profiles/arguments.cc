#include "conformance/profiles/arguments.h"

#include <algorithm>
#include <stdexcept>

#include "conformance/profiles/symbols.h"

namespace signet::profiles {

const Argument* Arguments::find(std::string_view name) {
  const auto found = std::ranges::find(step_.arguments, name, &Argument::name);
  if (found == step_.arguments.end()) return nullptr;
  used_.emplace(name);
  return &*found;
}

CK_ULONG Arguments::number(std::string_view name) {
  const Argument* const argument = find(name);
  if (argument == nullptr) {
    throw std::runtime_error(step_.call + " wants the argument " + std::string(name));
  }
  return number_of(read_value(argument->value, variables_));
}

CK_ULONG Arguments::number_or(std::string_view name, CK_ULONG standard) {
  return room(name).value_or(standard);
}

Bytes Arguments::bytes(std::string_view name) {
  const Argument* const argument = find(name);
  if (argument == nullptr) {
    throw std::runtime_error(step_.call + " wants the argument " + std::string(name));
  }
  return bytes_of(read_value(argument->value, variables_));
}

std::optional<CK_ULONG> Arguments::room(std::string_view name) {
  const Argument* const argument = find(name);
  if (argument == nullptr) return std::nullopt;
  return number_of(read_value(argument->value, variables_));
}

std::vector<TemplateEntry> Arguments::entries() {
  std::vector<TemplateEntry> entries;
  for (const Argument& argument : step_.arguments) {
    if (!argument.name.starts_with("CKA_")) continue;
    const auto type = number_of_symbol(argument.name);
    if (!type) throw std::runtime_error(argument.name + " is no known attribute");
    used_.insert(argument.name);
    entries.push_back({argument.name, *type, std::nullopt});
    if (!argument.value.empty()) entries.back().value = read_value(argument.value, variables_);
  }
  return entries;
}

void Arguments::expect_all_used() const {
  for (const Argument& argument : step_.arguments) {
    if (used_.contains(argument.name)) continue;
    throw std::runtime_error(step_.call + " has no argument " + argument.name);
  }
}

}  // namespace signet::profiles
