#include "tests/fuzz/support/calls_program.h"

#include "pkcs11-module/edge/testing/reflection.h"
#include "tests/fuzz/support/fuzzed_module.h"

namespace signet::fuzz {
namespace {

using edge::testing::kPin;
using edge::testing::kSlot;

constexpr int kMostInstructions = 64;

// The slot that there is, mostly.
CK_SLOT_ID slot(Input& input) {
  const std::uint8_t choice = input.byte();
  return choice < 250 ? kSlot : choice;
}

CK_BYTE* pointer(Bytes& bytes) {
  return bytes.empty() ? nullptr : bytes.data();
}

}  // namespace

void Shared::opened(CK_SESSION_HANDLE session) {
  const std::lock_guard lock(mutex_);
  sessions_.push_back(session);
}

void Shared::saw(CK_OBJECT_HANDLE object) {
  const std::lock_guard lock(mutex_);
  objects_.push_back(object);
}

CK_ULONG Shared::choose(Input& input, const std::vector<CK_ULONG>& handles) {
  const std::size_t choice = input.byte();
  if (choice == 255 || handles.empty()) return choice;
  return handles[handles.size() - 1 - choice % handles.size()];
}

CK_SESSION_HANDLE Shared::session(Input& input) const {
  const std::lock_guard lock(mutex_);
  return choose(input, sessions_);
}

CK_OBJECT_HANDLE Shared::object(Input& input) const {
  const std::lock_guard lock(mutex_);
  return choose(input, objects_);
}

const std::vector<Program::Instruction>& Program::instructions() {
  static const std::vector<Instruction> list{
      &Program::open_session,
      &Program::close_session,
      &Program::login,
      &Program::login_user,
      &Program::logout,
      &Program::change_pin,
      &Program::session_cancel,
      &Program::run_anew,
      &Program::ask_token,
      &Program::ask_session,
      &Program::random,
      &Program::call_absent,
      &Program::find,
      &Program::get_attributes,
      &Program::set_attributes,
      &Program::create,
      &Program::copy,
      &Program::destroy,
      &Program::generate,
      &Program::digest,
      &Program::sign,
      &Program::sign_at_once,
      &Program::verify,
      &Program::message_sign,
      &Program::message_verify,
      &Program::appliance_fails,
      &Program::appliance_spoils,
      &Program::appliance_changes_account,
      &Program::appliance_changes_keys,
      &Program::verify_signature,
  };
  return list;
}

void Program::run() {
  for (int left = kMostInstructions; left > 0 && !input_.empty(); --left) {
    (this->*instructions()[input_.below(instructions().size())])();
  }
}

Bytes Program::pin() {
  switch (input_.below(8)) {
    case 6:
      return {};
    case 7:
      return input_.bytes(input_.byte());
    case 5:
      return copy_of(view_of("officer-secret"));
    case 4:
      return copy_of(view_of("new"));
    default:
      return copy_of(view_of(kPin));
  }
}

void Program::open_session() {
  const std::uint8_t kind = input_.byte();
  CK_FLAGS flags = (kind & 1U) == 0 ? CKF_RW_SESSION : 0;
  if (kind < 250) flags |= CKF_SERIAL_SESSION;
  CK_SESSION_HANDLE session = 0;
  if (SIGNET_CALL(C_OpenSession, slot(input_), flags, nullptr, nullptr, &session) == CKR_OK) {
    shared_.opened(session);
  }
}

void Program::close_session() {
  if (input_.below(8) == 0) {
    SIGNET_CALL(C_CloseAllSessions, slot(input_));
  } else {
    SIGNET_CALL(C_CloseSession, session());
  }
}

void Program::login() {
  constexpr CK_USER_TYPE types[] = {CKU_USER, CKU_USER, CKU_CONTEXT_SPECIFIC, CKU_SO, 99};
  const CK_SESSION_HANDLE in = session();
  const CK_USER_TYPE type = types[input_.below(std::size(types))];
  Bytes secret = pin();
  SIGNET_CALL(C_Login, in, type, pointer(secret), secret.size());
}

void Program::login_user() {
  const CK_SESSION_HANDLE in = session();
  const CK_USER_TYPE type = input_.flag() ? CKU_USER : CKU_SO;
  Bytes name = copy_of(view_of(input_.flag() ? "officer" : "seal"));
  if (input_.below(8) == 0) name = input_.bytes(input_.byte());
  Bytes secret = pin();
  SIGNET_CALL(C_LoginUser, in, type, pointer(secret), secret.size(), pointer(name), name.size());
}

void Program::logout() {
  SIGNET_CALL(C_Logout, session());
}

void Program::change_pin() {
  const CK_SESSION_HANDLE in = session();
  Bytes before = pin();
  Bytes after = pin();
  if (input_.flag()) {
    SIGNET_CALL(C_InitPIN, in, pointer(after), after.size());
  } else {
    SIGNET_CALL(C_SetPIN, in, pointer(before), before.size(), pointer(after), after.size());
  }
}

void Program::session_cancel() {
  constexpr CK_FLAGS kinds[] = {CKF_SIGN,           CKF_VERIFY,       CKF_DIGEST,  CKF_MESSAGE_SIGN,
                                CKF_MESSAGE_VERIFY, CKF_FIND_OBJECTS, CKF_ENCRYPT, CKF_GENERATE};
  CK_FLAGS flags = 0;
  const CK_SESSION_HANDLE in = session();
  const std::size_t chosen = input_.byte();
  for (std::size_t i = 0; i < std::size(kinds); ++i) {
    if ((chosen >> i & 1U) != 0) flags |= kinds[i];
  }
  SIGNET_CALL(C_SessionCancel, in, flags);
}

// Only where no other thread is in the library, as the standard has it (5.4.2).
void Program::run_anew() {
  if (!alone_) return;
  // The standard's layout of CK_C_INITIALIZE_ARGS; see initialize.cc.
  struct {
    void* functions[4];
    CK_FLAGS flags;
    void* reserved;
  } arguments{};
  const std::uint8_t form = input_.byte();
  arguments.flags = form & 3U;
  if (form >= 250) arguments.reserved = &arguments;
  if (form % 4 != 3) {
    require(SIGNET_CALL(C_Finalize, nullptr) == CKR_OK, "a run ends");
    require(C_Finalize(nullptr) == CKR_CRYPTOKI_NOT_INITIALIZED, "a run ends once");
  }
  const CK_RV rv = SIGNET_CALL(C_Initialize, form < 128 ? nullptr : &arguments);
  if (rv == CKR_OK || rv == CKR_CRYPTOKI_ALREADY_INITIALIZED) return;
  require(C_Initialize(nullptr) == CKR_OK, "a run begins");
}

void Program::ask_token() {
  CK_ULONG count = input_.below(40);
  const Memory room(count * sizeof(CK_ULONG));
  auto* const list = reinterpret_cast<CK_ULONG*>(input_.flag() ? room.data() : nullptr);
  CK_INFO info{};
  CK_SLOT_INFO slot_info{};
  CK_TOKEN_INFO token_info{};
  CK_MECHANISM_INFO mechanism_info{};
  switch (input_.below(8)) {
    case 0:
      SIGNET_CALL(C_GetInfo, &info);
      break;
    case 1:
      SIGNET_CALL(C_GetSlotList, CK_TRUE, list, &count);
      break;
    case 2:
      SIGNET_CALL(C_GetSlotInfo, slot(input_), &slot_info);
      break;
    case 3:
      SIGNET_CALL(C_GetTokenInfo, slot(input_), &token_info);
      break;
    case 4:
      SIGNET_CALL(C_GetMechanismInfo, slot(input_), mechanism_type(input_), &mechanism_info);
      break;
    case 5:
      SIGNET_CALL(C_WaitForSlotEvent, CKF_DONT_BLOCK, &count, nullptr);
      break;
    default:
      SIGNET_CALL(C_GetMechanismList, slot(input_), list, &count);
  }
  require(room.whole(room.size()), "a list stays within its room");
}

void Program::ask_session() {
  const CK_SESSION_HANDLE in = session();
  CK_SESSION_INFO info{};
  switch (input_.below(3)) {
    case 0:
      SIGNET_CALL(C_GetFunctionStatus, in);
      break;
    case 1:
      SIGNET_CALL(C_CancelFunction, in);
      break;
    default:
      if (SIGNET_CALL(C_GetSessionInfo, in, &info) != CKR_OK) return;
      require(info.state <= CKS_RW_SO_FUNCTIONS, "a session has a state");
  }
}

void Program::random() {
  const CK_SESSION_HANDLE in = session();
  const Memory room(input_.byte());
  if (input_.flag()) {
    SIGNET_CALL(C_GenerateRandom, in, room.data(), room.size());
  } else {
    SIGNET_CALL(C_SeedRandom, in, room.data(), room.size());
  }
  require(room.whole(room.size()), "random bytes stay within their room");
}

void Program::call_absent() {
  const auto& functions = edge::testing::all_functions();
  const auto& function = functions[input_.below(functions.size())];
  if (!function.absent) return;
  std::vector<edge::testing::Value> nonsense(function.parameters.size());
  for (auto& value : nonsense) value.number = input_.byte();
  checked(function.name, function.call(nonsense));
}

void Program::find() {
  const CK_SESSION_HANDLE in = session();
  CK_OBJECT_HANDLE found[8];
  CK_ULONG count = 0;
  switch (input_.below(4)) {
    case 0: {
      const Template search = Template::giving(input_);
      SIGNET_CALL(C_FindObjectsInit, in, search.data(), search.count());
      break;
    }
    case 1:
      SIGNET_CALL(C_FindObjectsFinal, in);
      break;
    case 2:
      SIGNET_CALL(C_FindObjectsInit, in, nullptr, 0);
      [[fallthrough]];
    default:
      if (SIGNET_CALL(C_FindObjects, in, found, std::size(found), &count) != CKR_OK) return;
      require(count <= std::size(found), "a search finds no more than there is room for");
      for (CK_ULONG i = 0; i < count; ++i) shared_.saw(found[i]);
  }
}

void Program::get_attributes() {
  const CK_SESSION_HANDLE in = session();
  const CK_OBJECT_HANDLE of = object();
  const Template asked = Template::asking(input_);
  CK_ULONG size = 0;
  SIGNET_CALL(C_GetAttributeValue, in, of, asked.data(), asked.count());
  require(asked.whole(), "nothing is written beyond a value's room");
  SIGNET_CALL(C_GetObjectSize, in, of, &size);
}

void Program::set_attributes() {
  const CK_SESSION_HANDLE in = session();
  const CK_OBJECT_HANDLE of = object();
  const Template given = Template::giving(input_);
  SIGNET_CALL(C_SetAttributeValue, in, of, given.data(), given.count());
}

void Program::create() {
  const CK_SESSION_HANDLE in = session();
  const Template given = Template::giving(input_);
  CK_OBJECT_HANDLE made = 0;
  if (SIGNET_CALL(C_CreateObject, in, given.data(), given.count(), &made) == CKR_OK) {
    shared_.saw(made);
  }
}

void Program::copy() {
  const CK_SESSION_HANDLE in = session();
  const CK_OBJECT_HANDLE of = object();
  const Template given = Template::giving(input_);
  CK_OBJECT_HANDLE made = 0;
  if (SIGNET_CALL(C_CopyObject, in, of, given.data(), given.count(), &made) == CKR_OK) {
    shared_.saw(made);
  }
}

void Program::destroy() {
  const CK_SESSION_HANDLE in = session();
  SIGNET_CALL(C_DestroyObject, in, object());
}

void Program::generate() {
  const CK_SESSION_HANDLE in = session();
  MechanismArgument mechanism(input_);
  const Template open = Template::giving(input_);
  const Template secret = Template::giving(input_);
  CK_OBJECT_HANDLE public_key = 0;
  CK_OBJECT_HANDLE private_key = 0;
  if (SIGNET_CALL(C_GenerateKeyPair, in, mechanism.get(), open.data(), open.count(), secret.data(),
                  secret.count(), &public_key, &private_key) != CKR_OK) {
    return;
  }
  shared_.saw(public_key);
  shared_.saw(private_key);
}

}  // namespace signet::fuzz
