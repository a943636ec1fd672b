// General information, slots, tokens and mechanisms (PKCS#11 3.0, 5.4.3 and 5.5).

#include <algorithm>
#include <cstring>
#include <string_view>

#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/calls.h"
#include "signet_version.h"

namespace signet::edge {

namespace {

// The standard's text fields: padded with blanks, not terminated. A character of UTF-8 is not cut in two.
template <std::size_t Size>
void fill(CK_UTF8CHAR (&field)[Size], std::string_view text) {
  std::size_t length = std::min(text.size(), Size);
  while (length < text.size() && length > 0 &&
         (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) {
    --length;
  }
  std::memset(field, ' ', Size);
  std::memcpy(field, text.data(), length);
}

CK_VERSION version_of(const transport::ApplianceInfo::Version& version) {
  return {static_cast<CK_BYTE>(std::min(version.major, 255U)),
          static_cast<CK_BYTE>(std::min(version.minor, 255U))};
}

// Programs put manufacturer, model and serial number into the names by which they know a token again (RFC 7512 URIs,
// pkcs11-helper's serialized ids, card serial numbers): they are the configuration's, so that they never change, whichever
// appliance of a pair answers and whether one does. What the appliance says of itself is in `signet doctor`.
constexpr std::string_view kManufacturer = "Signet";
constexpr std::string_view kModel = "Appliance";

constexpr CK_VERSION kLibraryVersion{SIGNET_VERSION_MAJOR, SIGNET_VERSION_MINOR};

}  // namespace

CkResult<void> Calls::GetInfo(CK_INFO_PTR info) {
  BOOST_OUTCOME_TRY(required(info, "pInfo"));
  *info = {};
  info->cryptokiVersion = {3, 0};
  fill(info->manufacturerID, kManufacturer);
  fill(info->libraryDescription, "Remote signature appliances");
  info->libraryVersion = kLibraryVersion;
  return success();
}

CkResult<void> Calls::GetSlotList(CK_BBOOL /*token_present*/, CK_SLOT_ID_PTR slots,
                                  CK_ULONG_PTR count) {
  BOOST_OUTCOME_TRY(required(count, "pulCount"));
  // A configured token is always present: an appliance that is down for a while must not make callers
  // throw away their sessions and handles.
  const CK_ULONG room = *count;
  *count = library_.slot_count();
  if (slots == nullptr) return success();
  if (room < library_.slot_count()) {
    return ck_error(CKR_BUFFER_TOO_SMALL, "there are more slots than the buffer takes");
  }
  for (CK_SLOT_ID slot = 0; slot < library_.slot_count(); ++slot) slots[slot] = slot;
  return success();
}

CkResult<void> Calls::GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info) {
  BOOST_OUTCOME_TRY(required(info, "pInfo"));
  BOOST_OUTCOME_TRY(const auto token, library_.token(slot));
  const auto appliance = token->known_info();
  *info = {};
  fill(info->slotDescription, token->config()->members.front().url);
  fill(info->manufacturerID, kManufacturer);
  info->flags = CKF_TOKEN_PRESENT | CKF_HW_SLOT;
  if (appliance) {
    info->hardwareVersion = version_of(appliance->hardware);
    info->firmwareVersion = version_of(appliance->firmware);
  }
  return success();
}

CkResult<void> Calls::GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  BOOST_OUTCOME_TRY(required(info, "pInfo"));
  BOOST_OUTCOME_TRY(const auto token, library_.token(slot));
  const auto appliance = token->known_info();
  const auto config = token->config();
  const auto sessions = library_.count_sessions(slot);
  *info = {};
  fill(info->label, config->label);
  fill(info->manufacturerID, kManufacturer);
  fill(info->model, kModel);
  fill(info->serialNumber, config->serial);
  info->flags = CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED |
                CKF_ASYNC_SESSION_SUPPORTED | token->pin_flags();
  const auto assumed = token->assumed_info();
  if (token->credential() || !assumed.needs_password) {
    info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  }
  // Sessions for reading and writing are opened all the same, against PKCS#11 3.0, 5.6.1: OpenSSH opens no others.
  if (!assumed.stores_objects && !assumed.changes_passwords) info->flags |= CKF_WRITE_PROTECTED;
  info->ulMaxSessionCount = CK_EFFECTIVELY_INFINITE;
  info->ulSessionCount = sessions.all;
  info->ulMaxRwSessionCount = CK_EFFECTIVELY_INFINITE;
  info->ulRwSessionCount = sessions.read_write;
  info->ulMaxPinLen = 255;
  info->ulMinPinLen = 1;
  info->ulTotalPublicMemory = CK_UNAVAILABLE_INFORMATION;
  info->ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION;
  info->ulTotalPrivateMemory = CK_UNAVAILABLE_INFORMATION;
  info->ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION;
  if (appliance) {
    info->hardwareVersion = version_of(appliance->hardware);
    info->firmwareVersion = version_of(appliance->firmware);
  }
  std::memset(info->utcTime, ' ', sizeof info->utcTime);
  return success();
}

CkResult<void> Calls::GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR mechanisms,
                                       CK_ULONG_PTR count) {
  BOOST_OUTCOME_TRY(required(count, "pulCount"));
  BOOST_OUTCOME_TRY(const auto token, library_.token(slot));
  const auto offered = token->offer()->list();
  const CK_ULONG room = *count;
  *count = offered.size();
  if (mechanisms == nullptr) return success();
  if (room < offered.size()) {
    return ck_error(CKR_BUFFER_TOO_SMALL, "there are more mechanisms than the buffer takes");
  }
  std::ranges::copy(offered, mechanisms);
  return success();
}

CkResult<void> Calls::GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE type,
                                       CK_MECHANISM_INFO_PTR info) {
  BOOST_OUTCOME_TRY(required(info, "pInfo"));
  BOOST_OUTCOME_TRY(const auto token, library_.token(slot));
  BOOST_OUTCOME_TRY(*info, token->offer()->info(type));
  return success();
}

CkResult<void> Calls::WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID_PTR slot, CK_VOID_PTR reserved) {
  BOOST_OUTCOME_TRY(required(slot, "pSlot"));
  if (reserved != nullptr) return ck_error(CKR_ARGUMENTS_BAD, "the reserved argument is not NULL");
  if ((flags & CKF_DONT_BLOCK) != 0) return ck_error(CKR_NO_EVENT, "there was no slot event");
  library_.wait_for_end();
  return ck_error(CKR_CRYPTOKI_NOT_INITIALIZED, "C_Finalize was called");
}

}  // namespace signet::edge
