// What the functions of signet-seal-verify.h have in common. Accessors allocate nothing, and bear every argument.
#ifndef SIGNET_BINDINGS_C_ACCESSORS_H_
#define SIGNET_BINDINGS_C_ACCESSORS_H_

#include <cstddef>
#include <vector>

#include "bindings/c/call.h"
#include "bindings/c/verify_handles.h"

namespace signet::c {

// Null for a number that is no language.
inline const char* text_in(const BothTexts& texts, int language) {
  if (language == SIGNET_SEAL_ENGLISH) return texts.english.c_str();
  return language == SIGNET_SEAL_CZECH ? texts.czech.c_str() : nullptr;
}

// Null beyond the last one.
template <typename T>
const T* item_at(const std::vector<T>& items, std::size_t index) {
  return index < items.size() ? &items[index] : nullptr;
}

inline const char* text_in(const std::vector<BothTexts>& texts, std::size_t index, int language) {
  const BothTexts* const one = item_at(texts, index);
  return one == nullptr ? nullptr : text_in(*one, language);
}

// Of a setter: 1 or 0.
inline CallResult<bool> yes_or_no(int value) {
  if (value == 0 || value == 1) return value == 1;
  return bad_argument("this is neither 0 nor 1");
}

}  // namespace signet::c

#endif  // SIGNET_BINDINGS_C_ACCESSORS_H_
