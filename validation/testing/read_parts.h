// For tests of the readers: parties, documents made from them, and the same taken apart.
#ifndef SIGNET_VALIDATION_TESTING_READ_PARTS_H_
#define SIGNET_VALIDATION_TESTING_READ_PARTS_H_

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/cms/reader.h"
#include "validation/reading.h"
#include "validation/testing/message_edits.h"
#include "validation/testing/test_messages.h"

namespace signet::validation {

inline const pki::Party& root() {
  static const pki::Party one = pki::root(pki::authority("Root"));
  return one;
}
inline const pki::Party& signer() {
  static const pki::Party one = pki::issue(root(), pki::signer("Seal"));
  return one;
}
inline const pki::Party& authority() {
  static const pki::Party one = pki::issue(root(), pki::time_stamper("TSU"));
  return one;
}

inline const Bytes kDocument = copy_of(view_of("content"));

inline Result<DocumentParts, ReadingError> tried_message(ByteView message,
                                                         const Bytes* document = &kDocument) {
  const cms::Source source = cms::Source::of(message);
  if (document == nullptr) return read_message(source, nullptr);
  const cms::Source content = cms::Source::of(*document);
  return read_message(source, &content);
}

inline DocumentParts parts_of_message(ByteView message, const Bytes* document = &kDocument) {
  auto read = tried_message(message, document);
  if (!read) throw std::runtime_error(read.error().sentence);
  return std::move(read.value());
}

inline DocumentParts parts_of_pdf(const std::string& bytes, std::string_view password = {}) {
  auto read = read_pdf(pdf::Source::of(view_of(bytes)), password);
  if (!read) throw std::runtime_error(read.error().sentence);
  return std::move(read.value());
}

inline std::string english(const std::optional<Statement>& statement) {
  return statement ? text_of(*statement, Language::english) : "";
}
inline std::string english(const std::vector<Statement>& statements) {
  std::string text;
  for (const Statement& one : statements) text += text_of(one, Language::english) + "\n";
  return text;
}

inline void expect_intact(const SignaturePart& part) {
  EXPECT_EQ(english(part.signer.fault), "");
  if (part.pdf) {
    EXPECT_EQ(english(part.pdf->fault), "");
  }
  ASSERT_TRUE(part.signer.message_digest.has_value());
  EXPECT_EQ(*part.signer.message_digest, part.signer.content_digest);
}

inline pki::TokenWish token_of(std::string_view time, Bytes stamped = {}) {
  pki::TokenWish wish;
  wish.time = pki::at(time);
  wish.stamped = std::move(stamped);
  return wish;
}

using pki::signature_in;
using pki::with_attribute;

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TESTING_READ_PARTS_H_
