/*
 * signet-seal-verify.h: says what a sealed document is worth, by ETSI EN 319 102-1: PDF signatures and document time-stamps
 * (PAdES, PKCS#7), CMS messages with and without their document (CAdES, CMS), time-stamp tokens (RFC 3161).
 *
 * The conventions of signet-seal.h hold. Beside them:
 * - signet_seal_verify() gives a verification, which many threads may read. What it consists of (signatures, time-stamps,
 *   certificates, changes), and every text, belongs to it and is valid until it is freed.
 * - A verdict is a result, not a failure: a document that was changed is verified with SIGNET_SEAL_OK, and its indication is
 *   SIGNET_SEAL_TOTAL_FAILED. A call fails where there is no verdict: the document cannot be read, or is none.
 * - Of a NULL, and beyond the last one of a list, an accessor gives NULL, 0, "", or SIGNET_SEAL_NO_TIME. Times are seconds since
 *   1970-01-01 UTC. Names of the standards ("HASH_FAILURE", "B-LTA") are texts in ASCII, which do not change.
 * - Nobody is trusted by default, and nothing is fetched.
 *
 * signet-seal(3) has an example.
 */
#ifndef SIGNET_SEAL_VERIFY_H
#define SIGNET_SEAL_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "signet-seal.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

#define SIGNET_SEAL_NO_TIME INT64_MIN

enum signet_seal_language { SIGNET_SEAL_ENGLISH = 1, SIGNET_SEAL_CZECH = 2 };

/* These functions have the symbol version SIGNET_SEAL_1.2. */

/* --- Whom to trust, and by which rules ------------------------------------------------------------------------------------- */

typedef struct signet_seal_verify_options signet_seal_verify_options;

/* Many threads may verify by the same options while nobody changes them. */
int signet_seal_verify_options_new(signet_seal_context* context,
                                   signet_seal_verify_options** options, signet_seal_error* error);
void signet_seal_verify_options_free(signet_seal_verify_options* options);

/* Certificates: one in DER, any number in PEM, or those of a PKCS#7 message; at most 4 MiB. A path names such a file, or a folder
 * with files *.pem, *.crt, *.cer and *.der. SIGNET_SEAL_ARGUMENT where there is none, or one cannot be read.
 *
 * Trusted: chains may end at them. `until`: from that second on they are not (EN 319 102-1, 5.2.6.4); SIGNET_SEAL_NO_TIME: never. */
int signet_seal_verify_options_add_trusted(signet_seal_verify_options* options,
                                           const void* certificates, size_t size, int64_t until,
                                           signet_seal_error* error);
int signet_seal_verify_options_add_trusted_file(signet_seal_verify_options* options,
                                                const char* path, int64_t until,
                                                signet_seal_error* error);
/* Not trusted by themselves; they may stand in a chain. */
int signet_seal_verify_options_add_certificates(signet_seal_verify_options* options,
                                                const void* certificates, size_t size,
                                                signet_seal_error* error);
int signet_seal_verify_options_add_certificates_file(signet_seal_verify_options* options,
                                                     const char* path, signet_seal_error* error);

/* Revocation data beside the document's own: one CRL (RFC 5280), one OCSP answer (RFC 6960), in DER or PEM, of at most 64 MiB. */
int signet_seal_verify_options_add_crl(signet_seal_verify_options* options, const void* crl,
                                       size_t size, signet_seal_error* error);
int signet_seal_verify_options_add_crl_file(signet_seal_verify_options* options, const char* path,
                                            signet_seal_error* error);
int signet_seal_verify_options_add_ocsp(signet_seal_verify_options* options, const void* answer,
                                        size_t size, signet_seal_error* error);
int signet_seal_verify_options_add_ocsp_file(signet_seal_verify_options* options, const char* path,
                                             signet_seal_error* error);

/* The moment of the verdict; proofs that are later count for nothing. Without one: the clock at each signet_seal_verify(). */
int signet_seal_verify_options_set_time(signet_seal_verify_options* options, int64_t time,
                                        signet_seal_error* error);
/* What algorithms are measured by: as signet_seal_options_set_suite(). Without one: "119312-1.5.1", and what only "119312-2.1.1" lists
 * gives a warning. */
int signet_seal_verify_options_set_suite(signet_seal_verify_options* options,
                                         const char* name_or_file, signet_seal_error* error);
