// libpng's errors, which are jumps, since its frames know no exceptions: within png_guarded() alone, over frames without
// destructors.
#ifndef SIGNET_PDF_LOOK_PNG_GUARD_H_
#define SIGNET_PDF_LOOK_PNG_GUARD_H_

#include <png.h>

#include <array>
#include <csetjmp>

namespace signet::pdf::look {

struct PngTrouble {
  std::jmp_buf back;
  std::array<char, 160> message{};
};

// For png_create_read_struct() and png_create_write_struct(), with a PngTrouble as their pointer.
[[noreturn]] void png_failed(png_structp png, png_const_charp message);
void png_warned(png_structp png, png_const_charp message);

// False: libpng failed, and trouble.message says why. Between `body` and libpng no frame has an object with a destructor;
// what must be kept or freed belongs to `work`.
template <typename Work>
bool png_guarded(PngTrouble& trouble, void (*body)(Work&), Work& work) {
  if (setjmp(trouble.back) != 0) return false;  // NOLINT(cert-err52-cpp)
  body(work);
  return true;
}

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_PNG_GUARD_H_
