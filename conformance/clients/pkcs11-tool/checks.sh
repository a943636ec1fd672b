# shellcheck shell=bash
# Every mechanism that the token signs with was tried on the page.
pkcs11-tool --module "$MODULE" --token-label seal --list-mechanisms | awk '/ sign,/ { sub(",", "", $1); print $1 }' |
  sort >mechanisms.txt
cat >tried.txt <<END
$(for hash in 224 256 384 512; do printf 'ECDSA-SHA%s\nSHA%s-RSA-PKCS\n' $hash $hash; done)
$(for hash in 224 256 384 512; do echo "SHA$hash-RSA-PKCS-PSS"; done)
ECDSA
EDDSA
RSA-PKCS
RSA-PKCS-PSS
END
sort tried.txt | diff - mechanisms.txt