/* Seconds, at most 315360000: how old the signer's revocation data may be ((EU) 2025/1945: 86400). Without: what the data says. */
int signet_seal_verify_options_set_freshness(signet_seal_verify_options* options, uint32_t seconds,
                                             signet_seal_error* error);
/* How revocation data that is not fresh moves the control time (EN 319 102-1, 5.6.2.2): to its nextUpdate, or to its thisUpdate,
 * which is the standard's letter, and fails documents that were extended with a CRL from an hour before. */
enum signet_seal_sliding { SIGNET_SEAL_SLIDE_NEXT_UPDATE = 1, SIGNET_SEAL_SLIDE_LETTER = 2 };
int signet_seal_verify_options_set_sliding(signet_seal_verify_options* options, int sliding,
                                           signet_seal_error* error);
/* 1: a chain for which there is no revocation data passes, with a warning; for authorities that publish none. Else 0. */
int signet_seal_verify_options_set_without_revocation(signet_seal_verify_options* options,
                                                      int accept, signet_seal_error* error);
/* The document of a signature policy that you accept (EN 319 102-1, 5.2.4), whose digest is compared with the signature's; what it demands in
 * words is yours to check. `oid`: dotted. A signature under any other policy is INDETERMINATE. */
int signet_seal_verify_options_add_signature_policy(signet_seal_verify_options* options,
                                                    const char* oid, const void* document,
                                                    size_t size, signet_seal_error* error);

/* A folder with the European list of trusted lists and national lists (TS 119 612, *.xml), and the certificates that may sign
 * the former, which the Official Journal names (a path, as above). They are read and judged now: load them again each day. Their services become
 * trusted, and signatures and time-stamps have a qualification. A list that cannot be used gives a note. */
int signet_seal_verify_options_set_trusted_lists(signet_seal_verify_options* options,
                                                 const char* folder, const char* journal,
                                                 signet_seal_error* error);

/* 1: certificates, CRLs and OCSP answers that the document lacks are fetched from where its certificates say. Else 0. */
int signet_seal_verify_options_set_online(signet_seal_verify_options* options, int online,
                                          signet_seal_error* error);
/* Seconds for one answer and for all, 1 to 3600 (else 10 and 60), and the bytes of the largest answer, up to 1 GiB (else 64 MiB). */
int signet_seal_verify_options_set_online_limits(signet_seal_verify_options* options,
                                                 uint32_t each_seconds, uint32_t all_seconds,
                                                 uint64_t largest_answer, signet_seal_error* error);
/* Once one is named, no other host is asked. Hosts with a local address are asked only where they are named. */
int signet_seal_verify_options_add_online_host(signet_seal_verify_options* options,
                                               const char* host, signet_seal_error* error);
/* A folder of yours that is there, where answers are kept until their next update. */
int signet_seal_verify_options_set_online_cache(signet_seal_verify_options* options,
                                                const char* folder, signet_seal_error* error);

/* Of encrypted PDF documents; at most 1024 bytes. */
int signet_seal_verify_options_set_password(signet_seal_verify_options* options,
                                            const void* password, size_t size,
                                            signet_seal_error* error);
/* Judges that revision of a PDF document by itself, counted from 1; 0: the whole document. */
int signet_seal_verify_options_set_revision(signet_seal_verify_options* options, size_t revision,
                                            signet_seal_error* error);

/* What its user should know of these options: that nobody is trusted, or why a trusted list is not used. In English; NULL beyond the last one. */
size_t signet_seal_verify_options_note_count(const signet_seal_verify_options* options);
const char* signet_seal_verify_options_note(const signet_seal_verify_options* options,
                                            size_t index);

/* --- Verifying ------------------------------------------------------------------------------------------------------------- */

typedef struct signet_seal_verification signet_seal_verification;

/* `data`: the document that an external seal, or a time-stamp token, is over; NULL: the seal holds it, or it is a PDF. Without it
 * an external seal is INDETERMINATE/SIGNED_DATA_NOT_FOUND. `control` may be NULL. The document is read in one pass, whatever its
 * size; cancelling takes effect in that pass.
 *
 * SIGNET_SEAL_INPUT: a part of it cannot be read. SIGNET_SEAL_BROKEN: it is neither PDF nor signed CMS, or is broken.
 * SIGNET_SEAL_FORBIDDEN: encrypted, and the password is missing or wrong. SIGNET_SEAL_SETTINGS: `data` beside a document that is whole,
 * or a revision that is not there. SIGNET_SEAL_CHANGED: the file changed meanwhile. */
