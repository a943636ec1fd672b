# shellcheck shell=bash
# With the largest key; by pyHanko too; and a document that was changed.
check-pdf --cms sealed.pdf document.pdf
pdfsig -nssdir sql:nss -nss-pwd "$PIN" -add-signature -nick seal:seal-rsa4096 document.pdf large.pdf
check-pdf --cms large.pdf document.pdf
sed 's/A document/B document/' sealed.pdf >changed.pdf
if check-pdf --cms changed.pdf document.pdf; then exit 1; fi

# The EC fault, with a key in NSS's own database: about half of the files are broken.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout file.key -out file.pem -subj /CN=file \
  -days 30
openssl pkcs12 -export -inkey file.key -in file.pem -name file -passout pass: -out file.p12
mkdir nss-file
certutil -N -d sql:nss-file --empty-password
pk12util -i file.p12 -d sql:nss-file -W ""
broken=0
for attempt in $(seq 16); do
  pdfsig -nssdir sql:nss-file -add-signature -nick file document.pdf ec.pdf || true
  pdfsig -nssdir sql:nss-file -no-ocsp ec.pdf | grep "Signature is Valid" || broken=$((broken + 1))
  rm -f ec.pdf
done
echo "$broken of 16 are broken, the last was number $attempt"
test $broken -gt 0
