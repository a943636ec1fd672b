/*
 * signet-seal-extend.h: extends sealed documents so that they stay verifiable: time-stamps, certificates and revocation data are
 * added, and nothing that is there is changed (ETSI EN 319 142-1, 5.4 and 5.5; EN 319 122-1, 5.5; levels B-T, B-LT, B-LTA).
 *
 * The conventions of signet-seal.h and signet-seal-verify.h hold. Beside them:
 * - Documents are files: they are read several times, and one that is extended in its place is the old one or the new one at any
 *   moment, also where the machine stops.
 * - A document that is not valid now, or would not be afterwards, is not extended: SIGNET_SEAL_NOT_VALID.
 * - What is to be extended when is the program's to remember: signet_seal_extension_verifiable_until() says until when a document
 *   can be verified; before that it has to be extended again. The command "signet preserve" keeps a register of that.
 *
 * signet-seal(3) has an example.
 */
#ifndef SIGNET_SEAL_EXTEND_H
#define SIGNET_SEAL_EXTEND_H

#include <stddef.h>
#include <stdint.h>

#include "signet-seal-verify.h"
#include "signet-seal.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* These functions have the symbol version SIGNET_SEAL_1.3. */

/* --- How to extend --------------------------------------------------------------------------------------------------------- */

typedef struct signet_seal_extend_options signet_seal_extend_options;

/* Beside SIGNET_SEAL_LEVEL_B_T. */
enum signet_seal_extended_level { SIGNET_SEAL_LEVEL_B_LT = 3, SIGNET_SEAL_LEVEL_B_LTA = 4 };

int signet_seal_extend_options_new(signet_seal_context* context,
                                   signet_seal_extend_options** options, signet_seal_error* error);
void signet_seal_extend_options_free(signet_seal_extend_options* options);
/* Without: B-LTA, which prolongs a document that has it. B-LT needs no time-stamp where the document has one. */
int signet_seal_extend_options_set_level(signet_seal_extend_options* options, int level,
                                         signet_seal_error* error);
/* enum signet_seal_hash: of the imprints of new time-stamps; without: SHA-256. */
int signet_seal_extend_options_set_hash(signet_seal_extend_options* options, int hash,
                                        signet_seal_error* error);
/* Milliseconds for one time-stamp, all authorities together, 1 to 3600000; else 60000. */
int signet_seal_extend_options_set_time_stamp_limit(signet_seal_extend_options* options,
                                                    uint32_t milliseconds,
                                                    signet_seal_error* error);
/* Seconds, at most 604800: revocation data must be newer than the time-stamp that it serves, and is waited for at most that long; then
 * SIGNET_SEAL_NO_DATA. For online verify options alone. 0, as without: the newest that there is will do, and a remark tells where it
 * is older. */
int signet_seal_extend_options_set_wait_fresh(signet_seal_extend_options* options, uint32_t seconds,
                                              signet_seal_error* error);
/* 1: documents that are not valid are extended, too. Else 0. */
int signet_seal_extend_options_set_force_invalid(signet_seal_extend_options* options, int force,
                                                 signet_seal_error* error);

/* --- Extending ------------------------------------------------------------------------------------------------------------- */

typedef struct signet_seal_extender signet_seal_extender;
typedef struct signet_seal_extension signet_seal_extension;

/* `validation`: whom to trust, by which rules, what may be fetched; it names neither a time nor a revision (SIGNET_SEAL_SETTINGS).
 * `time_stamper`: NULL where no time-stamp is needed; `options` may be NULL. All are copied. Used by many threads at once. After
 * fork(), a child makes its own one. */
int signet_seal_extender_new(signet_seal_context* context,
                             const signet_seal_verify_options* validation,
                             const signet_seal_time_stamper* time_stamper,
                             const signet_seal_extend_options* options,
                             signet_seal_extender** extender, signet_seal_error* error);
void signet_seal_extender_free(signet_seal_extender* extender);

/* Extends the document in the file: PDF, or CMS. `data`: the document that an external seal is over; NULL: the seal holds it, or it
 * lies beside the seal ("letter.pdf" for "letter.pdf.p7s"). `out`: the extended document; NULL: it takes the place of `file`.
 * `replace`: 1, or 0 where a file `out` that is there is SIGNET_SEAL_EXISTS. `control` and `extension` may be NULL; the progress is
 * told of each reading, and cancelling takes effect then and while revocation data is waited for.
 *
 * Where everything is there already, nothing is written: signet_seal_extension_is_changed().
 *
 * SIGNET_SEAL_INPUT, SIGNET_SEAL_OUTPUT: a file cannot be read or written. SIGNET_SEAL_BROKEN: not a sealed document. SIGNET_SEAL_FORBIDDEN:
 * encrypted, and the password is missing or wrong, or the document forbids it. SIGNET_SEAL_NOT_VALID, SIGNET_SEAL_NO_DATA,
 * SIGNET_SEAL_NO_TIME_STAMP: the sentence says why. SIGNET_SEAL_CHANGED: the file changed meanwhile. SIGNET_SEAL_SETTINGS: a time-stamp is
 * needed, and there is no time-stamper. Whatever fails, the file is as it was. */
int signet_seal_extend_file(const signet_seal_extender* extender, const char* file,
                            const char* data, const char* out, int replace,
                            signet_seal_control* control, signet_seal_extension** extension,
                            signet_seal_error* error);
void signet_seal_extension_free(signet_seal_extension* extension);

/* 0: nothing had to be added. */
int signet_seal_extension_is_changed(const signet_seal_extension* extension);
/* The lowest level of its signatures, "B-LTA", before and now. */
const char* signet_seal_extension_level_before(const signet_seal_extension* extension);
const char* signet_seal_extension_level(const signet_seal_extension* extension);
/* Bytes. */
uint64_t signet_seal_extension_size_before(const signet_seal_extension* extension);
uint64_t signet_seal_extension_size(const signet_seal_extension* extension);

enum signet_seal_added {
  SIGNET_SEAL_ADDED_TIME_STAMPS = 1,
  SIGNET_SEAL_ADDED_CERTIFICATES = 2,
  SIGNET_SEAL_ADDED_CRLS = 3,
  SIGNET_SEAL_ADDED_OCSP = 4
};
/* How many; 0 for a number that is none of the enum. */
size_t signet_seal_extension_added(const signet_seal_extension* extension, int what);
/* The authorities that gave the time-stamps. */
size_t signet_seal_extension_authority_count(const signet_seal_extension* extension);
const char* signet_seal_extension_authority(const signet_seal_extension* extension, size_t index);

/* Until when it can be verified as things stand, and why no longer; SIGNET_SEAL_NO_TIME and "": no end is known, or it is not valid. */
int64_t signet_seal_extension_verifiable_until(const signet_seal_extension* extension);
const char* signet_seal_extension_verifiable_because(const signet_seal_extension* extension,
                                                     int language);
/* What the user should know, such as that revocation data is older than what it serves. */
size_t signet_seal_extension_remark_count(const signet_seal_extension* extension);
const char* signet_seal_extension_remark(const signet_seal_extension* extension, size_t index,
                                         int language);
/* Requests of signet_seal_verify_options_set_online(): the URL, and what went wrong ("": it was used). */
size_t signet_seal_extension_fetch_count(const signet_seal_extension* extension);
const char* signet_seal_extension_fetch_url(const signet_seal_extension* extension, size_t index);
const char* signet_seal_extension_fetch_problem(const signet_seal_extension* extension,
                                                size_t index);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif /* SIGNET_SEAL_EXTEND_H */
