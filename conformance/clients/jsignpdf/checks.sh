# shellcheck shell=bash
check-pdf --cms document_rsa.pdf document.pdf
check-pdf --cms document_rsa4096.pdf document.pdf
check-pdf --cms --visible document_visible.pdf document.pdf
grep -i "timestamp" "${WORK:?}/check-pdf/report"
sed 's/A document/B document/' document_rsa.pdf >changed.pdf
if check-pdf --cms changed.pdf document.pdf; then exit 1; fi

# The EC fault, alike with the token's key and with one in a file.
pyhanko=$("${CLIENTS:?}/install.sh" --folder pyhanko)/venv/bin/pyhanko
refused() {
  if "$pyhanko" sign validate --pretty-print --no-strict-syntax --trust "$2" --trust-replace \
    --other-certs ca/issuing.pem "$1" >refused.txt 2>&1; then exit 1; fi
  grep -F "The signature mechanism used was '1.2.840.10045.2.1'" refused.txt
}
refused document_ec.pdf ca/root.pem
refused document_file.pdf file.pem
