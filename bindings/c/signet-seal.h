/*
 * signet-seal.h: seals documents as CAdES (ETSI EN 319 122-1) with a key behind PKCS#11; signet-seal-pdf.h: as PAdES.
 *
 * A document is digested where it lies; its digest is signed by the key, a time-stamp (RFC 3161) is added, and the sealed
 * document is written. Neither the token nor an authority sees more than digests.
 *
 * Conventions
 * - A function that can fail returns a status (enum signet_seal_status), 0 for success, and describes the failure in its last
 *   argument, which may be NULL. A failed call sets no other output.
 * - Sizes are in bytes; texts are UTF-8, end with a zero, and are copied. Memory that is returned belongs to the handle it was
 *   asked of, and is valid until that handle is freed or changed.
 * - A handle belongs to the program that asked for it, which frees it with the _free function of its type. _free(NULL) does
 *   nothing. Handles may be freed in any order: what still uses another keeps it.
 * - Contexts, keys, time-stampers, results and prepared seals can be used by many threads at once, and so can options,
 *   settings and authorities that nobody changes meanwhile. Errors, inputs and outputs are used by one thread at a time.
 *   A control's signet_seal_control_cancel() can be called from everywhere; otherwise it belongs to one call.
 * - After fork(), a child makes its own keys, time-stampers and outputs: those of the parent give SIGNET_SEAL_FORKED there, and
 *   freeing them there does nothing.
 * - Callbacks are called in the thread of the call. They must return: no longjmp(), no pthread_exit(). They must not free what
 *   the call uses.
 * - Whoever uses a handle of another type, a freed one, or a wrong size has undefined behaviour, as everywhere in C. A NULL where
 *   none is allowed and a number that is none of an enum give SIGNET_SEAL_ARGUMENT.
 * - Nothing of the program's OpenSSL or libcurl is changed: configuration, providers, engines and error queue stay as they are.
 *   No signal handler is set, and a closed pipe sends no SIGPIPE. dlclose() leaves the library in memory.
 *
 * signet-seal(3) has an example.
 */
#ifndef SIGNET_SEAL_H
#define SIGNET_SEAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* --- Statuses and errors ------------------------------------------------------------------------------------------------- */

/* New ones may be added; treat an unknown one as SIGNET_SEAL_FAILED. */
enum signet_seal_status {
  SIGNET_SEAL_OK = 0,
  SIGNET_SEAL_FAILED = 1, /* what has no number of its own */
  SIGNET_SEAL_NO_MEMORY = 2,
  SIGNET_SEAL_ARGUMENT = 3, /* a NULL, an unknown number, an invalid text */
  SIGNET_SEAL_DAMAGED = 4,  /* this library's code is not what was built */
  SIGNET_SEAL_FORKED = 5,   /* the handle belongs to the parent process */
  SIGNET_SEAL_INPUT = 6,    /* the document cannot be read */
  SIGNET_SEAL_CHANGED = 7,  /* it changed while it was read, or is not the one that was prepared */
  SIGNET_SEAL_OUTPUT = 8,   /* the sealed document cannot be written */
  SIGNET_SEAL_EXISTS = 9,   /* the output is there already */
  SIGNET_SEAL_BROKEN = 10,  /* not a document, message or state of the expected form */
  SIGNET_SEAL_FORBIDDEN = 11,     /* the document allows no such seal */
  SIGNET_SEAL_TOKEN = 12,         /* see signet_seal_error_token_reason() */
  SIGNET_SEAL_SETTINGS = 13,      /* what is asked for contradicts itself or the key */
  SIGNET_SEAL_NO_TIME_STAMP = 14, /* no authority gave one */
  SIGNET_SEAL_CANCELLED = 15,
  SIGNET_SEAL_SIGNATURE = 16, /* a signature is wrong: the token's, or the one that was brought */
  SIGNET_SEAL_NOT_VALID =
      17, /* signet-seal-extend.h: the document is not valid, or would not be afterwards */
  SIGNET_SEAL_NO_DATA =
      18 /* signet-seal-extend.h: certificates or revocation data are lacking, or too old */
};

typedef struct signet_seal_error signet_seal_error;

