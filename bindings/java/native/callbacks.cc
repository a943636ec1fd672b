#include "bindings/java/native/callbacks.h"

#include <algorithm>

#include "bindings/java/native/glue.h"

namespace signet::java {
namespace {

constexpr jint kVersion = JNI_VERSION_10;
constexpr int kFailed = 1;
// What one Java array holds of a larger piece.
constexpr std::size_t kPiece = std::size_t{1} << 20U;

struct Methods {
  JavaVM* vm = nullptr;
  jclass callback =
      nullptr;  // for as long as the library is loaded, which is until the process ends
  jmethodID pin = nullptr;
  jmethodID progress = nullptr;
  jmethodID read = nullptr;
  jmethodID write = nullptr;
};

Methods
    methods;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): written once, before any call

// A callback runs in the thread of the call, which is Java's. What it leaves on the list of local references would stay there
// until that call ends.
class Frame {
 public:
  Frame() {
    void* env = nullptr;
    if (methods.vm->GetEnv(&env, kVersion) != JNI_OK) return;
    env_ = static_cast<JNIEnv*>(env);
    if (env_->PushLocalFrame(8) == 0) return;
    env_->ExceptionClear();
    env_ = nullptr;
  }
  ~Frame() {
    if (env_ == nullptr) return;
    // The Java methods catch everything: this is the machine's own, such as a full stack.
    if (env_->ExceptionCheck()) env_->ExceptionClear();
    env_->PopLocalFrame(nullptr);
  }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  bool is_ready() const { return env_ != nullptr; }
  JNIEnv* env() const { return env_; }
  bool has_failed() const { return env_->ExceptionCheck() == JNI_TRUE; }

 private:
  JNIEnv* env_ = nullptr;
};

jlong number_of(void* user) {
  return address(user);
}

// Java's text of a label, or null with an exception pending.
jstring label_of(JNIEnv* env, const char* label) {
  return guarded<jstring>(env, [&] { return string(env, label); });
}

// Copies the PIN, and wipes Java's own.
int take_pin(JNIEnv* env, jbyteArray pin, char* buffer, std::size_t buffer_size,
             std::size_t* pin_size) {
  const jsize size = env->GetArrayLength(pin);
  if (size == 0) return SIGNET_SEAL_PIN_PAD;
  jbyte* const bytes = env->GetByteArrayElements(pin, nullptr);
  if (bytes == nullptr) return SIGNET_SEAL_PIN_REFUSED;
  const bool fits = static_cast<std::size_t>(size) <= buffer_size;
  if (fits) std::copy_n(bytes, size, buffer);
  volatile jbyte* const wiped = bytes;
  for (jsize at = 0; at < size; ++at) wiped[at] = 0;
  env->ReleaseByteArrayElements(pin, bytes, 0);
  *pin_size = static_cast<std::size_t>(size);
  return fits ? SIGNET_SEAL_PIN_GIVEN : SIGNET_SEAL_PIN_REFUSED;
}

bool read_piece(JNIEnv* env, void* user, std::uint64_t offset, jbyte* buffer, jsize size) {
  const jbyteArray piece = env->NewByteArray(size);
  if (piece == nullptr) return false;
  const jboolean done = env->CallStaticBooleanMethod(
      methods.callback, methods.read, number_of(user), static_cast<jlong>(offset), piece);
  if (env->ExceptionCheck() || done != JNI_TRUE) return false;
  env->GetByteArrayRegion(piece, 0, size, buffer);
  env->DeleteLocalRef(piece);
  return !env->ExceptionCheck();
}

bool write_piece(JNIEnv* env, void* user, const jbyte* data, jsize size) {
  const jbyteArray piece = env->NewByteArray(size);
  if (piece == nullptr) return false;
  env->SetByteArrayRegion(piece, 0, size, data);
  const jboolean done =
      env->CallStaticBooleanMethod(methods.callback, methods.write, number_of(user), piece);
  env->DeleteLocalRef(piece);
  return !env->ExceptionCheck() && done == JNI_TRUE;
}

jsize piece_of(std::size_t left) {
  return static_cast<jsize>(std::min(left, kPiece));
}

}  // namespace

bool prepare_callbacks(JNIEnv* env) {
  Methods found;
  const jclass local = env->FindClass("signet/seal/Callback");
  if (local == nullptr || env->GetJavaVM(&found.vm) != JNI_OK) return false;
  found.pin = env->GetStaticMethodID(local, "pin", "(JLjava/lang/String;)[B");
  if (found.pin == nullptr) return false;
  found.progress = env->GetStaticMethodID(local, "progress", "(JJJ)V");
  if (found.progress == nullptr) return false;
  found.read = env->GetStaticMethodID(local, "read", "(JJ[B)Z");
  if (found.read == nullptr) return false;
  found.write = env->GetStaticMethodID(local, "write", "(J[B)Z");
  if (found.write == nullptr) return false;
  found.callback = static_cast<jclass>(env->NewGlobalRef(local));
  if (found.callback == nullptr) return false;
  methods = found;
  return true;
}

extern "C" {

int pin_callback(void* user, const char* token_label, char* buffer, std::size_t buffer_size,
                 std::size_t* pin_size) {
  const Frame frame;
  if (!frame.is_ready()) return SIGNET_SEAL_PIN_REFUSED;
  JNIEnv* const env = frame.env();
  const jstring label = label_of(env, token_label);
  if (frame.has_failed()) return SIGNET_SEAL_PIN_REFUSED;
  const auto pin = static_cast<jbyteArray>(
      env->CallStaticObjectMethod(methods.callback, methods.pin, number_of(user), label));
  if (frame.has_failed() || pin == nullptr) return SIGNET_SEAL_PIN_REFUSED;
  return take_pin(env, pin, buffer, buffer_size, pin_size);
}

void progress_callback(void* user, std::uint64_t done, std::uint64_t all) {
  const Frame frame;
  if (!frame.is_ready()) return;
  frame.env()->CallStaticVoidMethod(methods.callback, methods.progress, number_of(user),
                                    static_cast<jlong>(done), static_cast<jlong>(all));
}

int read_callback(void* user, std::uint64_t offset, void* buffer, std::size_t size) {
  const Frame frame;
  if (!frame.is_ready()) return kFailed;
  auto* const bytes = static_cast<jbyte*>(buffer);
  for (std::size_t done = 0; done < size;) {
    const jsize piece = piece_of(size - done);
    if (!read_piece(frame.env(), user, offset + done, bytes + done, piece)) return kFailed;
    done += static_cast<std::size_t>(piece);
  }
  return 0;
}

int write_callback(void* user, const void* data, std::size_t size) {
  const Frame frame;
  if (!frame.is_ready()) return kFailed;
  const auto* const bytes = static_cast<const jbyte*>(data);
  for (std::size_t done = 0; done < size;) {
    const jsize piece = piece_of(size - done);
    if (!write_piece(frame.env(), user, bytes + done, piece)) return kFailed;
    done += static_cast<std::size_t>(piece);
  }
  return 0;
}

}  // extern "C"

}  // namespace signet::java