int signet_seal_verify(const signet_seal_verify_options* options, const signet_seal_input* document,
                       const signet_seal_input* data, signet_seal_control* control,
                       signet_seal_verification** verification, signet_seal_error* error);
void signet_seal_verification_free(signet_seal_verification* verification);

/* EN 319 102-1, 5.1.3. Of a time-stamp: PASSED, INDETERMINATE, FAILED. */
enum signet_seal_indication {
  SIGNET_SEAL_NO_SIGNATURE = 0, /* nothing is there that could be judged */
  SIGNET_SEAL_TOTAL_PASSED = 1,
  SIGNET_SEAL_INDETERMINATE = 2, /* something is missing; sub-indication and errors say what */
  SIGNET_SEAL_TOTAL_FAILED = 3
};

/* The worst of all signatures; of a time-stamp alone its own. */
int signet_seal_verification_indication(const signet_seal_verification* verification);
/* "HASH_FAILURE"; "" where there is none. */
const char* signet_seal_verification_sub_indication(const signet_seal_verification* verification);
/* "PAdES" for any PDF, "CAdES", "CMS", "RFC 3161". */
const char* signet_seal_verification_format(const signet_seal_verification* verification);
/* Of a PDF document; 0: not known. */
size_t signet_seal_verification_page_count(const signet_seal_verification* verification);
/* The moment that it was judged at, and the suite. */
int64_t signet_seal_verification_time(const signet_seal_verification* verification);
const char* signet_seal_verification_suite(const signet_seal_verification* verification);
/* What could not be read, and decides nothing by itself. */
size_t signet_seal_verification_remark_count(const signet_seal_verification* verification);
const char* signet_seal_verification_remark(const signet_seal_verification* verification,
                                            size_t index, int language);
/* Requests of signet_seal_verify_options_set_online(): the URL, and what went wrong ("": it was used). */
size_t signet_seal_verification_fetch_count(const signet_seal_verification* verification);
const char* signet_seal_verification_fetch_url(const signet_seal_verification* verification,
                                               size_t index);
const char* signet_seal_verification_fetch_problem(const signet_seal_verification* verification,
                                                   size_t index);

/* --- Signatures and time-stamps -------------------------------------------------------------------------------------------- */

/* A signature or a time-stamp, which have most in common. */
typedef struct signet_seal_verified signet_seal_verified;

/* In the document's order. */
size_t signet_seal_verification_signature_count(const signet_seal_verification* verification);
const signet_seal_verified* signet_seal_verification_signature(
    const signet_seal_verification* verification, size_t index);
/* Document time-stamps, and a token that is a document of its own: the oldest first. */
size_t signet_seal_verification_time_stamp_count(const signet_seal_verification* verification);
const signet_seal_verified* signet_seal_verification_time_stamp(
    const signet_seal_verification* verification, size_t index);
/* Those of a signature: its content's, its own, archive time-stamps; each kind the oldest first. */
size_t signet_seal_verified_time_stamp_count(const signet_seal_verified* verified);
const signet_seal_verified* signet_seal_verified_time_stamp(const signet_seal_verified* verified,
                                                            size_t index);

/* Of a time-stamp: "content", "signature", "document", "archive", "references", "alone"; of a signature its form: "PAdES", "CAdES",
 * "CMS", "PKCS#7 (PDF)", … */
const char* signet_seal_verified_kind(const signet_seal_verified* verified);
/* The PDF field's full name; "signature 1" in a message; else "". */
const char* signet_seal_verified_name(const signet_seal_verified* verified);
/* enum signet_seal_indication, and "REVOKED_NO_POE"; "" where there is none. */
int signet_seal_verified_indication(const signet_seal_verified* verified);
const char* signet_seal_verified_sub_indication(const signet_seal_verified* verified);
/* Of a signature: "B-B", "B-T", "B-LT", "B-LTA", "none" (EN 319 122-1, EN 319 142-1); of a time-stamp "". */
const char* signet_seal_verified_level(const signet_seal_verified* verified);
/* Of a signature: when it was there for certain (best-signature-time); of a time-stamp: its genTime. */
int64_t signet_seal_verified_time(const signet_seal_verified* verified);
/* The moment it was judged at, and the id of the time-stamp that proves that moment; "": the time of the verification. */
int64_t signet_seal_verified_judged_at(const signet_seal_verified* verified);
const char* signet_seal_verified_proven_by(const signet_seal_verified* verified);
/* SHA-256 of a token, of a signature its value's; hexadecimal. */
const char* signet_seal_verified_id(const signet_seal_verified* verified);
/* When the signer says that it was; SIGNET_SEAL_NO_TIME: it does not. */
int64_t signet_seal_verified_claimed_time(const signet_seal_verified* verified);
/* Until when this verdict can be had as things stand, and why then; SIGNET_SEAL_NO_TIME and "" where it did not pass, and of a
 * time-stamp. Extend the document before. */