/* NULL where there is no memory. A call that fails fills it, also where memory is lacking; one that succeeds clears it. */
signet_seal_error* signet_seal_error_new(void);
void signet_seal_error_free(signet_seal_error* error);
/* Of the last call that was given this error; SIGNET_SEAL_OK where there was none. */
int signet_seal_error_status(const signet_seal_error* error);
/* What is wrong and what to do, in English; printable, never a secret, at most 1023 bytes. Empty after a success. */
const char* signet_seal_error_sentence(const signet_seal_error* error);
/* SIGNET_SEAL_TOKEN and SIGNET_SEAL_SIGNATURE: why, numbered as the exit statuses of signet(1) (3: not found, 6: PIN,
 * 21: certificate expired, ...); else 0. */
int signet_seal_error_token_reason(const signet_seal_error* error);
/* The CK_RV of the call that failed (PKCS#11), else 0 (CKR_OK). */
unsigned long signet_seal_error_token_rv(const signet_seal_error* error);

/* The library's version, "0.2.0"; static. Which functions there are, the symbol versions say. */
const char* signet_seal_version(void);

/* --- Context --------------------------------------------------------------------------------------------------------------- */

typedef struct signet_seal_context signet_seal_context;

/* Checks this library's own code in memory first: SIGNET_SEAL_DAMAGED. A program needs one context. */
int signet_seal_context_new(signet_seal_context** context, signet_seal_error* error);
void signet_seal_context_free(signet_seal_context* context);

/* --- The key --------------------------------------------------------------------------------------------------------------- */

typedef struct signet_seal_key_settings signet_seal_key_settings;
typedef struct signet_seal_key signet_seal_key;

/* Writes a PIN for the token of this label into `buffer` and its size into `*pin_size`, and returns 0; or returns
 * SIGNET_SEAL_PIN_PAD for a login on the token's own key pad, or SIGNET_SEAL_PIN_REFUSED. The buffer is wiped afterwards. */
enum { SIGNET_SEAL_PIN_GIVEN = 0, SIGNET_SEAL_PIN_PAD = 1, SIGNET_SEAL_PIN_REFUSED = 2 };
typedef int (*signet_seal_pin_callback)(void* user, const char* token_label, char* buffer,
                                        size_t buffer_size, size_t* pin_size);

/* `key`: a PKCS#11 URI (RFC 7512; no pin-value), or the label of a key where the module has one token. */
int signet_seal_key_settings_new(signet_seal_context* context, const char* key,
                                 signet_seal_key_settings** settings, signet_seal_error* error);
void signet_seal_key_settings_free(signet_seal_key_settings* settings);
/* The PKCS#11 module's file; else the URI's module-path, else the environment variable SIGNET_MODULE, else Signet's module
 * pkcs11/signet-pkcs11.so in this library's folder or the one above. It is initialised where the program has not done so, and
 * stays so until the process ends, since the program may use it, too. The login is the program's as well (PKCS#11). */
int signet_seal_key_settings_set_module(signet_seal_key_settings* settings, const char* file,
                                        signet_seal_error* error);
/* 1 to 1024 bytes. A PIN that the token has called wrong is not sent again in this process. */
int signet_seal_key_settings_set_pin(signet_seal_key_settings* settings, const void* pin,
                                     size_t size, signet_seal_error* error);
/* Called once for each signet_seal_key_open(). Without a PIN and a callback, the login is on the token's own key pad. */
int signet_seal_key_settings_set_pin_callback(signet_seal_key_settings* settings,
                                              signet_seal_pin_callback callback, void* user,
                                              signet_seal_error* error);
/* For keys that want a second credential for each signature (CKA_ALWAYS_AUTHENTICATE). Called from any thread that seals. */
int signet_seal_key_settings_set_signing_pin(signet_seal_key_settings* settings, const void* pin,
                                             size_t size, signet_seal_error* error);
int signet_seal_key_settings_set_signing_pin_callback(signet_seal_key_settings* settings,
                                                      signet_seal_pin_callback callback, void* user,
                                                      signet_seal_error* error);
/* DER X.509. Without one: the youngest valid one on the token that is for the key. */
int signet_seal_key_settings_set_certificate(signet_seal_key_settings* settings, const void* der,
                                             size_t size, signet_seal_error* error);
/* DER X.509; beside those on the token. Those that lead from the signer's certificate up go into the seal, without the root. */
int signet_seal_key_settings_add_issuer(signet_seal_key_settings* settings, const void* der,
                                        size_t size, signet_seal_error* error);

/* Loads the module, logs in, finds key and certificate. Blocks as long as the token takes. */
int signet_seal_key_open(const signet_seal_key_settings* settings, signet_seal_key** key,
                         signet_seal_error* error);
