/*
 * signet-seal-pdf.h: seals in PDF documents, PAdES (ETSI EN 319 142-1), visible or not.
 *
 * With the format SIGNET_SEAL_PADES, signet_seal_document() writes the document as it is and an update with the seal behind
 * it; earlier seals stay valid. signet_seal_prepare() takes the format from its options, signet_seal_finish() from the state.
 * What holds of the functions of signet-seal.h holds of these.
 *
 * SIGNET_SEAL_BROKEN where the document is damaged, SIGNET_SEAL_FORBIDDEN where it, its form or its signatures do not allow
 * the seal, where it lacks the field or the page, where it is built in a way that is not supported, or where its password is
 * missing or wrong: nothing is signed.
 *
 * These functions have the symbol version SIGNET_SEAL_1.1.
 */
#ifndef SIGNET_SEAL_PDF_H
#define SIGNET_SEAL_PDF_H

#include "signet-seal.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/* --- Options --------------------------------------------------------------------------------------------------------------- */

/* For the format SIGNET_SEAL_PADES alone: with another one, they give SIGNET_SEAL_SETTINGS when a document is sealed. So do
 * external packaging, BER, a media type and a file name with this format. */

/* Full name of a signature field that the document has; else a new one is made, "SignetSeal1" or the next free number. */
int signet_seal_options_set_pdf_field(signet_seal_options* options, const char* name,
                                      signet_seal_error* error);

/* What may follow a certification (ISO 32000-2, table 257). */
enum signet_seal_certify {
  SIGNET_SEAL_CERTIFY_NOT = 0,
  SIGNET_SEAL_CERTIFY_NO_CHANGES = 1,
  SIGNET_SEAL_CERTIFY_FORMS = 2,      /* filling in forms, and signing */
  SIGNET_SEAL_CERTIFY_ANNOTATIONS = 3 /* these, and annotations */
};
/* Only the first signature of a document can certify it. */
int signet_seal_options_set_pdf_certify(signet_seal_options* options, int certify,
                                        signet_seal_error* error);
/* /Reason; not together with a commitment or a policy (EN 319 142-1, 6.3). */
int signet_seal_options_set_pdf_reason(signet_seal_options* options, const char* reason,
                                       signet_seal_error* error);
/* /Location; not together with signet_seal_options_set_location(). */
int signet_seal_options_set_pdf_location(signet_seal_options* options, const char* location,
                                         signet_seal_error* error);
/* /ContactInfo. */
int signet_seal_options_set_pdf_contact(signet_seal_options* options, const char* contact,
                                        signet_seal_error* error);
/* Of an encrypted document, the user's or the owner's: 0 to 1024 bytes, wiped when the options are freed. Else the empty one. */
int signet_seal_options_set_pdf_password(signet_seal_options* options, const void* password,
                                         size_t size, signet_seal_error* error);
/* 1: forms in XFA are sealed, though their viewers show something else than what the seal covers; 0: they are forbidden. */
int signet_seal_options_set_pdf_ignore_xfa(signet_seal_options* options, int ignore,
                                           signet_seal_error* error);
/* 1: documents whose cross-references are missing or wrong are sealed with new ones behind them, and a remark says so; 0: they give
 * SIGNET_SEAL_BROKEN. Those that are signed, or cannot be repaired, are refused all the same. */
int signet_seal_options_set_pdf_repair_ok(signet_seal_options* options, int repair_ok,
                                          signet_seal_error* error);
/* What is left for a time-stamp in seals of level B-T: 1 to 16777216 bytes, else 32768. A larger time-stamp costs a second
 * signature, once; in two steps it gives SIGNET_SEAL_NO_TIME_STAMP. */
int signet_seal_options_set_pdf_time_stamp_room(signet_seal_options* options, size_t bytes,
                                                signet_seal_error* error);

/* --- Visible seals --------------------------------------------------------------------------------------------------------- */

typedef struct signet_seal_visible signet_seal_visible;

/* The corner of the page that distances are from; else the first one. */
enum signet_seal_corner {
  SIGNET_SEAL_BOTTOM_RIGHT = 1,
  SIGNET_SEAL_BOTTOM_LEFT = 2,
  SIGNET_SEAL_TOP_RIGHT = 3,
  SIGNET_SEAL_TOP_LEFT = 4
};
/* Across, START is where the text begins (left, or right where it is written from there); down, it is the top. */
enum signet_seal_alignment {
  SIGNET_SEAL_ALIGN_START = 1,
  SIGNET_SEAL_ALIGN_MIDDLE = 2,
  SIGNET_SEAL_ALIGN_END = 3
};
/* Beside: left of the text, at most two fifths of the width. Above: at most half of the height. Behind: both have the whole box.
 * Else the first one. */
enum signet_seal_arrangement {
  SIGNET_SEAL_IMAGE_BESIDE_TEXT = 1,
  SIGNET_SEAL_IMAGE_ABOVE_TEXT = 2,
  SIGNET_SEAL_IMAGE_BEHIND_TEXT = 3
};

/* Place and look of a visible seal. Lengths are points (1/72 inch) of the page as it is seen, at most 14400. When a document is
 * sealed, before the key signs, the place may be outside its page (SIGNET_SEAL_FORBIDDEN), the text too long for the box, or a
 * character not in the font (SIGNET_SEAL_SETTINGS). */
