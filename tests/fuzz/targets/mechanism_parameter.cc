// Any bytes as mechanisms and their parameters, in every call that takes one, and what comes of the operations that
// begin: lengths asked for first, buffers of every size, and signatures that OpenSSL accepts.
//
// The input: steps of one byte, which says which call, and what the call takes.
#include "tests/fuzz/support/caller.h"
#include "tests/fuzz/support/fuzzed_module.h"
#include "tests/fuzz/support/module_user.h"

namespace signet::fuzz {
namespace {

constexpr int kMostSteps = 8;

class Steps {
 public:
  Steps(Input& input, ModuleUser& user) : input_(input), user_(user) {}

  void take_one() {
    switch (input_.below(6)) {
      case 0:
        return digest();
      case 1:
        return sign();
      case 2:
        return verify();
      case 3:
        return sign_messages();
      case 4:
        return mechanism_info();
      default:
        return generate();
    }
  }

 private:
  CK_SESSION_HANDLE session() const { return user_.session(); }

  // A digest's length, mostly.
  Memory data() {
    constexpr std::size_t sizes[] = {0, 1, 20, 28, 32, 48, 64, 51, 255, 256, 257};
    const std::size_t choice = input_.below(std::size(sizes));
    Bytes bytes = input_.bytes(sizes[choice]);
    bytes.resize(sizes[choice]);
    return {bytes, input_.below(8)};
  }

  // A call with an output, as the standard has it: asked for the length, then with a buffer that may be too short.
  // Gives the output, or nothing where the call ended otherwise.
  template <typename Call>
  std::optional<Bytes> output(Call call) {
    CK_ULONG size = 0;
    CK_RV rv = call(nullptr, &size);
    if (rv != CKR_OK) return std::nullopt;
    const CK_ULONG said = size;
    require(said > 0 && said <= 2048, "a length is believable");
    const std::size_t room = input_.below(4) == 0 ? input_.byte() : said + input_.below(3);
    const Memory buffer(room, input_.below(8));
    size = room;
    rv = call(buffer.data(), &size);
    require(buffer.whole(rv == CKR_OK ? size : 0), "nothing is written beyond the output's length");
    if (rv == CKR_BUFFER_TOO_SMALL) {
      require(room < said && size == said, "a buffer of the length that was said is enough");
      const Memory enough(said);
      rv = call(enough.data(), &size);
      if (rv != CKR_OK) return std::nullopt;
      return copy_of(enough.view().first(size));
    }
    if (rv != CKR_OK) return std::nullopt;
    require(size <= said, "an output is not longer than was said");
    return copy_of(buffer.view().first(size));
  }

  void digest() {
    MechanismArgument mechanism(input_);
    const CK_RV rv = SIGNET_CALL(C_DigestInit, session(), mechanism.get());
    const Memory bytes = data();
    if (rv != CKR_OK) {
      require(
          C_DigestUpdate(session(), bytes.data(), bytes.size()) == CKR_OPERATION_NOT_INITIALIZED,
          "a refused digest is none");
      return;
    }
    if (input_.flag()) {
      (void)SIGNET_CALL(C_DigestUpdate, session(), bytes.data(), bytes.size());
      (void)output([&](CK_BYTE_PTR out, CK_ULONG_PTR size) {
        return SIGNET_CALL(C_DigestFinal, session(), out, size);
      });
    } else {
      (void)output([&](CK_BYTE_PTR out, CK_ULONG_PTR size) {
        return SIGNET_CALL(C_Digest, session(), bytes.data(), bytes.size(), out, size);
      });
    }
    (void)C_DigestInit(session(), nullptr);
  }

  // What was asked of the appliance, and what the module gave for it.
  static void check_signature(const Bytes& signature) {
    const auto requests = setup().appliance().sign_requests();
    require(!requests.empty(), "a signature comes from the appliance");
    require(is_good_signature(requests.back(), signature), "a signature is right");
  }

  void sign() {
    MechanismArgument mechanism(input_);
    const CK_OBJECT_HANDLE key = user_.object(input_);
    if (SIGNET_CALL(C_SignInit, session(), mechanism.get(), key) != CKR_OK) return;
    const Memory bytes = data();
    const bool in_parts = input_.flag();
    if (in_parts) (void)SIGNET_CALL(C_SignUpdate, session(), bytes.data(), bytes.size());
    const auto signature = output([&](CK_BYTE_PTR out, CK_ULONG_PTR size) {
      if (in_parts) return SIGNET_CALL(C_SignFinal, session(), out, size);
      return SIGNET_CALL(C_Sign, session(), bytes.data(), bytes.size(), out, size);
    });
    if (signature) {
      check_signature(*signature);
      check_verifies(*mechanism.get(), key, bytes, *signature);
    }
    (void)C_SignInit(session(), nullptr, 0);
  }

