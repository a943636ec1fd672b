# shellcheck shell=bash disable=SC2154
# Other ways to name the slot, attributes for new objects, and what the changes of the page left on the token.
cat >slot.cfg <<END
name = slot
description = "the token, by its slot's number"
library = $MODULE
slot = 0
showInfo = true
attributes(generate, CKO_PRIVATE_KEY, *) = {
  CKA_TOKEN = true
  CKA_SIGN = true
  CKA_EXTRACTABLE = false
}
attributes(*, CKO_CERTIFICATE, *) = {
  CKA_PRIVATE = false
}
END
java Sign.java slot.cfg seal-rsa4096 SHA512withRSA document.pdf slot.sig >slot.txt
grep -q "Signet" slot.txt
openssl x509 -in seal-rsa4096.pem -pubkey -noout -out rsa4096.pub.pem
openssl dgst -sha512 -verify rsa4096.pub.pem -signature slot.sig document.pdf
java -cp classes Checks slot.cfg generation

# Of no use to a reader, who would have to take his appliances down.
java -cp classes Checks signet.cfg outage

sed 's/slot = 0/slot = 7/' slot.cfg >wrong-slot.cfg
if java Sign.java wrong-slot.cfg seal-rsa SHA256withRSA document.pdf wrong.sig 2>wrong-slot.txt; then exit 1; fi
grep -q "CKR_SLOT_ID_INVALID" wrong-slot.txt

pkcs11-tool --module "$MODULE" --token-label seal --login --pin env:PIN --list-objects >objects.txt
if grep -q "renamed" objects.txt; then exit 1; fi