/* Closes its sessions: after those of the last key, the token logs out. */
void signet_seal_key_free(signet_seal_key* key);
/* The signer's certificate, DER. */
const void* signet_seal_key_certificate(const signet_seal_key* key, size_t* size);

/* --- Time-stamp authorities (RFC 3161) ------------------------------------------------------------------------------------- */

typedef struct signet_seal_authority signet_seal_authority;
typedef struct signet_seal_time_stamper signet_seal_time_stamper;

/* `url`: http or https, without user and password; or "csc:", the service behind the token of the key that seals, for Signet's
 * tokens of a CSC service that gives time-stamps. That one is passed over where a call has no key (signet_seal_finish,
 * signet_seal_add_time_stamps), and takes no credentials, pins and CA file for TLS. */
int signet_seal_authority_new(signet_seal_context* context, const char* url,
                              signet_seal_authority** authority, signet_seal_error* error);
void signet_seal_authority_free(signet_seal_authority* authority);
/* What messages and results call it; else its URL without the query. */
int signet_seal_authority_set_name(signet_seal_authority* authority, const char* name,
                                   signet_seal_error* error);
/* TSAPolicyId, "1.3.6.1.4.1.32473.1": asked for, and demanded of the answer (RFC 3161, 2.4.1). */
int signet_seal_authority_set_policy(signet_seal_authority* authority, const char* oid,
                                     signet_seal_error* error);
/* A PEM file of certificates to which the signer of the time-stamps must chain; it is read now. Without one, its chain is not
 * looked at. */
int signet_seal_authority_set_ca_file(signet_seal_authority* authority, const char* file,
                                      signet_seal_error* error);
/* HTTP Basic (RFC 7617); `user` without a colon. Over https only. */
int signet_seal_authority_set_basic(signet_seal_authority* authority, const char* user,
                                    const void* password, size_t size, signet_seal_error* error);
/* PEM files of a client certificate, with those above it, and of its unencrypted key; read at each connection. https only. */
int signet_seal_authority_set_client_certificate(signet_seal_authority* authority,
                                                 const char* certificate_file, const char* key_file,
                                                 signet_seal_error* error);
/* How an https server is recognised: a PEM file of certification authorities, and "sha256//" pins of its key; without both,
 * the authorities that the system trusts. */
int signet_seal_authority_set_tls_ca_file(signet_seal_authority* authority, const char* file,
                                          signet_seal_error* error);
int signet_seal_authority_add_pin(signet_seal_authority* authority, const char* pin,
                                  signet_seal_error* error);
/* Milliseconds for one time-stamp of this authority, 1 to 3600000; else 10000. */
int signet_seal_authority_set_limit(signet_seal_authority* authority, uint32_t milliseconds,
                                    signet_seal_error* error);
/* Seconds that genTime may lie from this machine's clock, 1 to 86400; else 300. */
int signet_seal_authority_set_largest_distance(signet_seal_authority* authority, uint32_t seconds,
                                               signet_seal_error* error);

/* Asks them in this order until one gives a good time-stamp. Keeps connections open for 30 seconds. The authorities are copied. */
int signet_seal_time_stamper_new(signet_seal_context* context,
                                 const signet_seal_authority* const* authorities, size_t count,
                                 signet_seal_time_stamper** time_stamper, signet_seal_error* error);
void signet_seal_time_stamper_free(signet_seal_time_stamper* time_stamper);

/* --- Options --------------------------------------------------------------------------------------------------------------- */

typedef struct signet_seal_options signet_seal_options;

enum signet_seal_format { SIGNET_SEAL_CADES = 1, SIGNET_SEAL_PADES = 2 };
enum signet_seal_packaging { SIGNET_SEAL_INTERNAL = 1, SIGNET_SEAL_EXTERNAL = 2 };
enum signet_seal_encoding { SIGNET_SEAL_DER = 1, SIGNET_SEAL_BER = 2 };
enum signet_seal_level {
  SIGNET_SEAL_LEVEL_AUTOMATIC = 0,
  SIGNET_SEAL_LEVEL_B_B = 1,
  SIGNET_SEAL_LEVEL_B_T = 2
};
enum signet_seal_without_time_stamp { SIGNET_SEAL_FAIL = 1, SIGNET_SEAL_DEGRADE = 2 };
enum signet_seal_hash { SIGNET_SEAL_SHA256 = 1, SIGNET_SEAL_SHA384 = 2, SIGNET_SEAL_SHA512 = 3 };
enum signet_seal_padding { SIGNET_SEAL_PKCS1 = 1, SIGNET_SEAL_PSS = 2 };