  // The public half takes it, too, and does not take a changed one.
  void check_verifies(CK_MECHANISM& mechanism, CK_OBJECT_HANDLE private_key, const Memory& bytes,
                      Bytes signature) {
    const auto id = user_.value(private_key, CKA_ID);
    for (CK_OBJECT_HANDLE key : edge::testing::ModuleSetup::find_all(session(), {})) {
      if (user_.number(key, CKA_CLASS) != CKO_PUBLIC_KEY || user_.value(key, CKA_ID) != id)
        continue;
      require(verified(mechanism, key, bytes, signature) == CKR_OK, "a signature verifies");
      signature.back() ^= 1U;
      require(verified(mechanism, key, bytes, signature) == CKR_SIGNATURE_INVALID,
              "a changed signature does not");
    }
  }

  CK_RV verified(CK_MECHANISM& mechanism, CK_OBJECT_HANDLE key, const Memory& bytes,
                 Bytes& signature) const {
    const CK_RV rv = SIGNET_CALL(C_VerifyInit, session(), &mechanism, key);
    if (rv != CKR_OK) return rv;
    return SIGNET_CALL(C_Verify, session(), bytes.data(), bytes.size(), signature.data(),
                       signature.size());
  }

  void verify() {
    MechanismArgument mechanism(input_);
    const CK_OBJECT_HANDLE key = user_.object(input_);
    if (SIGNET_CALL(C_VerifyInit, session(), mechanism.get(), key) != CKR_OK) return;
    const Memory bytes = data();
    const Memory signature = data();
    require(SIGNET_CALL(C_Verify, session(), bytes.data(), bytes.size(), signature.data(),
                        signature.size()) != CKR_OK,
            "a made-up signature does not verify");
    require(C_VerifyUpdate(session(), bytes.data(), bytes.size()) == CKR_OPERATION_NOT_INITIALIZED,
            "a verification ends with its answer");
  }

  void sign_messages() {
    MechanismArgument mechanism(input_);
    const CK_OBJECT_HANDLE key = user_.object(input_);
    if (SIGNET_CALL(C_MessageSignInit, session(), mechanism.get(), key) != CKR_OK) return;
    for (std::size_t left = input_.below(3); left > 0; --left) {
      const Memory bytes = data();
      const Memory parameter(input_.below(2));
      const auto signature = output([&](CK_BYTE_PTR out, CK_ULONG_PTR size) {
        return SIGNET_CALL(C_SignMessage, session(), parameter.data(), parameter.size(),
                           bytes.data(), bytes.size(), out, size);
      });
      if (signature) check_signature(*signature);
    }
    require(C_MessageSignFinal(session()) == CKR_OK, "signing by message ends when it is told to");
  }

  void mechanism_info() {
    const CK_MECHANISM_TYPE type = mechanism_type(input_);
    CK_MECHANISM_INFO info{};
    if (SIGNET_CALL(C_GetMechanismInfo, edge::testing::kSlot, type, &info) != CKR_OK) return;
    require(info.flags != 0, "a listed mechanism is good for something");
    require(info.ulMinKeySize <= info.ulMaxKeySize, "sizes are in order");
  }

  void generate() {
    MechanismArgument mechanism(input_);
    const Template open = Template::giving(input_);
    CK_OBJECT_HANDLE public_key = 0;
    CK_OBJECT_HANDLE private_key = 0;
    const CK_RV rv = SIGNET_CALL(C_GenerateKeyPair, session(), mechanism.get(), open.data(),
                                 open.count(), nullptr, 0, &public_key, &private_key);
    if (rv != CKR_OK) return;
    user_.saw(private_key);
    user_.saw(public_key);
  }

  Input& input_;
  ModuleUser& user_;
};

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet::fuzz;
  Input input(data, size);
  ModuleUser user(true, true);
  user.find_all();
  Steps steps(input, user);
  for (int left = kMostSteps; left > 0 && !input.empty(); --left) steps.take_one();
  return 0;
}