int signet_seal_visible_new(signet_seal_context* context, signet_seal_visible** visible,
                            signet_seal_error* error);
void signet_seal_visible_free(signet_seal_visible* visible);
/* Counted from 1, or from -1 backwards: -1 is the last one. Else 1. A field that is there has its page and place. */
int signet_seal_visible_set_page(signet_seal_visible* visible, int page, signet_seal_error* error);
/* `x`, `y`: distances of the box's corner from the same corner of the page. Else 36, 36, 180, 60 from the bottom right. */
int signet_seal_visible_set_position(signet_seal_visible* visible, int corner, double x, double y,
                                     double width, double height, signet_seal_error* error);
/* At most 16384 bytes, lines end with "\n". {signer}, {organisation}, {time}, {reference}, {reason}, {serial} and {issuer} are
 * facts of the seal; "{{" and "}}" are braces. A line whose facts are all missing is left out. Else signer, organisation, time
 * and reason, or nothing where there is an image or a background. */
int signet_seal_visible_set_text(signet_seal_visible* visible, const char* text,
                                 signet_seal_error* error);
/* TrueType or OpenType, at most 64 MiB, read now; SIGNET_SEAL_SETTINGS where it cannot be read or may not be embedded. Else
 * DejaVu Sans (Debian's package fonts-dejavu-core), read by signet_seal_options_set_visible(). */
int signet_seal_visible_set_font_file(signet_seal_visible* visible, const char* file,
                                      signet_seal_error* error);
int signet_seal_visible_set_font_memory(signet_seal_visible* visible, const void* data, size_t size,
                                        signet_seal_error* error);
/* PNG or JPEG, at most 32 MiB, read now; SIGNET_SEAL_SETTINGS where it cannot be read. The background is below everything. */
int signet_seal_visible_set_image_file(signet_seal_visible* visible, const char* file,
                                       signet_seal_error* error);
int signet_seal_visible_set_image_memory(signet_seal_visible* visible, const void* data,
                                         size_t size, signet_seal_error* error);
int signet_seal_visible_set_background_file(signet_seal_visible* visible, const char* file,
                                            signet_seal_error* error);
int signet_seal_visible_set_background_memory(signet_seal_visible* visible, const void* data,
                                              size_t size, signet_seal_error* error);
/* The text is as large as it fits between these sizes. Else 4 and 12. */
int signet_seal_visible_set_text_size(signet_seal_visible* visible, double smallest, double largest,
                                      signet_seal_error* error);
/* enum signet_seal_alignment. Else START across and MIDDLE down. */
int signet_seal_visible_set_alignment(signet_seal_visible* visible, int across, int down,
                                      signet_seal_error* error);
int signet_seal_visible_set_arrangement(signet_seal_visible* visible, int arrangement,
                                        signet_seal_error* error);
/* Inside the edges of the box, and between image and text. Else 2. */
int signet_seal_visible_set_margin(signet_seal_visible* visible, double margin,
                                   signet_seal_error* error);
/* sRGB, 0xRRGGBB. Else black text, and no colour below. */
int signet_seal_visible_set_text_color(signet_seal_visible* visible, uint32_t color,
                                       signet_seal_error* error);
int signet_seal_visible_set_background_color(signet_seal_visible* visible, uint32_t color,
                                             signet_seal_error* error);

/* As it is now: a later change of `visible` is not seen. NULL: invisible again. */
int signet_seal_options_set_visible(signet_seal_options* options,
                                    const signet_seal_visible* visible, signet_seal_error* error);

/* --- Later time-stamps ----------------------------------------------------------------------------------------------------- */

/* A time-stamp for the seal that no later signature covers, in the room that was left for it (a degraded seal has it): B-B
 * becomes B-T without a signature of the key. `password`: of an encrypted document, as above; may be NULL. `*added`: 1, or 0 where
 * there is nothing to be stamped: then nothing was written. Milliseconds: 1 to 3600000. */
int signet_seal_add_pdf_time_stamp(signet_seal_time_stamper* time_stamper,
                                   const signet_seal_input* document, const void* password,
                                   size_t password_size, signet_seal_output* output,
                                   uint32_t milliseconds, size_t* added, signet_seal_error* error);

/* --- Results --------------------------------------------------------------------------------------------------------------- */

/* Full name of the field that the seal is in; "" for CAdES. */
const char* signet_seal_result_field(const signet_seal_result* result);
/* That the key made for this seal: 1, or 2 where a time-stamp was larger than the room for it. */
unsigned signet_seal_result_signature_count(const signet_seal_result* result);
/* What readers may take amiss in this document, though the seal is good: sentences for people, such as that it has two
 * cross-references on which readers differ. How many, and one of them (NULL beyond). */
size_t signet_seal_result_remark_count(const signet_seal_result* result);
const char* signet_seal_result_remark(const signet_seal_result* result, size_t index);
/* In two steps they are known at once, and the result of signet_seal_finish() has none. */
size_t signet_seal_prepared_remark_count(const signet_seal_prepared* prepared);
const char* signet_seal_prepared_remark(const signet_seal_prepared* prepared, size_t index);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif /* SIGNET_SEAL_PDF_H */
