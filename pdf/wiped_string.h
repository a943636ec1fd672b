// A text for qpdf that holds a secret, which takes no other form. For this component alone.
#ifndef SIGNET_PDF_WIPED_STRING_H_
#define SIGNET_PDF_WIPED_STRING_H_

#include <string>
#include <string_view>
#include <utility>

#include "common/bytes.h"
#include "common/secret.h"

namespace signet::pdf {

class WipedString {
 public:
  explicit WipedString(std::string_view text) : text_(text) {}
  // What is left in `text` is wiped, too.
  explicit WipedString(std::string&& text) : text_(std::move(text)) {
    text.resize(text.capacity());
    wipe(text.data(), text.size());
  }
  WipedString(const WipedString&) = delete;
  WipedString& operator=(const WipedString&) = delete;
  ~WipedString() { wipe(text_.data(), text_.size()); }

  const std::string& get() const { return text_; }
  ByteView bytes() const { return view_of(text_); }

 private:
  std::string text_;
};

}  // namespace signet::pdf

#endif  // SIGNET_PDF_WIPED_STRING_H_
