// How many objects qpdf makes of a text at most: each keeps several hundred bytes, so that a text of "0 0 0" takes hundreds of
// times its own size in memory. For this component alone.
#ifndef SIGNET_PDF_ELEMENT_COUNT_H_
#define SIGNET_PDF_ELEMENT_COUNT_H_

#include <cstdint>

#include "common/bytes.h"

namespace signet::pdf {

// Numbers, names, keywords, strings, arrays and dictionaries; a reference ("5 0 R") is one. Strings and comments are not
// recognised: their words are counted, too, so that nothing can hide behind a parenthesis.
class ElementCount {
 public:
  void add(ByteView piece);
  std::uint64_t total() const { return total_; }

 private:
  void end_word();

  std::uint64_t total_ = 0;
  bool in_word_ = false;
  bool digits_ = false;    // the word has nothing else so far
  bool letter_r_ = false;  // the word is "R" so far
  bool angle_ = false;     // the byte before is a "<" that was counted
  unsigned numbers_ = 0;   // words of digits in a row
};

}  // namespace signet::pdf

#endif  // SIGNET_PDF_ELEMENT_COUNT_H_
