// Any bytes may stand in a configuration: parsing gives a value or a sentence, never a crash.
#include <gtest/gtest.h>
#include <pthread.h>

#include <random>
#include <string>

#include "config/config.h"
#include "config/signature.h"

namespace signet::config {
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
  (void)ConfigSignature::parse(text);
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

TEST(ConfigFuzz, BrokenTableHeadersAreRefused) {
  for (const char* text :
       {"[=", "[.a]", "[ \n", "[\t#]", "[a.", "[[a] ]", "a = {=1}", "a = {,}", "a."}) {
    EXPECT_TRUE(parse_config(text, "f").has_error()) << text;
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

// Parsed in a thread with the small stack that careful hosts give theirs.
void parse_on_small_stack(const std::string& text) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 512 * 1024);
  pthread_t thread{};
  const auto body = [](void* argument) -> void* {
    EXPECT_TRUE(parse_config(*static_cast<const std::string*>(argument), "f").has_error());
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, body, const_cast<std::string*>(&text)), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

std::string repeated(std::string_view part, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part;
  return text;
}

TEST(ConfigFuzz, DeepNestingIsRefusedOnASmallStack) {
  parse_on_small_stack("a = " + repeated("[", 500'000));
  parse_on_small_stack("a = " + repeated("[\n", 500'000));
  parse_on_small_stack("a = " + repeated("{a=", 200'000));
  for (const int depth : {60, 64, 65, 500'000}) {
    const std::string dotted = repeated("a.", depth) + "a";
    parse_on_small_stack(dotted + " = 1");
    parse_on_small_stack("[" + dotted + "]\n" + dotted + " = 1\n");
    parse_on_small_stack("[[" + dotted + "]]\n" + dotted + " = 1\n");
    parse_on_small_stack("#\r" + dotted + " = 1\n");
    parse_on_small_stack("s = {b = \"\"\"\n#\"\"\", " + dotted + " = 1}\n");
    parse_on_small_stack(repeated("[" + repeated("a.", 8) + "a]\n", 100));
  }
  const std::string deepest = repeated("a.", 60) + "a = ";
  parse_on_small_stack(deepest + repeated("[\n{" + deepest, 7) + "1" + repeated("}\n]", 7));
}

TEST(ConfigFuzz, CommentsMayHaveDots) {
  EXPECT_TRUE(parse_config("  # " + repeated(".", 1000) + "\n", "f").has_value());
}

}  // namespace
}  // namespace signet::config
