// Which sanitizer the program was built with. g++ tells by macros, clang by features.
#ifndef SIGNET_TESTS_SUPPORT_SANITIZERS_H_
#define SIGNET_TESTS_SUPPORT_SANITIZERS_H_

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SIGNET_ADDRESS_SANITIZER
#endif
#if __has_feature(thread_sanitizer)
#define SIGNET_THREAD_SANITIZER
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SIGNET_ADDRESS_SANITIZER
#endif
#ifdef __SANITIZE_THREAD__
#define SIGNET_THREAD_SANITIZER
#endif

// Slow, and much of its memory is the sanitizer's: figures of time and memory say nothing.
#if defined(SIGNET_ADDRESS_SANITIZER) || defined(SIGNET_THREAD_SANITIZER)
#define SIGNET_SANITIZED
#endif

#endif  // SIGNET_TESTS_SUPPORT_SANITIZERS_H_
