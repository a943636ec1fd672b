# shellcheck shell=bash
# The time-stamp, and a program that was changed after it was signed.
osslsigncode verify -CAfile ca/ca.pem -TSA-CAfile ca/ca.pem -in rsa.exe | grep -i "timestamp"
printf '\x90' | dd of=rsa.exe bs=1 seek=514 conv=notrunc status=none
if osslsigncode verify -CAfile ca/ca.pem -TSA-CAfile ca/ca.pem -in rsa.exe; then exit 1; fi