/* The first named value of each of these is what holds where nothing is set. */
int signet_seal_options_new(signet_seal_context* context, signet_seal_options** options,
                            signet_seal_error* error);
void signet_seal_options_free(signet_seal_options* options);
/* PAdES: in PDF documents alone, with the options of signet-seal-pdf.h. */
int signet_seal_options_set_format(signet_seal_options* options, int format,
                                   signet_seal_error* error);
/* The document inside the seal, or beside it (detached). */
int signet_seal_options_set_packaging(signet_seal_options* options, int packaging,
                                      signet_seal_error* error);
/* Internal seals: BER has indefinite lengths (X.690, 8.1.3.6), for readers that know no definite length over 2 GiB. */
int signet_seal_options_set_encoding(signet_seal_options* options, int encoding,
                                     signet_seal_error* error);
/* Baseline level (EN 319 122-1, 6; EN 319 142-1, 6). Automatic: B-T with a time-stamper, else B-B. */
int signet_seal_options_set_level(signet_seal_options* options, int level,
                                  signet_seal_error* error);
/* Where no authority gives a time-stamp: SIGNET_SEAL_NO_TIME_STAMP, or a seal of level B-B. */
int signet_seal_options_set_without_time_stamp(signet_seal_options* options, int what,
                                               signet_seal_error* error);
/* Milliseconds for all authorities together, 1 to 3600000; else 60000. */
int signet_seal_options_set_time_stamp_limit(signet_seal_options* options, uint32_t milliseconds,
                                             signet_seal_error* error);
/* Ed25519 always takes SHA-512 (RFC 8419, 3.1). */
int signet_seal_options_set_hash(signet_seal_options* options, int hash, signet_seal_error* error);
/* RSA only; PSS with a salt as long as the digest (RFC 4056). */
int signet_seal_options_set_padding(signet_seal_options* options, int padding,
                                    signet_seal_error* error);
/* commitment-type-indication (EN 319 122-1, 5.2.3), "1.2.840.113549.1.9.16.6.1". */
int signet_seal_options_set_commitment(signet_seal_options* options, const char* oid,
                                       signet_seal_error* error);
/* signature-policy-identifier (5.2.9): the policy document's digest by `hash`; `uri` may be NULL. */
int signet_seal_options_set_policy(signet_seal_options* options, const char* oid, int hash,
                                   const void* digest, size_t size, const char* uri,
                                   signet_seal_error* error);
/* signer-location (5.2.5); one of them may be NULL. */
int signet_seal_options_set_location(signet_seal_options* options, const char* country,
                                     const char* locality, signet_seal_error* error);
/* mime-type (5.2.4.3), and content-hints (5.2.4.1). */
int signet_seal_options_set_media_type(signet_seal_options* options, const char* media_type,
                                       signet_seal_error* error);
int signet_seal_options_set_file_name(signet_seal_options* options, const char* file_name,
                                      signet_seal_error* error);

/* Goes into the journal of the appliance where the key is behind Signet's module and its service has a place for it (not
 * SAPIWS); elsewhere it is left out. At most 256 bytes, without control characters. */
int signet_seal_options_set_reference(signet_seal_options* options, const char* reference,
                                      signet_seal_error* error);

/* By what signet_seal_result_warning() is: "119312-2.1.1" (the default) or "119312-1.5.1", after ETSI TS 119 312, or the path of a
 * file in the form of ETSI TS 119 322 (JSON), with a "/" in it, of at most 1 MiB, that only root and the effective user may change. It
 * is read now. */
int signet_seal_options_set_suite(signet_seal_options* options, const char* name_or_file,
                                  signet_seal_error* error);

/* --- Progress and cancelling ----------------------------------------------------------------------------------------------- */

typedef struct signet_seal_control signet_seal_control;

/* Bytes that were read, of how many; a document that is read twice counts twice. */
typedef void (*signet_seal_progress_callback)(void* user, uint64_t done, uint64_t all);

int signet_seal_control_new(signet_seal_context* context, signet_seal_control** control,
                            signet_seal_error* error);
void signet_seal_control_free(signet_seal_control* control);
int signet_seal_control_set_progress(signet_seal_control* control,
                                     signet_seal_progress_callback callback, void* user,
                                     signet_seal_error* error);
