#include "pinning/pins.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"

namespace signet::pinning {
namespace {

// SHA-256 of the empty string, as RFC 7469 writes a pin.
constexpr auto kEmptyPin = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

TEST(Pin, IsTheSha256OfThePublicKeyInBase64) {
  EXPECT_EQ(Pin::of_public_key({}).text(), kEmptyPin);
}

TEST(Pin, RoundTripsThroughItsText) {
  const auto pin = Pin::parse(kEmptyPin);
  ASSERT_TRUE(pin);
  EXPECT_EQ(*pin, Pin::of_public_key({}));
  EXPECT_EQ(pin->text(), kEmptyPin);
}

TEST(Pin, RefusesEveryOtherForm) {
  const std::string good = kEmptyPin;
  for (const std::string& text :
       {std::string(), std::string("sha256//"), good.substr(8), "SHA256//" + good.substr(8),
        "sha1//" + good.substr(8), good + " ", " " + good, good.substr(0, good.size() - 1),
        "sha256//" + crypto::to_base64(Bytes(31)), "sha256//" + crypto::to_base64(Bytes(33)),
        good + ";" + good}) {
    EXPECT_FALSE(Pin::parse(text)) << text;
  }
}

TEST(PinSet, MatchesTheLivePinAndEachBackup) {
  const Pin live = Pin::of_public_key(view_of("live"));
  const Pin backup = Pin::of_public_key(view_of("backup"));
  const PinSet pins({live, backup});
  EXPECT_TRUE(pins.matches(live));
  EXPECT_TRUE(pins.matches(backup));
  EXPECT_FALSE(pins.matches(Pin::of_public_key(view_of("other"))));
}

TEST(PinSet, WithoutPinsMatchesNothing) {
  EXPECT_FALSE(PinSet().matches(Pin()));
}

TEST(PinSet, JoinsItsPinsWithSemicolons) {
  const Pin pin = Pin::of_public_key({});
  EXPECT_EQ(PinSet({pin, pin}).text(), pin.text() + ";" + pin.text());
}

}  // namespace
}  // namespace signet::pinning
