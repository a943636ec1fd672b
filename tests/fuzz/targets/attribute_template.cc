// Any bytes as templates of attributes, in every call that takes one.
//
// The input: a byte for session and login, then steps. A step is a byte that says which call, and what the call
// takes; templates are as support/caller.h has them.
#include "tests/fuzz/support/caller.h"
#include "tests/fuzz/support/module_user.h"

namespace signet::fuzz {
namespace {

constexpr int kMostSteps = 8;

bool agree(const Bytes& shown, const CK_ATTRIBUTE& given) {
  const auto* start = static_cast<const std::uint8_t*>(given.pValue);
  const ByteView value(start, given.ulValueLen);
  // A CK_BBOOL that is not zero is true.
  if (value.size() == 1 && shown.size() == 1 && value[0] != 0 && shown[0] == CK_TRUE) return true;
  return equal(shown, value);
}

class Steps {
 public:
  Steps(Input& input, ModuleUser& user) : input_(input), user_(user) {}

  void take_one() {
    switch (input_.below(7)) {
      case 0:
        return find();
      case 1:
        return create();
      case 2:
        return copy();
      case 3:
        return get();
      case 4:
        return set();
      case 5:
        return generate();
      default:
        return destroy();
    }
  }

 private:
  CK_SESSION_HANDLE session() const { return user_.session(); }

  // What an object that was just found, made or changed must show.
  void check_shown(CK_OBJECT_HANDLE object, const Template& given, CK_ATTRIBUTE_TYPE only) const {
    for (std::size_t i = 0; i < given.count(); ++i) {
      const CK_ATTRIBUTE attribute = given.at(i);
      if (only != CK_UNAVAILABLE_INFORMATION && attribute.type != only) continue;
      const auto shown = user_.value(object, attribute.type);
      require(shown && agree(*shown, attribute), "an object shows what it was found or made by");
    }
  }

  void find() {
    const Template search = Template::giving(input_);
    const CK_RV rv = SIGNET_CALL(C_FindObjectsInit, session(), search.data(), search.count());
    require(search.whole(), "a search writes nothing");
    CK_OBJECT_HANDLE found[3];
    CK_ULONG count = 0;
    if (rv != CKR_OK) {
      require(C_FindObjects(session(), found, 3, &count) == CKR_OPERATION_NOT_INITIALIZED,
              "a refused search is none");
      return;
    }
    do {
      require(C_FindObjects(session(), found, 3, &count) == CKR_OK && count <= 3, "a search finds");
      for (CK_ULONG i = 0; i < count; ++i) {
        check_shown(found[i], search, CK_UNAVAILABLE_INFORMATION);
        user_.saw(found[i]);
      }
    } while (count != 0);
    require(C_FindObjectsFinal(session()) == CKR_OK, "a search ends");
  }

  void check_made(CK_RV rv, CK_OBJECT_HANDLE made, const Template& given) {
    require(given.whole(), "a template to make objects by is not written to");
    if (rv != CKR_OK) return;
    require(user_.exists(made), "what was made is there");
    check_shown(made, given, CKA_LABEL);
    check_shown(made, given, CKA_ID);
    user_.saw(made);
  }

  void create() {
    const Template given = Template::giving(input_);
    CK_OBJECT_HANDLE made = 0;
    const CK_RV rv = SIGNET_CALL(C_CreateObject, session(), given.data(), given.count(), &made);
    // The appliance gives the certificate that is there already, under the name that it has there.
    if (rv == CKR_OK && user_.value(made, CKA_TOKEN) == Bytes{CK_TRUE}) return user_.saw(made);
    check_made(rv, made, given);
  }

  void copy() {
    const CK_OBJECT_HANDLE original = user_.object(input_);
    const Template given = Template::giving(input_);
    CK_OBJECT_HANDLE made = 0;
    const CK_RV rv =
        SIGNET_CALL(C_CopyObject, session(), original, given.data(), given.count(), &made);
    check_made(rv, made, given);
  }

  void set() {
    const CK_OBJECT_HANDLE object = user_.object(input_);
    const Template given = Template::giving(input_);
    const CK_RV rv =
        SIGNET_CALL(C_SetAttributeValue, session(), object, given.data(), given.count());
    require(given.whole(), "a template to change objects by is not written to");
    if (rv != CKR_OK) return;
    check_shown(object, given, CK_UNAVAILABLE_INFORMATION);
  }