int64_t signet_seal_verified_verifiable_until(const signet_seal_verified* verified);
const char* signet_seal_verified_verifiable_because(const signet_seal_verified* verified,
                                                    int language);
/* "RSA-2048 with SHA-256". */
size_t signet_seal_verified_algorithm_count(const signet_seal_verified* verified);
const char* signet_seal_verified_algorithm(const signet_seal_verified* verified, size_t index);

/* What its verdict comes from, as sentences. */
enum signet_seal_texts {
  SIGNET_SEAL_EXPLANATIONS = 1, /* of what passed */
  SIGNET_SEAL_ERRORS = 2,       /* of what did not; the first one decided */
  SIGNET_SEAL_WARNINGS = 3,     /* what does not change the verdict */
  SIGNET_SEAL_LEVEL_FAULTS = 4, /* each rule of the next levels that is broken */
  SIGNET_SEAL_QUALIFICATION_REASONS = 5
};
size_t signet_seal_verified_text_count(const signet_seal_verified* verified, int texts);
const char* signet_seal_verified_text(const signet_seal_verified* verified, int texts, size_t index,
                                      int language);

/* What it is in law, by trusted lists (TS 119 615): "QESeal", "AdESeal-QC", "QTSA", …; "" without lists. The list's file and its
 * SHA-256 (hexadecimal), and the service that decided; "": none did. */
const char* signet_seal_verified_qualification(const signet_seal_verified* verified);
const char* signet_seal_verified_list(const signet_seal_verified* verified);
const char* signet_seal_verified_list_digest(const signet_seal_verified* verified);
const char* signet_seal_verified_service(const signet_seal_verified* verified);

/* --- Chains ---------------------------------------------------------------------------------------------------------------- */

typedef struct signet_seal_certificate signet_seal_certificate;

/* The best chain that was found; number 0 is the signer's certificate. `is_trusted`: 1 where it ends at a trusted one, else 0. */
size_t signet_seal_verified_chain_count(const signet_seal_verified* verified);
const signet_seal_certificate* signet_seal_verified_chain(const signet_seal_verified* verified,
                                                          size_t index);
int signet_seal_verified_is_trusted(const signet_seal_verified* verified);

/* As in RFC 2253; the serial number hexadecimal. */
const char* signet_seal_certificate_subject(const signet_seal_certificate* certificate);
const char* signet_seal_certificate_issuer(const signet_seal_certificate* certificate);
const char* signet_seal_certificate_serial(const signet_seal_certificate* certificate);
int64_t signet_seal_certificate_not_before(const signet_seal_certificate* certificate);
int64_t signet_seal_certificate_not_after(const signet_seal_certificate* certificate);
const void* signet_seal_certificate_der(const signet_seal_certificate* certificate, size_t* size);

/* What the revocation data that decided says of it. */
enum signet_seal_revocation {
  SIGNET_SEAL_REVOCATION_NONE = 0, /* there is none, or none is needed: see the reason */
  SIGNET_SEAL_REVOCATION_GOOD = 1,
  SIGNET_SEAL_REVOCATION_REVOKED = 2,
  SIGNET_SEAL_REVOCATION_ON_HOLD = 3,
  SIGNET_SEAL_REVOCATION_UNKNOWN = 4
};
int signet_seal_certificate_revocation(const signet_seal_certificate* certificate);
/* "CRL", "OCSP", "". */
const char* signet_seal_certificate_revocation_source(const signet_seal_certificate* certificate);
int64_t signet_seal_certificate_revocation_this_update(const signet_seal_certificate* certificate);
int64_t signet_seal_certificate_revocation_next_update(const signet_seal_certificate* certificate);
int64_t signet_seal_certificate_revoked_at(const signet_seal_certificate* certificate);
/* Why nothing was asked; "" where it was. */
const char* signet_seal_certificate_revocation_reason(const signet_seal_certificate* certificate,
                                                      int language);

