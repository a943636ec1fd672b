#include "bindings/java/native/glue.h"

#include <cstring>

#include "bindings/java/native/utf.h"

namespace signet::java {

void raise(JNIEnv* env, const char* class_name, const char* message) noexcept {
  if (env->ExceptionCheck()) return;
  const jclass thrown = env->FindClass(class_name);
  if (thrown != nullptr) (void)env->ThrowNew(thrown, message);
}

void throw_java(JNIEnv* env, const char* class_name, const char* message) {
  raise(env, class_name, message);
  throw Thrown();
}

void check_thrown(JNIEnv* env) {
  if (env->ExceptionCheck()) throw Thrown();
}

Text::Text(JNIEnv* env, jstring text) : is_null_(text == nullptr) {
  if (is_null_) return;
  std::u16string units(static_cast<std::size_t>(env->GetStringLength(text)), u'\0');
  env->GetStringRegion(text, 0, static_cast<jsize>(units.size()),
                       reinterpret_cast<jchar*>(units.data()));
  check_thrown(env);
  const std::optional<std::string> utf8 = utf8_of(units);
  if (!utf8)
    throw_java(env, "java/lang/IllegalArgumentException",
               "a text has a zero or half of a character in it");
  text_ = *utf8;
}

Bytes::Bytes(JNIEnv* env, jbyteArray array) : is_null_(array == nullptr) {
  if (is_null_) return;
  const jsize size = env->GetArrayLength(array);
  bytes_.resize(static_cast<std::size_t>(size) + 1);
  env->GetByteArrayRegion(array, 0, size, bytes_.data());
  check_thrown(env);
}

Bytes::~Bytes() {
  if (!bytes_.empty()) explicit_bzero(bytes_.data(), bytes_.size());
}

std::vector<jlong> numbers(JNIEnv* env, jlongArray array) {
  if (array == nullptr) return {};
  std::vector<jlong> found(static_cast<std::size_t>(env->GetArrayLength(array)));
  env->GetLongArrayRegion(array, 0, static_cast<jsize>(found.size()), found.data());
  check_thrown(env);
  return found;
}

jstring string(JNIEnv* env, const char* utf8) {
  if (utf8 == nullptr) return nullptr;
  const std::u16string units = utf16_of(utf8);
  const jstring made = env->NewString(reinterpret_cast<const jchar*>(units.data()),
                                      static_cast<jsize>(units.size()));
  check_thrown(env);
  return made;
}

jbyteArray array(JNIEnv* env, const void* data, std::size_t size) {
  if (data == nullptr) return nullptr;
  if (size > static_cast<std::size_t>(std::numeric_limits<jsize>::max()))
    throw_java(env, "java/lang/OutOfMemoryError", "this is larger than an array can be");
  const jbyteArray made = env->NewByteArray(static_cast<jsize>(size));
  check_thrown(env);
  env->SetByteArrayRegion(made, 0, static_cast<jsize>(size), static_cast<const jbyte*>(data));
  check_thrown(env);
  return made;
}

Failure::Failure(JNIEnv* env) : env_(env), error_(signet_seal_error_new()) {
  if (error_ == nullptr) throw std::bad_alloc();
}

Failure::~Failure() {
  signet_seal_error_free(error_);
}

void Failure::check(int status) const {
  if (status == SIGNET_SEAL_OK) return;
  const jclass thrown = env_->FindClass("signet/seal/SealException");
  check_thrown(env_);
  const jmethodID made = env_->GetMethodID(thrown, "<init>", "(ILjava/lang/String;IJ)V");
  check_thrown(env_);
  const auto rv = static_cast<jlong>(signet_seal_error_token_rv(error_));
  const auto exception = static_cast<jthrowable>(
      env_->NewObject(thrown, made, static_cast<jint>(signet_seal_error_status(error_)),
                      string(env_, signet_seal_error_sentence(error_)),
                      static_cast<jint>(signet_seal_error_token_reason(error_)), rv));
  check_thrown(env_);
  (void)env_->Throw(exception);
  throw Thrown();
}

}  // namespace signet::java
