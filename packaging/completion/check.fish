#!/usr/bin/env fish
# What fish's completion offers: check.fish SIGNET
set -l here (path dirname (status filename))
fish_add_path --path (path dirname $argv[1])
source $here/signet.fish
set -g count 0

# offers LINE WANTED: among what is offered for the line's last word.
function offers
    set -g count (math $count + 1)
    set -l offered (complete --do-complete "$argv[1]" | string replace --regex '\t.*' '')
    contains -- $argv[2] $offered; and return
    echo "check.fish: no $argv[2] for \"$argv[1]\" but: $offered" >&2
    exit 1
end

offers 'signet ' key
offers 'signet c' csr
offers 'signet c' cert
offers 'signet key ' generate
offers 'signet key generate --l' --label
offers 'signet key rename old new --w' --with-certificates
offers 'signet cert import chain.pem --r' --roots
offers 'signet csr seal --hash ' SHA384
offers 'signet key generate --type r' rsa:3072
offers "signet cert import chain.pem --roots $here/signet.f" $here/signet.fish
contains -- key (complete --do-complete 'signet key '); and echo "check.fish: key is offered for key" >&2; and exit 1
echo "fish's completion is as it should be: $count lines"
