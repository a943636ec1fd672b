#include "pkcs11-module/edge/testing/reflection.h"

#include <sstream>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace signet::edge::testing {

namespace {

template <typename T>
T as(const Value& value) {
  if constexpr (std::is_pointer_v<T>) {
    return reinterpret_cast<T>(value.pointer);
  } else {
    return static_cast<T>(value.number);
  }
}

template <typename... Arguments, std::size_t... Places>
CK_RV call_with(CK_RV (*function)(Arguments...), std::span<const Value> values,
                std::index_sequence<Places...> /*places*/) {
  return function(as<Arguments>(values[Places])...);
}

template <typename... Arguments>
std::function<CK_RV(std::span<const Value>)> callable(CK_RV (*function)(Arguments...)) {
  return [function](std::span<const Value> values) {
    if (values.size() != sizeof...(Arguments)) throw std::logic_error("wrong number of arguments");
    return call_with(function, values, std::index_sequence_for<Arguments...>());
  };
}

// "(CK_SLOT_ID slot, CK_FLAGS flags)".
std::vector<Parameter> parameters_of(std::string text) {
  std::vector<Parameter> parameters;
  std::istringstream items(text.substr(1, text.size() - 2));
  for (std::string item; std::getline(items, item, ',');) {
    std::istringstream words(item);
    Parameter parameter;
    words >> parameter.type >> parameter.name;
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

std::vector<Function> make_functions() {
  std::vector<Function> functions;
#define SIGNET_ADD(free, absent, version, name, parameters) \
  functions.push_back(                                      \
      {"C_" #name, version, free, absent, parameters_of(#parameters), callable(C_##name)});
#define SIGNET_FUNCTION(version, name, parameters, arguments) \
  SIGNET_ADD(false, false, version, name, parameters)
#define SIGNET_FREE_FUNCTION(version, name, parameters, arguments) \
  SIGNET_ADD(true, false, version, name, parameters)
#define SIGNET_ABSENT_FUNCTION(version, name, parameters, arguments) \
  SIGNET_ADD(false, true, version, name, parameters)
#include "pkcs11-module/edge/functions.inc"
#undef SIGNET_FUNCTION
#undef SIGNET_FREE_FUNCTION
#undef SIGNET_ABSENT_FUNCTION
#undef SIGNET_ADD
  return functions;
}

}  // namespace

bool Parameter::is_pointer() const {
  return type.ends_with("_PTR") || type == "CK_NOTIFY";
}

std::size_t Function::place_of(std::string_view parameter) const {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].name == parameter) return i;
  }
  return npos;
}

const std::vector<Function>& all_functions() {
  static const std::vector<Function> functions = make_functions();
  return functions;
}

const Function& function_named(std::string_view name) {
  for (const Function& function : all_functions()) {
    if (function.name == name) return function;
  }
  throw std::logic_error("no function " + std::string(name));
}

}  // namespace signet::edge::testing
