#include "config/seal_config.h"

#include <array>

namespace signet::config {

namespace {

constexpr auto kFormats = std::to_array<std::string_view>({"cades"});
constexpr auto kForms = std::to_array<std::string_view>({"external", "internal"});
constexpr auto kLevels = std::to_array<std::string_view>({"B-B", "B-T"});
constexpr auto kHashes = std::to_array<std::string_view>({"SHA256", "SHA384", "SHA512"});
constexpr auto kOnFailure = std::to_array<std::string_view>({"fail", "degrade"});

constexpr auto kText = SealValue::text;
constexpr auto kPath = SealValue::path;
constexpr auto kWord = SealValue::word;

constexpr auto kTexts = std::to_array<SealText>({
    {"module", &SealSettings::module, kPath, {}},
    {"token", &SealSettings::token, kText, {}},
    {"key", &SealSettings::key, kText, {}},
    {"id", &SealSettings::id, kText, {}},
    {"pin_file", &SealSettings::pin_file, kPath, {}},
    {"sign_pin_file", &SealSettings::sign_pin_file, kPath, {}},
    {"cert", &SealSettings::cert, kPath, {}},
    {"chain", &SealSettings::chain, kPath, {}},
    {"format", &SealSettings::format, kWord, kFormats},
    {"form", &SealSettings::form, kWord, kForms},
    {"level", &SealSettings::level, kWord, kLevels},
    {"hash", &SealSettings::hash, kWord, kHashes},
    {"commitment", &SealSettings::commitment, kText, {}},
    {"country", &SealSettings::country, kText, {}},
    {"locality", &SealSettings::locality, kText, {}},
    {"media_type", &SealSettings::media_type, kText, {}},
    {"on_tsa_failure", &SealSettings::on_tsa_failure, kWord, kOnFailure},
});

constexpr auto kFlags = std::to_array<SealFlag>({{"ber", &SealSettings::ber},
                                                 {"pss", &SealSettings::pss},
                                                 {"file_name", &SealSettings::file_name}});

}  // namespace

std::span<const SealText> seal_texts() {
  return kTexts;
}

std::span<const SealFlag> seal_flags() {
  return kFlags;
}

SealSettings merged(const SealSettings& over, const SealSettings& under) {
  SealSettings both = over;
  const auto fill = [](auto& value, const auto& other) {
    if (!value) value = other;
  };
  for (const SealText& text : kTexts) fill(both.*text.member, under.*text.member);
  for (const SealFlag& flag : kFlags) fill(both.*flag.member, under.*flag.member);
  fill(both.jobs, under.jobs);
  if (both.tsa.empty()) both.tsa = under.tsa;
  return both;
}

}  // namespace signet::config