  void get() {
    const CK_OBJECT_HANDLE object = user_.object(input_);
    Template asked = Template::asking(input_);
    std::vector<CK_ATTRIBUTE> before;
    std::vector<CK_ATTRIBUTE_TYPE> types;
    const bool too_many = asked.count() > 1024;
    for (std::size_t i = 0; i < asked.count() && !too_many; ++i) {
      before.push_back(asked.at(i));
      types.push_back(before.back().type);
    }
    const CK_RV rv =
        SIGNET_CALL(C_GetAttributeValue, session(), object, asked.data(), asked.count());
    require(asked.whole(), "nothing is written beyond a value's room");
    require(!too_many || rv != CKR_OK, "a template has a size");
    const bool read = rv != CKR_OBJECT_HANDLE_INVALID && rv != CKR_ARGUMENTS_BAD;
    for (std::size_t i = 0; i < before.size(); ++i) {
      const CK_ATTRIBUTE after = asked.at(i);
      require(after.type == before[i].type && after.pValue == before[i].pValue,
              "types and pointers of a template stay");
      const bool given = after.ulValueLen != CK_UNAVAILABLE_INFORMATION;
      if (!read) require(after.ulValueLen == before[i].ulValueLen, "a refused template stays");
      if (read && given && after.pValue != nullptr) {
        require(after.ulValueLen <= before[i].ulValueLen, "no value is longer than its room");
      }
      if (rv == CKR_OK) require(given, "success means every value");
    }
    if (read) check_lengths(object, types, rv);
  }

  // First the lengths, then the values, as most programs ask: the same answer, and nothing is too short.
  void check_lengths(CK_OBJECT_HANDLE object, const std::vector<CK_ATTRIBUTE_TYPE>& types,
                     CK_RV before) {
    Template lengths(types);
    const CK_RV rv =
        SIGNET_CALL(C_GetAttributeValue, session(), object, lengths.data(), lengths.count());
    require(before == CKR_BUFFER_TOO_SMALL || rv == before, "the same attributes, the same answer");
    std::vector<CK_ULONG> said;
    for (std::size_t i = 0; i < types.size(); ++i) {
      said.push_back(lengths.at(i).ulValueLen);
      if (said.back() != CK_UNAVAILABLE_INFORMATION) continue;
      lengths.set(i, {types[i], nullptr, 0});
    }
    lengths.make_room();
    require(
        SIGNET_CALL(C_GetAttributeValue, session(), object, lengths.data(), lengths.count()) == rv,
        "room of the length that was said is enough");
    for (std::size_t i = 0; i < types.size(); ++i) {
      require(lengths.at(i).ulValueLen == said[i], "a length is the same each time");
    }
    require(lengths.whole(), "nothing is written beyond a value's room");
  }

  void generate() {
    MechanismArgument mechanism(input_);
    const Template open = Template::giving(input_);
    const Template secret = Template::giving(input_);
    CK_OBJECT_HANDLE public_key = 0;
    CK_OBJECT_HANDLE private_key = 0;
    const CK_RV rv =
        SIGNET_CALL(C_GenerateKeyPair, session(), mechanism.get(), open.data(), open.count(),
                    secret.data(), secret.count(), &public_key, &private_key);
    require(open.whole() && secret.whole(), "templates for keys are not written to");
    if (rv != CKR_OK) return;
    require(user_.number(public_key, CKA_CLASS) == CKO_PUBLIC_KEY, "a pair has a public key");
    require(user_.number(private_key, CKA_CLASS) == CKO_PRIVATE_KEY, "a pair has a private key");
    require(user_.value(private_key, CKA_SENSITIVE) == Bytes{CK_TRUE},
            "the private key is sensitive");
    require(user_.value(private_key, CKA_EXTRACTABLE) == Bytes{CK_FALSE}, "it never leaves");
    require(user_.value(private_key, CKA_ID) == user_.value(public_key, CKA_ID),
            "both halves have the same id");
    user_.saw(public_key);
    user_.saw(private_key);
  }

  void destroy() {
    const CK_OBJECT_HANDLE object = user_.object(input_);
    if (SIGNET_CALL(C_DestroyObject, session(), object) != CKR_OK) return;
    require(!user_.exists(object), "what was destroyed is gone");
  }

  Input& input_;
  ModuleUser& user_;
};

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet::fuzz;
  Input input(data, size);
  const std::size_t kind = input.byte();
  ModuleUser user((kind & 1U) == 0, (kind & 2U) == 0);
  user.find_all();
  Steps steps(input, user);
  for (int left = kMostSteps; left > 0 && !input.empty(); --left) steps.take_one();
  return 0;
}
