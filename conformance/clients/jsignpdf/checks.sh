# shellcheck shell=bash
check-pdf --cms document_rsa.pdf document.pdf
check-pdf --cms document_rsa4096.pdf document.pdf
check-pdf --cms --visible document_visible.pdf document.pdf
grep -i "timestamp" "${WORK:?}/check-pdf/report"
sed 's/A document/B document/' document_rsa.pdf >changed.pdf
if check-pdf --cms changed.pdf document.pdf; then exit 1; fi

# The EC fault, alike with the token's key and with one in a file; pdfsig overlooks it.
jsignpdf -kst PKCS11 -ka seal-ec -ha SHA256 -d . -os _ec document.pdf
pdfsig -nssdir sql:nss document_ec.pdf | grep "Signature is Valid"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout file.key -out file.pem -subj /CN=file \
  -days 30
openssl pkcs12 -export -inkey file.key -in file.pem -name file -passout env:PIN -out file.p12
jsignpdf -kst PKCS12 -ksf file.p12 -ka file -kp "$PIN" -ha SHA256 -d . -os _file document.pdf
pyhanko=$("${CLIENTS:?}/install.sh" --folder pyhanko)/venv/bin/pyhanko
refused() {
  if "$pyhanko" sign validate --pretty-print --no-strict-syntax --trust "$2" --trust-replace \
    --other-certs ca/issuing.pem "$1" >refused.txt 2>&1; then exit 1; fi
  grep -F "The signature mechanism used was '1.2.840.10045.2.1'" refused.txt
}
refused document_ec.pdf ca/root.pem
refused document_file.pdf file.pem
