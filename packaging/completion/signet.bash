# shellcheck shell=bash
# Completion of signet's subcommands and options in bash. It asks the program itself (--help), so it knows what the
# installed version has.

_signet() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} word help
  local -a path=()
  # The subcommands so far: the words in front of the first option.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word != -* ]] || break
    path+=("$word")
  done
  # Of these two, the second may be a key or a certificate's name; then the first alone has the help.
  help=$("${COMP_WORDS[0]}" "${path[@]:0:2}" --help 2>/dev/null) ||
    help=$("${COMP_WORDS[0]}" "${path[@]:0:1}" --help 2>/dev/null) || return 0

  COMPREPLY=()
  case $previous in
    --module | --pin-file | --new-pin-file | --sign-pin-file | --cert | --roots | --out | --answer | --state | --ca-command | --subject-file | --like | --chain | --out-dir | --tsa-ca | --tsa-tls-ca | --tsa-password-file | --tsa-roots | --content | --extract | --watch | --done-dir | --failed-dir | --data | --trust | --certificates | --crl | --ocsp | --cache | --register | --trusted-lists | --journal | --picture | --pdf-password-file | --register-proof | --log-key)
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return 0
      ;;
    --type)
      mapfile -t COMPREPLY < <(compgen -W "rsa:2048 rsa:3072 rsa:4096 ec:P-256 ec:P-384 ec:P-521 Ed25519" -- "$current")
      return 0
      ;;
    --hash)
      mapfile -t COMPREPLY < <(compgen -W "SHA256 SHA384 SHA512" -- "$current")
      return 0
      ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '--[a-z][a-z-]*' <<<"$help" | sort -u)" -- "$current")
    return 0
  fi
  # The lines under "Subcommands:" up to the next empty one.
  mapfile -t COMPREPLY < <(compgen -W "$(sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' <<<"$help")" -- "$current")
  ((${#COMPREPLY[@]} > 0)) || mapfile -t COMPREPLY < <(compgen -f -- "$current")
}

complete -F _signet signet
