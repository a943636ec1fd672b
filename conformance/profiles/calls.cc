#include "conformance/profiles/calls.h"

#include <cstring>
#include <map>
#include <stdexcept>

#include "conformance/profiles/verify.h"

namespace signet::profiles {
namespace {

template <std::size_t kSize>
Bytes text_field(const CK_UTF8CHAR (&field)[kSize]) {
  return {field, field + kSize};
}

Bytes version_field(const CK_VERSION& version) {
  const std::string text = std::to_string(version.major) + "." + std::to_string(version.minor);
  return {text.begin(), text.end()};
}

Bytes text_of_c(const CK_UTF8CHAR* text) {
  const auto length = std::strlen(reinterpret_cast<const char*>(text));
  return {text, text + length};
}

// The two-call convention: `fill(buffer, &count)` with NULL or with room for as many as the case says.
template <typename Entry, typename Fill>
CK_RV fill_list(const char* name, Arguments& arguments, Values& results, const Fill& fill) {
  const auto room = arguments.room(name);
  std::vector<Entry> entries(room.value_or(0));
  CK_ULONG count = room.value_or(0);
  const CK_RV rv = fill(room ? entries.data() : nullptr, &count);
  if (rv == CKR_OK && room) {
    if (count > *room)
      throw std::runtime_error("more entries were reported than there is room for");
    results[name] = std::vector<Entry>(entries.begin(), entries.begin() + static_cast<long>(count));
  } else {
    results[std::string(name) + ".length"] = count;
  }
  return rv;
}

// ---- general

CK_RV initialize(const Functions& functions, Arguments& arguments, Values& /*results*/) {
  CK_C_INITIALIZE_ARGS options{};
  options.flags = arguments.number_or("flags", 0);
  return functions.table->C_Initialize(options.flags == 0 ? nullptr : &options);
}

CK_RV finalize(const Functions& functions, Arguments& /*arguments*/, Values& /*results*/) {
  return functions.table->C_Finalize(nullptr);
}

CK_RV get_info(const Functions& functions, Arguments& /*arguments*/, Values& results) {
  CK_INFO info{};
  const CK_RV rv = functions.table->C_GetInfo(&info);
  results = {{"cryptokiVersion", version_field(info.cryptokiVersion)},
             {"manufacturerID", text_field(info.manufacturerID)},
             {"flags", info.flags},
             {"libraryDescription", text_field(info.libraryDescription)},
             {"libraryVersion", version_field(info.libraryVersion)}};
  return rv;
}

CK_RV get_interface_list(const Functions& functions, Arguments& arguments, Values& results) {
  if (functions.get_interface_list == nullptr) return CKR_FUNCTION_NOT_SUPPORTED;
  const auto room = arguments.room("interfaces");
  std::vector<CK_INTERFACE> interfaces(room.value_or(0));
  CK_ULONG count = room.value_or(0);
  const CK_RV rv = functions.get_interface_list(room ? interfaces.data() : nullptr, &count);
  results["interfaces.length"] = count;
  for (CK_ULONG i = 0; rv == CKR_OK && i < count && i < interfaces.size(); ++i) {
    const std::string name = "interfaces[" + std::to_string(i) + "].";
    results[name + "interfaceName"] = text_of_c(interfaces[i].pInterfaceName);
    results[name + "version"] =
        version_field(*static_cast<const CK_VERSION*>(interfaces[i].pFunctionList));
    results[name + "flags"] = interfaces[i].flags;
  }
  return rv;
}

CK_RV get_interface(const Functions& functions, Arguments& arguments, Values& results) {
  if (functions.get_interface == nullptr) return CKR_FUNCTION_NOT_SUPPORTED;
  Bytes name = arguments.bytes("interfaceName");
  name.push_back(0);
  CK_VERSION version{static_cast<CK_BYTE>(arguments.number("major")),
                     static_cast<CK_BYTE>(arguments.number("minor"))};
  CK_INTERFACE* found = nullptr;
  const CK_RV rv =
      functions.get_interface(name.data(), &version, &found, arguments.number_or("flags", 0));
  if (rv == CKR_OK) {
    results["version"] = version_field(*static_cast<const CK_VERSION*>(found->pFunctionList));
  }
  return rv;
}

// ---- slots and tokens

CK_RV get_slot_list(const Functions& functions, Arguments& arguments, Values& results) {
  const CK_BBOOL present = arguments.bytes("tokenPresent") == Bytes{CK_TRUE} ? CK_TRUE : CK_FALSE;
  return fill_list<CK_SLOT_ID>("slots", arguments, results, [&](auto* slots, auto* count) {
    return functions.table->C_GetSlotList(present, slots, count);
  });
}

CK_RV get_slot_info(const Functions& functions, Arguments& arguments, Values& results) {
  CK_SLOT_INFO info{};
  const CK_RV rv = functions.table->C_GetSlotInfo(arguments.number("slot"), &info);
  results = {{"slotDescription", text_field(info.slotDescription)},
             {"manufacturerID", text_field(info.manufacturerID)},
             {"flags", info.flags},
             {"hardwareVersion", version_field(info.hardwareVersion)},
             {"firmwareVersion", version_field(info.firmwareVersion)}};
  return rv;
}

CK_RV get_token_info(const Functions& functions, Arguments& arguments, Values& results) {
  CK_TOKEN_INFO info{};
  const CK_RV rv = functions.table->C_GetTokenInfo(arguments.number("slot"), &info);
  results = {{"label", text_field(info.label)},
             {"manufacturerID", text_field(info.manufacturerID)},
             {"model", text_field(info.model)},
             {"serialNumber", text_field(info.serialNumber)},
             {"flags", info.flags},
             {"maxSessionCount", info.ulMaxSessionCount},
             {"sessionCount", info.ulSessionCount},
             {"maxRwSessionCount", info.ulMaxRwSessionCount},
             {"rwSessionCount", info.ulRwSessionCount},
             {"maxPinLen", info.ulMaxPinLen},
             {"minPinLen", info.ulMinPinLen},
             {"hardwareVersion", version_field(info.hardwareVersion)},
             {"firmwareVersion", version_field(info.firmwareVersion)}};
  return rv;
}

CK_RV get_mechanism_list(const Functions& functions, Arguments& arguments, Values& results) {
  const CK_SLOT_ID slot = arguments.number("slot");
  return fill_list<CK_MECHANISM_TYPE>(
      "mechanisms", arguments, results, [&](auto* list, auto* count) {
        return functions.table->C_GetMechanismList(slot, list, count);
      });
}

CK_RV get_mechanism_info(const Functions& functions, Arguments& arguments, Values& results) {
  CK_MECHANISM_INFO info{};
  const CK_RV rv = functions.table->C_GetMechanismInfo(arguments.number("slot"),
                                                       arguments.number("type"), &info);
  results = {
      {"minKeySize", info.ulMinKeySize}, {"maxKeySize", info.ulMaxKeySize}, {"flags", info.flags}};
  return rv;
}

// ---- sessions

CK_RV open_session(const Functions& functions, Arguments& arguments, Values& results) {
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  const CK_RV rv = functions.table->C_OpenSession(
      arguments.number("slot"), arguments.number("flags"), nullptr, nullptr, &session);
  results["session"] = session;
  return rv;
}

CK_RV close_session(const Functions& functions, Arguments& arguments, Values& /*results*/) {
  return functions.table->C_CloseSession(arguments.number("session"));
}

CK_RV close_all_sessions(const Functions& functions, Arguments& arguments, Values& /*results*/) {
  return functions.table->C_CloseAllSessions(arguments.number("slot"));
}

CK_RV get_session_info(const Functions& functions, Arguments& arguments, Values& results) {
  CK_SESSION_INFO info{};
  const CK_RV rv = functions.table->C_GetSessionInfo(arguments.number("session"), &info);
  results = {{"slotID", info.slotID},
             {"state", info.state},
             {"flags", info.flags},
             {"deviceError", info.ulDeviceError}};
  return rv;
}

CK_RV login(const Functions& functions, Arguments& arguments, Values& /*results*/) {
  Bytes pin = arguments.bytes("pin");
  return functions.table->C_Login(arguments.number("session"), arguments.number("userType"),
                                  pin.data(), pin.size());
}

CK_RV login_user(const Functions& functions, Arguments& arguments, Values& /*results*/) {
  if (functions.table->version.major < 3) return CKR_FUNCTION_NOT_SUPPORTED;
  Bytes pin = arguments.bytes("pin");
  Bytes user = arguments.bytes("username");
  return functions.table->C_LoginUser(arguments.number("session"), arguments.number("userType"),
                                      pin.data(), pin.size(), user.data(), user.size());
}

CK_RV logout(const Functions& functions, Arguments& arguments, Values& /*results*/) {
  return functions.table->C_Logout(arguments.number("session"));
}

// ---- objects

CK_RV find_objects_init(const Functions& functions, Arguments& arguments, Values& /*results*/) {
  const auto entries = arguments.entries();
  std::vector<Bytes> values;
  values.reserve(entries.size());
  std::vector<CK_ATTRIBUTE> attributes;
  for (const TemplateEntry& entry : entries) {
    if (!entry.value) throw std::runtime_error(entry.name + " has no value to look for");
    values.push_back(bytes_of(*entry.value));
    attributes.push_back({entry.type, values.back().data(), values.back().size()});
  }
  return functions.table->C_FindObjectsInit(arguments.number("session"), attributes.data(),
                                            attributes.size());
}

CK_RV find_objects(const Functions& functions, Arguments& arguments, Values& results) {
  std::vector<CK_OBJECT_HANDLE> objects(arguments.number("objects"));
  CK_ULONG count = 0;
  const CK_RV rv = functions.table->C_FindObjects(arguments.number("session"), objects.data(),
                                                  objects.size(), &count);
  if (count > objects.size()) throw std::runtime_error("more objects were reported than fit");
  objects.resize(count);
  results["objects"] = objects;
  return rv;
}

CK_RV find_objects_final(const Functions& functions, Arguments& arguments, Values& /*results*/) {
  return functions.table->C_FindObjectsFinal(arguments.number("session"));
}

// An attribute's argument is the room for its value in bytes; without one its length is asked.
CK_RV get_attribute_value(const Functions& functions, Arguments& arguments, Values& results) {
  const auto entries = arguments.entries();
  std::vector<Bytes> buffers;
  std::vector<CK_ATTRIBUTE> attributes;
  for (const TemplateEntry& entry : entries) {
    buffers.emplace_back(entry.value ? number_of(*entry.value) : 0);
    void* const buffer = entry.value ? buffers.back().data() : nullptr;
    attributes.push_back({entry.type, buffer, buffers.back().size()});
  }
  const CK_RV rv =
      functions.table->C_GetAttributeValue(arguments.number("session"), arguments.number("object"),
                                           attributes.data(), attributes.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const CK_ULONG length = attributes[i].ulValueLen;
    if (length == CK_UNAVAILABLE_INFORMATION || !entries[i].value) {
      results[entries[i].name + ".length"] = length;
      continue;
    }
    if (length > buffers[i].size()) throw std::runtime_error(entries[i].name + " does not fit");
    buffers[i].resize(length);
    results[entries[i].name] = buffers[i];
  }
  return rv;
}

// ---- signatures

CK_RV sign_init(const Functions& functions, Arguments& arguments, Values& /*results*/) {
  CK_MECHANISM mechanism{arguments.number("mechanism"), nullptr, 0};
  return functions.table->C_SignInit(arguments.number("session"), &mechanism,
                                     arguments.number("key"));
}

CK_RV sign(const Functions& functions, Arguments& arguments, Values& results) {
  const CK_SESSION_HANDLE session = arguments.number("session");
  Bytes data = arguments.bytes("data");
  return fill_list<CK_BYTE>("signature", arguments, results, [&](auto* signature, auto* length) {
    return functions.table->C_Sign(session, data.data(), data.size(), signature, length);
  });
}

CK_RV sign_update(const Functions& functions, Arguments& arguments, Values& /*results*/) {
  Bytes part = arguments.bytes("part");
  return functions.table->C_SignUpdate(arguments.number("session"), part.data(), part.size());
}

CK_RV sign_final(const Functions& functions, Arguments& arguments, Values& results) {
  const CK_SESSION_HANDLE session = arguments.number("session");
  return fill_list<CK_BYTE>("signature", arguments, results, [&](auto* signature, auto* length) {
    return functions.table->C_SignFinal(session, signature, length);
  });
}

CK_RV verify(const Functions& /*functions*/, Arguments& arguments, Values& /*results*/) {
  const RsaKey key{arguments.bytes("modulus"), arguments.bytes("publicExponent")};
  return is_rsa_sha256_signature(key, arguments.bytes("data"), arguments.bytes("signature"))
             ? CKR_OK
             : CKR_SIGNATURE_INVALID;
}

using Call = CK_RV (*)(const Functions&, Arguments&, Values&);

const std::map<std::string, Call> kCalls{
    {"C_Initialize", initialize},
    {"C_Finalize", finalize},
    {"C_GetInfo", get_info},
    {"C_GetInterfaceList", get_interface_list},
    {"C_GetInterface", get_interface},
    {"C_GetSlotList", get_slot_list},
    {"C_GetSlotInfo", get_slot_info},
    {"C_GetTokenInfo", get_token_info},
    {"C_GetMechanismList", get_mechanism_list},
    {"C_GetMechanismInfo", get_mechanism_info},
    {"C_OpenSession", open_session},
    {"C_CloseSession", close_session},
    {"C_CloseAllSessions", close_all_sessions},
    {"C_GetSessionInfo", get_session_info},
    {"C_Login", login},
    {"C_LoginUser", login_user},
    {"C_Logout", logout},
    {"C_FindObjectsInit", find_objects_init},
    {"C_FindObjects", find_objects},
    {"C_FindObjectsFinal", find_objects_final},
    {"C_GetAttributeValue", get_attribute_value},
    {"C_SignInit", sign_init},
    {"C_Sign", sign},
    {"C_SignUpdate", sign_update},
    {"C_SignFinal", sign_final},
    {"verify", verify},
};

}  // namespace

CK_RV make_call(const Functions& functions, const std::string& name, Arguments& arguments,
                Values& results) {
  const auto call = kCalls.find(name);
  if (call == kCalls.end()) throw std::runtime_error("\"" + name + "\" is no known call");
  const CK_RV rv = call->second(functions, arguments, results);
  arguments.expect_all_used();
  return rv;
}

}  // namespace signet::profiles