/* The call that has this control ends with SIGNET_SEAL_CANCELLED, as do all later ones. Takes effect between two pieces of the
 * document (1 MiB); a request to the token or an authority that is on its way is waited for. From any thread; async-signal-safe. */
void signet_seal_control_cancel(signet_seal_control* control);

/* --- Documents ------------------------------------------------------------------------------------------------------------- */

typedef struct signet_seal_input signet_seal_input;
typedef struct signet_seal_output signet_seal_output;

/* Fills `buffer` from that offset and returns 0; anything else: it cannot be read (SIGNET_SEAL_INPUT). Each byte is asked for
 * twice; where they differ, the seal ends with SIGNET_SEAL_CHANGED. */
typedef int (*signet_seal_read_callback)(void* user, uint64_t offset, void* buffer, size_t size);
/* Takes all of it and returns 0; anything else ends the seal with SIGNET_SEAL_OUTPUT. A seal that fails may have written before. */
typedef int (*signet_seal_write_callback)(void* user, const void* data, size_t size);

/* A regular file, which is opened now. */
int signet_seal_input_file(signet_seal_context* context, const char* path,
                           signet_seal_input** input, signet_seal_error* error);
/* Reads a descriptor to its end, into a private file without a name in `folder` (NULL: TMPDIR, else /var/tmp). */
int signet_seal_input_descriptor(signet_seal_context* context, int descriptor, const char* folder,
                                 signet_seal_input** input, signet_seal_error* error);
/* Not copied: the bytes outlive the input, unchanged. */
int signet_seal_input_memory(signet_seal_context* context, const void* data, size_t size,
                             signet_seal_input** input, signet_seal_error* error);
int signet_seal_input_callback(signet_seal_context* context, uint64_t size,
                               signet_seal_read_callback callback, void* user,
                               signet_seal_input** input, signet_seal_error* error);
void signet_seal_input_free(signet_seal_input* input);

/* An output takes one document. A file is there whole and synced, or not at all; it may be the input's own path. `replace`: 0,
 * or 1 where a file of that name may be replaced. */
int signet_seal_output_file(signet_seal_context* context, const char* path, int replace,
                            signet_seal_output** output, signet_seal_error* error);
/* Stays open. What was written cannot be taken back. */
int signet_seal_output_descriptor(signet_seal_context* context, int descriptor,
                                  signet_seal_output** output, signet_seal_error* error);
int signet_seal_output_memory(signet_seal_context* context, signet_seal_output** output,
                              signet_seal_error* error);
int signet_seal_output_callback(signet_seal_context* context, signet_seal_write_callback callback,
                                void* user, signet_seal_output** output, signet_seal_error* error);
/* Of an output in memory, after the seal: the document. Else NULL and 0. */
const void* signet_seal_output_bytes(const signet_seal_output* output, size_t* size);
void signet_seal_output_free(signet_seal_output* output);

/* --- Sealing --------------------------------------------------------------------------------------------------------------- */

typedef struct signet_seal_result signet_seal_result;

/* One C_Sign, and one request to an authority. `time_stamper`, `options`, `control` and `result` may be NULL. */
int signet_seal_document(signet_seal_key* key, signet_seal_time_stamper* time_stamper,
                         const signet_seal_options* options, const signet_seal_input* document,
                         signet_seal_output* output, signet_seal_control* control,
                         signet_seal_result** result, signet_seal_error* error);
/* One more, parallel signature in a sealed message (RFC 5652, 5.1), whose own bytes stay as they are. `document`: NULL where
 * the message holds it. Packaging and encoding are the message's. SIGNET_SEAL_BROKEN where a signature in it is wrong. For
 * CAdES; a PDF document that is sealed gets one more seal by signet_seal_document(). */
int signet_seal_add_signature(signet_seal_key* key, signet_seal_time_stamper* time_stamper,
                              const signet_seal_options* options, const signet_seal_input* message,
                              const signet_seal_input* document, signet_seal_output* output,
                              signet_seal_control* control, signet_seal_result** result,
                              signet_seal_error* error);
/* Time-stamps for the signatures of a message that have none: B-B becomes B-T without a signature of the key. `*added`: how
 * many; 0: nothing was written. Milliseconds: 1 to 3600000, for all. */
