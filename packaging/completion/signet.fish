# Completion of signet's subcommands and options in fish. It asks the program itself (--help), so it knows what the
# installed version has.

function __signet_offers
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --current-token --cut-at-cursor)
    # The subcommands so far: the words in front of the first option.
    set -l path
    for word in $words[2..]
        string match --quiet -- '-*' $word; and break
        set --append path $word
    end
    # Of these two, the second may be a key or a certificate's name; then the first alone has the help.
    set -l first $path[1]
    set -l both $path[1..2]
    set -l help
    set help ($words[1] $both --help 2>/dev/null)
    or set help ($words[1] $first --help 2>/dev/null)
    or return

    switch "$words[-1]"
        case --module --pin-file --new-pin-file --sign-pin-file --cert --roots --out --answer --state --ca-command --subject-file --like --chain --out-dir --tsa-ca --tsa-tls-ca --tsa-password-file --tsa-roots --content --extract --watch --done-dir --failed-dir --data --trust --certificates --crl --ocsp --cache --register --trusted-lists --journal --picture --pdf-password-file --register-proof --log-key
            __fish_complete_path $current
            return
        case --type
            string split ' ' 'rsa:2048 rsa:3072 rsa:4096 ec:P-256 ec:P-384 ec:P-521 Ed25519'
            return
        case --hash
            string split ' ' 'SHA256 SHA384 SHA512'
            return
    end
    if string match --quiet -- '-*' $current
        string match --regex --all -- '--[a-z][a-z-]*' $help | sort -u
        return
    end
    # The lines under "Subcommands:" up to the next empty one.
    set -l found (string join \n $help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
    if test (count $found) -gt 0
        string join \n $found
    else
        __fish_complete_path $current
    end
end

complete --command signet --no-files --arguments '(__signet_offers)'