/* --- Revisions of a PDF document ------------------------------------------------------------------------------------------- */

typedef struct signet_seal_change signet_seal_change;

/* The revision that it covers, counted from 1, and how many there are; 0: not in a PDF document, or it covers none. */
size_t signet_seal_verified_revision(const signet_seal_verified* verified);
size_t signet_seal_verified_revision_count(const signet_seal_verified* verified);
/* 1 where it covers every byte, else 0. */
int signet_seal_verified_covers_all(const signet_seal_verified* verified);
/* What was changed after it, the oldest first. */
size_t signet_seal_verified_change_count(const signet_seal_verified* verified);
const signet_seal_change* signet_seal_verified_change(const signet_seal_verified* verified,
                                                      size_t index);

/* "page-content", "form-field", "validation-data", … */
const char* signet_seal_change_kind(const signet_seal_change* change);
/* 1 where the rules of ISO 32000-2, 12.8.2, permit it, else 0. */
int signet_seal_change_is_allowed(const signet_seal_change* change);
/* The revision that made it, and its page, both counted from 1; 0: of no page. The field's full name, or "". */
size_t signet_seal_change_revision(const signet_seal_change* change);
size_t signet_seal_change_page(const signet_seal_change* change);
const char* signet_seal_change_field(const signet_seal_change* change);
/* What was changed, which rule forbids it, and why a person should look; "" where there is none. */
const char* signet_seal_change_what(const signet_seal_change* change, int language);
const char* signet_seal_change_rule(const signet_seal_change* change, int language);
const char* signet_seal_change_warning(const signet_seal_change* change, int language);

/* --- Reports --------------------------------------------------------------------------------------------------------------- */

enum signet_seal_report_form {
  SIGNET_SEAL_REPORT_TEXT = 1,
  SIGNET_SEAL_REPORT_JSON = 2, /* one object, as signet verify --json */
  SIGNET_SEAL_REPORT_HTML = 3, /* one page without scripts or anything to load */
  SIGNET_SEAL_REPORT_XML = 4   /* ETSI TS 119 102-2 */
};

typedef struct signet_seal_report_options signet_seal_report_options;

int signet_seal_report_options_new(signet_seal_context* context,
                                   signet_seal_report_options** options, signet_seal_error* error);
void signet_seal_report_options_free(signet_seal_report_options* options);
/* enum signet_seal_language; else English. */
int signet_seal_report_options_set_language(signet_seal_report_options* options, int language,
                                            signet_seal_error* error);
/* What the report calls the document. */
int signet_seal_report_options_set_file_name(signet_seal_report_options* options, const char* name,
                                             signet_seal_error* error);
/* 1: with what Acrobat Reader and pdfsig show of it by their own rules, and what to set. Else 0. */
int signet_seal_report_options_set_other_readers(signet_seal_report_options* options, int wanted,
                                                 signet_seal_error* error);
/* A picture of the first page for HTML: a PNG of at most 16 MiB. */
int signet_seal_report_options_set_picture(signet_seal_report_options* options, const void* png,
                                           size_t size, signet_seal_error* error);

/* `options` may be NULL. */
int signet_seal_verification_report(const signet_seal_verification* verification, int form,
                                    const signet_seal_report_options* options,
                                    signet_seal_output* output, signet_seal_error* error);

/* --- Taking out ------------------------------------------------------------------------------------------------------------ */

/* Writes that revision of a PDF document, counted from 1: its first bytes. Of `options` the password; NULL: none. SIGNET_SEAL_SETTINGS
 * where there is no such revision. */
int signet_seal_extract_revision(const signet_seal_verify_options* options,
                                 const signet_seal_input* document, size_t revision,
                                 signet_seal_output* output, signet_seal_error* error);
/* Writes the document that the message holds which was verified. SIGNET_SEAL_SIGNATURE where its indication is not
 * SIGNET_SEAL_TOTAL_PASSED, SIGNET_SEAL_SETTINGS where it holds none, SIGNET_SEAL_CHANGED where `message` is not the one that was
 * verified: then an output that is a file or memory has nothing. */
int signet_seal_extract_content(const signet_seal_verification* verification,
                                const signet_seal_input* message, signet_seal_output* output,
                                signet_seal_error* error);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif /* SIGNET_SEAL_VERIFY_H */
