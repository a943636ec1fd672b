// Text that came from anywhere, made fit for a terminal, a log or a file that somebody looks at: nothing in it ends a
// line, moves the cursor, hides text or turns the direction of writing. What the commands print goes through
// PrintableStream, so that no command can forget it; where a text must stay on one line, it goes through printable() too.
#ifndef SIGNET_COMMON_PRINTABLE_H_
#define SIGNET_COMMON_PRINTABLE_H_

#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

namespace signet {

// False for C0, DEL, C1, line and paragraph separators, and what governs the direction of writing.
bool is_printable(char32_t character);

// What may not stand as it is, and bytes that are not UTF-8, as "\n", "\x9b" or "\u202e".
std::string printable(std::string_view text);

// Hands on to another stream, whatever is written: line ends as they are, the rest as printable() has it. Every piece is
// handed on at once, but for a character that is not whole yet.
class PrintableBuffer final : public std::streambuf {
 public:
  explicit PrintableBuffer(std::ostream& to) : to_(to) {}

 private:
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int_type overflow(int_type character) override;
  int sync() override;
  void hand_on(std::size_t size);

  std::ostream& to_;
  std::string rest_;  // of a character
};

class PrintableStream final : public std::ostream {
 public:
  explicit PrintableStream(std::ostream& to) : std::ostream(nullptr), buffer_(to) {
    rdbuf(&buffer_);
  }
  ~PrintableStream() override { flush(); }
  PrintableStream(const PrintableStream&) = delete;
  PrintableStream& operator=(const PrintableStream&) = delete;

 private:
  PrintableBuffer buffer_;
};

}  // namespace signet

#endif  // SIGNET_COMMON_PRINTABLE_H_
