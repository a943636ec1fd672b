#!/usr/bin/env bash
# Large PDF documents: of 1 GB and of 4.5 GB in 64 MiB of memory, of 100,000 pages in 128 MiB; each sealed, sealed again,
# and read by others. pdfsig (poppler) takes the signature out of one of over 2 GiB, too.
#
#   large_pdf.sh [BYTES PAGES MORE_BYTES]     1000000000, 100000 and 4500000000 by default
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"
bytes=${1:-1000000000} pages=${2:-100000} more=${3:-4500000000}

use_token softhsm
serve_authority
cd "$WORK"
with_certificate ec:P-256 seal
command=("$SIGNET_TEST_COMMAND")
make=("$ROOT/tests/sealing/make-large-pdf.py")

# signature_of FILE cms|covered: the CMS message of its last seal, or what that covers, to standard output.
signature_of() {
  python3 - "$1" "$2" <<'PYTHON'
import os, re, sys
with open(sys.argv[1], "rb") as file:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2_000_000))
    tail = file.read()
    ranges = re.findall(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", tail)
    first, before, behind, rest = map(int, ranges[-1])
    assert first == 0 and behind + rest == size, (ranges[-1], size)
    file.seek(before)
    hole = file.read(behind - before)
    assert hole[:1] == b"<" and hole[-1:] == b">"
    der = bytes.fromhex(hole[1:-1].decode())
    assert der[:2] == b"\x30\x82"
    if sys.argv[2] == "cms":
        sys.stdout.buffer.write(der[: 4 + int.from_bytes(der[2:4], "big")])
    for begin, end in ((0, before), (behind, size)) if sys.argv[2] == "covered" else ():
        file.seek(begin)
        while begin < end:
            piece = file.read(min(1 << 20, end - begin))
            sys.stdout.buffer.write(piece)
            begin += len(piece)
PYTHON
}

# sealed FILE COUNT: OpenSSL verifies the last seal over the whole file, and pdfsig finds so many.
sealed() {
  signature_of "$1" cms >message
  signature_of "$1" covered | openssl cms -verify -cades -binary -inform DER -in message -content /dev/stdin \
    -CAfile ca/ca.pem -purpose any -out /dev/null 2>openssl.err || fail "OpenSSL refuses $1: $(<openssl.err)"
  pdf_is_sealed "$1" "$2"
}

# twice NAME: sealed and sealed again; the original's bytes stay in front.
twice() {
  in_memory "${command[@]}" seal "$1.pdf" --key seal --tsa "$TSA" --tsa-ca ca/ca.pem
  cmp -n "$(stat -c %s "$1.pdf")" "$1.pdf" "$1.sealed.pdf" || fail "$1: the document was changed"
  rm "$1.pdf"
  sealed "$1.sealed.pdf" 1
  fallocate --dig-holes "$1.sealed.pdf" || true # so that the disk never has to hold two
  in_memory "${command[@]}" seal "$1.sealed.pdf" --out "$1.sealed.pdf" --force --key seal \
    --visible page=-1,x=20,y=20,width=200,height=50 --text 'Sealed by {signer}'
  sealed "$1.sealed.pdf" 2
}

for form in table stream; do
  export LIMIT=$((64 * 1024)) # KiB, for in_memory
  say "$bytes bytes, $form"
  "${make[@]}" large.pdf "$form" --bytes "$bytes"
  twice large
  rm large.sealed.pdf

  LIMIT=$((128 * 1024))
  say "$pages pages, $form"
  "${make[@]}" long.pdf "$form" --pages "$pages"
  twice long
  qpdf --check long.sealed.pdf >checked 2>&1 || fail "qpdf: $(tail -n 3 checked)"
  rm long.sealed.pdf
done

say "$pages pages in object streams"
"${make[@]}" plain.pdf table --pages "$pages"
qpdf --object-streams=generate plain.pdf packed.pdf
rm plain.pdf
twice packed
rm packed.sealed.pdf

LIMIT=$((64 * 1024))
say "$more bytes, stream"
"${make[@]}" more.pdf stream --bytes "$more"
twice more
say "all in the memory that is allowed"
