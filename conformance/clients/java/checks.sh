# shellcheck shell=bash disable=SC2154
# What Java's provider does with the token, judged by Java's software providers, which know nothing of it:
# store               the entries, their keys, and that no private key can be read
# algorithms          every Signature of the provider with every key
# threads, tls        eight threads share the keys; a TLS server's key, TLS 1.2 and 1.3
# callback, wrong-pin the PIN comes from a callback and is asked for once; a wrong one is CKR_PIN_INCORRECT
# limits              digests, random numbers, verification; signatures that are never finished; what is refused
# chain, rename       issuers' certificates are stored with a key; an entry gets another name
# generation          RSA-2048 to 4096, P-256 to P-521
inner=(--add-modules jdk.crypto.cryptoki --add-exports jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED)
javac -Xlint:all -d classes "${inner[@]}" Token.java Checks.java Algorithms.java Tls.java Logins.java \
  Outage.java LongRun.java Limits.java
java -cp classes Checks signet.cfg store algorithms
java -cp classes Checks signet.cfg threads tls callback wrong-pin
java -cp classes Checks signet.cfg limits
java -cp classes Checks signet.cfg chain rename generation

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

sed 's/slot = 0/slot = 7/' slot.cfg >wrong-slot.cfg
if java Sign.java wrong-slot.cfg seal-rsa SHA256withRSA document.pdf wrong.sig 2>wrong-slot.txt; then exit 1; fi
grep -q "CKR_SLOT_ID_INVALID" wrong-slot.txt

pkcs11-tool --module "$MODULE" --token-label seal --login --pin env:PIN --list-objects >objects.txt
if grep -q "renamed" objects.txt; then exit 1; fi
