// The callbacks of the C ABI, which call the Java object whose number is the user's pointer. No exception leaves them.
#ifndef SIGNET_BINDINGS_JAVA_NATIVE_CALLBACKS_H_
#define SIGNET_BINDINGS_JAVA_NATIVE_CALLBACKS_H_

#include <jni.h>

#include <cstddef>
#include <cstdint>

namespace signet::java {

inline void* user(jlong number) {
  return reinterpret_cast<void*>(
      static_cast<std::uintptr_t>(number));  // NOLINT(performance-no-int-to-ptr)
}

// Finds the methods that are called; false with an exception of Java's pending.
bool prepare_callbacks(JNIEnv* env);

extern "C" {
int pin_callback(void* user, const char* token_label, char* buffer, std::size_t buffer_size,
                 std::size_t* pin_size);
void progress_callback(void* user, std::uint64_t done, std::uint64_t all);
int read_callback(void* user, std::uint64_t offset, void* buffer, std::size_t size);
int write_callback(void* user, const void* data, std::size_t size);
}

}  // namespace signet::java

#endif  // SIGNET_BINDINGS_JAVA_NATIVE_CALLBACKS_H_
