// What the JVM calls when it loads the library, and the methods that are not those of the C ABI.
#include <cstdlib>
#include <cstring>
#include <string>

#include "bindings/java/native/callbacks.h"
#include "bindings/java/native/glue.h"

namespace signet::java {
namespace {

jlong JNICALL copy(JNIEnv* env, jclass, jbyteArray data) {
  return guarded<jlong>(env, [&]() -> jlong {
    const jsize size = env->GetArrayLength(data);
    void* const copied = std::malloc(static_cast<std::size_t>(size) + 1);
    if (copied == nullptr) throw std::bad_alloc();
    env->GetByteArrayRegion(data, 0, size, static_cast<jbyte*>(copied));
    return address(copied);
  });
}

void JNICALL release(JNIEnv* /*env*/, jclass, jlong memory) {
  std::free(handle<void>(memory));
}

bool register_all(JNIEnv* env, const char* class_name, std::span<const JNINativeMethod> table) {
  const jclass owner = env->FindClass(class_name);
  return owner != nullptr &&
         env->RegisterNatives(owner, table.data(), static_cast<jint>(table.size())) == JNI_OK;
}

// Called once, by Library.load(): the classes of another version have other methods.
void JNICALL start(JNIEnv* env, jclass, jstring wanted) {
  guarded<void>(env, [&] {
    const Text text(env, wanted);
    if (std::strcmp(text.get(), interface()) != 0)
      throw_java(env, "java/lang/UnsatisfiedLinkError",
                 "libsignet-seal-jni.so and signet-seal.jar are of different versions");
    const JNINativeMethod memory[] = {native_method("copy", "([B)J", copy),
                                      native_method("release", "(J)V", release)};
    if (!register_all(env, "signet/seal/Native", generated_methods()) ||
        !register_all(env, "signet/seal/Native", memory) || !prepare_callbacks(env))
      throw Thrown();
  });
}

}  // namespace
}  // namespace signet::java

extern "C" JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void* /*reserved*/) {
  void* env = nullptr;
  if (vm->GetEnv(&env, JNI_VERSION_10) != JNI_OK) return JNI_ERR;
  const JNINativeMethod methods[] = {
      signet::java::native_method("start", "(Ljava/lang/String;)V", signet::java::start)};
  return signet::java::register_all(static_cast<JNIEnv*>(env), "signet/seal/Library", methods)
             ? JNI_VERSION_10
             : JNI_ERR;
}
