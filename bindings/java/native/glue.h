// What every native method of the JAR is made of: Java's objects as C's and back, and exceptions that stay on their side.
#ifndef SIGNET_BINDINGS_JAVA_NATIVE_GLUE_H_
#define SIGNET_BINDINGS_JAVA_NATIVE_GLUE_H_

#include <jni.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "bindings/c/signet-seal.h"

namespace signet::java {

// An exception of Java's is pending: back to Java at once.
struct Thrown {};

[[noreturn]] void throw_java(JNIEnv* env, const char* class_name, const char* message);
// Without one of its own. For where no C++ exception may be thrown.
void raise(JNIEnv* env, const char* class_name, const char* message) noexcept;
// After a call of JNI that may have thrown.
void check_thrown(JNIEnv* env);

// A native method: `work` may leave by an exception of either language.
template <typename Value, typename Work>
Value guarded(JNIEnv* env, const Work& work) noexcept {
  try {
    return work();
  } catch (const Thrown&) {
    // It is pending.
  } catch (const std::bad_alloc&) {
    raise(env, "java/lang/OutOfMemoryError", "there is not enough memory outside of the heap");
  } catch (const std::exception& why) {
    raise(env, "java/lang/IllegalStateException", why.what());
  }
  if constexpr (!std::is_void_v<Value>) return Value();
}

// --- Java to C

template <typename T>
T* handle(jlong address) {
  return reinterpret_cast<T*>(
      static_cast<std::uintptr_t>(address));  // NOLINT(performance-no-int-to-ptr)
}

template <typename To, typename From>
To number(JNIEnv* env, From value) {
  if constexpr (std::is_unsigned_v<To>) {
    if (value < 0 || static_cast<std::uint64_t>(value) > std::numeric_limits<To>::max())
      throw_java(env, "java/lang/IllegalArgumentException", "a number is negative or too large");
  } else {
    (void)env;
  }
  return static_cast<To>(value);
}

// UTF-8 with a zero behind it, or null. IllegalArgumentException for half of a character, and for a zero in the text.
class Text {
 public:
  Text(JNIEnv* env, jstring text);
  const char* get() const { return is_null_ ? nullptr : text_.c_str(); }

 private:
  bool is_null_ = true;
  std::string text_;
};

// A copy, which may be a secret: wiped afterwards.
class Bytes {
 public:
  Bytes(JNIEnv* env, jbyteArray array);
  ~Bytes();
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  const void* data() const { return is_null_ ? nullptr : bytes_.data(); }
  std::size_t size() const { return is_null_ ? 0 : bytes_.size() - 1; }

 private:
  bool is_null_ = true;
  std::vector<jbyte> bytes_;  // one more, so that an empty array is not null
};

std::vector<jlong> numbers(JNIEnv* env, jlongArray array);

template <typename T>
class Handles {
 public:
  Handles(JNIEnv* env, jlongArray array) {
    for (const jlong address : numbers(env, array)) handles_.push_back(handle<T>(address));
  }
  T* const* data() const { return handles_.data(); }
  std::size_t size() const { return handles_.size(); }

 private:
  std::vector<T*> handles_;
};

// --- C to Java

inline jlong address(const void* pointer) {
  return static_cast<jlong>(reinterpret_cast<std::uintptr_t>(pointer));
}
// Null for a null.
jstring string(JNIEnv* env, const char* utf8);
jbyteArray array(JNIEnv* env, const void* data, std::size_t size);

// The error of one call.
class Failure {
 public:
  explicit Failure(JNIEnv* env);
  ~Failure();
  Failure(const Failure&) = delete;
  Failure& operator=(const Failure&) = delete;
  operator signet_seal_error*() const { return error_; }  // NOLINT(google-explicit-constructor)
  // Throws a SealException where the call failed.
  void check(int status) const;

 private:
  JNIEnv* env_;
  signet_seal_error* error_;
};

// The generated side: what it was generated from, and the methods of Native.
const char* interface();
std::span<const JNINativeMethod> generated_methods();

template <typename Function>
JNINativeMethod native_method(const char* name, const char* signature, Function* function) {
  // JNI's table is not const and has no function types.
  return {const_cast<char*>(name), const_cast<char*>(signature), reinterpret_cast<void*>(function)};
}

}  // namespace signet::java

#endif  // SIGNET_BINDINGS_JAVA_NATIVE_GLUE_H_
