#include "config/serial_maker.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <string>

#include "config/config.h"

namespace {

unsigned contexts_made = 0;

}  // namespace

// In place of libcrypto's, for this whole program.
extern "C" OSSL_LIB_CTX* OSSL_LIB_CTX_new() {
  ++contexts_made;
  static const auto kReal =
      reinterpret_cast<OSSL_LIB_CTX* (*)()>(dlsym(RTLD_NEXT, "OSSL_LIB_CTX_new"));
  return kReal();
}

namespace signet::config {
namespace {

// Library contexts that are made when a configuration of so many tokens is read.
unsigned contexts_for(int tokens, const std::string& line) {
  std::string toml;
  for (int i = 0; i < tokens; ++i) {
    toml += "[[token]]\nuser = \"u\"\nlabel = \"" + std::to_string(i) + "\"\n" +
            (line.empty() ? line : line + std::to_string(i) + "\"\n") +
            "[[token.member]]\nurl = \"https://dsa1.example:8081/dsa/v1\"\npins = "
            "[\"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]\n";
  }
  const unsigned before = contexts_made;
  EXPECT_TRUE(parse_config(toml, "f.toml"));
  return contexts_made - before;
}

TEST(SerialMaker, UsesOneLibraryContextForAllTokensOfAConfiguration) {
  EXPECT_EQ(contexts_for(1, ""), 1U);
  EXPECT_EQ(contexts_for(64, ""), 1U);
}

TEST(SerialMaker, UsesNoneWhereEachTokenHasASerialNumber) {
  EXPECT_EQ(contexts_for(64, "serial = \"s"), 0U);
}

TEST(SerialMaker, MakesTheNumberOfSerialOf) {
  SerialMaker maker;
  EXPECT_EQ(maker.serial_of("seal", "seal"), "a4f20da92f63b157");
  EXPECT_EQ(maker.serial_of("a", "bc"), serial_of("a", "bc"));
  EXPECT_NE(maker.serial_of("a", "bc"), maker.serial_of("ab", "c"));
}

}  // namespace
}  // namespace signet::config
