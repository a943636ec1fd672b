/**
 * Seals documents as CAdES (ETSI EN 319 122-1) and PAdES (EN 319 142-1) with a key behind PKCS#11, verifies them (EN 319 102-1), and
 * extends them so that they stay verifiable. The calls are those of the C interface, signet-seal(3).
 *
 * <p>What has a native handle is {@link java.lang.AutoCloseable}; what nobody closes is freed when it cannot be reached any more. A
 * closed object, and one that may not go beside another call, is an {@link java.lang.IllegalStateException}; every other failure
 * is a {@link signet.seal.SealException} with a status and a sentence. Objects that are only read by a call can be used by many threads
 * at once: contexts, keys, time-stampers, extenders, verifications, and options that nobody changes meanwhile. Inputs, outputs and
 * controls belong to one call at a time.
 *
 * <p>Callbacks are called in the thread of the call. What they throw is the cause of the call's exception.
 *
 * <p>The native library comes from the system, or from the JAR: the system property {@code signet.seal.native} says {@code system},
 * {@code jar}, or the path of libsignet-seal-jni.so.
 */
package signet.seal;
