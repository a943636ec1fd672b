// The JNI library of JniUser.java: a user of the module with its own sessions. It does not use
// tests/support/loaded_module.h: a Java process loads it, and together.sh compiles it alone, as a stranger's library is, without
// anything of the project.
#include <dlfcn.h>
#include <jni.h>
#include <pkcs11.h>

#include <string>
#include <vector>

namespace {

CK_FUNCTION_LIST* functions = nullptr;

std::string text(JNIEnv* env, jstring value) {
  const char* bytes = env->GetStringUTFChars(value, nullptr);
  std::string copy = bytes;
  env->ReleaseStringUTFChars(value, bytes);
  return copy;
}

// False after a Java exception was thrown.
bool ok(JNIEnv* env, CK_RV code, const char* function) {
  if (code == CKR_OK) return true;
  const std::string message = std::string(function) + ": " + std::to_string(code);
  env->ThrowNew(env->FindClass("java/lang/IllegalStateException"), message.c_str());
  return false;
}

bool initialize(JNIEnv* env) {
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV code = functions->C_Initialize(&arguments);
  return code == CKR_CRYPTOKI_ALREADY_INITIALIZED || ok(env, code, "C_Initialize");
}

bool login(JNIEnv* env, CK_SESSION_HANDLE session, std::string pin) {
  const CK_RV code =
      functions->C_Login(session, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(pin.data()), pin.size());
  return code == CKR_USER_ALREADY_LOGGED_IN || ok(env, code, "C_Login");
}

CK_OBJECT_HANDLE find(JNIEnv* env, CK_SESSION_HANDLE session, std::string label) {
  CK_OBJECT_CLASS wanted = CKO_PRIVATE_KEY;
  CK_ATTRIBUTE query[] = {{CKA_CLASS, &wanted, sizeof wanted},
                          {CKA_LABEL, label.data(), label.size()}};
  CK_OBJECT_HANDLE found = CK_INVALID_HANDLE;
  CK_ULONG count = 0;
  if (!ok(env, functions->C_FindObjectsInit(session, query, 2), "C_FindObjectsInit") ||
      !ok(env, functions->C_FindObjects(session, &found, 1, &count), "C_FindObjects") ||
      !ok(env, functions->C_FindObjectsFinal(session), "C_FindObjectsFinal")) {
    return CK_INVALID_HANDLE;
  }
  return found;
}

std::vector<CK_BYTE> signature_of(JNIEnv* env, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key,
                                  std::vector<CK_BYTE> data) {
  CK_MECHANISM mechanism{CKM_SHA256_RSA_PKCS, nullptr, 0};
  std::vector<CK_BYTE> signature(1024);
  CK_ULONG size = signature.size();
  if (!ok(env, functions->C_SignInit(session, &mechanism, key), "C_SignInit") ||
      !ok(env, functions->C_Sign(session, data.data(), data.size(), signature.data(), &size),
          "C_Sign")) {
    return {};
  }
  signature.resize(size);
  return signature;
}

// The session that keeps this user logged in for the process's life.
CK_SESSION_HANDLE login_session = CK_INVALID_HANDLE;

}  // namespace

extern "C" JNIEXPORT void JNICALL Java_JniUser_open(JNIEnv* env, jclass, jstring module,
                                                    jstring pin) {
  void* library = dlopen(text(env, module).c_str(), RTLD_NOW);
  auto* get = library == nullptr
                  ? nullptr
                  : reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
  if (!ok(env, get == nullptr ? CKR_GENERAL_ERROR : get(&functions), "C_GetFunctionList")) return;
  if (!initialize(env)) return;
  if (!ok(env, functions->C_OpenSession(0, CKF_SERIAL_SESSION, nullptr, nullptr, &login_session),
          "C_OpenSession")) {
    return;
  }
  login(env, login_session, text(env, pin));
}

extern "C" JNIEXPORT jbyteArray JNICALL Java_JniUser_sign(JNIEnv* env, jclass, jstring label,
                                                          jbyteArray data) {
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  if (!ok(env, functions->C_OpenSession(0, CKF_SERIAL_SESSION, nullptr, nullptr, &session),
          "C_OpenSession")) {
    return nullptr;
  }
  std::vector<CK_BYTE> document(static_cast<std::size_t>(env->GetArrayLength(data)));
  env->GetByteArrayRegion(data, 0, static_cast<jsize>(document.size()),
                          reinterpret_cast<jbyte*>(document.data()));
  const CK_OBJECT_HANDLE key = find(env, session, text(env, label));
  std::vector<CK_BYTE> made;
  if (env->ExceptionCheck() == JNI_FALSE) made = signature_of(env, session, key, document);
  functions->C_CloseSession(session);
  if (env->ExceptionCheck() == JNI_TRUE) return nullptr;
  jbyteArray result = env->NewByteArray(static_cast<jsize>(made.size()));
  env->SetByteArrayRegion(result, 0, static_cast<jsize>(made.size()),
                          reinterpret_cast<const jbyte*>(made.data()));
  return result;
}
