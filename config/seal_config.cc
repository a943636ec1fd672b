#include "config/seal_config.h"

#include <array>

namespace signet::config {

namespace {

constexpr auto kSealFormats = std::to_array<std::string_view>({"cades", "pades"});
constexpr auto kSealForms = std::to_array<std::string_view>({"external", "internal"});
constexpr auto kSealLevels = std::to_array<std::string_view>({"B-B", "B-T"});
constexpr auto kSealHashes = std::to_array<std::string_view>({"SHA256", "SHA384", "SHA512"});
constexpr auto kOnTsaFailure = std::to_array<std::string_view>({"fail", "degrade"});

constexpr auto kCertify = std::to_array<std::string_view>({"1", "2", "3"});

constexpr auto kSealText = SealValue::text;
constexpr auto kSealPath = SealValue::path;
constexpr auto kSealWord = SealValue::word;

constexpr auto kSealTexts = std::to_array<SealText>({
    {"module", &SealSettings::module, kSealPath, {}},
    {"token", &SealSettings::token, kSealText, {}},
    {"key", &SealSettings::key, kSealText, {}},
    {"id", &SealSettings::id, kSealText, {}},
    {"pin_file", &SealSettings::pin_file, kSealPath, {}},
    {"sign_pin_file", &SealSettings::sign_pin_file, kSealPath, {}},
    {"cert", &SealSettings::cert, kSealPath, {}},
    {"chain", &SealSettings::chain, kSealPath, {}},
    {"format", &SealSettings::format, kSealWord, kSealFormats},
    {"form", &SealSettings::form, kSealWord, kSealForms},
    {"level", &SealSettings::level, kSealWord, kSealLevels},
    {"hash", &SealSettings::hash, kSealWord, kSealHashes},
    {"commitment", &SealSettings::commitment, kSealText, {}},
    {"country", &SealSettings::country, kSealText, {}},
    {"locality", &SealSettings::locality, kSealText, {}},
    {"media_type", &SealSettings::media_type, kSealText, {}},
    {"reason", &SealSettings::reason, kSealText, {}},
    {"location", &SealSettings::location, kSealText, {}},
    {"contact", &SealSettings::contact, kSealText, {}},
    {"field", &SealSettings::field, kSealText, {}},
    {"certify", &SealSettings::certify, kSealWord, kCertify},
    {"pdf_password_file", &SealSettings::pdf_password_file, kSealPath, {}},
    {"visible", &SealSettings::visible, kSealText, {}},
    {"text", &SealSettings::text, kSealText, {}},
    {"image", &SealSettings::image, kSealPath, {}},
    {"background", &SealSettings::background, kSealPath, {}},
    {"font", &SealSettings::font, kSealPath, {}},
    {"on_tsa_failure", &SealSettings::on_tsa_failure, kSealWord, kOnTsaFailure},
});

constexpr auto kSealFlags = std::to_array<SealFlag>({{"ber", &SealSettings::ber},
                                                     {"pss", &SealSettings::pss},
                                                     {"file_name", &SealSettings::file_name},
                                                     {"ignore_xfa", &SealSettings::ignore_xfa},
                                                     {"repair_ok", &SealSettings::repair_ok}});

}  // namespace

std::span<const SealText> seal_texts() {
  return kSealTexts;
}

std::span<const SealFlag> seal_flags() {
  return kSealFlags;
}

SealSettings merged(const SealSettings& over, const SealSettings& under) {
  SealSettings both = over;
  const auto fill = [](auto& value, const auto& other) {
    if (!value) value = other;
  };
  for (const SealText& text : kSealTexts) fill(both.*text.member, under.*text.member);
  for (const SealFlag& flag : kSealFlags) fill(both.*flag.member, under.*flag.member);
  fill(both.jobs, under.jobs);
  if (both.tsa.empty()) both.tsa = under.tsa;
  return both;
}

}  // namespace signet::config
