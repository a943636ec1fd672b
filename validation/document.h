// A sealed document taken apart, whatever its format: its signatures, its time-stamps, what each of them covers, and the evidence
// in it. Nothing is judged here but what can be computed from the document's bytes alone.
#ifndef SIGNET_VALIDATION_DOCUMENT_H_
#define SIGNET_VALIDATION_DOCUMENT_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "validation/evidence.h"
#include "validation/object_id.h"
#include "validation/pdf_change.h"
#include "validation/statement.h"

namespace signet::validation {

enum class Format : std::uint8_t {
  pades,       // a PDF signature, ETSI.CAdES.detached
  pdf_pkcs7,   // adbe.pkcs7.detached
  pdf_sha1,    // adbe.pkcs7.sha1: the message's content is the SHA-1 of the document's
  cades,       // CMS with signing-certificate(-v2)
  cms,         // CMS without it
  time_stamp,  // RFC 3161, alone or in a PDF
};
std::string_view name_of(Format format);  // "PAdES", "PKCS#7 (PDF)", …

// One signer's part of a CMS message, as far as it could be read. Where `fault` is set the rest may be empty.
struct SignerPart {
  std::optional<Statement> fault;          // FORMAT_FAILURE
  Bytes signer_info;                       // DER
  Bytes signature;                         // the value
  Bytes signature_algorithm;               // DER AlgorithmIdentifier
  Bytes digest_algorithm;                  // likewise
  crypto::Hash hash = crypto::Hash::none;  // none: not one that can be computed here
  Bytes signed_attributes;                 // DER SET OF as it stands (tag 31); empty: none
  Bytes signed_attributes_sorted;          // as DER has it, where that is different
  Bytes content_type;  // DER OBJECT IDENTIFIER, of the message; empty: of a counter-signature
  std::optional<Bytes> message_digest;  // the signed attribute
  Bytes content_digest;          // computed; empty: the content is not there, or the hash not known
  bool content_missing = false;  // SIGNED_DATA_NOT_FOUND

  // How the SignerInfo names its certificate: the one pair, or the other. The procedure finds it in the evidence (5.2.3).
  Bytes issuer, serial_number, subject_key_identifier;
  // signing-certificate-v2 or signing-certificate: of each entry the hash and the digest; the first one is the signer's.
  struct CertificateReference {
    crypto::Hash hash = crypto::Hash::none;
    Bytes digest;
    Bytes issuer_serial;  // DER IssuerSerial; empty: absent
  };
  std::vector<CertificateReference> certificate_references;
  bool has_certificate_reference = false;  // the attribute is there, readable or not

  std::optional<Time> signing_time;  // the signed attribute, claimed by the signer
  std::string policy_oid;            // signature-policy-identifier; "implied"; empty: none
  crypto::Hash policy_hash =
      crypto::Hash::none;                // of the policy's document; none: not stated, or not known
  Bytes policy_digest;                   // likewise; empty: not stated
  std::optional<Bytes> policy_document;  // signature-policy-store, which nobody signed
  std::string commitment;                // commitment-type-indication, dotted
  std::string location, media_type, file_name;
  std::vector<std::string> claimed_roles;  // signer-attributes(-v2), those that the signer claims
  std::vector<std::string> unknown_signed_attributes;  // dotted
};

enum class TimeStampKind : std::uint8_t {
  content,     // content-time-stamp: before the signature
  signature,   // signature-time-stamp
  document,    // a PDF document time-stamp
  archive,     // archive-time-stamp-v3
  references,  // CAdES-C's and the older archive-time-stamps: shown, prove nothing
  alone,       // a token as a document of its own
};
std::string_view name_of(TimeStampKind kind);  // "signature", as --json has it

// Of a signature or a document time-stamp in a PDF.
struct PdfCoverage {
  std::optional<Statement> fault;  // the byte range does not cover what it must: FORMAT_FAILURE
  std::size_t revision = 0;        // counted from 0
  std::size_t revisions = 0;
  bool whole_document = false;
  std::vector<PdfChange> changes;  // since then, all of them, the oldest first
};

// A time-stamp token.
struct TimeStampPart {
  TimeStampKind kind = TimeStampKind::signature;
  ObjectId id;  // of its DER
  Bytes der;
  SignerPart signer;  // signer.fault also where the TSTInfo cannot be read
  Time time{};        // genTime
  std::optional<std::chrono::microseconds> accuracy;  // either way; nothing: not stated
  bool ordering = false;  // the authority's tokens that say so have the order of their times
  std::string policy;     // dotted
  Bytes serial;
  crypto::Hash imprint_hash = crypto::Hash::none;
  std::string imprint_hash_oid;
  Bytes imprint;
  // Of an archive time-stamp's hash index, by which it covers what it covers; none: it has no index that can be read.
  crypto::Hash index_hash = crypto::Hash::none;
  // Whether the imprint is that of what it stands over; nothing where that cannot be computed.
  std::optional<bool> imprint_matches;
  // What it gives a proof of existence to where it is valid: signatures, time-stamps, certificates, revocation data.
  std::set<ObjectId> covered;
  std::string name;                // document: its field's full name
  bool has_sub_filter = true;      // document: ETSI.RFC3161 (EN 319 142-1, 5.4.3)
  std::optional<PdfCoverage> pdf;  // document
};

struct SignaturePart {
  std::string
      name;  // the field's full name; "signature 1" in a CMS message; of a counter-signature empty
  Format format = Format::cades;
  SignerPart signer;
  ObjectId id;  // of the signature value
  std::vector<TimeStampPart> content_time_stamps;
  std::vector<TimeStampPart> signature_time_stamps;
  std::vector<TimeStampPart> archive_time_stamps;  // the oldest first
  // Over this signature's value (RFC 5652, 11.4). They say nothing of the document, and decide nothing.
  std::vector<SignaturePart> counter_signatures;
  std::optional<PdfCoverage> pdf;
  std::string reason, location, contact, claimed_name;  // of a PDF's dictionary
  std::optional<Time> claimed_time;                     // /M
  std::string filter, sub_filter;                       // likewise, without the slash
  std::vector<std::uint64_t> byte_range;  // likewise, its four numbers; empty: cannot be read
  // Against EN 319 122-1, 6, or EN 319 142-1, 6, as far as the form shows it.
  std::vector<Statement> baseline_faults;
  std::vector<Statement> long_term_faults;  // likewise, against the level B-LT alone
};

// Calls `take` with each of them, or of their results, and with the counter-signatures behind the one that they are of.
template <typename Signatures, typename Take>
void each_signature(Signatures& signatures, const Take& take) {
  for (auto& signature : signatures) {
    take(signature);
    each_signature(signature.counter_signatures, take);
  }
}

struct DocumentParts {
  Format format = Format::cades;                    // of the document: pades stands for any PDF
  std::optional<std::size_t> pages;                 // of a PDF
  std::vector<SignaturePart> signatures;            // in the document's order
  std::vector<TimeStampPart> document_time_stamps;  // the oldest first, by their order in the file
  Evidence evidence;
  std::vector<Statement> remarks;  // what could not be read, and does not decide anything by itself
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_DOCUMENT_H_
