// A program that uses the module as it is told through its standard input, and keeps no secret
// itself: what a search of its memory finds, the module has left there.
//
// A command is one letter, the number of a slot as a byte, and two strings, each after a byte with
// its length. The answer is the CK_RV, eight bytes.
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cryptoki/cryptoki.h"
#include "tests/support/loaded_module.h"

namespace {

// In a mapping of its own, wiped after each command.
struct Command {
  char letter;
  std::uint8_t slot;
  std::uint8_t size_one;
  std::uint8_t size_two;
  std::array<CK_UTF8CHAR, 256> one;
  std::array<CK_UTF8CHAR, 256> two;
};

bool read_all(void* into, std::size_t size) {
  auto* at = static_cast<char*>(into);
  while (size > 0) {
    const ssize_t got = read(STDIN_FILENO, at, size);
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool read_command(Command& command) {
  return read_all(&command.letter, 1) && read_all(&command.slot, 1) &&
         read_all(&command.size_one, 1) && read_all(command.one.data(), command.size_one) &&
         read_all(&command.size_two, 1) && read_all(command.two.data(), command.size_two);
}

class Host {
 public:
  explicit Host(const char* file) : module_(file) {
    module_->C_Initialize(nullptr);
    for (CK_SLOT_ID slot = 0; slot < sessions_.size(); ++slot) {
      module_->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                             &sessions_.at(slot));
    }
  }

  CK_RV carry_out(Command& command) {
    const CK_SESSION_HANDLE session = sessions_.at(command.slot);
    CK_UTF8CHAR* const one = command.size_one == 0 ? nullptr : command.one.data();
    switch (command.letter) {
      case 'l':
        return module_->C_Login(session, CKU_USER, one, command.size_one);
      case 'L':
        return module_->C_Login(session, CKU_SO, one, command.size_one);
      case 'o':
        return module_->C_Logout(session);
      case 'p':
        return module_->C_SetPIN(session, one, command.size_one, command.two.data(),
                                 command.size_two);
      case 'i':
        return module_->C_InitPIN(session, one, command.size_one);
      case 's':
        return sign(session);
      case 'f':
        return module_->C_Finalize(nullptr);
      case 'm':
        planted_ = std::malloc(command.size_one);
        std::memcpy(planted_, one, command.size_one);
        return CKR_OK;
      default:
        return CKR_FUNCTION_NOT_SUPPORTED;
    }
  }

 private:
  CK_RV sign(CK_SESSION_HANDLE session) const {
    CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE wanted{CKA_CLASS, &private_key, sizeof private_key};
    CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
    CK_ULONG count = 0;
    module_->C_FindObjectsInit(session, &wanted, 1);
    module_->C_FindObjects(session, &key, 1, &count);
    module_->C_FindObjectsFinal(session);
    CK_MECHANISM mechanism{CKM_ECDSA_SHA256, nullptr, 0};
    if (const CK_RV rv = module_->C_SignInit(session, &mechanism, key); rv != CKR_OK) return rv;
    std::array<CK_BYTE, 8> document{};
    std::array<CK_BYTE, 512> signature{};
    CK_ULONG size = signature.size();
    return module_->C_Sign(session, document.data(), document.size(), signature.data(), &size);
  }

  const signet::tests::LoadedModule module_;
  std::array<CK_SESSION_HANDLE, 3> sessions_{};
  void* planted_ = nullptr;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  void* const memory =
      mmap(nullptr, sizeof(Command), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 2;
  auto& command = *static_cast<Command*>(memory);
  Host host(argv[1]);
  while (read_command(command)) {
    const std::uint64_t rv = host.carry_out(command);
    explicit_bzero(memory, sizeof(Command));
    if (write(STDOUT_FILENO, &rv, sizeof rv) != sizeof rv) return 1;
  }
  return 0;
}
