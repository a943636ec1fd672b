// Any bytes may stand in a configuration: parsing gives a value or a sentence, never a crash.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "pinning/config.h"
#include "pinning/seal.h"

namespace signet::pinning {
namespace {

constexpr std::string_view kSeed = R"(cache_dir = "/var/cache/signet"
[log]
level = "info"
to = "stderr"
[[token]]
label = "seal" # comment
user = 'seal'
credential = "file:/etc/signet/seal.pin"
sha1_signatures = false
limits = { call = "30s", connections = 16 }
  [[token.member]]
  url = "https://dsa1.example:8081/dsa/v1"
  pins = ["sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
)";

void parse(const std::string& text) {
  const auto config = parse_config(text, "f");
  if (config.has_error()) {
    EXPECT_EQ(config.error().sentence.rfind("f:", 0), 0U) << config.error().sentence;
  }
  (void)Seal::parse(text);
}

TEST(ConfigFuzz, TheSeedIsValid) {
  EXPECT_TRUE(parse_config(kSeed, "f").has_value());
}

TEST(ConfigFuzz, EveryPrefixIsReadOrRefused) {
  for (std::size_t size = 0; size <= kSeed.size(); ++size)
    parse(std::string(kSeed.substr(0, size)));
}

TEST(ConfigFuzz, MutationsAreReadOrRefused) {
  std::mt19937 random(20260301);  // NOLINT(cert-msc51-cpp): the same cases each time
  const auto below = [&](std::size_t limit) { return random() % limit; };
  constexpr std::string_view alphabet =
      "[]{}=\"'.,#\\\n\r\t -+_0123456789eExXuUinfatrue\x00\x7F\xC3\xFF";
  for (int round = 0; round < 20'000; ++round) {
    std::string text(kSeed);
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
      const std::size_t at = below(text.size());
      const std::size_t length = below(12);
      switch (below(4)) {
        case 0:
          text[at] = static_cast<char>(below(256));
          break;
        case 1:
          text.insert(at, 1 + length, alphabet[below(alphabet.size())]);
          break;
        case 2:
          text.erase(at, 1 + length);
          break;
        default:
          text.insert(at, kSeed.substr(below(kSeed.size()), length * 4));
      }
      if (text.empty()) text = " ";
    }
    parse(text);
  }
}

TEST(ConfigFuzz, RandomBytesAreRefused) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same cases each time
  for (int round = 0; round < 2'000; ++round) {
    std::string text(random() % 300, '\0');
    for (char& c : text) c = static_cast<char>(random() % 256);
    parse(text);
  }
}

TEST(ConfigFuzz, DeepNestingIsRefused) {
  parse("a = " + std::string(500'000, '['));
  std::string inline_tables = "a = ";
  for (int i = 0; i < 20'000; ++i) inline_tables += "{a=";
  parse(inline_tables);
  std::string dotted = "a";
  for (int i = 0; i < 20'000; ++i) dotted += ".a";
  parse(dotted + " = 1");
  parse("[" + dotted + "]\n");
  parse("[[" + dotted + "]]\n");
}

}  // namespace
}  // namespace signet::pinning
