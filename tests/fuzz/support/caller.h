// Arguments of C_* calls as a fuzzer's input describes them: templates and mechanisms such as a careless or a
// hostile caller may give, short of memory that is not his.
#ifndef SIGNET_TESTS_FUZZ_SUPPORT_CALLER_H_
#define SIGNET_TESTS_FUZZ_SUPPORT_CALLER_H_

#include <deque>

#include "cryptoki/cryptoki.h"
#include "tests/fuzz/support/input.h"
#include "tests/fuzz/support/memory.h"

namespace signet::fuzz {

CK_ATTRIBUTE_TYPE attribute_type(Input& input);
CK_MECHANISM_TYPE mechanism_type(Input& input);

// An array of CK_ATTRIBUTE, itself at any alignment, the values too; they may overlap, be NULL with a length, or be
// said to be longer than any value may be.
class Template {
 public:
  // To make, change or search objects: with values.
  static Template giving(Input& input);
  // For C_GetAttributeValue: with room for values.
  static Template asking(Input& input);
  // Of these types, lengths 0 and values NULL.
  explicit Template(const std::vector<CK_ATTRIBUTE_TYPE>& types);

  CK_ATTRIBUTE* data() const;  // NULL where there are none
  CK_ULONG count() const { return count_; }

  CK_ATTRIBUTE at(std::size_t index) const;
  void set(std::size_t index, const CK_ATTRIBUTE& attribute);

  // Room of its own for each value, as long as ulValueLen says.
  void make_room();

  // Whether nothing lies outside of what was given.
  bool whole() const;

 private:
  Template() = default;
  static Template made_of(Input& input, CK_ATTRIBUTE (Template::*make_one)(Input&));
  void lay_out(const std::vector<CK_ATTRIBUTE>& attributes, std::size_t shift);
  CK_ATTRIBUTE give_one(Input& input);
  CK_ATTRIBUTE ask_one(Input& input);
  void* keep(ByteView value, std::size_t shift);

  std::deque<Memory> values_;
  std::deque<Memory> array_;  // one
  CK_ULONG count_ = 0;
};

// A CK_MECHANISM with a parameter that may be missing, too short, too long or misplaced.
class MechanismArgument {
 public:
  explicit MechanismArgument(Input& input);

  CK_MECHANISM* get() { return null_ ? nullptr : &mechanism_; }

 private:
  Bytes parameter(Input& input, std::size_t form);

  std::deque<Memory> parameter_;
  CK_MECHANISM mechanism_{};
  bool null_ = false;
};

}  // namespace signet::fuzz

#endif  // SIGNET_TESTS_FUZZ_SUPPORT_CALLER_H_
