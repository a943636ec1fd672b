# shellcheck shell=bash
# With the largest key; by pyHanko too; and a document that was changed.
check-pdf --cms sealed.pdf document.pdf
pdfsig -nssdir sql:nss -nss-pwd "$PIN" -add-signature -nick seal:seal-rsa4096 document.pdf large.pdf
check-pdf --cms large.pdf document.pdf
sed 's/A document/B document/' sealed.pdf >changed.pdf
if check-pdf --cms changed.pdf document.pdf; then exit 1; fi
