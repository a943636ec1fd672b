# shellcheck shell=bash
# The same by programs of other origin; and documents that were changed.
check-pdf b.pdf document.pdf
check-pdf t.pdf document.pdf
check-pdf --extended lt.pdf document.pdf
check-pdf --extended lta.pdf document.pdf
openssl cms -verify -cades -binary -inform DER -in b.p7s -content document.pdf -CAfile ca/ca.pem -purpose any \
  -out /dev/null

sed 's/A document/B document/' b.pdf >changed.pdf
if dss Validate B changed.pdf; then exit 1; fi
make-pdf.py other.pdf "Another document"
if dss Validate B b.p7s other.pdf; then exit 1; fi
