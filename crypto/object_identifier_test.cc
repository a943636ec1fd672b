#include "crypto/object_identifier.h"

#include <gtest/gtest.h>
#include <openssl/objects.h>

#include "crypto/algorithm_table.h"
#include "crypto/openssl_ptr.h"

namespace signet::crypto {
namespace {

std::string written_again(const std::string& text) {
  constexpr int no_name = 1;
  const OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free> object(OBJ_txt2obj(text.c_str(), no_name));
  return dotted(object.get());
}

TEST(ObjectIdentifier, IsWrittenAsNumbersWhetherOrNotItHasAName) {
  EXPECT_EQ(written_again("2.16.840.1.101.3.4.2.1"), "2.16.840.1.101.3.4.2.1");  // SHA-256
  EXPECT_EQ(written_again("1.3.6.1.4.1.32473.1"), "1.3.6.1.4.1.32473.1");
}

TEST(ObjectIdentifier, IsWrittenInFullUpToFiveHundredBytesAndNotAtAllFarBeyond) {
  const auto of_arcs = [](int count) {  // of five bytes each
    std::string text = "1.3.6.1.4.1.32473";
    for (int i = 0; i < count; ++i) text += ".4294967295";
    return text;
  };
  EXPECT_EQ(written_again(of_arcs(98)), of_arcs(98));
  EXPECT_EQ(written_again(of_arcs(200)), "");
}

TEST(ObjectIdentifier, IsWrittenFromItsDer) {
  EXPECT_EQ(dotted(row_of(Hash::sha256).oid), "2.16.840.1.101.3.4.2.1");
  EXPECT_EQ(dotted(row_of(Curve::p384).oid), "1.3.132.0.34");
  EXPECT_EQ(dotted(Bytes{0x04, 0x01, 0x2A}), "");
  EXPECT_EQ(dotted(ByteView()), "");
}

TEST(ObjectIdentifier, ThatIsNullIsEmpty) {
  EXPECT_EQ(dotted(nullptr), "");
}

}  // namespace
}  // namespace signet::crypto
