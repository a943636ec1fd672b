#include "seal-server/program/qr_code.h"

#include <qrencode.h>

#include <memory>
#include <stdexcept>

namespace signet::sealserver {

namespace {

constexpr int kQuietZone = 4;  // modules around the code

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

}  // namespace

std::string qr_code(const std::string& text) {
  const std::unique_ptr<QRcode, FreeCode> code(
      QRcode_encodeData(static_cast<int>(text.size()),
                        reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (!code) throw std::runtime_error("The text is too long for a QR code.");
  const auto is_light = [&](int row, int column) {
    const bool outside = row < 0 || column < 0 || row >= code->width || column >= code->width;
    return outside || (code->data[row * code->width + column] & 1U) == 0;
  };
  std::string lines;
  for (int row = -kQuietZone; row < code->width + kQuietZone; row += 2) {
    for (int column = -kQuietZone; column < code->width + kQuietZone; ++column) {
      const bool upper = is_light(row, column);
      const bool lower = is_light(row + 1, column);
      lines += upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ");
    }
    lines += "\n";
  }
  return lines;
}

}  // namespace signet::sealserver
