# shellcheck shell=bash disable=SC2154
# Every document by pdfsig and pyHanko without the token; the largest key; a seal beside the document; a change is seen.
for file in b-b b-b-ec b-t; do check-pdf $file.pdf document.pdf; done
check-pdf --extended b-lt.pdf document.pdf
check-pdf --extended b-lta.pdf document.pdf
check-pdf --extended renewed.pdf document.pdf
check-pdf --visible visible.pdf document.pdf
test "$(stat -c %s renewed.pdf)" -gt "$(stat -c %s b-lta.pdf)"
for file in b-t b-lt b-lta; do
  pyhanko sign adesverify --validation-context trial $file.pdf | grep "TIMESTAMP_TOKEN<INTACT:TRUSTED>"
done

# pdfsig 22.12 cannot judge RSA-PSS in a CMS signature.
pyhanko sign validate --pretty-print --validation-context trial pss.pdf >report.txt
grep -q "judged VALID" report.txt

pyhanko sign addsig --field Seal --use-pades pkcs11 --lib "$MODULE" --token-label seal --cert-label seal-rsa4096 \
  document.pdf rsa4096.pdf
pyhanko sign addsig --detach pkcs11 --p11-setup ec document.pdf ec.p7s
check-pdf rsa4096.pdf document.pdf
openssl cms -verify -binary -inform DER -in ec.p7s -content document.pdf -CAfile ca/ca.pem -purpose any -out /dev/null

# The same length, one letter of the page changed.
sed 's/A document/B document/' b-b.pdf >changed.pdf
if pyhanko sign validate --validation-context trial changed.pdf; then exit 1; fi
if check-pdf changed.pdf document.pdf; then exit 1; fi
