// What a program pays for a PKCS#11 module that it loads and initialises: load_driver MODULE. Prints JSON.
//
// Linked to libc alone: libstdc++, libcrypto and whatever else the module needs is counted as the module's.
#include <dlfcn.h>

#include <cstdio>
#include <cstring>
#include <ctime>

#include "cryptoki/cryptoki.h"

namespace {

double milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

long resident_kib() {
  std::FILE* const status = std::fopen("/proc/self/status", "re");
  char line[256];
  long kib = -1;
  while (status != nullptr && std::fgets(line, sizeof line, status) != nullptr)
    if (std::sscanf(line, "VmRSS: %ld kB", &kib) == 1) break;
  if (status != nullptr) std::fclose(status);
  return kib;
}

int failed(const char* what) {
  std::fprintf(stderr, "load_driver: %s\n", what);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return failed("usage: load_driver MODULE");
  const long kib_before = resident_kib();
  const double began = milliseconds();
  void* const module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) return failed(dlerror());
  const double loaded = milliseconds();
  const long kib_loaded = resident_kib();
  const auto get_functions =
      reinterpret_cast<CK_C_GetFunctionList>(dlsym(module, "C_GetFunctionList"));
  CK_FUNCTION_LIST* functions = nullptr;
  if (get_functions == nullptr || get_functions(&functions) != CKR_OK)
    return failed("no list of functions");
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const double initialising = milliseconds();
  if (functions->C_Initialize(&arguments) != CKR_OK) return failed("C_Initialize");
  const double initialised = milliseconds();
  std::printf(
      "{\"loadMilliseconds\": %.3f, \"loadResidentKib\": %ld, \"initializeMilliseconds\": %.3f, "
      "\"initializedResidentKib\": %ld}\n",
      loaded - began, kib_loaded - kib_before, initialised - initialising,
      resident_kib() - kib_before);
  return functions->C_Finalize(nullptr) == CKR_OK ? 0 : failed("C_Finalize");
}