int signet_seal_add_time_stamps(signet_seal_time_stamper* time_stamper,
                                const signet_seal_input* message, signet_seal_output* output,
                                uint32_t milliseconds, size_t* added, signet_seal_error* error);

/* What became of a seal. */
void signet_seal_result_free(signet_seal_result* result);
int signet_seal_result_level(const signet_seal_result* result);
/* 1 where it is below the level that was asked for, with the reason as a sentence; else 0 and "". */
int signet_seal_result_is_degraded(const signet_seal_result* result);
const char* signet_seal_result_why_degraded(const signet_seal_result* result);
/* enum signet_seal_hash, of what follows. */
int signet_seal_result_hash(const signet_seal_result* result);
/* Of the document, and of the signature value (what was time-stamped). */
const void* signet_seal_result_digest(const signet_seal_result* result, size_t* size);
const void* signet_seal_result_signature_digest(const signet_seal_result* result, size_t* size);
/* The signer's, DER. */
const void* signet_seal_result_certificate(const signet_seal_result* result, size_t* size);
/* Seconds since 1970-01-01 UTC. The signing-time attribute. */
int64_t signet_seal_result_signed_at(const signet_seal_result* result);
/* Milliseconds since 1970-01-01 UTC; INT64_MIN without a time-stamp. */
int64_t signet_seal_result_stamped_at(const signet_seal_result* result);
/* The authority that gave the time-stamp; "" without one. */
const char* signet_seal_result_authority(const signet_seal_result* result);
/* What speaks against the algorithm or the key, though the seal is good now: sentences for people, such as that the suite ends RSA
 * of this size while the certificate is valid. The same for each seal of one key; how many, and one of them (NULL beyond). */
size_t signet_seal_result_warning_count(const signet_seal_result* result);
const char* signet_seal_result_warning(const signet_seal_result* result, size_t index);

/* --- Sealing in two steps, for a key that signs elsewhere or later ---------------------------------------------------------- */

typedef struct signet_seal_signer signet_seal_signer;
typedef struct signet_seal_prepared signet_seal_prepared;

/* DER X.509 certificates: the signer's, and issuers that go into the seal. */
int signet_seal_signer_new(signet_seal_context* context, const void* certificate, size_t size,
                           signet_seal_signer** signer, signet_seal_error* error);
int signet_seal_signer_add_issuer(signet_seal_signer* signer, const void* der, size_t size,
                                  signet_seal_error* error);
void signet_seal_signer_free(signet_seal_signer* signer);

/* Of the options: format, hash, padding, and what is signed beside the document; for PAdES all of signet-seal-pdf.h, and the
 * level: other than B-B leaves room for a time-stamp. */
int signet_seal_prepare(const signet_seal_signer* signer, const signet_seal_options* options,
                        const signet_seal_input* document, signet_seal_control* control,
                        signet_seal_prepared** prepared, signet_seal_error* error);
void signet_seal_prepared_free(signet_seal_prepared* prepared);
/* enum signet_seal_hash. */
int signet_seal_prepared_hash(const signet_seal_prepared* prepared);
/* The digest that RSA and ECDSA keys sign: of the signed attributes (RFC 5652, 5.4). NULL and 0 for Ed25519. */
const void* signet_seal_prepared_digest(const signet_seal_prepared* prepared, size_t* size);
/* The signed attributes (DER), which Ed25519 signs as they are. */
const void* signet_seal_prepared_attributes(const signet_seal_prepared* prepared, size_t* size);
/* What signet_seal_finish() wants, in this process or another; some kilobytes, no secret. */
const void* signet_seal_prepared_state(const signet_seal_prepared* prepared, size_t* size);

/* `signature`: as X.509 carries it (ECDSA: DER SEQUENCE of r and s). `document`: the same again; may be NULL for an external
 * seal. `time_stamper`, `options`, `control` and `result` may be NULL. The state says the format. Of the options: packaging and
 * encoding (CAdES), level, and what concerns time-stamps. SIGNET_SEAL_SIGNATURE where the signature does not fit the state, SIGNET_SEAL_CHANGED where the
 * document does not: then nothing is written. */
int signet_seal_finish(signet_seal_context* context, signet_seal_time_stamper* time_stamper,
                       const signet_seal_options* options, const void* state, size_t state_size,
                       const void* signature, size_t signature_size,
                       const signet_seal_input* document, signet_seal_output* output,
                       signet_seal_control* control, signet_seal_result** result,
                       signet_seal_error* error);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif /* SIGNET_SEAL_H */
